//! The loop around the core: every event of the browser becomes an input, every output is
//! performed. Nothing here knows the protocol.
//!
//! Inputs wait in a queue, so that an output which at once causes an input (a socket that cannot be
//! opened) never calls the core from within the core.

use crate::clock::{Alarm, Clock};
use crate::page::{Page, read_command};
use crate::socket::{Socket, SocketEvent};
use crate::storage::{Storage, StorageError};
use crate::writes::{Writes, Written};
use farthing_core::client::{Client, Command, Input, Output, PeerId, RequestId};
use farthing_core::primitives::Now;
use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, VecDeque};
use std::rc::{Rc, Weak};
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::spawn_local;

/// What the loop drives: the light client, or a stand-in in tests.
pub(crate) trait Machine: 'static {
    fn handle(&mut self, now: Now, input: Input);
    fn poll_output(&mut self) -> Option<Output>;
}

impl Machine for Client {
    fn handle(&mut self, now: Now, input: Input) {
        Client::handle(self, now, input);
    }

    fn poll_output(&mut self) -> Option<Output> {
        Client::poll_output(self)
    }
}

/// The running loop.
pub(crate) struct Driver {
    machine: RefCell<Box<dyn Machine>>,
    page: Page,
    clock: Clock,
    inbox: RefCell<VecDeque<Input>>,
    /// Whether the core is being fed: inputs that come meanwhile wait.
    feeding: Cell<bool>,
    sockets: RefCell<BTreeMap<PeerId, Socket>>,
    alarm: RefCell<Alarm>,
    writes: RefCell<Writes>,
    /// Another tab writes: a command that would change what is stored is for a worker that does.
    reads_only: bool,
    /// What the browser's callbacks hold: nothing that they outlive.
    this: Weak<Driver>,
}

impl Driver {
    pub(crate) fn new(
        machine: impl Machine,
        page: Page,
        storage: Storage,
        reads_only: bool,
    ) -> Rc<Self> {
        Rc::new_cyclic(|this| Self {
            machine: RefCell::new(Box::new(machine)),
            page,
            clock: Clock::new(),
            inbox: RefCell::default(),
            feeding: Cell::new(false),
            sockets: RefCell::default(),
            alarm: RefCell::default(),
            writes: RefCell::new(Writes::new(storage)),
            reads_only,
            this: this.clone(),
        })
    }

    /// Does what the page asks for.
    pub(crate) fn command(&self, id: u32, command: JsValue) {
        match read_command(command) {
            Err(message) => self.page.refused(id, &message),
            Ok(command) if self.reads_only && changes_records(&command) => {
                // The page keeps the command and asks the next worker.
                self.page
                    .again(true, "this tab takes over what is stored from another");
            }
            Ok(command) => self.feed(Input::Command {
                id: RequestId(id),
                command,
            }),
        }
    }

    /// Another tab writes from now on: lets go of the files at once, and starts again as one that
    /// reads.
    pub(crate) fn displaced(&self) {
        self.writes.borrow_mut().give_up();
        self.page.again(
            false,
            "another tab of this site has taken over what is stored",
        );
    }

    /// The tab that wrote is gone: starts again as the one that writes, from what it left.
    pub(crate) fn inherits(&self) {
        self.page
            .again(true, "the tab that kept what is stored was closed");
    }

    /// Gives the core an input, and performs all that comes of it.
    pub(crate) fn feed(&self, input: Input) {
        self.inbox.borrow_mut().push_back(input);
        if self.feeding.replace(true) {
            return;
        }
        while let Some(input) = self.next_input() {
            self.machine.borrow_mut().handle(self.clock.now(), input);
            while let Some(output) = self.next_output() {
                self.perform(output);
            }
        }
        self.feeding.set(false);
        self.write();
    }

    // Each borrow ends before anything else is called.
    fn next_input(&self) -> Option<Input> {
        self.inbox.borrow_mut().pop_front()
    }

    fn next_output(&self) -> Option<Output> {
        self.machine.borrow_mut().poll_output()
    }

    fn perform(&self, output: Output) {
        match output {
            Output::Connect { peer, url } => self.connect(peer, &url),
            Output::Send { peer, bytes } => self.send(peer, &bytes),
            Output::Disconnect(peer) => drop(self.take_socket(peer)),
            Output::Store { id, request } => self.writes.borrow_mut().push(id, request),
            Output::WakeAt { monotonic_ms } => self.wake_at(monotonic_ms),
            Output::Event(event) => self.page.tell_event(&event),
            Output::Reply { id, result } => match result {
                Ok(reply) => self.page.tell_reply(id.0, &reply),
                Err(error) => self.page.refused(id.0, &error.message),
            },
        }
    }

    fn connect(&self, peer: PeerId, url: &str) {
        let this = self.this.clone();
        let tell = move |event| {
            if let Some(driver) = this.upgrade() {
                driver.heard(peer, event);
            }
        };
        match Socket::open(url, tell) {
            Ok(socket) => drop(self.sockets.borrow_mut().insert(peer, socket)),
            // The core tries again later, as after any failure to connect.
            Err(_) => self.lost(peer),
        }
    }

    fn heard(&self, peer: PeerId, event: SocketEvent) {
        match event {
            SocketEvent::Open => self.feed(Input::Connected(peer)),
            SocketEvent::Received(bytes) => self.feed(Input::Received { peer, bytes }),
            SocketEvent::Closed => {
                if self.take_socket(peer).is_some() {
                    self.feed(Input::Disconnected(peer));
                }
            }
        }
    }

    fn send(&self, peer: PeerId, bytes: &[u8]) {
        let sent = match self.sockets.borrow().get(&peer) {
            Some(socket) => socket.send(bytes),
            // Closed, and the core has not heard of it yet.
            None => return,
        };
        if sent.is_err() {
            drop(self.take_socket(peer));
            self.lost(peer);
        }
    }

    fn lost(&self, peer: PeerId) {
        self.inbox.borrow_mut().push_back(Input::Disconnected(peer));
    }

    fn take_socket(&self, peer: PeerId) -> Option<Socket> {
        self.sockets.borrow_mut().remove(&peer)
    }

    fn wake_at(&self, at: u64) {
        let this = self.this.clone();
        self.alarm.borrow_mut().set(self.clock.now(), at, move || {
            if let Some(driver) = this.upgrade() {
                driver.rang();
            }
        });
    }

    fn rang(&self) {
        let due = self.alarm.borrow_mut().take_if_due(self.clock.now());
        if due {
            self.feed(Input::Tick);
            return;
        }
        // Earlier than asked: a long wait is slept in parts.
        let at = self.alarm.borrow().at();
        if let Some(at) = at {
            self.wake_at(at);
        }
    }

    /// Starts the next write, if none is under way.
    fn write(&self) {
        let refused = self.writes.borrow_mut().refused();
        if let Some(refused) = refused {
            self.written(refused);
        }
        let Some(work) = self.writes.borrow_mut().next() else {
            return;
        };
        let this = self.this.clone();
        spawn_local(async move {
            let (storage, written) = work.perform().await;
            if let Some(driver) = this.upgrade() {
                driver.writes.borrow_mut().done(storage);
                if written.result == Err(StorageError::Displaced) {
                    driver.displaced();
                }
                driver.written(written);
            }
        });
    }

    fn written(&self, written: Written) {
        let error = written.result.err().map(|error| error.to_string());
        for id in written.ids {
            self.feed(Input::Stored {
                id,
                error: error.clone(),
            });
        }
        self.write();
    }
}

/// Whether a command changes what is stored for good, so that only a tab that writes may do it. A
/// payment that was sent must outlive its tab, which sends it until it is mined. Watching a wallet
/// changes nothing that the blocks would not tell again, so every tab may; choosing coins, and work,
/// leave nothing behind.
fn changes_records(command: &Command) -> bool {
    matches!(
        command,
        Command::CreateInvoice { .. }
            | Command::DecideInvoice { .. }
            | Command::SubmitTransaction { .. }
            | Command::ForgetWallet
    )
}
