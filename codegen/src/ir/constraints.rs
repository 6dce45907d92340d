//! The limits that a document sets on values beyond their types, and what several of them say together.

use std::cmp::Ordering;
use std::ops::{Deref, DerefMut};

use serde_json::{Number, Value};

/// The limits that a document sets on values. Most values have none: those are as small as may be.
#[derive(Debug, Clone, Default)]
pub struct Constraints(Option<Box<Limits>>);

impl Deref for Constraints {
    type Target = Limits;

    fn deref(&self) -> &Limits {
        self.0.as_deref().unwrap_or(&NONE)
    }
}

impl DerefMut for Constraints {
    fn deref_mut(&mut self) -> &mut Limits {
        self.0.get_or_insert_default()
    }
}

impl PartialEq for Constraints {
    fn eq(&self, other: &Self) -> bool {
        **self == **other
    }
}

impl From<Limits> for Constraints {
    fn from(limits: Limits) -> Self {
        Self((limits != NONE).then(|| Box::new(limits)))
    }
}

static NONE: Limits = Limits {
    minimum: None,
    maximum: None,
    exclusive_minimum: false,
    exclusive_maximum: false,
    multiple_of: None,
    min_length: None,
    max_length: None,
    patterns: Vec::new(),
    min_items: None,
    max_items: None,
    unique_items: false,
    min_properties: None,
    max_properties: None,
    allowed: None,
    keys: Vec::new(),
    names: None,
    name_patterns: Vec::new(),
    by_pattern: Vec::new(),
};

/// Limits as a document writes them.
#[derive(Debug, Clone, Default, PartialEq)]
#[allow(missing_docs, reason = "the names are the keywords of JSON Schema")]
pub struct Limits {
    pub minimum: Option<Number>,
    pub maximum: Option<Number>,
    pub exclusive_minimum: bool,
    pub exclusive_maximum: bool,
    pub multiple_of: Option<Number>,
    pub min_length: Option<u64>,
    pub max_length: Option<u64>,
    /// All of them hold.
    pub patterns: Vec<String>,
    pub min_items: Option<u64>,
    pub max_items: Option<u64>,
    pub unique_items: bool,
    pub min_properties: Option<u64>,
    pub max_properties: Option<u64>,
    /// The values of an `enum` that the type is too wide for.
    pub allowed: Option<Vec<Value>>,
    /// What `required` and `dependentRequired` ask for that no field stands for; names by the property that they come with, none
    /// for those that must always be there.
    pub keys: Vec<(Option<String>, Vec<String>)>,
    /// `propertyNames`.
    pub names: Option<Box<Constraints>>,
    /// The patterns of `patternProperties` where other names than these and those of the fields are not allowed.
    pub name_patterns: Vec<String>,
    /// The limits of values by the patterns of their names, where there are several patterns.
    pub by_pattern: Vec<(String, Constraints)>,
}

impl Constraints {
    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.as_deref().is_none_or(|limits| *limits == NONE)
    }

    /// Adds what another says of the same values: the tighter of two limits counts.
    pub fn tighten(&mut self, other: &Self) {
        if let Some(other) = &other.0 {
            self.0.get_or_insert_default().tighten(other);
        }
    }
}

impl Limits {
    fn tighten(&mut self, other: &Self) {
        let Self {
            minimum,
            maximum,
            exclusive_minimum,
            exclusive_maximum,
            multiple_of,
            ..
        } = other;
        if let Some(bound) = minimum {
            self.at_least(bound, *exclusive_minimum);
        }
        if let Some(bound) = maximum {
            self.at_most(bound, *exclusive_maximum);
        }
        if let Some(of) = multiple_of {
            self.multiple_of = Some(match self.multiple_of.take() {
                Some(own) => common_multiple(&own, of).unwrap_or(own),
                None => of.clone(),
            });
        }
        for (own, other) in [
            (&mut self.min_length, other.min_length),
            (&mut self.min_items, other.min_items),
            (&mut self.min_properties, other.min_properties),
        ] {
            *own = (*own).max(other);
        }
        for (own, other) in [
            (&mut self.max_length, other.max_length),
            (&mut self.max_items, other.max_items),
            (&mut self.max_properties, other.max_properties),
        ] {
            *own = own.iter().copied().chain(other).min();
        }
        self.unique_items |= other.unique_items;
        add(&mut self.patterns, &other.patterns);
        add(&mut self.name_patterns, &other.name_patterns);
        add(&mut self.keys, &other.keys);
        add(&mut self.by_pattern, &other.by_pattern);
        self.allow(other.allowed.as_deref());
        if let Some(names) = &other.names {
            self.names.get_or_insert_default().tighten(names);
        }
    }

    /// Adds a lower bound.
    pub fn at_least(&mut self, bound: &Number, exclusive: bool) {
        match self.minimum.as_ref().map(|own| compare(bound, own)) {
            Some(Ordering::Less) => {}
            Some(Ordering::Equal) => self.exclusive_minimum |= exclusive,
            Some(Ordering::Greater) | None => {
                self.minimum = Some(bound.clone());
                self.exclusive_minimum = exclusive;
            }
        }
    }

    /// Adds an upper bound.
    pub fn at_most(&mut self, bound: &Number, exclusive: bool) {
        match self.maximum.as_ref().map(|own| compare(bound, own)) {
            Some(Ordering::Greater) => {}
            Some(Ordering::Equal) => self.exclusive_maximum |= exclusive,
            Some(Ordering::Less) | None => {
                self.maximum = Some(bound.clone());
                self.exclusive_maximum = exclusive;
            }
        }
    }

    fn allow(&mut self, other: Option<&[Value]>) {
        let Some(other) = other else { return };
        match &mut self.allowed {
            Some(own) => own.retain(|value| other.contains(value)),
            None => self.allowed = Some(other.to_vec()),
        }
    }

    /// Two limits that no value keeps at once, as the document writes them.
    pub fn contradiction(&self) -> Option<(String, String)> {
        let shown = |word: &str, bound: &dyn std::fmt::Display| format!("{word} {bound}");
        if let (Some(min), Some(max)) = (&self.minimum, &self.maximum) {
            let order = compare(min, max);
            let open = self.exclusive_minimum || self.exclusive_maximum;
            if order == Ordering::Greater || (order == Ordering::Equal && open) {
                let above = if self.exclusive_minimum {
                    "more than"
                } else {
                    "at least"
                };
                let below = if self.exclusive_maximum {
                    "less than"
                } else {
                    "at most"
                };
                return Some((shown(above, min), shown(below, max)));
            }
        }
        [
            (self.min_length, self.max_length, "characters"),
            (self.min_items, self.max_items, "items"),
            (self.min_properties, self.max_properties, "properties"),
        ]
        .into_iter()
        .find_map(|(min, max, unit)| {
            let (min, max) = (min?, max?);
            (min > max).then(|| {
                (
                    format!("at least {min} {unit}"),
                    format!("at most {max} {unit}"),
                )
            })
        })
    }
}

fn add<T: PartialEq + Clone>(own: &mut Vec<T>, other: &[T]) {
    for item in other {
        if !own.contains(item) {
            own.push(item.clone());
        }
    }
}

/// The order of two numbers by value; integers beyond 2^53 are not rounded.
fn compare(a: &Number, b: &Number) -> Ordering {
    match (whole(a), whole(b)) {
        (Some(a), Some(b)) => a.cmp(&b),
        // JSON has neither infinities nor NaN.
        _ => a
            .as_f64()
            .partial_cmp(&b.as_f64())
            .unwrap_or(Ordering::Equal),
    }
}

fn whole(number: &Number) -> Option<i128> {
    let signed = number.as_i64().map(i128::from);
    signed.or_else(|| number.as_u64().map(i128::from))
}

/// The least number that is a multiple of both; `None` where it has too many digits.
fn common_multiple(a: &Number, b: &Number) -> Option<Number> {
    let ((a, a_places), (b, b_places)) = (digits(a)?, digits(b)?);
    let places = a_places.max(b_places);
    let a = a.checked_mul(10_u64.checked_pow(places - a_places)?)?;
    let b = b.checked_mul(10_u64.checked_pow(places - b_places)?)?;
    let (mut high, mut low) = (a, b);
    while low != 0 {
        (high, low) = (low, high % low);
    }
    let least = (a / high.max(1)).checked_mul(b)?;
    if places == 0 {
        return Some(least.into());
    }
    let text = format!("{least}e-{places}");
    let value: f64 = text.parse().ok()?;
    // A whole number is written without its point.
    match text
        .parse::<f64>()
        .ok()
        .filter(|value| value.fract() == 0.0)
    {
        Some(_) => Some((least / 10_u64.checked_pow(places)?).into()),
        None => Number::from_f64(value),
    }
}

/// A positive number as a whole number and the places of its fraction.
fn digits(number: &Number) -> Option<(u64, u32)> {
    let text = number.to_string();
    let (mantissa, exponent) = match text.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa.to_owned(), exponent.parse::<i32>().ok()?),
        None => (text, 0),
    };
    let (front, fraction) = mantissa.split_once('.').unwrap_or((&mantissa, ""));
    let fraction = fraction.trim_end_matches('0');
    let places = i32::try_from(fraction.len()).ok()? - exponent;
    let value: u64 = format!("{front}{fraction}").parse().ok()?;
    match u32::try_from(places) {
        Ok(places) => Some((value, places)),
        Err(_) => Some((
            value.checked_mul(10_u64.checked_pow(places.unsigned_abs())?)?,
            0,
        )),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn number(value: impl Into<Value>) -> Number {
        value.into().as_number().unwrap().clone()
    }

    fn range(minimum: impl Into<Value>, exclusive: bool) -> Constraints {
        let limits = Limits {
            minimum: Some(number(minimum)),
            exclusive_minimum: exclusive,
            ..Limits::default()
        };
        limits.into()
    }

    #[test]
    fn the_tighter_bound_counts_with_its_own_flag() {
        let mut limits = range(5, true);
        limits.tighten(&range(10, false));
        assert_eq!(limits, range(10, false));
        limits.tighten(&range(10.0, true));
        assert!(limits.exclusive_minimum);
        limits.tighten(&range(3, true));
        assert_eq!(limits.minimum, Some(number(10)));
        let mut large = range(9_007_199_254_740_993_u64, false);
        large.tighten(&range(9_007_199_254_740_992_u64, false));
        assert_eq!(large.minimum, Some(number(9_007_199_254_740_993_u64)));
    }

    #[test]
    fn multiples_of_both_are_multiples_of_their_least_common_one() {
        let least = |a: Value, b: Value| common_multiple(&number(a), &number(b));
        assert_eq!(least(json!(4), json!(6)), Some(12.into()));
        assert_eq!(least(json!(0.1), json!(0.25)), Number::from_f64(0.5));
        assert_eq!(least(json!(0.5), json!(2)), Some(2.into()));
        assert_eq!(least(json!(1e-3), json!(0.002)), Number::from_f64(0.002));
        assert_eq!(least(json!(u64::MAX), json!(2)), None);
    }

    #[test]
    fn limits_that_no_value_keeps_are_found() {
        let mut limits = range(5, false);
        limits.at_most(&number(5), false);
        assert_eq!(limits.contradiction(), None);
        limits.at_most(&number(5), true);
        assert_eq!(
            limits.contradiction(),
            Some(("at least 5".to_owned(), "less than 5".to_owned()))
        );
        let limits = Limits {
            min_length: Some(3),
            max_length: Some(2),
            ..Limits::default()
        };
        assert!(limits.contradiction().is_some());
    }
}
