//! Blocks that the page asks for: by height or hash, of the best chain or of a branch.

use crate::client::{Client, CommandError, Output, Reply, RequestId, limits};
use crate::merkle::block::VerifiedBlock;
use bitcoin::BlockHash;

/// One question.
#[derive(Debug)]
pub(crate) struct Question {
    pub(super) id: RequestId,
    pub(super) hash: BlockHash,
    pub(super) until_ms: u64,
}

impl Client {
    /// Fetches and verifies a block. None: the answer comes later.
    pub(crate) fn get_block(
        &mut self,
        id: RequestId,
        asked: &str,
    ) -> Option<Result<Reply, CommandError>> {
        let hash = match self.find_block(asked) {
            Ok(hash) => hash,
            Err(error) => return Some(Err(error)),
        };
        if let Some(view) = self
            .blocks
            .recent
            .iter()
            .find(|block| block.hash() == hash)
            .and_then(|block| self.block_view(block))
        {
            let block = Box::new(view);
            return Some(Ok(Reply::Block { block }));
        }
        if self.blocks.questions.len() >= limits::BLOCK_QUESTIONS {
            return Some(Err(CommandError::new(format!(
                "expected at most {} blocks asked for at a time",
                limits::BLOCK_QUESTIONS
            ))));
        }
        self.blocks.questions.push(Question {
            id,
            hash,
            until_ms: self.now.monotonic_ms + limits::BLOCK_QUESTION_MS,
        });
        None
    }

    fn find_block(&self, asked: &str) -> Result<BlockHash, CommandError> {
        let asked = asked.trim();
        if asked.len() == 64 {
            let hash: BlockHash = asked.parse().map_err(|_| {
                CommandError::new(format!("expected 64 hex digits, found {asked:?}"))
            })?;
            return if self.knows_header(&hash) {
                Ok(hash)
            } else {
                Err(CommandError::new(format!("no header {hash} is known here")))
            };
        }
        let height = asked.parse().map_err(|_| {
            let shown: String = asked.chars().take(80).collect();
            CommandError::new(format!(
                "expected a block's height or its hash, found {shown:?}"
            ))
        })?;
        self.tree.hash_at(height).ok_or_else(|| {
            CommandError::new(format!(
                "expected a height up to {}, found {height}",
                self.tree.tip().height
            ))
        })
    }

    /// Answers whoever asked for this block.
    pub(crate) fn answer_block(&mut self, block: &VerifiedBlock) {
        let answered = take(&mut self.blocks.questions, |question| {
            question.hash == block.hash()
        });
        for question in answered {
            if let Some(view) = self.block_view(block) {
                let block = Box::new(view);
                self.output(Output::Reply {
                    id: question.id,
                    result: Ok(Reply::Block { block }),
                });
            }
        }
    }

    /// Questions that nobody answered.
    pub(crate) fn questions_due(&mut self) {
        let now = self.now.monotonic_ms;
        let late = take(&mut self.blocks.questions, |question| {
            question.until_ms <= now
        });
        for question in late {
            let error = CommandError::new(format!(
                "no node gave the block {} within {} s",
                question.hash,
                limits::BLOCK_QUESTION_MS / 1000
            ));
            self.output(Output::Reply {
                id: question.id,
                result: Err(error),
            });
        }
    }

    pub(crate) fn questions_deadline(&self) -> Option<u64> {
        let questions = self.blocks.questions.iter();
        questions.map(|question| question.until_ms).min()
    }
}

fn take(questions: &mut Vec<Question>, mut which: impl FnMut(&Question) -> bool) -> Vec<Question> {
    let (taken, kept) = std::mem::take(questions)
        .into_iter()
        .partition(|question| which(question));
    *questions = kept;
    taken
}
