//! The client worker's driver: sockets, timers and storage around
//! [`farthing_core::client::Client`].
//!
//! | module | its job |
//! |---|---|
//! | `page` | values and calls that cross to the worker's script |
//! | `driver` | the loop: events in, outputs performed |
//! | `socket` | one WebSocket, bounded |
//! | `clock` | the two clocks and the alarm |
//! | `storage` | OPFS, IndexedDB, memory, and which tab writes |
//! | `writes` | the order of writes |

mod clock;
mod driver;
mod page;
mod socket;
mod storage;
#[cfg(test)]
#[cfg(target_family = "wasm")]
mod tests;
mod writes;

// Where it runs for people: access handles exist nowhere else.
#[cfg(all(test, target_family = "wasm"))]
wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_dedicated_worker);

use clock::Clock;
use driver::Driver;
use farthing_core::client::{Client, Input};
use farthing_core::params::NetworkParams;
use page::{JsCommand, Page};
use std::rc::Rc;
use storage::Storage;
use storage::lock::{self, Ask, Grant};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::spawn_local;

/// A running client.
#[wasm_bindgen]
pub struct ClientDriver {
    driver: Rc<Driver>,
}

#[wasm_bindgen]
impl ClientDriver {
    /// Asks the client for something; the page hears the answer under this id.
    pub fn command(&self, id: u32, command: JsCommand) {
        self.driver.command(id, command.into());
    }
}

/// As which of the tabs a worker starts.
#[wasm_bindgen]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// Writes if no other tab does.
    Any,
    /// Writes, and takes the turn from another tab.
    Lead,
    /// Reads, where nothing shows whether another tab writes.
    Follow,
}

/// Reads what is stored and starts the client. `seed`: 32 random bytes. Without a result the page
/// was told why.
#[wasm_bindgen(js_name = startClient)]
pub async fn start_client(
    network: String,
    seed: Vec<u8>,
    role: Role,
    page: Page,
) -> Option<ClientDriver> {
    std::panic::set_hook(Box::new(|panic| page::report(&panic.to_string())));
    let params = match NetworkParams::by_name(&network) {
        Ok(params) => params,
        Err(error) => {
            page.failed(&error.to_string());
            return None;
        }
    };
    let Ok(seed) = <[u8; 32]>::try_from(seed) else {
        page.failed("expected a seed of 32 bytes");
        return None;
    };
    let lock_name = format!("farthing-headers-{network}");
    let ask = if role == Role::Lead {
        Ask::Steal
    } else {
        Ask::IfFree
    };
    let grant = lock::ask(&lock_name, ask).await;
    let writes = match grant {
        Grant::Held(_) => true,
        Grant::Taken => false,
        // Nothing shows other tabs: the database's turn keeps two from writing.
        Grant::Missing => role != Role::Follow,
    };
    let mut client = Client::new(params, seed);
    let clock = Clock::new();
    let mut stored = |headers| client.handle(clock.now(), Input::StoredHeaders { headers });
    let (storage, restored) = Storage::open(&network, writes, &mut stored).await;
    let driver = Driver::new(client, page, storage, !writes);
    driver.feed(Input::Restored {
        headers: Vec::new(),
        records: restored.records,
        storage: restored.place.to_owned(),
    });
    watch_turn(&driver, grant, lock_name);
    Some(ClientDriver { driver })
}

/// Lets go when another tab takes the turn; takes it when the other tab goes.
fn watch_turn(driver: &Rc<Driver>, grant: Grant, lock_name: String) {
    let driver = Rc::downgrade(driver);
    match grant {
        Grant::Held(held) => spawn_local(async move {
            held.lost().await;
            if let Some(driver) = driver.upgrade() {
                driver.displaced();
            }
        }),
        Grant::Taken => spawn_local(async move {
            if let Grant::Held(_) = lock::ask(&lock_name, Ask::Wait).await
                && let Some(driver) = driver.upgrade()
            {
                driver.inherits();
            }
        }),
        Grant::Missing => {}
    }
}
