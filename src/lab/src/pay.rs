//! Payments: a miner spends what it found.

use crate::lab::{Lab, MemberId};
use farthing_core::bitcoin::absolute::LockTime;
use farthing_core::bitcoin::{
    Amount, ScriptBuf, Sequence, Transaction, TxIn, TxOut, Witness, transaction,
};
use farthing_core::chain::Store;
use farthing_core::consensus::sighash;
use farthing_core::keys::SecretKey;
use farthing_core::node::Request;

/// Units that a miner takes for a payment.
const FEE: u64 = 1_000;

impl Lab {
    /// A node that mines pays so many units out of a block that it found, and hands the transaction
    /// to itself. None: it has no such block whose reward may be spent, or it is down.
    pub fn pay(&mut self, from: MemberId, to: ScriptBuf, units: u64) -> Option<Transaction> {
        let (place, coin) = self.spendable(from, units + FEE)?;
        let (_, outpoint) = self.mining.rewards.remove(place);
        let member = &self.members[from.0 as usize];
        let key = SecretKey::from_seed(&member.key_seed);
        let change = coin.value.to_sat() - units - FEE;
        let output = |units, script_pubkey| TxOut {
            value: Amount::from_sat(units),
            script_pubkey,
        };
        let mut payment = Transaction {
            version: transaction::Version::TWO,
            lock_time: LockTime::ZERO,
            input: vec![TxIn {
                previous_output: outpoint,
                script_sig: ScriptBuf::new(),
                sequence: Sequence::MAX,
                witness: Witness::new(),
            }],
            output: vec![output(units, to), output(change, member.payout.clone())],
        };
        let digest = sighash(&self.options.network, &payment, &[coin], 0).ok()?;
        payment.input[0].witness = Witness::from_slice(&[key.sign(&digest)]);
        let transaction = farthing_core::bitcoin::consensus::serialize(&payment);
        self.ask(from, Request::SubmitTransaction { transaction })?
            .ok()
            .map(|_| payment)
    }

    /// The height of the oldest reward that a member can pay so many units with.
    pub(crate) fn oldest_reward(&self, member: MemberId, units: u64) -> Option<u32> {
        let (place, _) = self.spendable(member, units + FEE)?;
        let (_, outpoint) = self.mining.rewards.get(place)?;
        let coin = self.node(member)?.chain().store().coin(outpoint).ok()??;
        Some(coin.height)
    }

    /// A reward of a member that its own chain lets it spend: its oldest.
    fn spendable(&self, member: MemberId, least: u64) -> Option<(usize, TxOut)> {
        let node = self.node(member)?;
        let maturity = self.options.network.coinbase_maturity;
        let mut rewards = self.mining.rewards.iter().enumerate();
        rewards.find_map(|(place, (owner, outpoint))| {
            if *owner != member {
                return None;
            }
            let coin = node.chain().store().coin(outpoint).ok()??;
            let mature = coin.height + maturity < node.chain().next_context().height;
            (mature && coin.amount >= least).then(|| {
                let value = Amount::from_sat(coin.amount);
                let script_pubkey = coin.script_pubkey;
                (
                    place,
                    TxOut {
                        value,
                        script_pubkey,
                    },
                )
            })
        })
    }
}
