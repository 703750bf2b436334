//! What the page sends: commands with sense, made of what exists, and any JSON that says one. The
//! messages between page and worker are these types, so what is read must be written again alike.

use crate::peer::{Network, pasted};
use crate::script::Script;
use crate::spend::{KEYS, address, key, script as script_of, sign};
use farthing_core::bitcoin::absolute::LockTime;
use farthing_core::bitcoin::{
    Amount, OutPoint, ScriptBuf, Sequence, Transaction, TxIn, TxOut, Witness, transaction,
};
use farthing_core::chain::Coin;
use farthing_core::client::{Client, Command, CommandError, Input, NodeAddress, Reply, RequestId};
use farthing_core::invoice::{Decision, InvoiceRequest};
use farthing_core::mining::{BlockTemplate, TemplateParent};
use farthing_core::node;
use farthing_core::params::NetworkParams;
use farthing_core::primitives::Now;
use farthing_core::signer::{KeysCommand, KeysReply};
use farthing_core::wallet::{KeyPath, SpendOutput, SpendRequest, WalletKey};
use serde::{Serialize, de::DeserializeOwned};

/// Feeds JSON to every type that crosses to a page, and the commands among it to a client.
pub fn commands(data: &[u8]) {
    let mut script = Script::new(data);
    let kind = script.below(8);
    let text = script.rest();
    match kind {
        0 => says_it_again::<BlockTemplate>(text),
        1 => says_it_again::<node::Request>(text),
        2 => says_it_again::<SpendRequest>(text),
        3 => {
            if let Ok(command) = serde_json::from_slice::<KeysCommand>(text) {
                let json = serde_json::to_vec(&command).expect("it has a JSON form");
                let again = serde_json::from_slice::<KeysCommand>(&json);
                assert!(again.is_ok_and(|again| again == command));
            }
            let _ = serde_json::from_slice::<KeysReply>(text);
        }
        4 => {
            let _ = serde_json::from_slice::<Input>(text);
            let _ = serde_json::from_slice::<node::Input>(text);
        }
        _ => {
            says_it_again::<Command>(text);
            // One command a line.
            obey(text);
        }
    }
}

fn says_it_again<T: DeserializeOwned + Serialize + PartialEq + std::fmt::Debug>(text: &[u8]) {
    if let Ok(value) = serde_json::from_slice::<T>(text) {
        let json = serde_json::to_vec(&value).expect("it has a JSON form");
        assert_eq!(
            serde_json::from_slice::<T>(&json).ok().as_ref(),
            Some(&value)
        );
    }
}

fn obey(text: &[u8]) {
    let mut client = Client::new(crate::mine::practice(), [7; 32]);
    let now = Now {
        unix_ms: 1_800_000_000_000,
        monotonic_ms: 5_000,
    };
    let restored = Input::Restored {
        headers: Vec::new(),
        records: Vec::new(),
        storage: String::new(),
    };
    client.handle(now, restored);
    for (id, line) in (0..).zip(text.split(|byte| *byte == b'\n')) {
        if let Ok(command) = serde_json::from_slice(line) {
            let id = RequestId(id);
            client.handle(now, Input::Command { id, command });
        }
        while client.poll_output().is_some() {}
    }
}

/// A page, with what the last answers told it.
#[derive(Default)]
pub(crate) struct Page {
    work: Option<(u32, String)>,
    spend: Option<SpendRequest>,
}

impl Page {
    /// Takes an answer.
    pub(crate) fn replied(&mut self, result: &Result<Reply, CommandError>) {
        match result {
            Ok(Reply::Work { work }) => self.work = Some((work.id, work.header.clone())),
            Ok(Reply::Spend { request }) => self.spend = Some(request.clone()),
            _ => {}
        }
    }

    /// A command.
    pub(crate) fn command(&mut self, script: &mut Script<'_>, network: &Network) -> Command {
        let params = &network.builder.params;
        match script.below(20) {
            0 | 1 => Command::SetNodes {
                nodes: (0..script.below(4)).map(|_| node(script)).collect(),
            },
            2 => Command::Wake {
                online: !script.one_in(4),
            },
            3 => Command::CheckAddress {
                address: some_address(script, params),
            },
            4 | 5 => Command::CreateInvoice {
                request: invoice(script, params),
            },
            6 => Command::DecideInvoice {
                id: script.below(4) as u32,
                decision: script.one_of(&[
                    Decision::Cancel,
                    Decision::AcceptAtRisk,
                    Decision::AcceptLate,
                    Decision::Refund,
                    Decision::Acknowledge,
                ]),
            },
            7 => Command::SubmitTransaction {
                hex: match script.below(3) {
                    0 => script.text(),
                    _ => {
                        let at = script.below(network.mempool.len());
                        network.mempool.get(at).map(pasted).unwrap_or_default()
                    }
                },
            },
            8 => Command::GetBlock {
                block: match script.below(3) {
                    0 => script.text(),
                    1 => script.byte().to_string(),
                    _ => network.builder.made[network.builder.pick(script)]
                        .hash
                        .to_string(),
                },
            },
            9 => Command::GetTransaction {
                txid: some_txid(script, network),
            },
            10 => Command::ListInvoices,
            11 | 12 => Command::WatchWallet {
                keys: keys(script, params),
                birth: match script.below(3) {
                    0 => None,
                    1 => Some(script.number()),
                    _ => Some(0),
                },
            },
            13 if script.one_in(3) => Command::ForgetWallet,
            13 | 14 => Command::PreparePayment {
                account: u32::from(script.one_in(8)),
                to: some_address(script, params),
                amount: amount(script),
                fee_rate: rate(script),
                change_index: script.below(6) as u32,
            },
            15 => Command::PrepareReplacement {
                txid: some_txid(script, network),
                fee_rate: rate(script),
                change_index: script.below(6) as u32,
            },
            16 => match self
                .spend
                .take()
                .and_then(|request| signed(params, &request))
            {
                Some(transaction) => Command::SubmitTransaction {
                    hex: pasted(&transaction),
                },
                None => Command::ListInvoices,
            },
            17 => Command::PrepareWork {
                template: script.one_in(2).then(|| template(script, network)),
                address: some_address(script, params),
                extra_nonce: script.number(),
            },
            18 => self.solved(script),
            _ => serde_json::from_slice(script.piece(400)).unwrap_or(Command::ListInvoices),
        }
    }

    /// The last work with a nonce: the right one, mostly.
    fn solved(&self, script: &mut Script<'_>) -> Command {
        let Some((id, header)) = &self.work else {
            return Command::SubmitWork {
                id: script.byte().into(),
                header: script.text(),
            };
        };
        let mut bytes = hex::decode(header).unwrap_or_default();
        if let Ok(mut header) = farthing_core::bitcoin::consensus::deserialize(&bytes)
            && !script.one_in(8)
        {
            crate::mine::mine(&mut header);
            bytes = farthing_core::bitcoin::consensus::serialize(&header);
        }
        Command::SubmitWork {
            id: *id,
            header: hex::encode(bytes),
        }
    }
}

fn node(script: &mut Script<'_>) -> NodeAddress {
    let name = script.one_of(&["a", "b", "c"]);
    NodeAddress {
        url: match script.one_in(16) {
            true => script.text(),
            false => format!("ws://{name}/"),
        },
        operator: name.to_owned(),
    }
}

fn some_address(script: &mut Script<'_>, params: &NetworkParams) -> String {
    match script.one_in(8) {
        true => script.text(),
        false => address(params, script.byte()),
    }
}

fn some_txid(script: &mut Script<'_>, network: &Network) -> String {
    let made = &network.builder.made[network.builder.pick(script)];
    match script.below(4) {
        0 => script.text(),
        1 => match network.mempool.last() {
            Some(transaction) => transaction.compute_txid().to_string(),
            None => String::new(),
        },
        _ => {
            let at = script.below(made.block.txdata.len());
            made.block.txdata[at].compute_txid().to_string()
        }
    }
}

fn amount(script: &mut Script<'_>) -> Option<u64> {
    match script.below(4) {
        0 => None,
        1 => Some(script.number()),
        2 => Some(u64::from(script.number::<u16>()) * 10_000),
        _ => Some(u64::from(script.number::<u16>())),
    }
}

fn rate(script: &mut Script<'_>) -> Option<u64> {
    match script.below(4) {
        0 => Some(script.number()),
        1 => Some(u64::from(script.number::<u16>())),
        _ => None,
    }
}

fn invoice(script: &mut Script<'_>, params: &NetworkParams) -> InvoiceRequest {
    InvoiceRequest {
        label: script.text(),
        address: some_address(script, params),
        due: amount(script).unwrap_or(1),
        tolerance_ppm: match script.one_in(4) {
            true => script.number(),
            false => 0,
        },
        confirmations: script.below(4) as u32,
        expires_in: match script.one_in(2) {
            true => script.number(),
            false => 3_600,
        },
        attacker_share_ppm: match script.one_in(4) {
            true => script.number(),
            false => 100_000,
        },
        risk_cap: script.one_in(4).then(|| script.number()),
    }
}

fn keys(script: &mut Script<'_>, params: &NetworkParams) -> Vec<WalletKey> {
    (0..=script.below(usize::from(KEYS)))
        .map(|index| {
            let mut number = index as u8;
            if script.one_in(8) {
                number = script.byte();
            }
            WalletKey {
                path: KeyPath {
                    account: u32::from(script.one_in(8)),
                    index: index as u32,
                },
                public_key: match script.one_in(32) {
                    true => script.text(),
                    false => hex::encode(key(number).public().to_bytes()),
                },
                address: address(params, number),
            }
        })
        .collect()
}

/// Signs what the wallet prepared, as its owner does: key number `index` is that of the path.
fn signed(params: &NetworkParams, request: &SpendRequest) -> Option<Transaction> {
    let mut coins = Vec::new();
    for input in &request.inputs {
        let outpoint = OutPoint::new(input.txid.parse().ok()?, input.vout);
        let coin = Coin {
            amount: input.amount,
            script_pubkey: script_of(input.path.index as u8),
            height: 0,
            coinbase: false,
            median_time_past: 0,
        };
        coins.push((outpoint, coin, Sequence(input.sequence)));
    }
    let mut output = Vec::new();
    for to in &request.outputs {
        output.push(match to {
            SpendOutput::Payment { address, amount } => TxOut {
                value: Amount::from_sat(*amount),
                script_pubkey: params.script_from_address(address).ok()?,
            },
            SpendOutput::Change { path, amount } => TxOut {
                value: Amount::from_sat(*amount),
                script_pubkey: script_of(path.index as u8),
            },
        });
    }
    let input = |(outpoint, _, sequence): &(OutPoint, Coin, Sequence)| TxIn {
        previous_output: *outpoint,
        script_sig: ScriptBuf::new(),
        sequence: *sequence,
        witness: Witness::from_slice(&[[0; 64]]),
    };
    let mut transaction = Transaction {
        version: transaction::Version::TWO,
        lock_time: LockTime::from_consensus(request.lock_time),
        input: coins.iter().map(input).collect(),
        output,
    };
    let coins: Vec<_> = coins
        .into_iter()
        .map(|(outpoint, coin, _)| (outpoint, coin))
        .collect();
    sign(params, &mut transaction, &coins);
    Some(transaction)
}

/// A template as a node would propose it after one of the last blocks.
pub(crate) fn template(script: &mut Script<'_>, network: &Network) -> BlockTemplate {
    let builder = &network.builder;
    let before = &builder.made[builder.pick(script)];
    let parent = TemplateParent {
        hash: before.hash,
        height: before.height,
        median_time_past: before.block.header.time,
        bits: builder.params.genesis.bits.to_consensus(),
    };
    let waiting = network.mempool.iter().take(script.below(4));
    let transactions: Vec<_> = waiting
        .map(|transaction| (transaction.clone(), u64::from(script.byte())))
        .collect();
    let now = before
        .block
        .header
        .time
        .saturating_add(script.number::<u16>().into());
    BlockTemplate::make(&builder.params, &parent, &transactions, now)
}
