//! Threads that search. Each has a block of its own, with an extra nonce of its own; all of them
//! look after each slice whether there is something better to search.

use bitcoin::consensus::encode::{deserialize, serialize};
use bitcoin::{Block, ScriptBuf};
use farthing_core::mining::{BlockTemplate, Candidate, TemplateError, VERSION_MASK};
use farthing_core::params::NetworkParams;
use farthing_work::{Job, Search};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::Sender;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// Hashes between two looks: some milliseconds.
const SLICE: u32 = 1 << 17;

/// What is searched now; none: nothing, until the next one.
type Work = Option<Arc<BlockTemplate>>;

/// What all threads share.
#[derive(Debug)]
pub(super) struct Board {
    work: Mutex<Work>,
    changed: Condvar,
    /// Goes up with every change of the work.
    generation: AtomicU64,
    extra_nonce: AtomicU64,
    hashes: AtomicU64,
}

/// What a thread has to say.
#[derive(Debug)]
pub(super) enum Found {
    /// A block, and the work that it was for.
    Block { generation: u64, block: Block },
    /// The node proposes what cannot become a block.
    Bad(TemplateError),
}

impl Board {
    /// Two programs that mine for one address shall not search the same: the first extra nonce is
    /// random.
    pub(super) fn new(extra_nonce: u64) -> Self {
        Self {
            work: Mutex::default(),
            changed: Condvar::new(),
            generation: AtomicU64::new(0),
            extra_nonce: AtomicU64::new(extra_nonce),
            hashes: AtomicU64::new(0),
        }
    }

    /// Searches this from now on, and nothing else.
    pub(super) fn publish(&self, template: Option<Arc<BlockTemplate>>) {
        *self.lock() = template;
        self.generation.fetch_add(1, Ordering::Release);
        self.changed.notify_all();
    }

    pub(super) fn generation(&self) -> u64 {
        self.generation.load(Ordering::Acquire)
    }

    /// Hashes since the start.
    pub(super) fn hashes(&self) -> u64 {
        self.hashes.load(Ordering::Relaxed)
    }

    /// Whether this template is what is searched.
    pub(super) fn searches(&self, longpollid: &str) -> bool {
        let work = self.lock();
        work.as_ref()
            .is_some_and(|template| template.longpollid == longpollid)
    }

    fn lock(&self) -> MutexGuard<'_, Work> {
        self.work.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits for work that is not of this generation.
    fn next(&self, known: u64) -> (u64, Arc<BlockTemplate>) {
        let mut work = self.lock();
        loop {
            let generation = self.generation();
            match &*work {
                Some(template) if generation != known => return (generation, Arc::clone(template)),
                _ => {}
            }
            let waited = self.changed.wait_timeout(work, Duration::from_secs(60));
            work = waited.unwrap_or_else(PoisonError::into_inner).0;
        }
    }

    /// One thread's life, until nobody listens.
    pub(super) fn search(&self, params: &NetworkParams, payout: &ScriptBuf, found: &Sender<Found>) {
        let mut done = 0;
        loop {
            let (generation, template) = self.next(done);
            let extra_nonce = self.extra_nonce.fetch_add(1, Ordering::Relaxed);
            let candidate =
                Candidate::from_template(params, &template, payout.clone(), extra_nonce);
            let said = match candidate {
                Ok(candidate) => self.search_one(generation, &candidate),
                Err(error) => Some(Found::Bad(error)),
            };
            // Without a find there is something better, or the same with another extra nonce.
            if let Some(said) = said {
                done = generation;
                if found.send(said).is_err() {
                    return;
                }
            }
        }
    }

    /// Until a block is found, all versions and nonces are tried, or something better is there.
    fn search_one(&self, generation: u64, candidate: &Candidate) -> Option<Found> {
        let mut header = [0; 80];
        header.copy_from_slice(&serialize(&candidate.header()));
        let target = candidate.target().to_be_bytes();
        let search = Search::new(&Job {
            header,
            target,
            version_mask: VERSION_MASK,
        });
        let nonces = SLICE / search.group_size();
        let (mut group, mut from) = (0, 0);
        while self.generation() == generation {
            let slice = search.run(group, from, nonces);
            self.hashes.fetch_add(slice.hashes, Ordering::Relaxed);
            if let Some(hit) = slice.hits.first() {
                let header = deserialize(&search.header(*hit)).ok()?;
                let block = candidate.block_with(header).ok()?;
                return Some(Found::Block { generation, block });
            }
            group += u32::from(slice.exhausted);
            if group == search.versions() {
                return None;
            }
            from = slice.next;
        }
        None
    }
}
