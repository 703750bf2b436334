//! Why a transaction or a block is refused. Each rule of `docs/consensus.md` has one variant; the
//! codes are Bitcoin Core's reject reasons where it has the same rule, since that is what BIP22's
//! answers carry.

use crate::keys::KeyError;
use crate::primitives::{BlockHeight, UnixTime};
use bitcoin::{OutPoint, Txid};

/// A rule that was broken.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RuleError {
    /// Another network's spends are not ours to judge.
    #[error("expected a network whose spends are Ed25519 signatures, found {network}")]
    OtherRules {
        /// The network.
        network: String,
    },
    /// It spends nothing.
    #[error("expected at least one input, found none")]
    NoInput,
    /// It pays nobody.
    #[error("expected at least one output, found none")]
    NoOutput,
    /// It is heavier than a block may be.
    #[error("expected a weight of at most {limit}, found {found}")]
    TransactionWeight {
        /// The limit.
        limit: u64,
        /// Its weight.
        found: u64,
    },
    /// Without its witnesses it is as long as an inner node of the Merkle tree.
    #[error("expected a size without witnesses other than 64 bytes, found 64")]
    NodeSize,
    /// An output pays to something that is not in the list.
    #[error(
        "expected output {output} to be a witness program of version 16 with 32 bytes, or OP_RETURN \
         with at most one push of at most 256 bytes, found {found}"
    )]
    OutputScript {
        /// Its place.
        output: usize,
        /// The script in hex, its first 40 bytes.
        found: String,
    },
    /// An output pays to bytes that are no public key.
    #[error("expected output {output} to pay to a public key: {error}")]
    OutputKey {
        /// Its place.
        output: usize,
        /// What is wrong with it.
        error: KeyError,
    },
    /// An `OP_RETURN` with money, which nobody could ever spend.
    #[error("expected an amount of 0 with OP_RETURN in output {output}, found {found}")]
    DataAmount {
        /// Its place.
        output: usize,
        /// Its amount.
        found: u64,
    },
    /// An amount is larger than all money.
    #[error("expected an amount of at most {limit} in output {output}, found {found}")]
    Amount {
        /// Its place.
        output: usize,
        /// All money.
        limit: u64,
        /// The amount.
        found: u64,
    },
    /// The outputs together are larger than all money.
    #[error("expected outputs of at most {limit} together, found more")]
    OutputSum {
        /// All money.
        limit: u64,
    },
    /// Two inputs spend one coin (CVE-2018-17144).
    #[error("expected each coin to be spent once, found {outpoint} twice")]
    DuplicateInput {
        /// The coin.
        outpoint: OutPoint,
    },
    /// An input that spends nothing: only a coinbase has one.
    #[error("expected an outpoint in input {input}, found none: only a coinbase has no outpoint")]
    NullInput {
        /// Its place.
        input: usize,
    },
    /// An input carries a script.
    #[error("expected an empty scriptSig in input {input}, found {found} bytes")]
    ScriptSig {
        /// Its place.
        input: usize,
        /// The script's size.
        found: usize,
    },
    /// An input's witness is not one signature.
    #[error(
        "expected one witness item of 64 bytes in input {input}, found items of {found:?} bytes"
    )]
    Witness {
        /// Its place.
        input: usize,
        /// The sizes of its items, of the first four.
        found: Vec<usize>,
    },
    /// The coins of a spend were not all given.
    #[error("expected {expected} coins for {expected} inputs, found {found}")]
    Coins {
        /// The inputs.
        expected: usize,
        /// The coins.
        found: usize,
    },
    /// There is no such input to sign.
    #[error("expected an input below {inputs}, found input {input}")]
    MissingInput {
        /// Its place.
        input: usize,
        /// How many there are.
        inputs: usize,
    },
    /// A coin is one that nobody can spend.
    #[error("expected input {input} to spend a coin of a public key, found {found}")]
    Unspendable {
        /// Its place.
        input: usize,
        /// The coin's script in hex.
        found: String,
    },
    /// A coinbase is spent too soon.
    #[error(
        "expected input {input} to spend a coinbase at height {mature} or later, found height {found}"
    )]
    Immature {
        /// Its place.
        input: usize,
        /// From which height on.
        mature: u64,
        /// The height of the block.
        found: BlockHeight,
    },
    /// The lock time is not reached (BIP113).
    #[error(
        "expected a transaction that is final at height {height} and time {time}, found the lock \
         time {found}"
    )]
    NotFinal {
        /// The height of the block.
        height: BlockHeight,
        /// The median time before it.
        time: UnixTime,
        /// The lock time.
        found: u32,
    },
    /// A sequence lock is not reached (BIP68): height.
    #[error("expected input {input} not before height {lowest}, found height {found}")]
    LockedHeight {
        /// Its place.
        input: usize,
        /// The first height at which it may be spent.
        lowest: u64,
        /// The height of the block.
        found: BlockHeight,
    },
    /// A sequence lock is not reached (BIP68): time.
    #[error("expected input {input} at a median time of at least {earliest}, found {found}")]
    LockedTime {
        /// Its place.
        input: usize,
        /// The first median time at which it may be spent.
        earliest: u64,
        /// The median time before the block.
        found: UnixTime,
    },
    /// The coins together are larger than all money.
    #[error("expected inputs of at most {limit} together, found more")]
    InputSum {
        /// All money.
        limit: u64,
    },
    /// It creates money.
    #[error("expected outputs of at most {inputs}, as the inputs, found {outputs}")]
    Inflation {
        /// The inputs together.
        inputs: u64,
        /// The outputs together.
        outputs: u64,
    },
    /// A signature is not the key's signature of this transaction on this network.
    #[error("expected a signature by the key of the coin in input {input}, found another")]
    Signature {
        /// Its place.
        input: usize,
    },
    /// A block is too heavy.
    #[error("expected a block of weight {limit} at most, found {found}")]
    BlockWeight {
        /// The limit.
        limit: u64,
        /// Its weight.
        found: u64,
    },
    /// A block came without its witnesses.
    #[error("expected a block with its witnesses, found it without")]
    Stripped,
    /// The coinbase commits to no witnesses.
    #[error("expected the coinbase to commit to the witnesses (BIP141), found no commitment")]
    NoCommitment,
    /// The coinbase's script does not begin with the height.
    #[error("expected the coinbase's script to begin with the height, {expected}, found {found}")]
    CoinbaseHeight {
        /// The push of the height in hex.
        expected: String,
        /// The script in hex.
        found: String,
    },
    /// The coinbase's script is too short or too long.
    #[error("expected a coinbase's script of 2 to 100 bytes, found {found}")]
    CoinbaseScript {
        /// Its size.
        found: usize,
    },
    /// The coinbase takes more than the subsidy and the fees.
    #[error("expected the coinbase to take at most {limit}, subsidy and fees, found {found}")]
    Reward {
        /// Subsidy and fees.
        limit: u64,
        /// What it takes.
        found: u64,
    },
    /// A transaction of a block breaks a rule.
    #[error("transaction {position}, {txid}: {rule}")]
    Transaction {
        /// Its place in the block.
        position: usize,
        /// Its id.
        txid: Txid,
        /// The rule.
        rule: Box<RuleError>,
    },
}

impl RuleError {
    /// The reason in the words that BIP22's answers and Bitcoin Core use.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            RuleError::OtherRules { .. } => "other-rules",
            RuleError::NoInput => "bad-txns-vin-empty",
            RuleError::NoOutput => "bad-txns-vout-empty",
            RuleError::TransactionWeight { .. } => "bad-txns-oversize",
            RuleError::NodeSize => "bad-txns-size-64",
            RuleError::OutputScript { .. } => "bad-txns-vout-script",
            RuleError::OutputKey { .. } => "bad-txns-vout-key",
            RuleError::DataAmount { .. } => "bad-txns-vout-data-amount",
            RuleError::Amount { .. } => "bad-txns-vout-toolarge",
            RuleError::OutputSum { .. } => "bad-txns-txouttotal-toolarge",
            RuleError::DuplicateInput { .. } => "bad-txns-inputs-duplicate",
            RuleError::NullInput { .. } => "bad-txns-prevout-null",
            RuleError::ScriptSig { .. } => "bad-txns-scriptsig-not-empty",
            RuleError::Witness { .. } => "bad-txns-witness-form",
            RuleError::Coins { .. } => "bad-txns-inputs-missingorspent",
            RuleError::MissingInput { .. } => "bad-txns-input-missing",
            RuleError::Unspendable { .. } => "bad-txns-inputs-unspendable",
            RuleError::Immature { .. } => "bad-txns-premature-spend-of-coinbase",
            RuleError::NotFinal { .. } => "bad-txns-nonfinal",
            RuleError::LockedHeight { .. } | RuleError::LockedTime { .. } => "non-BIP68-final",
            RuleError::InputSum { .. } => "bad-txns-inputvalues-outofrange",
            RuleError::Inflation { .. } => "bad-txns-in-belowout",
            RuleError::Signature { .. } => "bad-signature",
            RuleError::BlockWeight { .. } => "bad-blk-weight",
            RuleError::Stripped => "bad-witness-nonce-size",
            RuleError::NoCommitment => "bad-witness-commitment-missing",
            RuleError::CoinbaseHeight { .. } => "bad-cb-height",
            RuleError::CoinbaseScript { .. } => "bad-cb-length",
            RuleError::Reward { .. } => "bad-cb-amount",
            RuleError::Transaction { rule, .. } => rule.code(),
        }
    }

    /// Whether another body under the same header may be valid, so that the header's hash must not
    /// be remembered as invalid: the witnesses are not part of what the hash commits to.
    #[must_use]
    pub fn is_mutation(&self) -> bool {
        matches!(self, RuleError::Stripped)
    }
}

/// The first bytes of a script in hex.
pub(super) fn shown(script: &bitcoin::Script) -> String {
    const SHOWN: usize = 40;
    let bytes = script.as_bytes();
    match bytes.get(..SHOWN) {
        Some(first) if bytes.len() > SHOWN => {
            format!("{}... of {} bytes", hex::encode(first), bytes.len())
        }
        _ if bytes.is_empty() => "nothing".to_owned(),
        _ => hex::encode(bytes),
    }
}
