//! A pool that lies: each lie is survived, and told in plain words.

use super::world::Miner;

fn told(miner: &Miner, words: &str) {
    let problems = miner.problems();
    assert!(
        problems.iter().any(|problem| problem.contains(words)),
        "expected {words:?} in {problems:?}"
    );
}

#[test]
fn a_silent_pool_is_left_and_tried_again() {
    let mut miner = Miner::ready();
    miner.pass(299_000);
    assert!(miner.closed.is_empty());
    miner.pass(2_000);
    told(&miner, "the pool is silent: no job for 5 minutes");
    assert_eq!(miner.closed.len(), 1);
    miner.pass(5_000);
    assert_eq!(miner.connects, 2);
}

#[test]
fn an_impossible_difficulty_changes_nothing() {
    let mut miner = Miner::ready();
    for number in ["0", "-1", "1e300", "\"nan\"", "\"inf\"", "1e999"] {
        miner.events.clear();
        miner.hear(&format!(
            r#"{{"id":null,"method":"mining.set_difficulty","params":[{number}]}}"#
        ));
        assert_eq!(miner.problems().len(), 1, "{number}: {:?}", miner.events);
        assert_eq!(miner.events.len(), 1, "{number}");
    }
}
