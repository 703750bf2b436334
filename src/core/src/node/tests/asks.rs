//! What a test asks of the members: requests, commands, templates, blocks, payments.

use super::world::{Coming, World, params};
use crate::client::{self, Command, RequestId};
use crate::mining::{BlockTemplate, Candidate};
use crate::node::{Input, Request, RequestError, Response};
use bitcoin::block::Block;
use bitcoin::consensus::encode::serialize;

impl World {
    /// Asks a node, at once; its number.
    pub(super) fn request(&mut self, name: &str, request: Request) -> u32 {
        let id = self.next_request;
        self.next_request += 1;
        let request = Input::Request {
            id: RequestId(id),
            request,
        };
        self.deliver(name, Coming::Node(request));
        id
    }

    pub(super) fn ask(&mut self, name: &str, request: Request) -> Result<Response, RequestError> {
        let id = self.request(name, request);
        self.replies.get(&id).cloned().expect("an answer at once")
    }

    pub(super) fn command(&mut self, name: &str, command: Command) -> u32 {
        let id = self.next_request;
        self.next_request += 1;
        let command = client::Input::Command {
            id: RequestId(id),
            command,
        };
        self.later(0, name, Coming::Client(command));
        id
    }

    pub(super) fn template(&mut self, name: &str) -> BlockTemplate {
        match self.ask(name, Request::Template { longpollid: None }) {
            Ok(Response::Template(template)) => *template,
            other => panic!("expected a template, found {other:?}"),
        }
    }

    /// A block on the node's tip, with what waits there, that pays the numbered key.
    pub(super) fn block(&mut self, name: &str, key: u8) -> Block {
        let template = self.template(name);
        self.next += 1;
        let payout = super::coins::script(key);
        let candidate = Candidate::from_template(&params(), &template, payout, self.next)
            .expect("a good template");
        super::coins::seal(&candidate)
    }

    /// Mines blocks at a node, ten seconds apart.
    pub(super) fn mine(&mut self, name: &str, count: u32, key: u8) -> Vec<Block> {
        let mut blocks = Vec::new();
        for _ in 0..count {
            self.pass(10_000);
            let block = self.block(name, key);
            let bytes = serialize(&block);
            let result = self.ask(name, Request::SubmitBlock { block: bytes });
            assert_eq!(result, Ok(Response::Accepted));
            blocks.push(block);
        }
        blocks
    }

    pub(super) fn submit(&mut self, name: &str, block: &Block) -> Result<Response, RequestError> {
        let block = serialize(block);
        self.ask(name, Request::SubmitBlock { block })
    }

    pub(super) fn pay(&mut self, name: &str, transaction: &bitcoin::Transaction) {
        let transaction = serialize(transaction);
        let result = self.ask(name, Request::SubmitTransaction { transaction });
        assert_eq!(result, Ok(Response::Accepted));
    }

    /// Whether a line of the node's log has these words.
    pub(super) fn logged(&self, name: &str, words: &str) -> bool {
        self.log
            .iter()
            .any(|(from, line)| from == name && line.contains(words))
    }
}
