//! Templates (BIP22, BIP23, BIP145) and what comes of them. The template is the one that the site's
//! API gives; here it gets the fields that programs made for Bitcoin Core look for.

use super::Rpc;
use super::error::{Code, RpcError};
use super::facts::status;
use super::params::{Params, text, wrong_type};
use crate::driver::AskError;
use bitcoin::consensus::encode::{deserialize, serialize};
use bitcoin::{Block, CompactTarget, Target, Transaction};
use farthing_core::mining::BlockTemplate;
use farthing_core::node::{Request, Response};
use serde::Serialize;
use serde_json::{Map, Value, json};
use tracing::info;

/// Rules that a template follows. `!`: a miner that does not know it makes no valid block.
const RULES: [&str; 2] = ["csv", "!segwit"];

pub(super) async fn getblocktemplate(rpc: &Rpc, params: Params) -> Result<Value, RpcError> {
    let [asked] = params.read(["template_request"])?;
    let mut asked = match asked {
        Some(Value::Object(asked)) => asked,
        None => Map::new(),
        Some(other) => return Err(wrong_type("template_request", "an object", &other)),
    };
    match asked.get("mode") {
        None | Some(Value::Null) => {}
        Some(Value::String(mode)) if mode == "template" => {}
        Some(Value::String(mode)) if mode == "proposal" => {
            let data = asked.remove("data").unwrap_or_default();
            let block = block("data", Some(data))?;
            return taken(rpc, Request::ProposeBlock { block }).await;
        }
        Some(mode) => {
            let said = format!("expected the mode template or proposal, found {mode:.60}");
            return Err(RpcError::new(Code::Parameter, said));
        }
    }
    let rules = asked.get("rules").and_then(Value::as_array);
    if !rules.is_some_and(|rules| rules.iter().any(|rule| rule == "segwit")) {
        let said = "expected a program that knows witnesses: {\"rules\":[\"segwit\"]}";
        return Err(RpcError::new(Code::Parameter, said));
    }
    let longpollid = match asked.get("longpollid") {
        None | Some(Value::Null) => None,
        Some(Value::String(id)) => Some(id.clone()),
        Some(other) => return Err(wrong_type("longpollid", "text", other)),
    };
    let answer = TemplateAnswer {
        capabilities: ["longpoll", "coinbasevalue", "proposal"],
        rules: RULES,
        vbavailable: Map::new(),
        vbrequired: 0,
        coinbaseaux: CoinbaseAux { flags: "" },
        template: template(rpc, longpollid).await?,
    };
    serde_json::to_value(answer)
        .map_err(|error| RpcError::new(Code::Internal, format!("no JSON of a template: {error}")))
}

/// A template with what programs made for Bitcoin Core look for, where there is nothing to say too.
#[derive(Serialize)]
struct TemplateAnswer {
    capabilities: [&'static str; 3],
    rules: [&'static str; 2],
    vbavailable: Map<String, Value>,
    vbrequired: u32,
    coinbaseaux: CoinbaseAux,
    #[serde(flatten)]
    template: BlockTemplate,
}

#[derive(Serialize)]
struct CoinbaseAux {
    flags: &'static str,
}

async fn template(rpc: &Rpc, longpollid: Option<String>) -> Result<BlockTemplate, RpcError> {
    match rpc.node.ask(Request::Template { longpollid }).await? {
        Response::Template(template) => Ok(*template),
        _ => Err(RpcError::new(
            Code::NotConnected,
            "the node does not answer",
        )),
    }
}

/// BIP22's answer: null for what was taken, else its word.
pub(super) async fn submitblock(rpc: &Rpc, params: Params) -> Result<Value, RpcError> {
    let [hexdata, _ignored] = params.read(["hexdata", "dummy"])?;
    let block = block("hexdata", hexdata)?;
    taken(rpc, Request::SubmitBlock { block }).await
}

/// Null for a block that was taken, or would be; else BIP22's word.
async fn taken(rpc: &Rpc, asked: Request) -> Result<Value, RpcError> {
    match rpc.node.ask(asked).await {
        Ok(_) => Ok(Value::Null),
        Err(AskError::Refused(refused)) => {
            info!(
                "a block, or a proposal of one, that came by JSON-RPC was refused: {}",
                refused.message
            );
            Ok(json!(refused.code))
        }
        Err(error @ AskError::Gone) => Err(error.into()),
    }
}

/// A block as the node reads it.
fn block(name: &str, value: Option<Value>) -> Result<Vec<u8>, RpcError> {
    let bytes = bytes(name, value)?;
    let mut block: Block = deserialize(&bytes).map_err(|error| none("a block", &error))?;
    complete(&mut block);
    Ok(serialize(&block))
}

/// Programs that build a coinbase from a template's text may leave out its witness, which no
/// hash of theirs covers (BIP141); Bitcoin Core adds it to what they submit.
fn complete(block: &mut Block) {
    let coinbase = block.txdata.first_mut().filter(|first| first.is_coinbase());
    if let Some(input) = coinbase.and_then(|coinbase| coinbase.input.first_mut())
        && input.witness.is_empty()
    {
        input.witness.push([0; 32]);
    }
}

pub(super) async fn sendrawtransaction(rpc: &Rpc, params: Params) -> Result<Value, RpcError> {
    let [hexstring, _maxfeerate, _maxburn] =
        params.read(["hexstring", "maxfeerate", "maxburnamount"])?;
    let transaction = bytes("hexstring", hexstring)?;
    let read: Transaction =
        deserialize(&transaction).map_err(|error| none("a transaction", &error))?;
    rpc.node
        .ask(Request::SubmitTransaction { transaction })
        .await?;
    Ok(json!(read.compute_txid().to_string()))
}

fn bytes(name: &str, value: Option<Value>) -> Result<Vec<u8>, RpcError> {
    let text = text(name, value)?;
    hex::decode(text.trim_ascii()).map_err(|error| {
        let said = format!("expected hexadecimal digits in {name}: {error}");
        RpcError::new(Code::Deserialization, said)
    })
}

fn none(what: &str, error: &bitcoin::consensus::encode::Error) -> RpcError {
    let said = format!("expected {what}, found bytes that are none: {error}");
    RpcError::new(Code::Deserialization, said)
}

pub(super) async fn getmininginfo(rpc: &Rpc, params: Params) -> Result<Value, RpcError> {
    let [] = params.read([])?;
    let status = status(rpc).await?;
    let next = template(rpc, None).await?;
    Ok(json!({
        "blocks": status.height,
        "pooledtx": status.mempool_transactions,
        "chain": status.network,
        "next": {
            "height": next.height,
            "bits": next.bits,
            "difficulty": difficulty(&next.bits),
            "target": next.target,
        },
        "warnings": [],
    }))
}

/// How many times harder than Bitcoin's easiest target.
fn difficulty(bits: &str) -> f64 {
    let bits = u32::from_str_radix(bits, 16).unwrap_or_default();
    let target = Target::from_compact(CompactTarget::from_consensus(bits));
    target.difficulty_float()
}

#[cfg(test)]
mod tests {
    use super::difficulty;

    #[test]
    fn tells_the_difficulty_as_bitcoin_core_does() {
        assert_eq!(difficulty("1d00ffff"), 1.0);
        // Block 100,000 of Bitcoin.
        assert!((difficulty("1b04864c") - 14_484.162_361).abs() < 1e-6);
    }
}
