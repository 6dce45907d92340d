//! Whether and when a call is tried again.
//! It must not know how a call is made: it sees methods, statuses, headers and times.

use std::sync::Mutex;
use std::time::{Duration, SystemTime};

use reqwest::header::HeaderMap;

use super::header_map;

/// The longest wait that a server is granted: 120 s. A longer one ends the call with the server's answer.
pub const LONGEST_WAIT: Duration = Duration::from_secs(120);

/// The wait before the retry of this number, the first being 0: `min(0.5·2ⁿ, 8)` seconds, less up to a quarter.
pub(super) fn backoff(retry: u32) -> Duration {
    let full = 0.5 * f64::from(1_u32 << retry.min(4));
    Duration::from_secs_f64(full * (1.0 - 0.25 * fastrand::f64()))
}

/// How long the server asks to wait: `retry-after-ms`, or `Retry-After` in seconds or as a date.
pub(super) fn asked_wait(headers: &HeaderMap, now: SystemTime) -> Option<Duration> {
    if let Some(text) = header_map::text(headers, "retry-after-ms")
        && let Ok(milliseconds) = text.trim().parse::<f64>()
        && let Some(wait) = seconds(milliseconds / 1000.0)
    {
        return Some(wait);
    }
    let value = header_map::text(headers, "retry-after")?.trim();
    if let Ok(number) = value.parse::<f64>() {
        return seconds(number);
    }
    let date = httpdate::parse_http_date(value).ok()?;
    // A date in the past asks for no wait at all.
    Some(date.duration_since(now).unwrap_or_default())
}

fn seconds(number: f64) -> Option<Duration> {
    // An absurd number is a wait that is too long, not none.
    (number >= 0.0).then(|| Duration::try_from_secs_f64(number).unwrap_or(Duration::MAX))
}

/// The retry budget of a client, so that a failing service is not met with three times the load.
///
/// A bucket of tokens, 500 at first: a retry takes 5, after a timeout 10; a retry that succeeds gives its tokens back, a
/// call that succeeds at once gives 1. Without tokens the call ends with the error at hand. The numbers are those of
/// the AWS SDKs.
pub(super) struct Budget {
    tokens: Option<Mutex<u32>>,
    capacity: u32,
}

impl Budget {
    pub(super) const CAPACITY: u32 = 500;
    const COST: u32 = 5;
    const TIMEOUT_COST: u32 = 10;

    pub(super) fn new(capacity: Option<u32>) -> Self {
        Self {
            tokens: capacity.map(Mutex::new),
            capacity: capacity.unwrap_or_default(),
        }
    }

    /// Takes the tokens of a retry and says how many they were; `None` without enough of them.
    pub(super) fn take(&self, after_timeout: bool) -> Option<u32> {
        let cost = if after_timeout {
            Self::TIMEOUT_COST
        } else {
            Self::COST
        };
        let Some(tokens) = &self.tokens else {
            return Some(0);
        };
        let mut tokens = tokens.lock().ok()?;
        *tokens = tokens.checked_sub(cost)?;
        Some(cost)
    }

    /// Notes a success, `taken` being the tokens of the retry that brought it.
    pub(super) fn succeeded(&self, taken: u32) {
        if let Some(Ok(mut tokens)) = self.tokens.as_ref().map(Mutex::lock) {
            *tokens = tokens.saturating_add(taken.max(1)).min(self.capacity);
        }
    }
}
