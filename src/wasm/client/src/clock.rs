//! The two clocks that the core is given, and its alarm.

use farthing_core::primitives::Now;
use gloo_timers::callback::Timeout;
use std::cell::Cell;
use wasm_bindgen::JsCast;
use web_sys::{Performance, WorkerGlobalScope};

/// The longest sleep of one timer. A machine that slept wakes with its clocks moved and its timers
/// late: short sleeps find out soon.
const LONGEST_SLEEP_MS: u64 = 60_000;

/// `performance.now()` and `Date.now()`.
pub(crate) struct Clock {
    performance: Option<Performance>,
    /// The monotonic clock never goes back, whatever the browser says.
    last: Cell<u64>,
}

impl Clock {
    pub(crate) fn new() -> Self {
        let performance = js_sys::global()
            .dyn_into::<WorkerGlobalScope>()
            .ok()
            .and_then(|scope| scope.performance());
        Self {
            performance,
            last: Cell::new(0),
        }
    }

    pub(crate) fn now(&self) -> Now {
        let unix_ms = milliseconds(js_sys::Date::now());
        let measured = self
            .performance
            .as_ref()
            .map_or(unix_ms, |performance| milliseconds(performance.now()));
        let monotonic_ms = measured.max(self.last.get());
        self.last.set(monotonic_ms);
        Now {
            unix_ms,
            monotonic_ms,
        }
    }
}

/// Whole milliseconds; what is no number of them counts as 0.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a float's cast saturates, and milliseconds have no sign"
)]
fn milliseconds(value: f64) -> u64 {
    value as u64
}

/// The one timer: the core's last wish.
#[derive(Default)]
pub(crate) struct Alarm {
    timer: Option<Timeout>,
    at: Option<u64>,
}

impl Alarm {
    /// Forgets the wish before; `rings` is called at `at`, or earlier: then [`Alarm::take_if_due`] says
    /// no, and it is set again.
    pub(crate) fn set(&mut self, now: Now, at: u64, rings: impl FnOnce() + 'static) {
        let delay = at.saturating_sub(now.monotonic_ms).min(LONGEST_SLEEP_MS);
        let delay = u32::try_from(delay).expect("a minute of milliseconds fits in 32 bits");
        self.at = Some(at);
        self.timer = Some(Timeout::new(delay, rings));
    }

    /// When it is to ring, if it is set.
    pub(crate) fn at(&self) -> Option<u64> {
        self.at
    }

    /// Whether its time came; it is then no longer set.
    pub(crate) fn take_if_due(&mut self, now: Now) -> bool {
        let due = self.at.is_some_and(|at| at <= now.monotonic_ms);
        if due {
            self.at = None;
        }
        due
    }
}
