//! What holds whatever is said.

use super::server::{Told, join, pool, share, submit};
use super::world::{Miner, Pool, carry, now, options, params, solve};
use crate::chain::{Arrival, Chain, MemoryStore};
use crate::consensus::{check_block, check_reward};
use crate::merkle::block::VerifiedBlock;
use crate::mining::{BlockTemplate, TemplateParent};
use crate::primitives::bits_from_target;
use crate::stratum::client::{Input, Share};
use crate::stratum::server::{self, ConnectionId, Options};
use crate::stratum::{Id, LineDecoder, Message, Notify, RemoteError, Submission};
use bitcoin::consensus::encode::deserialize;
use bitcoin::hashes::{Hash, sha256d};
use bitcoin::{
    Amount, Block, BlockHash, OutPoint, ScriptBuf, Sequence, Transaction, TxIn, TxOut, Txid,
    Witness, absolute, transaction,
};
use proptest::prelude::*;
use serde_json::{Value, json};

fn value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        ".{0,12}".prop_map(Value::from),
        "[0-9a-f]{0,12}".prop_map(Value::from),
    ];
    leaf.prop_recursive(3, 16, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::btree_map("[a-z]{0,6}", inner, 0..4).prop_map(|map| json!(map)),
        ]
    })
}

fn id() -> impl Strategy<Value = Id> {
    prop_oneof![
        Just(Id::Null),
        any::<u64>().prop_map(Id::from_u64),
        "[ -~]{0,16}".prop_map(Id::Text),
    ]
}

fn message() -> impl Strategy<Value = Message> {
    let request = (id(), "[a-z._]{1,20}", prop::collection::vec(value(), 0..6))
        .prop_map(|(id, method, params)| Message::Request { id, method, params });
    let good = (id(), value()).prop_map(|(id, result)| Message::Response {
        id,
        result: Ok(result),
    });
    let bad = (id(), any::<Option<i32>>(), "[ -~]{0,20}").prop_map(|(id, code, message)| {
        Message::Response {
            id,
            result: Err(RemoteError {
                code: code.map(i64::from),
                message,
            }),
        }
    });
    prop_oneof![request, good, bad]
}

/// What a stranger may say: nonsense, or something near to what is spoken.
fn line() -> impl Strategy<Value = Vec<u8>> {
    let method = prop::sample::select(vec![
        "mining.configure",
        "mining.subscribe",
        "mining.authorize",
        "mining.submit",
        "mining.notify",
        "mining.set_difficulty",
        "mining.set_extranonce",
        "mining.set_version_mask",
        "mining.suggest_difficulty",
        "mining.suggest_target",
        "client.reconnect",
        "client.show_message",
        "mining.ping",
    ]);
    prop_oneof![
        prop::collection::vec(any::<u8>(), 0..200).prop_map(|mut bytes| {
            bytes.push(b'\n');
            bytes
        }),
        (id(), method, prop::collection::vec(value(), 0..10)).prop_map(|(id, method, params)| {
            Message::Request {
                id,
                method: method.to_owned(),
                params,
            }
            .to_line()
        }),
        (1_u64..5, value()).prop_map(|(id, result)| {
            Message::Response {
                id: Id::from_u64(id),
                result: Ok(result),
            }
            .to_line()
        }),
        message().prop_map(|message| message.to_line()),
    ]
}

fn notify() -> impl Strategy<Value = Notify> {
    let hash = any::<[u8; 32]>();
    (
        (
            "[ -~]{0,64}",
            hash,
            prop::collection::vec(any::<u8>(), 0..80),
        ),
        (
            prop::collection::vec(any::<u8>(), 0..80),
            prop::collection::vec(hash, 0..15),
        ),
        (any::<u32>(), any::<u32>(), any::<u32>(), any::<bool>()),
    )
        .prop_map(
            |((job_id, prevhash, coinbase1), (coinbase2, branch), (version, bits, time, clean))| {
                Notify {
                    job_id,
                    prevhash: BlockHash::from_byte_array(prevhash),
                    coinbase1,
                    coinbase2,
                    branch: branch
                        .into_iter()
                        .map(sha256d::Hash::from_byte_array)
                        .collect(),
                    version,
                    bits,
                    time,
                    clean,
                }
            },
        )
}

fn spend(number: u8) -> Transaction {
    let script = params()
        .script_from_address(&super::world::address(2))
        .unwrap();
    Transaction {
        version: transaction::Version::TWO,
        lock_time: absolute::LockTime::ZERO,
        input: vec![TxIn {
            previous_output: OutPoint::new(Txid::from_byte_array([number; 32]), 0),
            script_sig: ScriptBuf::new(),
            sequence: Sequence::MAX,
            witness: Witness::from_slice(&[[7; 64]]),
        }],
        output: vec![TxOut {
            value: Amount::from_sat(1_000),
            script_pubkey: script,
        }],
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn what_is_written_is_read_alike(message in message()) {
        let line = message.to_line();
        prop_assert_eq!(line.iter().filter(|byte| **byte == b'\n').count(), 1);
        prop_assert_eq!(Message::read(&line), Ok(message));
    }

    #[test]
    fn a_job_is_read_as_it_is_written(notify in notify()) {
        prop_assert_eq!(Notify::read(&notify.to_params()), Ok(notify.clone()));
        // Whatever it is, looking at it does no harm.
        let _ = notify.check(&[1, 2, 3, 4], 4);
    }

    #[test]
    fn a_share_is_read_as_it_is_written(
        user in "[ -~]{0,60}", job_id in "[ -~]{0,60}",
        extranonce2 in prop::collection::vec(any::<u8>(), 0..=16),
        numbers in any::<(u32, u32, Option<u32>)>(),
    ) {
        let (time, nonce, version_bits) = numbers;
        let share = Submission { user, job_id, extranonce2, time, nonce, version_bits };
        prop_assert_eq!(Submission::read(&share.to_params()), Ok(share));
    }

    #[test]
    fn a_stream_is_read_alike_however_it_is_cut(
        stream in prop::collection::vec(prop::sample::select(b"ab\r\n".to_vec()), 0..80),
        cut in 1_usize..20,
    ) {
        let read = |pieces: Vec<&[u8]>| {
            let mut lines = LineDecoder::new(6);
            let mut all = Vec::new();
            for piece in pieces {
                lines.push(piece);
                while let Some(line) = lines.next_line() {
                    let ended = line.is_err();
                    all.push(line);
                    if ended {
                        return all;
                    }
                }
            }
            all
        };
        prop_assert_eq!(read(vec![&stream]), read(stream.chunks(cut).collect()));
    }

    #[test]
    fn the_client_bears_what_a_pool_says(
        lines in prop::collection::vec(line(), 0..40),
        ready in any::<bool>(),
        pause in 0_u64..100_000,
    ) {
        let mut miner = if ready { Miner::ready() } else {
            let mut miner = Miner::new(options());
            miner.connect();
            miner
        };
        for bytes in lines {
            miner.handle(Input::Received { bytes });
            if let Some(work) = miner.client.work(1) {
                let header = work.header.clone();
                miner.handle(Input::Submit(Share { share: 1, work: work.id, header }));
            }
        }
        miner.pass(pause);
        prop_assert!(miner.problems().len() <= 40);
    }

    #[test]
    fn the_server_bears_what_a_miner_says(
        lines in prop::collection::vec(line(), 0..40),
        ready in any::<bool>(),
        pause in 0_u64..1_000_000,
    ) {
        let mut pool = pool();
        if ready {
            join(&mut pool, 1);
        }
        for bytes in lines {
            pool.handle(server::Input::Received { conn: ConnectionId(1), bytes });
        }
        pool.pass(pause);
        prop_assert!(pool.blocks.len() <= 40);
    }

    /// Client and server mine a block together, at heights where the push of the height changes its
    /// form, with any transactions beside: it is one that the list of rules allows.
    #[test]
    fn what_is_mined_together_is_valid(
        height in prop::sample::select(vec![0, 15, 16, 126, 127, 254, 32_766, 32_767, 8_388_607]),
        extranonce2 in any::<u32>(),
        fees in prop::collection::vec(0..1_000_u64, 0..12),
        rolled in any::<u32>(),
    ) {
        let params = params();
        let parent = TemplateParent {
            hash: params.genesis.block_hash(),
            height,
            median_time_past: params.genesis.time,
            bits: bits_from_target(params.pow_limit),
        };
        let transactions: Vec<_> = (1..).zip(&fees).map(|(n, fee)| (spend(n), *fee)).collect();
        let template = BlockTemplate::make(&params, &parent, &transactions, now(0).unix());
        let mut pool = Pool::new(params.clone(), Options::default());
        pool.handle(server::Input::Template(Box::new(template)));
        pool.accept(1);
        let mut miner = Miner::new(options());
        miner.connect();
        carry(&mut pool, &mut miner, 1);
        let mut work = miner.client.work(u64::from(extranonce2)).unwrap();
        let version = 0x2000_0000 | rolled & work.version_mask;
        work.header.replace_range(..8, &hex::encode(version.to_le_bytes()));
        let header = solve(&work, 0);
        miner.handle(Input::Submit(Share { share: 1, work: work.id, header }));
        carry(&mut pool, &mut miner, 1);
        let block: Block = deserialize(&pool.blocks[0]).unwrap();
        prop_assert_eq!(block.txdata.len(), fees.len() + 1);
        prop_assert_eq!(block.header.version.to_consensus().cast_unsigned(), version);
        let block = VerifiedBlock::check(block).unwrap();
        prop_assert_eq!(check_block(&params, &block, height + 1, now(0).unix() - 1), Ok(()));
        let all: u64 = fees.iter().sum();
        prop_assert_eq!(check_reward(&params, &block, height + 1, all), Ok(()));
    }
}

#[test]
fn miners_of_one_server_grow_a_chain() {
    let params = params();
    let mut chain = Chain::open(params.clone(), MemoryStore::new()).unwrap();
    let mut pool = pool();
    pool.accept(2);
    let one = join(&mut pool, 1);
    let two = join(&mut pool, 2);
    let mut job = one.job.clone();
    for height in 1..=10 {
        let finder = if height % 2 == 0 { &one } else { &two };
        let conn = if height % 2 == 0 { 1 } else { 2 };
        let told = Told {
            job,
            extranonce1: finder.extranonce1.clone(),
        };
        assert_eq!(
            submit(&mut pool, conn, &share(&told, 0, None)),
            Ok(json!(true))
        );
        let block: Block = deserialize(&pool.blocks.pop().unwrap()).unwrap();
        let outcome = chain.accept_block(block, now(pool.ms).unix()).unwrap();
        assert!(matches!(outcome.arrival, Arrival::Connected));
        assert_eq!(chain.tip().height, height);
        pool.ms += 30_000;
        let parent = TemplateParent {
            hash: chain.tip().hash,
            height,
            median_time_past: chain.next_context().median_time_past,
            bits: bits_from_target(params.pow_limit),
        };
        let next = BlockTemplate::make(&params, &parent, &[], now(pool.ms).unix());
        pool.handle(server::Input::Template(Box::new(next)));
        job = super::server::job(&pool.heard()).unwrap();
        assert!(job.clean);
    }
}
