//! What is asked beside the network: templates, blocks and transactions to take, how the node is.

mod status;
mod submit;
mod template;

pub(super) use template::LongPolls;

use super::machine::{Done, Node};
use super::{Output, Request, RequestError, Response};
use crate::chain::Store;
use crate::client::RequestId;

impl<S: Store> Node<S> {
    pub(super) fn on_request(&mut self, id: RequestId, request: Request) -> Done {
        match request {
            Request::Template { longpollid } => self.on_template(id, longpollid.as_deref()),
            Request::SubmitBlock { block } => {
                let result = self.submit_block(&block)?;
                self.reply(id, result);
            }
            Request::ProposeBlock { block } => {
                let result = self.propose_block(&block)?;
                self.reply(id, result);
            }
            Request::SubmitTransaction { transaction } => {
                let result = self.submit_transaction(&transaction)?;
                self.reply(id, result);
            }
            Request::Status => {
                let status = Box::new(self.status());
                self.reply(id, Ok(Response::Status(status)));
            }
        }
        Ok(())
    }

    fn reply(&mut self, id: RequestId, result: Result<Response, RequestError>) {
        self.output(Output::Reply { id, result });
    }
}

impl RequestError {
    fn new(code: &str, message: impl Into<String>) -> Self {
        Self {
            code: code.to_owned(),
            message: message.into(),
        }
    }
}
