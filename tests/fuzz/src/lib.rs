//! What the fuzzer feeds to the core, and what must hold whatever it feeds.
//!
//! Each target is one function of a slice of bytes: it returns where all is well and panics where
//! something does not hold. The binaries in `targets/` are three lines each: cargo-fuzz compiles
//! them for libFuzzer, and any other build of them replays the files that it is given. The tests of
//! this crate replay every file of `corpus/`, so what was found once stays mended.
//!
//! | target | what must hold beside no panic, bounded memory and the same answer twice |
//! |---|---|
//! | `codec` | a stream is read alike however it is cut; what is read is written alike |
//! | `headers` | best work never falls; nothing counts without work; two verifiers agree |
//! | `presync` | nothing is released before the work was shown twice |
//! | `merkle` | no proof shows what is not in the tree; the library agrees |
//! | `transactions` | whatever changes a signed spend makes it worthless; no money is made |
//! | `blocks` | the coins are those of validation from scratch, over reorganisations and restarts |
//! | `client` | best work never falls; what the till says of payments is so on the best chain |
//! | `node` | best work never falls, no money is made, nothing waits twice, it never halts |
//! | `vault` | nothing but the record that was made opens |
//! | `addresses` | an address, an amount, a link, a phrase says one thing in one way |
//! | `records` | a flipped byte is refused; what is read is written alike |
//! | `filters` | every script of a block is found in its filter |
//! | `signer` | what is signed is what was asked for, and every node takes it |
//! | `commands` | what crosses to the page is read as it was written |
//! | `stratum_client` | no share is sent that is none; each is told of once |
//! | `stratum_server` | what is handed out is a block, and pays whom the miner named |
//! | `templates` | no template makes a miner work for a block that can be told to be bad |

mod addresses;
mod blocks;
mod builder;
mod client;
mod codec;
mod commands;
mod filters;
mod headers;
mod merkle;
mod mine;
mod node;
mod peer;
mod presync;
mod records;
mod replay;
mod script;
mod seeds;
mod signer;
mod spend;
mod stratum;
mod templates;
mod transactions;
mod vault;
mod wire;

pub use addresses::addresses;
pub use blocks::blocks;
pub use client::client;
pub use codec::codec;
pub use commands::commands;
pub use filters::filters;
pub use headers::headers;
pub use merkle::merkle;
pub use node::node;
pub use presync::presync;
pub use records::records;
pub use replay::command;
pub use seeds::seeds;
pub use signer::signer;
pub use stratum::{stratum_client, stratum_server};
pub use templates::templates;
pub use transactions::transactions;
pub use vault::vault;

/// A binary that is one target: driven by libFuzzer where cargo-fuzz compiles it, and elsewhere a
/// replay of the files that it is given.
#[macro_export]
macro_rules! target {
    ($name:ident) => {
        #[cfg(fuzzing)]
        libfuzzer_sys::fuzz_target!(|data: &[u8]| $crate::$name(data));

        #[cfg(not(fuzzing))]
        fn main() -> std::process::ExitCode {
            $crate::command(stringify!($name), $crate::$name)
        }
    };
}

/// What a target is fed with.
pub type Target = fn(&[u8]);

/// Every target, by name.
pub const TARGETS: [(&str, Target); 17] = [
    ("addresses", addresses),
    ("blocks", blocks),
    ("client", client),
    ("codec", codec),
    ("commands", commands),
    ("filters", filters),
    ("headers", headers),
    ("merkle", merkle),
    ("node", node),
    ("presync", presync),
    ("records", records),
    ("signer", signer),
    ("stratum_client", stratum_client),
    ("stratum_server", stratum_server),
    ("templates", templates),
    ("transactions", transactions),
    ("vault", vault),
];
