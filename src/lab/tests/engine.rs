//! The engine: clients and nodes agree, blocks come at the rate that was asked for, one seed is one run.

use farthing_lab::{Lab, LabEvent, LabOptions, Link, MemberId};

fn network(seed: u64) -> (Lab, Vec<MemberId>, MemberId) {
    let mut lab = Lab::new(LabOptions::practice(seed));
    let nodes = vec![
        lab.add_node("a", &["b", "c"]),
        lab.add_node("b", &["c"]),
        lab.add_node("c", &["d"]),
        lab.add_node("d", &["a"]),
    ];
    let till = lab.add_client("till", &["a", "d"]);
    for (power, node) in nodes.iter().enumerate() {
        lab.set_miner(*node, power as u64);
    }
    (lab, nodes, till)
}

fn agree(lab: &Lab, members: &[MemberId]) -> bool {
    members
        .iter()
        .all(|member| lab.tip(*member) == lab.tip(members[0]))
}

#[test]
fn members_agree_and_blocks_come_at_the_rate_asked_for() {
    let (mut lab, nodes, till) = network(1);
    lab.set_spacing_ms(30_000);
    lab.run_until(200 * 30_000);
    lab.set_spacing_ms(0);
    lab.run_for(5_000);
    assert!(agree(&lab, &nodes));
    assert_eq!(lab.tip(till), lab.tip(nodes[0]));
    let height = lab.tip(till).height;
    // 200 expected, with a standard deviation of 14.
    assert!((150..=250).contains(&height), "{height}");
    let events = lab.drain_events();
    let by = |wanted| {
        let found =
            |event: &&LabEvent| matches!(event, LabEvent::Found { by, .. } if *by == wanted);
        events.iter().filter(found).count()
    };
    assert_eq!(by(nodes[0]), 0, "no power, no block");
    assert!(by(nodes[3]) > by(nodes[1]), "three times the power");
}

#[test]
fn a_partition_makes_two_chains_and_its_heal_one() {
    let (mut lab, nodes, till) = network(2);
    lab.set_spacing_ms(5_000);
    lab.run_until(60_000);
    let sides: [&[MemberId]; 2] = [&[nodes[0], nodes[1], till], &[nodes[2], nodes[3]]];
    lab.partition(&sides);
    lab.run_for(600_000);
    assert_ne!(lab.tip(nodes[0]), lab.tip(nodes[2]));
    lab.heal();
    lab.set_spacing_ms(0);
    lab.run_for(180_000);
    assert!(agree(&lab, &nodes));
    assert_eq!(lab.tip(till), lab.tip(nodes[0]));
    let deep = lab.drain_events().into_iter().any(
        |event| matches!(event, LabEvent::Adopted { depth_of_reorg, .. } if depth_of_reorg > 5),
    );
    assert!(deep, "one side gave up what it had");
}

#[test]
fn one_seed_is_one_run_and_another_is_another() {
    let run = |seed| {
        let (mut lab, _, _) = network(seed);
        lab.set_default_link(Link {
            jitter_ms: 100,
            loss_ppm: 20_000,
            repeat_ppm: 20_000,
            overtake_ppm: 20_000,
            slice_ppm: 50_000,
            bytes_per_s: 50_000,
            ..Link::default()
        });
        lab.set_spacing_ms(2_000);
        lab.run_until(120_000);
        lab.trace_hash()
    };
    assert_eq!(run(7), run(7));
    assert_ne!(run(7), run(8));
}
