//! Outputs performed, and what comes of them.

use super::socket::NOBODY;
use crate::driver::{Driver, Machine};
use crate::page::Page;
use crate::storage::Storage;
use farthing_core::client::{
    Command, CommandError, Event, Input, NoticeKind, Output, PeerId, Record, Reply, RequestId,
    StoreId, StoreRequest,
};
use farthing_core::primitives::Now;
use gloo_timers::future::TimeoutFuture;
use std::cell::RefCell;
use std::collections::VecDeque;
use std::rc::Rc;
use wasm_bindgen::prelude::*;
use wasm_bindgen_test::wasm_bindgen_test;

#[wasm_bindgen(inline_js = r#"
export function page() {
  const said = [];
  const say = (name) => (...values) => said.push([name, ...values]);
  return { said, event: say('event'), reply: say('reply'), refused: say('refused'),
           failed: say('failed'), again: say('again') };
}
export function said(page) {
  return JSON.stringify(page.said, (_, value) => typeof value === 'bigint' ? `${value}n` : value);
}
export function createInvoice() {
  const request = { label: '', address: 'bc1q', due: 2100000000000000n, tolerancePpm: 0,
                    confirmations: 1, expiresIn: 600, attackerSharePpm: 100000 };
  return { type: 'createInvoice', request };
}
export function wake() { return { type: 'wake', online: true }; }
export function watchWallet() { return { type: 'watchWallet', keys: [], birth: 0 }; }
export function forgetWallet() { return { type: 'forgetWallet' }; }
export function decideInvoice() { return { type: 'decideInvoice', id: 1, decision: 'cancel' }; }
export function submitTransaction() { return { type: 'submitTransaction', hex: '00' }; }
export function nonsense() { return { type: 'spend' }; }
"#)]
extern "C" {
    fn page() -> Page;
    fn said(page: &Page) -> String;
    #[wasm_bindgen(js_name = createInvoice)]
    fn create_invoice() -> JsValue;
    fn wake() -> JsValue;
    #[wasm_bindgen(js_name = watchWallet)]
    fn watch_wallet() -> JsValue;
    #[wasm_bindgen(js_name = forgetWallet)]
    fn forget_wallet() -> JsValue;
    #[wasm_bindgen(js_name = decideInvoice)]
    fn decide_invoice() -> JsValue;
    #[wasm_bindgen(js_name = submitTransaction)]
    fn submit_transaction() -> JsValue;
    fn nonsense() -> JsValue;
}

/// Says what it was told to say at the start, and notes what it hears.
#[derive(Clone, Default)]
struct Script {
    says: Rc<RefCell<VecDeque<Output>>>,
    heard: Rc<RefCell<Vec<(Now, Input)>>>,
}

impl Machine for Script {
    fn handle(&mut self, now: Now, input: Input) {
        self.heard.borrow_mut().push((now, input));
    }

    fn poll_output(&mut self) -> Option<Output> {
        self.says.borrow_mut().pop_front()
    }
}

impl Script {
    fn heard(&self) -> Vec<Input> {
        self.heard
            .borrow()
            .iter()
            .map(|(_, input)| input.clone())
            .collect()
    }

    /// Waits until as many inputs came.
    async fn wait_for(&self, count: usize) -> Vec<Input> {
        for _ in 0..500 {
            if self.heard().len() >= count {
                break;
            }
            TimeoutFuture::new(10).await;
        }
        self.heard()
    }
}

/// A running driver that first performs these outputs.
async fn start(says: Vec<Output>, reads_only: bool) -> (Rc<Driver>, Script, Page) {
    let script = Script {
        says: Rc::new(RefCell::new(says.into())),
        ..Script::default()
    };
    let network = format!("driver-{}", js_sys::Math::random());
    let (storage, _) = Storage::open(&network, !reads_only, &mut |_| ()).await;
    let told = page();
    let same = told.clone().unchecked_into();
    let driver = Driver::new(script.clone(), told, storage, reads_only);
    driver.feed(Input::Tick);
    (driver, script, same)
}

#[wasm_bindgen_test]
async fn a_connection_that_fails_is_told_once() {
    let peer = PeerId(1);
    let says = vec![
        Output::Connect {
            peer,
            url: NOBODY.into(),
        },
        // Not open: nothing to send to, and nothing to fail.
        Output::Send {
            peer: PeerId(7),
            bytes: vec![1],
        },
        Output::Connect {
            peer: PeerId(2),
            url: "no address".into(),
        },
    ];
    let (_driver, script, _page) = start(says, false).await;
    script.wait_for(3).await;
    TimeoutFuture::new(100).await;
    let heard = script.heard();
    assert_eq!(
        heard,
        [
            Input::Tick,
            Input::Disconnected(PeerId(2)),
            Input::Disconnected(peer)
        ]
    );
}

#[wasm_bindgen_test]
async fn nothing_is_told_of_a_connection_that_the_core_ended() {
    let peer = PeerId(1);
    let says = vec![
        Output::Connect {
            peer,
            url: NOBODY.into(),
        },
        Output::Disconnect(peer),
    ];
    let (_driver, script, _page) = start(says, false).await;
    TimeoutFuture::new(500).await;
    assert_eq!(script.heard(), [Input::Tick]);
}

#[wasm_bindgen_test]
async fn a_send_before_the_connection_is_open_ends_it() {
    let peer = PeerId(1);
    let says = vec![
        Output::Connect {
            peer,
            url: NOBODY.into(),
        },
        Output::Send {
            peer,
            bytes: vec![1],
        },
    ];
    let (_driver, script, _page) = start(says, false).await;
    TimeoutFuture::new(500).await;
    assert_eq!(script.heard(), [Input::Tick, Input::Disconnected(peer)]);
}

#[wasm_bindgen_test]
async fn the_last_alarm_rings_and_not_early() {
    let (driver, script, _page) = start(vec![], false).await;
    let start = script.heard.borrow()[0].0.monotonic_ms;
    script
        .says
        .borrow_mut()
        .extend([60, 0, 150].map(|wait| Output::WakeAt {
            monotonic_ms: start + wait,
        }));
    driver.feed(Input::Connected(PeerId(1)));
    script.wait_for(3).await;
    TimeoutFuture::new(100).await;
    let heard = script.heard.borrow();
    assert_eq!(heard.len(), 3, "{heard:?}");
    assert_eq!(heard[2].1, Input::Tick);
    assert!(heard[2].0.monotonic_ms >= start + 150, "{heard:?}");
    assert!(heard[2].0.unix_ms > 1_700_000_000_000);
}

#[wasm_bindgen_test]
async fn writes_are_answered_in_order_and_a_hole_is_an_error() {
    let record = Record {
        key: "a".into(),
        value: vec![1],
    };
    let headers = |from_height, count: usize| StoreRequest::Headers {
        from_height,
        bytes: vec![0; 80 * count],
    };
    let requests = [
        headers(0, 2),
        StoreRequest::Put(record),
        StoreRequest::Delete { key: "b".into() },
        headers(9, 1),
        headers(2, 1),
    ];
    let says = (0..).map(StoreId).zip(requests);
    let says = says
        .map(|(id, request)| Output::Store { id, request })
        .collect();
    let (_driver, script, _page) = start(says, false).await;
    let heard = script.wait_for(6).await;
    let stored: Vec<_> = heard[1..]
        .iter()
        .map(|input| match input {
            Input::Stored { id, error } => (id.0, error.is_none()),
            other => panic!("{other:?}"),
        })
        .collect();
    assert_eq!(
        stored,
        [(0, true), (1, true), (2, true), (3, false), (4, true)]
    );
}

#[wasm_bindgen_test]
async fn the_page_hears_events_and_answers() {
    let says = vec![
        Output::Event(Event::Notice {
            kind: NoticeKind::StaleTip,
            text: "no block".into(),
        }),
        Output::Reply {
            id: RequestId(3),
            result: Ok(Reply::Done),
        },
        Output::Reply {
            id: RequestId(4),
            result: Err(CommandError {
                message: "expected 1, found 2".into(),
            }),
        },
    ];
    let (_driver, _script, page) = start(says, false).await;
    assert_eq!(
        said(&page),
        r#"[["event",{"type":"notice","kind":"staleTip","text":"no block"}],["reply",3,{"type":"done"}],["refused",4,"expected 1, found 2"]]"#
    );
}

#[wasm_bindgen_test]
async fn a_command_crosses_with_its_large_numbers() {
    let (driver, script, page) = start(vec![], false).await;
    driver.command(5, create_invoice());
    driver.command(6, nonsense());
    let heard = script.heard();
    let Input::Command {
        id,
        command: Command::CreateInvoice { request },
    } = &heard[1]
    else {
        panic!("{heard:?}");
    };
    assert_eq!((id.0, request.due), (5, 2_100_000_000_000_000));
    assert_eq!(heard.len(), 2);
    assert!(said(&page).starts_with(r#"[["refused",6,"expected a command"#));
}

#[wasm_bindgen_test]
async fn a_tab_that_only_reads_asks_for_the_turn_before_it_changes_anything() {
    let (driver, script, page) = start(vec![], true).await;
    driver.command(1, wake());
    driver.command(2, create_invoice());
    assert_eq!(script.heard().len(), 2, "the wake, and not the invoice");
    assert!(
        said(&page).starts_with(r#"[["again",true,"#),
        "{}",
        said(&page)
    );
}

#[wasm_bindgen_test]
async fn what_changes_records_needs_the_turn_and_a_watched_wallet_does_not() {
    let changes = [
        create_invoice(),
        decide_invoice(),
        submit_transaction(),
        forget_wallet(),
    ];
    for command in changes {
        let name = format!("{command:?}");
        let (driver, script, page) = start(vec![], true).await;
        driver.command(1, command.clone());
        assert_eq!(script.heard(), [Input::Tick], "{name}");
        let asked = said(&page);
        assert!(asked.starts_with(r#"[["again",true,"#), "{name}: {asked}");
        // With the turn it is done.
        let (driver, script, page) = start(vec![], false).await;
        driver.command(1, command);
        assert_eq!(script.heard().len(), 2, "{name}");
        assert_eq!(said(&page), "[]", "{name}");
    }
    // Every tab watches the wallet, in memory, without pushing another aside.
    let (driver, script, page) = start(vec![], true).await;
    driver.command(1, watch_wallet());
    assert_eq!(script.heard().len(), 2);
    assert_eq!(said(&page), "[]");
}

#[wasm_bindgen_test]
async fn a_tab_that_lost_its_turn_writes_no_more() {
    let (driver, script, page) = start(vec![], false).await;
    driver.displaced();
    script.says.borrow_mut().push_back(Output::Store {
        id: StoreId(1),
        request: StoreRequest::Delete { key: "a".into() },
    });
    driver.feed(Input::Tick);
    let heard = script.heard();
    assert!(
        matches!(
            &heard[2],
            Input::Stored {
                id: StoreId(1),
                error: Some(_)
            }
        ),
        "{heard:?}"
    );
    assert!(said(&page).starts_with(r#"[["again",false,"#));
}
