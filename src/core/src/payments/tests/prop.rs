//! Properties of any history.

use super::*;
use crate::primitives::record::RecordError;
use proptest::collection::vec as some;
use proptest::prelude::*;
use proptest::sample::Index;

/// One thing that may happen to a ledger.
#[derive(Debug, Clone)]
enum Step {
    /// Coin, whether to us, value, operator.
    Announce(u8, bool, u64, u8),
    /// A child of the payment from this coin, of this value.
    Child(u8, u64, u8),
    /// Transactions from these coins, to us or not.
    Connect(Vec<(u8, bool, u64)>),
    Disconnect,
}

fn step() -> impl Strategy<Value = Step> {
    let spend = || (1u8..5, any::<bool>(), 1u64..4);
    prop_oneof![
        4 => (spend(), 0u8..3).prop_map(|((coin, ours, value), operator)|
            Step::Announce(coin, ours, value, operator)),
        1 => (1u8..5, 1u64..4, 0u8..3).prop_map(|(coin, value, operator)|
            Step::Child(coin, value, operator)),
        2 => some(spend(), 0..3).prop_map(|mut spends| {
            // One block spends a coin once.
            spends.sort_unstable();
            spends.dedup_by_key(|spend| spend.0);
            Step::Connect(spends)
        }),
        1 => Just(Step::Disconnect),
    ]
}

fn spend(coin_number: u8, to_us: bool, value: u64) -> Transaction {
    if to_us {
        pay(coin_number, value)
    } else {
        steal(coin_number, value)
    }
}

/// A chain that spends each coin once.
struct World {
    ledger: Ledger,
    chain: Vec<(BlockHash, Vec<u8>)>,
    blocks: u8,
    now: u32,
}

impl World {
    fn new() -> Self {
        Self {
            ledger: ledger(),
            chain: Vec::new(),
            blocks: 0,
            now: 1_000,
        }
    }

    fn spent(&self, coin: u8) -> bool {
        self.chain.iter().any(|(_, coins)| coins.contains(&coin))
    }

    fn height(&self) -> u32 {
        u32::try_from(self.chain.len()).expect("a short chain")
    }

    /// The next block that holds these spends, as far as their coins are still there.
    fn next_block(&mut self, spends: &[(u8, bool, u64)]) -> (Block, BlockHash, Vec<u8>) {
        self.blocks += 1;
        let open: Vec<(u8, bool, u64)> = spends
            .iter()
            .copied()
            .filter(|(coin, _, _)| !self.spent(*coin))
            .collect();
        let txs: Vec<Transaction> = open
            .iter()
            .map(|(coin, ours, value)| spend(*coin, *ours, *value))
            .collect();
        let coins = open.iter().map(|(coin, _, _)| *coin).collect();
        (
            block(&txs.iter().collect::<Vec<_>>()),
            hash(self.blocks),
            coins,
        )
    }

    fn step(&mut self, step: &Step) {
        self.now += 1;
        match step {
            Step::Announce(coin, ours, value, operator) => {
                self.ledger.seen(
                    &spend(*coin, *ours, *value),
                    &operator.to_string(),
                    self.now,
                );
            }
            Step::Child(coin, value, operator) => {
                let parent = spend(*coin, true, *value);
                let child = tx(&[output(&parent, 0)], &[(ours(), 1)]);
                self.ledger.seen(&child, &operator.to_string(), self.now);
            }
            Step::Connect(spends) => {
                let (block, hash, coins) = self.next_block(spends);
                self.ledger
                    .connect_block(&block, self.height(), hash, self.now);
                self.chain.push((hash, coins));
            }
            Step::Disconnect => {
                if let Some((hash, _)) = self.chain.pop() {
                    self.ledger.disconnect_block(&hash, self.now);
                }
            }
        }
    }

    fn run(steps: &[Step]) -> Self {
        let mut world = Self::new();
        for step in steps {
            world.step(step);
        }
        world
    }
}

fn mined(payments: &[Payment]) -> Vec<(Txid, Standing)> {
    payments
        .iter()
        .filter(|payment| matches!(payment.standing, Standing::Mined { .. }))
        .map(|payment| (payment.txid, payment.standing))
        .collect()
}

proptest! {
    /// A block that joins and leaves changes no other block's payments, and joining again leads to
    /// where it led before.
    #[test]
    fn connect_then_disconnect_restores(
        steps in some(step(), 0..25),
        spends in some((1u8..5, any::<bool>(), 1u64..4), 0..3),
    ) {
        let mut world = World::run(&steps);
        let mut spends = spends;
        spends.sort_unstable();
        spends.dedup_by_key(|spend| spend.0);
        let (block, hash, _) = world.next_block(&spends);
        let height = world.height();
        let before = world.ledger.payments(&ours());
        let mut ledger = world.ledger.clone();
        ledger.connect_block(&block, height, hash, world.now);
        let connected = ledger.payments(&ours());
        ledger.disconnect_block(&hash, world.now);
        let after = ledger.payments(&ours());
        prop_assert_eq!(mined(&after), mined(&before));
        let txids: Vec<Txid> = block.txdata.iter().map(Transaction::compute_txid).collect();
        for payment in &before {
            let Some(now) = after.iter().find(|now| now.txid == payment.txid) else {
                return Err(TestCaseError::fail("a payment was lost"));
            };
            // What the block did not touch stands as it stood.
            let untouched = connected
                .iter()
                .any(|then| then.txid == payment.txid && then.standing == payment.standing);
            // A block may bring the unknown parent of a payment, and with it the parent's rivals.
            let adopted = ledger.transaction(&payment.txid).is_some_and(|tx| {
                tx.input.iter().any(|input| txids.contains(&input.previous_output.txid))
            });
            if untouched && !adopted && !txids.contains(&payment.txid) {
                prop_assert_eq!(now.standing, payment.standing);
            }
            let killed = matches!(now.standing, Standing::Dead { by } if txids.contains(&by));
            prop_assert!(!killed || now.standing == payment.standing);
        }
        ledger.connect_block(&block, height, hash, world.now);
        let again = ledger.payments(&ours());
        let standings = |payments: &[Payment]| -> Vec<(Txid, Standing)> {
            payments.iter().map(|payment| (payment.txid, payment.standing)).collect()
        };
        prop_assert_eq!(standings(&again), standings(&connected));
    }

    /// Of two payments that spend one coin at most one counts, whatever was announced by whom.
    #[test]
    fn two_spends_of_one_coin_never_both_count(steps in some(step(), 0..40)) {
        let world = World::run(&steps);
        for coin_number in 1..5u8 {
            let live = (1..4u64)
                .filter(|value| {
                    standing(&world.ledger, &pay(coin_number, *value)).is_some_and(Standing::is_live)
                })
                .count();
            prop_assert!(live <= 1, "coin {} counts {} times", coin_number, live);
        }
    }

    /// The chain decides: a spent coin's payments are mined or dead, an unspent one's neither.
    #[test]
    fn the_chain_decides(steps in some(step(), 0..40)) {
        let world = World::run(&steps);
        for coin_number in 1..5u8 {
            for value in 1..4u64 {
                let Some(standing) = standing(&world.ledger, &pay(coin_number, value)) else {
                    continue;
                };
                if matches!(standing, Standing::Mined { .. }) {
                    prop_assert!(world.spent(coin_number));
                }
                if matches!(standing, Standing::Dead { .. }) {
                    prop_assert!(world.spent(coin_number));
                }
            }
        }
    }

    #[test]
    fn a_stored_ledger_is_read_back_as_it_was(steps in some(step(), 0..30)) {
        let world = World::run(&steps);
        let bytes = world.ledger.encode().expect("JSON");
        let back = Ledger::decode(&bytes).expect("unchanged");
        prop_assert_eq!(back.payments(&ours()), world.ledger.payments(&ours()));
        prop_assert_eq!(&back.kept, &world.ledger.kept);
        prop_assert_eq!(&back.spends, &world.ledger.spends);
        prop_assert_eq!(&back.scripts, &world.ledger.scripts);
        prop_assert_eq!(back.encode().expect("JSON"), bytes);
    }

    #[test]
    fn any_flipped_byte_of_a_stored_ledger_is_refused(
        steps in some(step(), 0..10),
        at in any::<Index>(),
        flip in 1u8..,
    ) {
        let mut bytes = World::run(&steps).ledger.encode().expect("JSON");
        let at = at.index(bytes.len());
        bytes[at] ^= flip;
        let read = Ledger::decode(&bytes);
        let refused = matches!(read, Err(RecordError::Checksum { .. }));
        prop_assert!(refused);
    }
}
