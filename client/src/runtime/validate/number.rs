//! JSON numbers by value, exactly: 0.3 is a multiple of 0.1 although no binary fraction says so.

use std::cmp::Ordering;

/// A number as `±0.d₁d₂…dₙ · 10^scale`, the first and the last digit not zero; zero has none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Exact {
    negative: bool,
    digits: Vec<u8>,
    scale: i64,
}

impl Exact {
    /// Reads a number of JSON; `None` for any other text.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let (negative, text) = match text.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, text),
        };
        let (mantissa, exponent) = match text.split_once(['e', 'E']) {
            Some((mantissa, exponent)) => (mantissa, saturating(exponent)?),
            None => (text, 0),
        };
        let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        let mut digits: Vec<u8> = Vec::with_capacity(mantissa.len());
        for byte in whole.bytes().chain(fraction.bytes()) {
            digits.push(byte.checked_sub(b'0').filter(|digit| *digit < 10)?);
        }
        let leading = digits.iter().take_while(|digit| **digit == 0).count();
        digits.drain(..leading);
        while digits.last() == Some(&0) {
            digits.pop();
        }
        let scale = i64::try_from(whole.len()).ok()? - i64::try_from(leading).ok()?;
        let zero = digits.is_empty();
        Some(Self {
            negative: negative && !zero,
            digits,
            scale: if zero {
                0
            } else {
                scale.saturating_add(exponent)
            },
        })
    }

    /// Whether dividing it by another gives a whole number.
    pub(super) fn is_multiple_of(&self, other: &Self) -> bool {
        if self.digits.is_empty() {
            return true;
        }
        let divisor = other
            .digits
            .iter()
            .try_fold(0_u64, |all, digit| {
                all.checked_mul(10)?.checked_add(u64::from(*digit))
            })
            .map_or(0, u128::from);
        if divisor == 0 {
            // Zero divides nothing; a divisor of more digits than a number of the document can have is none.
            return false;
        }
        let places = |of: &Self| {
            of.scale
                .saturating_sub(i64::try_from(of.digits.len()).unwrap_or(i64::MAX))
        };
        // Neither ends in a zero: a shift to the right cannot leave a whole number.
        let Ok(shift) = u64::try_from(places(self).saturating_sub(places(other))) else {
            return false;
        };
        let rest = self
            .digits
            .iter()
            .fold(0, |rest, digit| (rest * 10 + u128::from(*digit)) % divisor);
        (rest * power_of_ten(shift, divisor)).is_multiple_of(divisor)
    }

    /// The number in a form that is the same for all numbers of its value.
    pub(super) fn canonical(&self) -> String {
        let sign = if self.negative { "-" } else { "" };
        let digits: String = self
            .digits
            .iter()
            .map(|digit| char::from(b'0' + digit))
            .collect();
        format!("{sign}{digits}e{}", self.scale)
    }
}

impl Ord for Exact {
    fn cmp(&self, other: &Self) -> Ordering {
        let magnitude = |a: &Self, b: &Self| match (a.digits.is_empty(), b.digits.is_empty()) {
            (true, true) => Ordering::Equal,
            (true, false) => Ordering::Less,
            (false, true) => Ordering::Greater,
            // Without zeros at the end, the order of the digits is that of texts.
            (false, false) => a.scale.cmp(&b.scale).then_with(|| a.digits.cmp(&b.digits)),
        };
        match (self.negative, other.negative) {
            (false, false) => magnitude(self, other),
            (true, true) => magnitude(other, self),
            (true, false) => Ordering::Less,
            (false, true) => Ordering::Greater,
        }
    }
}

impl PartialOrd for Exact {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// An exponent, which may have any number of digits.
fn saturating(text: &str) -> Option<i64> {
    let digits = text.trim_start_matches(['+', '-']);
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let limit = i64::MAX / 4;
    let value = digits.parse().unwrap_or(limit).min(limit);
    Some(if text.starts_with('-') { -value } else { value })
}

/// `10^exponent` modulo `divisor`, which is below 2^64, so that no product overflows.
fn power_of_ten(mut exponent: u64, divisor: u128) -> u128 {
    let (mut base, mut power) = (10 % divisor, 1 % divisor);
    while exponent > 0 {
        if exponent & 1 == 1 {
            power = power * base % divisor;
        }
        base = base * base % divisor;
        exponent >>= 1;
    }
    power
}
