//! Where a fuzzer begins: for each target scripts that say something, and some of chance. The
//! committed corpora grew from these.

mod stories;

use crate::peer::Network;
use crate::script::Script;
use crate::spend::{KEYS, address, key, outpoint, output, script as script_of, spend};
use crate::wire::COMMANDS;
use farthing_core::bitcoin::Txid;
use farthing_core::bitcoin::block::Header;
use farthing_core::bitcoin::consensus::serialize;
use farthing_core::bitcoin::merkle_tree::MerkleBlock;
use farthing_core::bitcoin::p2p::message::NetworkMessage;
use farthing_core::bitcoin::p2p::message_blockdata::{GetHeadersMessage, Inventory};
use farthing_core::chain::codec;
use farthing_core::client::{Command, NodeAddress};
use farthing_core::invoice::{Decision, InvoiceRecord, InvoiceRequest};
use farthing_core::merkle::block::VerifiedBlock;
use farthing_core::mining::{BlockTemplate, TemplateParent};
use farthing_core::params::NetworkParams;
use farthing_core::payments::Ledger;
use farthing_core::protocol::encode;
use farthing_core::signer::KeysCommand;
use farthing_core::wallet::{KeyPath, SpendInput, SpendOutput, SpendRequest, Wallet, WalletKey};
use serde::Serialize;

/// Scripts of chance for each target.
const BY_CHANCE: u64 = 24;

/// The seeds of a target.
#[must_use]
pub fn seeds(target: &str) -> Vec<Vec<u8>> {
    let mut seeds = match target {
        "codec" => codec(),
        "merkle" => [merkle(), stories::merkle()].concat(),
        "blocks" => stories::blocks(),
        "client" => stories::client(),
        "node" => stories::node(),
        "signer" => stories::signer(),
        "vault" => stories::vault(),
        "transactions" => transactions(),
        "addresses" => addresses(),
        "records" => records(),
        "commands" => commands(),
        "stratum_client" => stories::stratum_client(),
        "stratum_server" => stories::stratum_server(),
        _ => Vec::new(),
    };
    seeds.extend((0..BY_CHANCE).map(chance));
    seeds
}

/// Bytes that follow from a number: half of them small, since most numbers of a script are choices.
fn chance(number: u64) -> Vec<u8> {
    let mut state = number.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    let mut next = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state >> 32) as u8
    };
    let length = 40 << (number % 6);
    (0..length)
        .map(|_| match next() & 1 {
            0 => next() & 31,
            _ => next(),
        })
        .collect()
}

/// A network with some blocks and something that waits.
fn network() -> Network {
    let mut network = Network::default();
    let bytes = chance(3);
    let mut script = Script::new(&bytes);
    for _ in 0..4 {
        let last = network.builder.made.len() - 1;
        network.builder.grow_with(last, Vec::new(), 0, 30, 0);
    }
    network.pay(&mut script);
    network.pay(&mut script);
    let parent = network.builder.made.len() - 1;
    let spends = network.mempool[..1].to_vec();
    network.builder.grow_with(parent, spends, 0, 30, 0);
    network
}

/// A length, as a script reads it, and the bytes.
fn piece(bytes: &[u8]) -> Vec<u8> {
    let mut all = (bytes.len() as u16).to_le_bytes().to_vec();
    all.extend(bytes);
    all
}

fn json(value: &impl Serialize) -> Vec<u8> {
    serde_json::to_vec(value).unwrap_or_default()
}

fn messages() -> Vec<NetworkMessage> {
    let network = network();
    let blocks = &network.builder.made;
    let hash = blocks[2].hash;
    let headers: Vec<Header> = blocks.iter().map(|made| made.block.header).collect();
    let item = Inventory::WitnessBlock(hash);
    vec![
        NetworkMessage::Verack,
        NetworkMessage::Ping(7),
        NetworkMessage::Inv(vec![item, Inventory::Block(hash)]),
        NetworkMessage::GetData(vec![item]),
        NetworkMessage::NotFound(vec![item]),
        NetworkMessage::GetHeaders(GetHeadersMessage::new(vec![hash], hash)),
        NetworkMessage::Headers(headers),
        NetworkMessage::Block(blocks[blocks.len() - 1].block.clone()),
        NetworkMessage::Tx(network.mempool[0].clone()),
        NetworkMessage::FeeFilter(1_000),
        crate::peer::Peer::new([0; 4], 1).hello(&network),
    ]
}

fn codec() -> Vec<Vec<u8>> {
    let framed = |message: NetworkMessage| {
        let command = message.cmd();
        let at = COMMANDS.iter().position(|known| *known == command);
        let mut script = vec![1, 2, 3, 4, 0, at.unwrap_or(0) as u8];
        script.extend(piece(&encode([0; 4], message)[24..]));
        script.push(0);
        script
    };
    let raw = |message: NetworkMessage| {
        let mut script = vec![1, 2, 3, 4, 3];
        script.extend(encode([0xfa, 0xbf, 0xb5, 0xda], message));
        script
    };
    let mut seeds: Vec<_> = messages().into_iter().map(framed).collect();
    seeds.extend(messages().into_iter().map(raw));
    seeds
}

fn merkle() -> Vec<Vec<u8>> {
    let network = network();
    let made = &network.builder.made[network.builder.made.len() - 1];
    let txids: Vec<Txid> = made
        .block
        .txdata
        .iter()
        .map(|tx| tx.compute_txid())
        .collect();
    let header = &made.block.header;
    let proof =
        MerkleBlock::from_header_txids_with_predicate(header, &txids, |txid| *txid == txids[1]);
    let proof = serialize(&proof);
    let mut pair = vec![4];
    for transaction in &made.block.txdata[..2] {
        pair.extend(piece(&serialize(transaction)));
    }
    vec![
        [&[0][..], &proof].concat(),
        [&[1][..], &proof[80..]].concat(),
        [&[5][..], &serialize(&made.block)].concat(),
        pair,
    ]
}

fn transactions() -> Vec<Vec<u8>> {
    let network = network();
    let waiting = network.mempool.iter();
    let mut seeds: Vec<_> = waiting
        .map(|transaction| [&[0][..], &piece(&serialize(transaction)), &[7; 40]].concat())
        .collect();
    seeds.push([&[1][..], &key(0).public().to_bytes(), &[1; 80]].concat());
    seeds
}

fn addresses() -> Vec<Vec<u8>> {
    let params = crate::mine::practice();
    let mut seeds = Vec::new();
    for text in [
        address(&params, 0).as_str(),
        "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa",
        "3J98t1WpEZ73CNmQviecrnyiWrnqRhWNLy",
        "bc1qar0srrr7xfkvy5l643lydnw9re59gtzzwf5mdq",
        "bc1p5cyxnuxmeuwuvkwfem96lqzszd02n6xdcjrs20cac6yqjjwudpxqkedrcr",
    ] {
        // Under every network.
        for network in 0..8 {
            seeds.push([&[network, 0][..], text.as_bytes()].concat());
        }
    }
    seeds.push([&[5, 3][..], script_of(1).as_bytes()].concat());
    seeds.push(b"\x00\x04\x10\x27\0\0\0\0\0\0Table 7 & <b>".to_vec());
    seeds.push([&[0, 5, 0][..], &[7; 16], &[0, 1]].concat());
    seeds
}

fn request(params: &NetworkParams) -> InvoiceRequest {
    InvoiceRequest {
        label: "Table 7".to_owned(),
        address: address(params, 1),
        due: 1_000,
        tolerance_ppm: 0,
        confirmations: 1,
        expires_in: 3_600,
        attacker_share_ppm: 100_000,
        risk_cap: None,
    }
}

fn wallet_keys(params: &NetworkParams) -> Vec<WalletKey> {
    (0..KEYS)
        .map(|number| WalletKey {
            path: KeyPath {
                account: 0,
                index: number.into(),
            },
            public_key: hex::encode(key(number).public().to_bytes()),
            address: address(params, number),
        })
        .collect()
}

/// The bodies of true records, behind what their reader takes first.
fn records() -> Vec<Vec<u8>> {
    let network = network();
    let params = &network.builder.params;
    let body = |record: Vec<u8>| record[5..].to_vec();
    let mut seeds = Vec::new();
    let invoice = InvoiceRecord::new(1, request(params), script_of(1), 3, 1_800_000_000);
    if let Ok(record) = invoice.encode() {
        seeds.push([&[1, 0, 0, 0, 0, 9, 0, 0, 0, 0][..], &body(record)].concat());
    }
    let mut ledger = Ledger::new();
    (0..KEYS).for_each(|number| ledger.watch(script_of(number)));
    for transaction in &network.mempool {
        ledger.seen(transaction, "a", 1_800_000_000);
    }
    let mut wallet = Wallet::new(params.clone(), &wallet_keys(params)).ok();
    for made in &network.builder.made[1..] {
        if let Ok(block) = VerifiedBlock::check(made.block.clone()) {
            ledger.connect_block(&made.block, made.height, made.hash, 1_800_000_000);
            if let Some(wallet) = &mut wallet {
                wallet.connect_block(&block, made.height);
            }
        }
    }
    if let Ok(record) = ledger.encode() {
        seeds.push([&[3, 0, 0, 0, 0][..], &body(record)].concat());
    }
    if let Some(wallet) = &mut wallet {
        let name = wallet.name();
        for changed in wallet.take_changes() {
            let Some(bytes) = changed.bytes else {
                continue;
            };
            let text = String::from_utf8_lossy(&body(bytes)).replace(&name, "NAME");
            let front = [4, changed.page as u8, 0, 0, 0, 0, 9, 0, 0, 0];
            seeds.push([&front[..], text.as_bytes()].concat());
        }
        if let Ok(record) = wallet.encode_keys() {
            seeds.push([&[6][..], &body(record)].concat());
        }
    }
    let coins = &network.builder.made[4].coins;
    let all: Vec<_> = coins.values().cloned().collect();
    for bytes in [codec::encode_coin(&all[0]), codec::encode_undo(&all)] {
        seeds.push([&[7][..], &bytes].concat());
    }
    seeds
}

fn spend_request(params: &NetworkParams) -> SpendRequest {
    SpendRequest {
        inputs: vec![SpendInput {
            txid: "11".repeat(32),
            vout: 0,
            amount: 100_000,
            path: KeyPath {
                account: 0,
                index: 1,
            },
            sequence: 0xffff_fffd,
        }],
        outputs: vec![
            SpendOutput::Payment {
                address: address(params, 2),
                amount: 90_000,
            },
            SpendOutput::Change {
                path: KeyPath {
                    account: 0,
                    index: 2,
                },
                amount: 9_000,
            },
        ],
        fee: 1_000,
        lock_time: 7,
        replaces: None,
    }
}

fn commands() -> Vec<Vec<u8>> {
    let network = network();
    let params = &network.builder.params;
    let tip = &network.builder.made[network.builder.made.len() - 1];
    let parent = TemplateParent {
        hash: tip.hash,
        height: tip.height,
        median_time_past: tip.block.header.time,
        bits: params.genesis.bits.to_consensus(),
    };
    let waiting = [(network.mempool[0].clone(), 100)];
    let template = BlockTemplate::make(params, &parent, &waiting, tip.block.header.time + 30);
    let made_up = spend(params, &[], vec![output(1, 5)]);
    let txid = made_up.compute_txid().to_string();
    let all = [
        Command::SetNodes {
            nodes: vec![NodeAddress {
                url: "ws://a/".to_owned(),
                operator: "a".to_owned(),
            }],
        },
        Command::Wake { online: true },
        Command::CheckAddress {
            address: address(params, 0),
        },
        Command::CreateInvoice {
            request: request(params),
        },
        Command::DecideInvoice {
            id: 1,
            decision: Decision::Cancel,
        },
        Command::SubmitTransaction {
            hex: crate::peer::pasted(&network.mempool[0]),
        },
        Command::GetBlock {
            block: "0".to_owned(),
        },
        Command::GetTransaction { txid: txid.clone() },
        Command::ListInvoices,
        Command::WatchWallet {
            keys: wallet_keys(params),
            birth: Some(0),
        },
        Command::ForgetWallet,
        Command::PreparePayment {
            account: 0,
            to: address(params, 0),
            amount: Some(5_000),
            fee_rate: None,
            change_index: 1,
        },
        Command::PrepareReplacement {
            txid,
            fee_rate: Some(2_000),
            change_index: 1,
        },
        Command::PrepareWork {
            template: Some(template.clone()),
            address: address(params, 0),
            extra_nonce: 1,
        },
        Command::SubmitWork {
            id: 0,
            header: hex::encode(serialize(&tip.block.header)),
        },
    ];
    let mut seeds: Vec<_> = all
        .iter()
        .map(|one| [&[7][..], &json(one)].concat())
        .collect();
    let lines: Vec<_> = all.iter().map(json).collect();
    seeds.push([&[7][..], &lines.join(&b'\n')].concat());
    seeds.push([&[0][..], &json(&template)].concat());
    seeds.push([&[2][..], &json(&spend_request(params))].concat());
    let sign = KeysCommand::Sign {
        request: spend_request(params),
    };
    seeds.push([&[3][..], &json(&sign)].concat());
    let derive = KeysCommand::DeriveKeys {
        account: 0,
        from: 0,
        count: 5,
    };
    seeds.push([&[3][..], &json(&derive)].concat());
    seeds.push([&[1][..], br#"{"Template":{"longpollid":null}}"#].concat());
    let item = outpoint(1).txid.to_string();
    seeds.push(
        [
            &[7][..],
            format!(r#"{{"type":"getBlock","block":"{item}"}}"#).as_bytes(),
        ]
        .concat(),
    );
    seeds
}
