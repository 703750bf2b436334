//! Scripts that tell a story, byte by byte as the targets read them: what chance alone takes long
//! to come upon. A number that is left at zero is the usual case.

/// A block on the last one, and a connection that announces it: the step's number comes first.
const fn next(step: u8) -> [u8; 8] {
    [step, 0, 0, 0, 0, 0, 0, 0]
}

/// The same on the block so many before the last.
const fn branch(step: u8, back: u8) -> [u8; 8] {
    [step, 0, back, 0, 0, 0, 0, 0]
}

/// A signed spend of the first coin: one coin, its place, the fee, one part, whom it pays.
const fn spend(fee: u8, to: u8) -> [u8; 5] {
    [0, 0, fee, 0, to]
}

/// Steps of the client's script.
mod client_step {
    pub(super) const GROW: u8 = 3;
    pub(super) const PAY: u8 = 5;
    pub(super) const MINE: u8 = 6;
    pub(super) const PASS: [u8; 4] = [7, 5, 255, 0];
    pub(super) const COMMAND: u8 = 11;
    pub(super) const RESTART: [u8; 4] = [14, 3, 3, 1];
    pub(super) const LOOK: u8 = 15;
    pub(super) const SETTLE: u8 = 17;
}

/// No garbage in storage, and two connections.
const CONNECTED: [u8; 2] = [0, 0];
/// An invoice at the address of key 1, to which block 1 pays, for one confirmation.
const INVOICE: [u8; 13] = [client_step::COMMAND, 4, 0, 0, 1, 3, 100, 0, 0, 1, 0, 0, 0];
const WATCH_WALLET: [u8; 16] = [
    client_step::COMMAND,
    11,
    3,
    0,
    0,
    0,
    0,
    0,
    0,
    0,
    0,
    0,
    0,
    0,
    0,
    2,
];
const PREPARE: [u8; 10] = [client_step::COMMAND, 14, 0, 0, 2, 2, 1, 0, 2, 0];
const SIGN: [u8; 2] = [client_step::COMMAND, 16];
const PREPARE_WORK: [u8; 9] = [client_step::COMMAND, 17, 0, 0, 1, 1, 0, 0, 0];
const SUBMIT_WORK: [u8; 3] = [client_step::COMMAND, 18, 0];

pub(super) fn client() -> Vec<Vec<u8>> {
    use client_step::{GROW, LOOK, MINE, PASS, PAY, RESTART, SETTLE};
    let pay = [&[PAY, 0, 0][..], &spend(50, 1), &[0, 0]].concat();
    let mine = [MINE, 1, 0, 0, 0, 0];
    let rest: [&[u8]; 3] = [&[SETTLE], &PASS, &[SETTLE]];
    let settle = rest.concat();
    let invoiced = [&CONNECTED[..], &INVOICE, &settle].concat();
    let paid = [&invoiced[..], &next(GROW), &settle, &[LOOK]].concat();
    let reorganised = [&paid[..], &branch(GROW, 1), &next(GROW), &settle, &[LOOK]].concat();
    let wallet = [
        &CONNECTED[..],
        &WATCH_WALLET,
        &settle,
        &next(GROW),
        &next(GROW),
        &settle,
    ];
    let spent = [
        &wallet.concat()[..],
        &PREPARE,
        &SIGN,
        &settle,
        &next(GROW),
        &settle,
    ]
    .concat();
    vec![
        // A payment in a block that leaves the best chain.
        [&reorganised[..], &RESTART, &settle, &[LOOK]].concat(),
        // A branch that never has more work.
        [
            &paid[..],
            &next(GROW),
            &next(GROW),
            &settle,
            &branch(GROW, 2),
            &settle,
            &[LOOK],
        ]
        .concat(),
        // A payment that is announced, mined, and followed by blocks.
        [
            &invoiced[..],
            &next(GROW),
            &settle,
            &pay,
            &settle,
            &[LOOK],
            &mine,
            &settle,
            &[LOOK],
        ]
        .concat(),
        // One's own coins, spent.
        spent.clone(),
        [&spent[..], &RESTART, &settle, &PREPARE, &SIGN, &settle].concat(),
        // Work.
        [
            &paid[..],
            &PREPARE_WORK,
            &SUBMIT_WORK,
            &settle,
            &PREPARE_WORK,
            &settle,
        ]
        .concat(),
    ]
}

/// Steps of the node's script.
mod node_step {
    pub(super) const GROW: u8 = 4;
    pub(super) const PAY: u8 = 6;
    pub(super) const MINE: u8 = 7;
    pub(super) const PASS: [u8; 4] = [8, 5, 255, 0];
    pub(super) const CALL: [u8; 6] = [11, 0, 0, 0, 1, 0];
    pub(super) const TEMPLATE: [u8; 3] = [14, 1, 0];
    pub(super) const SUBMIT: [u8; 5] = [14, 7, 0, 1, 1];
    pub(super) const RESTART: [u8; 3] = [16, 3, 1];
    pub(super) const LOOK: u8 = 17;
    pub(super) const SETTLE: u8 = 18;
}

pub(super) fn node() -> Vec<Vec<u8>> {
    use node_step::{CALL, GROW, LOOK, MINE, PASS, PAY, RESTART, SETTLE, SUBMIT, TEMPLATE};
    let pay = |fee, to| [&[PAY, 0, 0][..], &spend(fee, to), &[0, 0]].concat();
    let rest: [&[u8]; 4] = [&[SETTLE], &PASS, &[SETTLE], &[LOOK]];
    let settle = rest.concat();
    let grown = [&[0][..], &next(GROW), &next(GROW), &settle].concat();
    let replaced = [&grown[..], &pay(50, 2), &settle, &pay(200, 3), &settle].concat();
    vec![
        [
            &replaced[..],
            &TEMPLATE,
            &SUBMIT,
            &settle,
            &RESTART,
            &settle,
        ]
        .concat(),
        [&replaced[..], &[MINE, 1, 0, 0, 0, 0], &settle].concat(),
        [
            &grown[..],
            &branch(GROW, 1),
            &next(GROW),
            &settle,
            &CALL,
            &settle,
        ]
        .concat(),
        [
            &[0][..],
            &TEMPLATE,
            &SUBMIT,
            &TEMPLATE,
            &SUBMIT,
            &settle,
            &CALL,
            &settle,
        ]
        .concat(),
    ]
}

pub(super) fn blocks() -> Vec<Vec<u8>> {
    // A block, given or not.
    let grow = |back: u8, spends: &[[u8; 5]], flaw: &[u8], held: u8| {
        let mut bytes = vec![0, 0, back, 0, spends.len() as u8];
        bytes.extend(spends.concat());
        bytes.extend(flaw);
        bytes.push(held);
        bytes
    };
    let plain = grow(0, &[], &[0], 0);
    let two = [spend(1, 2), spend(1, 3)];
    let repeated = [8, 1, 0, 0, 0];
    let damaged = [7, 0, 0, 0, 0, 40, 1];
    let restart = [8, 0];
    let mut stories = vec![
        // A body with its tail repeated, before the true one.
        [&plain[..], &grow(0, &two, &[0], 3), &repeated].concat(),
        [&plain[..], &grow(0, &two, &[0], 3), &damaged, &damaged].concat(),
        // Spends, disconnected and connected again.
        [
            &plain[..],
            &grow(0, &two, &[0], 0),
            &grow(1, &[], &[0], 0),
            &grow(0, &[spend(2, 1)], &[0], 0),
            &restart,
            &grow(2, &[spend(3, 1)], &[0], 0),
            &grow(0, &two, &[0], 0),
        ]
        .concat(),
    ];
    // Each flaw, and honest blocks after it.
    for flaw in 0..8 {
        let flawed = grow(0, &two, &[7, flaw], 0);
        stories.push([&plain[..], &flawed, &plain, &grow(2, &two, &[0], 0), &plain].concat());
    }
    stories
}

pub(super) fn merkle() -> Vec<Vec<u8>> {
    let two = [spend(1, 2), spend(1, 3)].concat();
    let mut stories = vec![
        [&[5, 2][..], &[0; 5], &[0, 0, 0, 2], &two, &[0, 0, 0, 0, 0]].concat(),
        [&[3, 0, 9, 1, 4][..], &[3], &[7; 32], &[4], &[9; 32]].concat(),
    ];
    // A part too many, too few or another, in the proof of the second of seven.
    for change in 0..8 {
        let proof = [2, 0, 6, 1, 0, 3, 0, 0, 0, 0, 0, 1, 0, change, 0];
        stories.push(proof.to_vec());
    }
    stories
}

/// A bit of each field of a vault's record, under a right checksum and under the old one.
pub(super) fn vault() -> Vec<Vec<u8>> {
    const FIELDS: [u8; 13] = [0, 8, 9, 13, 17, 21, 40, 70, 95, 140, 165, 200, 215];
    let forged = FIELDS.map(|at| vec![1, 2, at, 1]);
    let damaged = FIELDS.map(|at| vec![17, 2, at, 1]);
    let cut = [vec![1, 0, 100], vec![1, 1, 3, 0, 1, 2, 3], vec![0, 9, 0]];
    [&forged[..], &damaged, &cut].concat()
}

/// A request of one coin of 100,000 units that pays 99,000, with its fee and with another.
pub(super) fn signer() -> Vec<Vec<u8>> {
    let coin = [&[0][..], &[7; 32], &[0, 0, 0xa0, 0x86, 1, 0, 0, 0, 1, 0, 0]].concat();
    let payment = [0xe8, 3, 1, 1, 0, 0, 2];
    let request = |fee: &[u8]| [&[3, 1][..], &coin, &payment, fee, &[0]].concat();
    vec![
        request(&[0]),
        request(&[15, 0xe7, 3, 0, 0, 0, 0, 0, 0]),
        [request(&[0]), request(&[15, 1, 0, 0, 0, 0, 0, 0, 0])].concat(),
    ]
}

/// A pool that lets us in and gives work, and what comes after the first share.
pub(super) fn stratum_client() -> Vec<Vec<u8>> {
    let job = |clean: u8| [8, 0, clean, 0, clean, 0];
    let share = [5, 0, 0, 0, 0, 0, 0];
    let start = [&[1, 1, 7][..], &job(1), &[3, 5], &share].concat();
    let line =
        |method: u8, kinds: &[u8]| [&[9, 0, 0, 0, method, kinds.len() as u8][..], kinds].concat();
    vec![
        [&start[..], &share, &share, &job(1), &share, &[3, 6], &share].concat(),
        [&start[..], &[0, 2, 0, 2], &share].concat(),
        [&start[..], &line(1, &[14]), &job(0), &[3, 1], &share].concat(),
        [&start[..], &line(3, &[6, 0, 0, 0xe0, 0]), &share].concat(),
        [&start[..], &line(4, &[]), &[0, 2, 1], &[1, 7], &job(1)].concat(),
    ]
}

/// A miner that finds blocks: again, late, with rolled bits, beside another.
pub(super) fn stratum_server() -> Vec<Vec<u8>> {
    let start = [1, 5, 1, 7, 0, 0, 0, 3, 0, 7, 1, 0, 0, 5, 0];
    let share = |extranonce2: u8| [6, 0, 0, extranonce2, 0, 0];
    let rolled = [6, 0, 0, 3, 1, 0, 0xe0, 0xff, 0x1f, 0];
    vec![
        [&start[..], &share(1), &share(1), &share(2), &rolled].concat(),
        [
            &start[..],
            &share(1),
            &[0, 2],
            &[3, 0, 7],
            &share(1),
            &[3, 1, 1],
            &share(2),
        ]
        .concat(),
        [
            &start[..],
            &[1, 1, 1, 5, 1, 6, 1, 0, 9, 0, 0],
            &[0, 2, 0, 2],
        ]
        .concat(),
    ]
}
