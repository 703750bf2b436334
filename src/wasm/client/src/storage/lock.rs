//! Which tab writes: the holder of the Web Lock `farthing-headers-NETWORK`. The others wait for
//! it; a tab whose page wants to change something takes it away. The browser lets go of it when
//! the worker ends.

use js_sys::{Array, Function, Object, Promise, Reflect};
use std::future::Future;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(extends = Object)]
    type Scope;
    #[wasm_bindgen(method, getter)]
    fn navigator(this: &Scope) -> Option<Navigator>;

    type Navigator;
    #[wasm_bindgen(method, getter)]
    fn locks(this: &Navigator) -> Option<Locks>;

    /// web-sys keeps it behind a compiler flag.
    type Locks;
    #[wasm_bindgen(method, catch)]
    fn request(
        this: &Locks,
        name: &str,
        options: &Object,
        granted: &Function,
    ) -> Result<Promise, JsValue>;
}

/// How to ask for the lock.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ask {
    /// Take it if no other tab has it.
    IfFree,
    /// Take it from whoever has it.
    Steal,
    /// Wait until it is free.
    Wait,
}

/// What came of asking.
pub(crate) enum Grant {
    /// This worker has it.
    Held(Held),
    /// Another tab has it.
    Taken,
    /// This browser, or this page without https, has no locks.
    Missing,
}

/// A lock that this worker has.
pub(crate) struct Held {
    end: Promise,
}

impl Held {
    /// Ends when another tab takes the lock away.
    pub(crate) fn lost(self) -> impl Future<Output = ()> {
        let end = JsFuture::from(self.end);
        async move {
            // Our side never lets go, so it can only end with an error.
            let _ = end.await;
        }
    }
}

/// Asks for the lock of this name.
pub(crate) async fn ask(name: &str, ask: Ask) -> Grant {
    let Some(locks) = js_sys::global()
        .unchecked_into::<Scope>()
        .navigator()
        .and_then(|navigator| navigator.locks())
    else {
        return Grant::Missing;
    };
    let options = Object::new();
    let option = match ask {
        Ask::IfFree => Some("ifAvailable"),
        Ask::Steal => Some("steal"),
        Ask::Wait => None,
    };
    if let Some(option) = option {
        // Setting a member of a plain object cannot fail.
        let _ = Reflect::set(&options, &option.into(), &JsValue::TRUE);
    }
    let mut answer = None;
    let answered = Promise::new(&mut |resolve, _| answer = Some(resolve));
    let granted = Closure::once(move |lock: JsValue| {
        if let Some(answer) = answer {
            let _ = answer.call1(&JsValue::UNDEFINED, &lock);
        }
        // The lock is held for as long as this promise does not end: as long as the worker lives.
        if lock.is_null() {
            JsValue::UNDEFINED
        } else {
            Promise::new(&mut |_, _| ()).into()
        }
    });
    let Ok(end) = locks.request(name, &options, granted.as_ref().unchecked_ref()) else {
        return Grant::Missing;
    };
    // A request that the browser refuses ends at once, and nothing is granted.
    match JsFuture::from(Promise::race(&Array::of2(&answered, &end))).await {
        Ok(lock) if lock.is_null() || lock.is_undefined() => Grant::Taken,
        Ok(_) => Grant::Held(Held { end }),
        Err(_) => Grant::Missing,
    }
}
