//! One's own coins: history, selection, fees, and requests to spend. It knows public keys alone; a
//! request to spend is signed elsewhere.

mod request;
mod view;

pub use request::{KeyPath, SpendInput, SpendOutput, SpendRequest, WalletKey};
pub use view::{AccountView, WalletEntry, WalletEntryState, WalletView};
