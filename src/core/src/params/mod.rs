//! The one table of networks. Code asks these parameters and never "which network is this".
//!
//! Sources: Bitcoin Core's `kernel/chainparams.cpp` for the facts of Bitcoin's own networks, BIP94
//! for testnet4, BIP325 for signet.

mod address;
mod genesis;
mod table;
#[cfg(test)]
mod tests;

pub use address::AddressError;

use crate::primitives::{BlockHeight, U256};
use bitcoin::block::Header;
use bitcoin::{Block, BlockHash};

/// Everything that differs between networks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NetworkParams {
    /// The name on the command line, in links and in stored records: `bitcoin`, `testnet4`, ...
    pub name: String,
    /// The first four bytes of each peer-to-peer message.
    pub magic: [u8; 4],
    /// The TCP port that nodes listen on by default.
    pub default_port: u16,
    /// The first header; valid by definition.
    pub genesis: Header,
    /// The easiest target that a header may have.
    pub pow_limit: U256,
    /// How the next target is found.
    pub retarget: Retarget,
    /// The aim, in seconds, between two blocks.
    pub spacing: u32,
    /// How many seconds past the clock a header's time may be.
    pub max_future: u32,
    /// Which header versions are refused from which height.
    pub versions: VersionRules,
    /// How addresses are written.
    pub addresses: AddressRules,
    /// What a block creates.
    pub subsidy: Subsidy,
    /// Blocks until a coinbase may be spent.
    pub coinbase_maturity: u32,
    /// The largest weight of a block (BIP141).
    pub max_block_weight: u64,
    /// Who verifies a spend.
    pub spend_rule: SpendRule,
    /// Hashes that the best chain must have at these heights, ascending.
    pub checkpoints: Vec<(BlockHeight, BlockHash)>,
    /// Nothing of a chain is stored until it shows this much work.
    pub minimum_work: U256,
    /// The headers are cheap to make: what the peers say is all that is known.
    pub trusts_peers: bool,
    /// What one unit of 100,000,000 is called: `BTC`, `tBTC`, `FTH`.
    pub unit: String,
    /// The scheme of payment links: `bitcoin` (BIP321), `farthing`.
    pub uri_scheme: String,
}

/// How a network finds the target of the next header.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Retarget {
    /// The target never changes (regtest, practice).
    Never,
    /// Every `interval` headers, from the time that the last `interval` took.
    Interval {
        /// Headers in a period: 2016.
        interval: u32,
        /// Seconds that a period should take: 1,209,600.
        timespan: u32,
        /// testnet: a header more than this many seconds after its parent may have the easiest target.
        min_difficulty_after: Option<u32>,
        /// testnet4 (BIP94): the first header of a period carries the true difficulty, and may not
        /// be more than 600 s before its parent.
        bip94: bool,
    },
    /// After every header: a linearly weighted moving average of the last solve times.
    Lwma(Lwma),
}

/// The numbers of a linearly weighted moving average (LWMA-1).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Lwma {
    /// Headers in the average.
    pub window: u32,
    /// A solve time counts as at most so many spacings.
    pub longest: u32,
    /// The weighted sum is at least `window`^2 times the spacing, divided by this.
    pub floor: u32,
    /// What happens while no block comes.
    pub emergency: Option<Emergency>,
}

/// The target doubles while no block comes: whoever left with most of the hash power does not leave
/// a chain behind that nobody can go on with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Emergency {
    /// Seconds after which it first doubles.
    pub after: u32,
    /// Seconds from one doubling to the next; not zero.
    pub every: u32,
}

impl Emergency {
    /// How often the target has doubled after so many seconds without a block.
    #[must_use]
    pub fn doublings(self, waited: u64) -> u64 {
        let over = waited.checked_sub(u64::from(self.after));
        over.map_or(0, |over| {
            (over / u64::from(self.every.max(1))).saturating_add(1)
        })
    }
}

impl Retarget {
    /// Whether the next target depends on the time in its header: a miner who writes another time
    /// than the work was made for may need another target.
    #[must_use]
    pub fn follows_header_time(self) -> bool {
        match self {
            Retarget::Never => false,
            Retarget::Interval {
                min_difficulty_after,
                ..
            } => min_difficulty_after.is_some(),
            Retarget::Lwma(lwma) => lwma.emergency.is_some(),
        }
    }
}

/// From which height a header version is refused: each rule of a soft fork came with the next
/// version number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct VersionRules {
    /// Versions below 2 are refused from this height (BIP34).
    pub bip34_height: BlockHeight,
    /// Versions below 3 are refused from this height (BIP66).
    pub bip66_height: BlockHeight,
    /// Versions below 4 are refused from this height (BIP65).
    pub bip65_height: BlockHeight,
}

/// Who checks that a spend is allowed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SpendRule {
    /// Bitcoin's script and secp256k1: the nodes verify, a light client does not.
    Script,
    /// Farthing's: one Ed25519 signature for each input.
    Ed25519,
}

/// What a block creates.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Subsidy {
    /// Units that the first blocks create.
    pub initial: u64,
    /// Blocks until it halves.
    pub halving_interval: u32,
}

impl NetworkParams {
    /// The first block of a network that is made from its name; of Bitcoin's networks only the
    /// header is in the table.
    #[must_use]
    pub fn genesis_block(&self) -> Option<Block> {
        match self.spend_rule {
            SpendRule::Script => None,
            SpendRule::Ed25519 => Some(Block {
                header: self.genesis,
                txdata: vec![genesis::named_coinbase(&self.name)],
            }),
        }
    }
}

impl Subsidy {
    /// What the block at this height may create beside the fees, in units: zero after 64 halvings,
    /// and as soon as less than a unit is left.
    #[must_use]
    pub fn at(&self, height: BlockHeight) -> u64 {
        let halvings = height.checked_div(self.halving_interval).unwrap_or(0);
        self.initial.checked_shr(halvings).unwrap_or(0)
    }

    /// The most units that an amount or a sum of amounts may be: more than all blocks together
    /// create.
    #[must_use]
    pub fn max_money(&self) -> u64 {
        let first_period = self
            .initial
            .saturating_mul(u64::from(self.halving_interval));
        first_period.saturating_mul(2)
    }
}

/// How addresses are written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AddressRules {
    /// The prefix of bech32 and bech32m addresses (BIP173, BIP350): `bc`, `tb`, `bcrt`, `fth`.
    pub bech32_prefix: String,
    /// The version byte of base58check pay-to-public-key-hash addresses, where they exist.
    pub p2pkh_version: Option<u8>,
    /// The version byte of base58check pay-to-script-hash addresses, where they exist.
    pub p2sh_version: Option<u8>,
}

/// No network has this name.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "unknown network {found:?}: expected one of {}, or farthing:NAME or practice:NAME with a NAME of \
     1 to {} of the characters a-z, 0-9 and -",
    table::NAMES.join(", "),
    genesis::MAX_NAME,
)]
pub struct UnknownNetworkError {
    /// The name that was asked for.
    pub found: String,
}
