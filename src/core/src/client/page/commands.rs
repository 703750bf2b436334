//! What the page asks for. Every command is answered once.

use crate::client::{Client, Command, CommandError, Output, Reply, RequestId, limits};
use bitcoin::{Transaction, Txid};

impl Client {
    pub(crate) fn on_command(&mut self, id: RequestId, command: Command) {
        if let Some(result) = self.command(id, command) {
            self.output(Output::Reply { id, result });
        }
    }

    /// None: the answer comes later.
    fn command(&mut self, id: RequestId, command: Command) -> Option<Result<Reply, CommandError>> {
        if !self.storage.started {
            return Some(Err(CommandError::new(
                "expected what was stored to be read first",
            )));
        }
        match command {
            Command::SetNodes { nodes } => Some(self.set_nodes(nodes).map(|()| Reply::Done)),
            Command::Wake { .. } => {
                // Whatever the browser says, the connections tell: nodes on this machine answer
                // off-line too.
                self.retry_now();
                self.ping_all_now();
                Some(Ok(Reply::Done))
            }
            Command::CheckAddress { address } => Some(self.check_address(&address)),
            Command::CreateInvoice { request } => self.create_invoice(id, request),
            Command::DecideInvoice {
                id: invoice,
                decision,
            } => Some(self.decide_invoice(invoice, decision)),
            Command::SubmitTransaction { hex } => {
                self.submit(id, &hex).unwrap_or_else(|e| Some(Err(e)))
            }
            Command::GetBlock { block } => self.get_block(id, &block),
            Command::GetTransaction { txid } => Some(self.get_transaction(&txid)),
            Command::ListInvoices => Some(Ok(Reply::Invoices {
                invoices: self.list_invoices(),
            })),
            Command::WatchWallet { keys, birth } => self.watch_wallet(id, &keys, birth),
            Command::ForgetWallet => self.forget_wallet(id),
            Command::PreparePayment {
                account,
                to,
                amount,
                fee_rate,
                change_index,
            } => Some(self.prepare_payment(account, &to, amount, fee_rate, change_index)),
            Command::PrepareReplacement {
                txid,
                fee_rate,
                change_index,
            } => Some(self.prepare_replacement(&txid, fee_rate, change_index)),
            Command::PrepareWork {
                template,
                address,
                extra_nonce,
            } => Some(self.prepare_work(template.as_ref(), &address, extra_nonce)),
            Command::SubmitWork { id: work, header } => Some(self.submit_work(work, &header)),
        }
    }

    fn check_address(&self, address: &str) -> Result<Reply, CommandError> {
        match self.params.script_from_address(address.trim()) {
            Ok(_) => Ok(Reply::Done),
            Err(error) => Err(CommandError::new(error.to_string())),
        }
    }

    /// A transaction that a person hands over is kept, vouched for by nobody, and sent on. One of
    /// one's own is answered when it is stored, and sent until it is mined, whoever answers now.
    fn submit(
        &mut self,
        id: RequestId,
        hex: &str,
    ) -> Result<Option<Result<Reply, CommandError>>, CommandError> {
        let hex = hex.trim();
        if hex.len() > limits::PASTED_HEX {
            return Err(CommandError::new(format!(
                "expected a transaction of at most {} hex digits, found {}",
                limits::PASTED_HEX,
                hex.len()
            )));
        }
        let transaction: Transaction =
            bitcoin::consensus::encode::deserialize_hex(hex).map_err(|error| {
                CommandError::new(format!("expected a raw transaction in hex: {error}"))
            })?;
        if transaction.is_coinbase() {
            return Err(CommandError::new(
                "expected a payment, found a coinbase: it can only be in a block",
            ));
        }
        if self.ledger.seen(&transaction, "", self.now.unix()) {
            self.payments_changed();
        }
        self.till.looked_at(1, self.now.unix());
        self.wallet_sees(&transaction, None);
        let sent_to = self.broadcast(&transaction);
        let txid = transaction.compute_txid();
        let view = self.transaction_view(&transaction, txid, None);
        let reply = Reply::Transaction {
            transaction: Box::new(view),
        };
        match self.submit_own(id, &txid, reply) {
            Ok(answer) => Ok(answer),
            Err(_) if sent_to == 0 => Err(CommandError::new(
                "the transaction was looked at here; no node answers, so it was sent to none",
            )),
            Err(reply) => Ok(Some(Ok(reply))),
        }
    }

    fn get_transaction(&self, txid: &str) -> Result<Reply, CommandError> {
        let txid: Txid = txid.trim().parse().map_err(|_| {
            let shown: String = txid.chars().take(80).collect();
            CommandError::new(format!("expected 64 hex digits, found {shown:?}"))
        })?;
        let in_block = self.blocks.recent.iter().rev().find_map(|block| {
            let mut transactions = block.transactions();
            let (_, transaction) = transactions.find(|(found, _)| *found == txid)?;
            Some(self.transaction_view(transaction, txid, Some(block.hash())))
        });
        let watched = || {
            let transaction = self.ledger.transaction(&txid)?;
            Some(self.transaction_view(transaction, txid, self.block_of(transaction, &txid)))
        };
        match in_block.or_else(watched) {
            Some(view) => Ok(Reply::Transaction {
                transaction: Box::new(view),
            }),
            None => Err(CommandError::new(format!(
                "the transaction {txid} is not watched here, and in no block that was fetched lately"
            ))),
        }
    }
}
