//! Lines and clocks: latency, bandwidth, and wall clocks that are off.

use farthing_lab::{Lab, LabEvent, LabOptions, Link, MemberId};

fn pair(seed: u64) -> (Lab, MemberId, MemberId) {
    let mut lab = Lab::new(LabOptions::practice(seed));
    let a = lab.add_node("a", &[]);
    let b = lab.add_node("b", &["a"]);
    (lab, a, b)
}

fn adopted_at(lab: &mut Lab, who: MemberId, wanted: u32) -> Option<u64> {
    lab.drain_events().iter().find_map(|event| match event {
        LabEvent::Adopted {
            member, height, at, ..
        } if *member == who && *height == wanted => Some(*at),
        _ => None,
    })
}

#[test]
fn a_block_takes_three_journeys() {
    let (mut lab, a, b) = pair(1);
    lab.set_default_link(Link {
        latency_ms: 700,
        ..Link::default()
    });
    lab.run_until(10_000);
    lab.mine(a).expect("a block");
    lab.run_for(10_000);
    let at = adopted_at(&mut lab, b, 1).expect("it came");
    // Announcement, question, answer.
    assert_eq!(at, 10_000 + 3 * 700);
}

#[test]
fn bandwidth_holds_up_a_sync() {
    let time = |bytes_per_s| {
        let (mut lab, a, _) = pair(2);
        lab.run_until(1_000);
        for _ in 0..60 {
            lab.mine(a).expect("a block");
            lab.run_for(300);
        }
        lab.set_default_link(Link {
            bytes_per_s,
            ..Link::default()
        });
        let c = lab.add_node("c", &["a"]);
        let began = lab.now_ms();
        lab.run_for(120_000);
        adopted_at(&mut lab, c, 60).map(|at| at - began)
    };
    let (fast, slow) = (time(0).expect("it syncs"), time(2_000).expect("it syncs"));
    // 60 blocks of about 250 bytes and 80 of header each, at 2,000 a second.
    assert!(fast < 2_000, "{fast}");
    assert!((8_000..60_000).contains(&slow), "{slow}");
}

#[test]
fn a_block_from_the_future_is_held_until_its_time_and_nobody_is_left() {
    let (mut lab, a, b) = pair(3);
    let till = lab.add_client("till", &["b"]);
    lab.run_until(5_000);
    // 90 s is the limit.
    lab.set_skew_ms(a, 150_000);
    lab.mine(a).expect("a block");
    lab.run_for(40_000);
    assert_eq!(lab.tip(b).height, 0, "its time has not come");
    assert_eq!(lab.tip(till).height, 0);
    assert!(lab.connections(b) > 0);
    lab.run_for(60_000);
    assert_eq!(lab.tip(b), lab.tip(a), "it has");
    assert_eq!(lab.tip(till), lab.tip(a));
    let misbehaving = lab.node(b).expect("it is up").status().misbehaving;
    assert_eq!(misbehaving, 0);
}

#[test]
fn clocks_within_the_limit_do_not_matter() {
    let mut lab = Lab::new(LabOptions::practice(4));
    let names: Vec<_> = (0..6).map(|number| format!("n{number}")).collect();
    let nodes: Vec<_> = (0..6)
        .map(|at| lab.add_node(&names[at], &[names[(at + 1) % 6].as_str()]))
        .collect();
    for (at, node) in nodes.iter().enumerate() {
        lab.set_skew_ms(*node, at as i64 * 16_000 - 40_000);
        lab.set_miner(*node, 1);
    }
    lab.set_spacing_ms(3_000);
    lab.run_until(180_000);
    lab.set_spacing_ms(0);
    lab.run_for(30_000);
    assert!(lab.tip(nodes[0]).height > 30);
    for node in &nodes {
        assert_eq!(lab.tip(*node), lab.tip(nodes[0]));
        assert_eq!(lab.node(*node).expect("it is up").status().misbehaving, 0);
    }
}
