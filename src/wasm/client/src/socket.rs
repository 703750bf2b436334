//! One WebSocket to a bridge or a node: a plain stream of bytes, no subprotocol.
//!
//! Threat: a peer that does not read, so that what we send piles up in the browser, and a peer
//! that sends one message of any size. Both are bounded here; past a bound the connection ends.

use gloo_events::EventListener;
use js_sys::{ArrayBuffer, Uint8Array};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{BinaryType, MessageEvent, WebSocket};

/// Bytes that may wait in the browser for a peer that reads slowly. What a light client says is
/// small: its largest message is a submitted transaction.
pub(crate) const MAX_BUFFERED: u32 = 8 * 1024 * 1024;

/// The largest WebSocket message taken. Bridges cut the stream in slices of some kilobytes; a
/// whole protocol message is at most 4,000,024 bytes.
pub(crate) const MAX_MESSAGE: u32 = 8 * 1024 * 1024;

/// What a socket tells.
pub(crate) enum SocketEvent {
    /// It is open.
    Open,
    /// Bytes came.
    Received(Vec<u8>),
    /// It is closed, never opened, or was ended here for breaking a bound.
    Closed,
}

/// Why a socket was not opened or cannot send.
#[derive(Debug, thiserror::Error)]
pub(crate) enum SocketError {
    #[error("expected a ws: or wss: address, found {found:?}")]
    NoAddress { found: String },
    #[error("the browser does not open {url}: {reason}")]
    Refused { url: String, reason: String },
    #[error("expected at most {MAX_BUFFERED} bytes to wait for the peer, found {found}")]
    TooSlow { found: u64 },
    #[error("the browser does not send: {reason}")]
    NotSent { reason: String },
}

/// An open or opening connection. Dropping it closes the connection and its listeners: nothing is
/// told after that.
pub(crate) struct Socket {
    socket: WebSocket,
    /// Owned, so that the browser calls nothing that is gone.
    _listeners: [EventListener; 3],
}

impl Socket {
    /// Opens a connection; `tell` hears of it until it is dropped.
    pub(crate) fn open(
        url: &str,
        tell: impl Fn(SocketEvent) + Clone + 'static,
    ) -> Result<Self, SocketError> {
        // A browser would also take an address relative to this site's own.
        if !url.starts_with("ws://") && !url.starts_with("wss://") {
            return Err(SocketError::NoAddress {
                found: url.to_owned(),
            });
        }
        let socket = WebSocket::new(url).map_err(|error| SocketError::Refused {
            url: url.to_owned(),
            reason: crate::page::words(&error),
        })?;
        socket.set_binary_type(BinaryType::Arraybuffer);
        let opened = tell.clone();
        let received = tell.clone();
        let listeners = [
            EventListener::new(&socket, "open", move |_| opened(SocketEvent::Open)),
            EventListener::new(&socket, "message", move |event| {
                received(take_message(event.unchecked_ref()));
            }),
            // An error is always followed by a close, and says nothing more.
            EventListener::new(&socket, "close", move |_| tell(SocketEvent::Closed)),
        ];
        Ok(Self {
            socket,
            _listeners: listeners,
        })
    }

    /// Hands bytes to the browser.
    pub(crate) fn send(&self, bytes: &[u8]) -> Result<(), SocketError> {
        let found = u64::from(self.socket.buffered_amount()) + bytes.len() as u64;
        if found > u64::from(MAX_BUFFERED) {
            return Err(SocketError::TooSlow { found });
        }
        self.socket
            .send_with_u8_array(bytes)
            .map_err(|error| SocketError::NotSent {
                reason: crate::page::words(&error),
            })
    }
}

impl Drop for Socket {
    fn drop(&mut self) {
        // It can only fail for a close code, and none is given.
        let _ = self.socket.close();
    }
}

/// A message's bytes, or the end of a peer that sends text or more than a message may hold.
pub(crate) fn take_message(event: &MessageEvent) -> SocketEvent {
    let data: JsValue = event.data();
    match data.dyn_into::<ArrayBuffer>() {
        Ok(buffer) if buffer.byte_length() <= MAX_MESSAGE => {
            SocketEvent::Received(Uint8Array::new(&buffer).to_vec())
        }
        _ => SocketEvent::Closed,
    }
}
