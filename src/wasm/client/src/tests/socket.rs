//! The bounds of one WebSocket.

use crate::socket::{MAX_BUFFERED, MAX_MESSAGE, Socket, SocketError, SocketEvent, take_message};
use js_sys::{ArrayBuffer, Promise, Uint8Array};
use std::cell::RefCell;
use std::rc::Rc;
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::JsFuture;
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::{MessageEvent, MessageEventInit};

/// A port on which nothing listens, and which browsers allow.
pub(super) const NOBODY: &str = "ws://127.0.0.1:9/";

fn message(data: &JsValue) -> SocketEvent {
    let options = MessageEventInit::new();
    options.set_data(data);
    let event = MessageEvent::new_with_event_init_dict("message", &options).unwrap();
    take_message(&event)
}

#[wasm_bindgen_test]
fn bytes_are_taken_and_nothing_else() {
    let bytes = Uint8Array::from([1, 2, 3].as_slice()).buffer();
    assert!(matches!(message(&bytes), SocketEvent::Received(bytes) if bytes == [1, 2, 3]));
    assert!(matches!(message(&"text".into()), SocketEvent::Closed));
    assert!(matches!(message(&JsValue::NULL), SocketEvent::Closed));
}

#[wasm_bindgen_test]
fn a_message_past_the_bound_ends_the_connection() {
    let largest = ArrayBuffer::new(MAX_MESSAGE);
    assert!(matches!(message(&largest), SocketEvent::Received(_)));
    let larger = ArrayBuffer::new(MAX_MESSAGE + 1);
    assert!(matches!(message(&larger), SocketEvent::Closed));
}

#[wasm_bindgen_test]
fn what_is_no_address_is_refused() {
    for url in ["", "/bridge", "http://127.0.0.1/", "javascript:1"] {
        let found = Socket::open(url, |_| ());
        assert!(matches!(found, Err(SocketError::NoAddress { .. })), "{url}");
    }
    for url in ["ws://", "wss://127.0.0.1:80:80/"] {
        let found = Socket::open(url, |_| ());
        assert!(matches!(found, Err(SocketError::Refused { .. })), "{url}");
    }
}

#[wasm_bindgen_test]
async fn a_peer_that_does_not_read_is_left() {
    let socket: Rc<RefCell<Option<Socket>>> = Rc::default();
    let closed = Promise::new(&mut |resolve, _| {
        let opened = Socket::open(NOBODY, move |event| {
            if matches!(event, SocketEvent::Closed) {
                resolve.call0(&JsValue::NULL).unwrap();
            }
        });
        *socket.borrow_mut() = Some(opened.unwrap());
    });
    JsFuture::from(closed).await.unwrap();
    // Nobody reads: every byte from now on is buffered.
    let socket = socket.take().unwrap();
    let half = vec![0; MAX_BUFFERED as usize / 2];
    socket.send(&half).unwrap();
    socket.send(&half).unwrap();
    assert!(matches!(
        socket.send(&[0]),
        Err(SocketError::TooSlow { .. })
    ));
}
