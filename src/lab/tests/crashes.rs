//! A crash at every write of a sync: what was stored is enough to go on, and the end is the same as
//! without.

use farthing_lab::{Lab, LabEvent, LabOptions, Link, MemberId};

/// A node with a chain of some length that others may sync from.
fn served(seed: u64, blocks: u32) -> (Lab, MemberId) {
    let mut options = LabOptions::practice(seed);
    options.write_ms = 40;
    let mut lab = Lab::new(options);
    let server = lab.add_node("server", &[]);
    lab.run_until(1_000);
    for _ in 0..blocks {
        lab.mine(server).expect("a block");
        lab.run_for(400);
    }
    (lab, server)
}

fn utxo_hash(lab: &Lab, node: MemberId) -> [u8; 32] {
    let node = lab.node(node).expect("it is up");
    node.chain().utxo_hash().expect("a store in memory")
}

/// Lets blocks come until the client has asked for more than `limit` writes. False: it never did.
fn mine_until_writes(lab: &mut Lab, server: MemberId, client: MemberId, limit: usize) -> bool {
    let (mut asked, mut before) = (0, 0);
    for _ in 0..60 {
        let next = lab.now_ms() + 400;
        while lab.now_ms() < next {
            lab.step();
            let now = lab.disk(client).pending();
            asked += now.saturating_sub(before);
            before = now;
            if asked > limit {
                return true;
            }
        }
        lab.mine(server).expect("a block");
    }
    false
}

#[test]
fn a_client_killed_at_any_write_goes_on() {
    for (limit, torn) in (0..16).flat_map(|limit| [(limit, false), (limit, true)]) {
        let (mut lab, server) = served(1, 30);
        let client = lab.add_client("client", &["server"]);
        assert!(mine_until_writes(&mut lab, server, client, limit));
        let pending = lab.disk(client).pending();
        assert!(pending > 0, "something is on its way");
        lab.crash(client, pending / 2, torn);
        lab.run_for(500);
        lab.restart(client);
        lab.mine(server).expect("a block");
        lab.run_for(10_000);
        let tip = lab.tip(server);
        assert_eq!(
            lab.tip(client),
            tip,
            "killed at write {limit}, torn: {torn}"
        );
        let stored = lab.disk(client).headers().len();
        assert_eq!(
            stored,
            80 * (tip.height as usize + 1),
            "all is stored in the end"
        );
    }
}

#[test]
fn a_node_whose_store_breaks_at_any_commit_goes_on() {
    let (lab, server) = served(2, 40);
    let control = utxo_hash(&lab, server);
    for commits in 0..40 {
        let (mut lab, server) = served(2, 40);
        let node = lab.add_node("node", &["server"]);
        lab.break_store(node, commits);
        lab.run_for(30_000);
        let events = lab.drain_events();
        let crashed = |event: &LabEvent| matches!(event, LabEvent::Crashed { .. });
        assert!(events.iter().any(crashed), "commit {commits}");
        assert!(!lab.is_up(node));
        lab.restart(node);
        let height = lab.tip(node).height;
        lab.run_for(60_000);
        assert_eq!(lab.tip(node), lab.tip(server), "from {height} on");
        assert_eq!(utxo_hash(&lab, node), control);
    }
}

#[test]
fn a_connection_whose_line_is_dead_is_given_up_and_found_again() {
    let (mut lab, server) = served(3, 5);
    let client = lab.add_client("client", &["server"]);
    lab.run_for(5_000);
    assert_eq!(lab.tip(client), lab.tip(server));
    let dead = Link {
        loss_ppm: 1_000_000,
        ..Link::default()
    };
    lab.set_link(client, server, dead);
    lab.mine(server).expect("a block");
    lab.run_for(300_000);
    assert_ne!(lab.tip(client), lab.tip(server), "nothing comes through");
    lab.set_link(client, server, Link::default());
    lab.run_for(120_000);
    assert_eq!(lab.tip(client), lab.tip(server));
}
