//! Somebody with keys: signs what a wallet asks for, as the signer does.

use crate::consensus::{script_of_key, sighash};
use crate::keys::SecretKey;
use crate::params::NetworkParams;
use crate::wallet::{KeyPath, SpendOutput, SpendRequest, WalletKey};
use bitcoin::absolute::LockTime;
use bitcoin::{
    Amount, OutPoint, ScriptBuf, Sequence, Transaction, TxIn, TxOut, Witness, transaction,
};

/// Keys of a made-up person.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Owner(pub(crate) u8);

impl Owner {
    fn secret(self, path: KeyPath) -> SecretKey {
        let mut seed = [self.0; 32];
        seed[..4].copy_from_slice(&path.account.to_le_bytes());
        seed[4..8].copy_from_slice(&path.index.to_le_bytes());
        SecretKey::from_seed(&seed)
    }

    pub(crate) fn script(self, account: u32, index: u32) -> ScriptBuf {
        script_of_key(&self.secret(KeyPath { account, index }).public())
    }

    pub(crate) fn address(self, params: &NetworkParams, account: u32, index: u32) -> String {
        params
            .address_from_script(&self.script(account, index))
            .expect("a key has an address")
    }

    pub(crate) fn key(self, params: &NetworkParams, account: u32, index: u32) -> WalletKey {
        let path = KeyPath { account, index };
        WalletKey {
            path,
            public_key: hex::encode(self.secret(path).public().to_bytes()),
            address: self.address(params, account, index),
        }
    }

    /// The first keys of the wallet's account.
    pub(crate) fn keys(self, params: &NetworkParams, count: u32) -> Vec<WalletKey> {
        (0..count).map(|index| self.key(params, 0, index)).collect()
    }

    /// Builds and signs what the request says.
    pub(crate) fn sign(self, params: &NetworkParams, request: &SpendRequest) -> Transaction {
        let outputs = request.outputs.iter().map(|output| match output {
            SpendOutput::Payment { address, amount } => TxOut {
                value: Amount::from_sat(*amount),
                script_pubkey: params.script_from_address(address).expect("an address"),
            },
            SpendOutput::Change { path, amount } => TxOut {
                value: Amount::from_sat(*amount),
                script_pubkey: self.script(path.account, path.index),
            },
        });
        let inputs = request.inputs.iter().map(|input| TxIn {
            previous_output: OutPoint::new(input.txid.parse().expect("an id"), input.vout),
            script_sig: ScriptBuf::new(),
            sequence: Sequence(input.sequence),
            witness: Witness::new(),
        });
        let mut tx = Transaction {
            version: transaction::Version::TWO,
            lock_time: LockTime::from_consensus(request.lock_time),
            input: inputs.collect(),
            output: outputs.collect(),
        };
        let prevouts: Vec<TxOut> = request
            .inputs
            .iter()
            .map(|input| TxOut {
                value: Amount::from_sat(input.amount),
                script_pubkey: self.script(input.path.account, input.path.index),
            })
            .collect();
        for (at, input) in request.inputs.iter().enumerate() {
            let message = sighash(params, &tx, &prevouts, at).expect("an input");
            let signature = self.secret(input.path).sign(&message);
            tx.input[at].witness = Witness::from_slice(&[signature]);
        }
        tx
    }
}
