//! Unions: which member a value is, decided by tag, JSON kind, constants and required keys before anything is decoded.
//!
//! The order of the rules, the first that decides ends it:
//! 1. The tag property names a member: that member, whose fault is the union's. It names several: no other is asked. It names
//!    none: the one for all others, else those that no tag names, else unknown.
//! 2. Members whose kinds, constants, ranges or required keys the value contradicts are out. None left: unknown. One left: that
//!    member.
//! 3. The members left are decoded, and the one with the fewest unknown parts wins, the first listed among equals.
//!    All fail: one fault that says why each did. Of `anyOf`, a value with keys that only several members together know is unknown:
//!    whichever won would lose some.

use std::borrow::Cow;
use std::fmt::Write as _;

use serde_json::Value;

use super::decode::{Decode, from_str};
use super::enumeration::same;
use super::fault::Fault;
use super::reader::{Kind, Reader};

/// How much of a member's fault the fault of its union repeats, in characters.
const REASON: usize = 200;

/// What is known about a union before a value is read.
#[derive(Debug)]
pub struct Union {
    /// The property whose value names the member.
    pub tag: Option<&'static str>,
    /// Whether a value may be several members at once (`anyOf`).
    pub any: bool,
    /// The members, the more specific ones first.
    pub members: &'static [Member],
}

/// What is known about a member of a union.
#[derive(Clone, Copy, Debug)]
pub struct Member {
    /// The name of its variant.
    pub name: &'static str,
    /// The values of the tag property that name it.
    pub tags: &'static [&'static str],
    /// The JSON kinds it can have, bits of [`kinds`].
    pub kinds: u8,
    /// Keys it cannot be without.
    pub required: &'static [&'static str],
    /// All keys it has; empty where that is not known.
    pub known: &'static [&'static str],
    /// Keys that, where present, hold one of the JSON texts listed with them.
    pub constants: &'static [(&'static str, &'static str)],
    /// Keys that, where present, hold a number not less than the first and not greater than the second text; an empty one is no
    /// bound.
    pub ranges: &'static [(&'static str, &'static str, &'static str)],
    /// Whether it is the object without keys alone.
    pub empty: bool,
    /// Whether it has no other keys than the known ones.
    pub closed: bool,
    /// Whether it is every object whose tag is missing or names no member.
    pub fallback: bool,
    /// The value of the tag property to write in front, where its type does not have that property itself.
    pub inject: Option<&'static str>,
}

impl Member {
    /// A member of which nothing is known.
    pub const ANY: Self = Self {
        name: "",
        tags: &[],
        kinds: kinds::any,
        required: &[],
        known: &[],
        constants: &[],
        ranges: &[],
        empty: false,
        closed: false,
        fallback: false,
        inject: None,
    };
}

/// JSON kinds as bits, named as in JSON Schema.
#[allow(non_upper_case_globals, missing_docs)]
pub mod kinds {
    pub const null: u8 = 1;
    pub const boolean: u8 = 2;
    pub const integer: u8 = 4;
    /// Integers are numbers too.
    pub const number: u8 = 4 | 8;
    pub const string: u8 = 16;
    pub const array: u8 = 32;
    pub const object: u8 = 64;
    pub const any: u8 = 127;
}

/// The member of a union that a value turned out to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Selection {
    /// Its index; the value has been decoded by the last call of the attempt.
    Member(usize),
    /// None; nothing has been read.
    Unknown,
}

/// Reads a member and makes the union of it.
///
/// Emitted code has no closure of its own: each costs the compiler as much as a function.
pub fn member<T: Decode, U>(input: &mut Reader<'_>, variant: fn(T) -> U) -> Result<U, Fault> {
    T::decode(input).map(variant)
}

impl<'a> Reader<'a> {
    /// Reads a union: `member` reads the value as the member of an index, `unknown` keeps one that is none of them.
    pub fn union<T>(
        &mut self,
        union: &Union,
        member: fn(&mut Self, usize) -> Result<T, Fault>,
        unknown: fn(Value) -> T,
    ) -> Result<T, Fault> {
        let mut value = None;
        let selection = self.select(union, &mut |input, index| {
            value = Some(member(input, index)?);
            Ok(())
        })?;
        if let (Selection::Member(_), Some(value)) = (selection, value) {
            return Ok(value);
        }
        self.count_stranger();
        Value::decode(self).map(unknown)
    }

    /// The fault of a union whose members are numbered otherwise than they are listed.
    #[cold]
    pub fn no_such_member(&self, index: usize) -> Fault {
        self.fault(format!("the union has no member {index}"))
    }

    /// Decides which member the value is. `attempt` decodes it as the member of an index, and keeps the result.
    pub fn select(
        &mut self,
        union: &Union,
        attempt: &mut dyn FnMut(&mut Self, usize) -> Result<(), Fault>,
    ) -> Result<Selection, Fault> {
        let start = self.mark();
        let mut left = self.narrow(union)?;
        match *left.as_slice() {
            [] => Ok(Selection::Unknown),
            [(_, index)] => match attempt(self, index) {
                Ok(()) => Ok(Selection::Member(index)),
                Err(fault) => Err(fault.of_member(name_of(union, index))),
            },
            _ => {
                sort(&mut left);
                let selection = self.compare(union, &left, attempt);
                if selection.is_err() {
                    self.rewind(start);
                }
                selection
            }
        }
    }

    /// The members that the value can be, with the number of its keys that each does not know; the one that its tag names, if it
    /// names one. Nothing is read.
    pub(in super::super) fn narrow(&mut self, union: &Union) -> Result<Vec<(u32, usize)>, Fault> {
        let kind = self.kind_bit()?;
        let mut named = None;
        if kind == kinds::object
            && let Some(tag) = union.tag
        {
            let value = self.tag(tag)?;
            let members = || union.members.iter();
            let is_meant = |member: &Member| {
                value
                    .as_deref()
                    .is_some_and(|value| member.tags.contains(&value))
            };
            let index = match members().filter(|member| is_meant(member)).count() {
                0 => members().position(|member| member.fallback),
                1 => members().position(is_meant),
                _ => None,
            };
            if let Some(index) = index {
                return Ok(vec![(0, index)]);
            }
            if value.is_some()
                && !members().any(|member| is_meant(member) || member.tags.is_empty())
            {
                return Ok(Vec::new());
            }
            named = value;
        }
        self.candidates(union, kind, named.as_deref())
    }

    /// Decodes the candidates, the most promising first, and settles on the one with the fewest unknown parts.
    fn compare(
        &mut self,
        union: &Union,
        candidates: &[(u32, usize)],
        attempt: &mut dyn FnMut(&mut Self, usize) -> Result<(), Fault>,
    ) -> Result<Selection, Fault> {
        let start = self.mark();
        let before = self.strangers();
        let mut best: Option<(u32, usize)> = None;
        let mut end = start;
        let mut kept = None;
        let mut failures = Vec::new();
        for &(least, index) in candidates {
            // A later candidate cannot win when it has at least as many unknown keys by the first look.
            if best.is_some_and(|best| best <= (least, index)) {
                break;
            }
            self.rewind(start);
            let outcome = attempt(self, index);
            let read = self.offset() - start.offset();
            self.spend(read.max(32))?;
            match outcome {
                Ok(()) => {
                    kept = Some(index);
                    let found = (self.strangers() - before, index);
                    if best.is_none_or(|best| found < best) {
                        best = Some(found);
                        end = self.mark();
                    }
                }
                Err(fault) => failures.push((index, fault)),
            }
        }
        let Some((strangers, winner)) = best else {
            self.rewind(start);
            return Err(self.no_member(union, failures));
        };
        if union.any && strangers > 0 {
            self.rewind(start);
            if self.is_shared(union, winner, candidates, attempt)? {
                return Ok(Selection::Unknown);
            }
            // What the attempts have kept is no longer the winner's.
            self.rewind(start);
            attempt(self, winner)?;
            return Ok(Selection::Member(winner));
        }
        if kept == Some(winner) {
            self.rewind(end);
        } else {
            // A later candidate decoded too, worse: what the attempt has kept is its value.
            self.rewind(start);
            attempt(self, winner)?;
        }
        Ok(Selection::Member(winner))
    }

    /// Whether another member fits too, and knows a key of the object here that the winner does not.
    #[cold]
    fn is_shared(
        &mut self,
        union: &Union,
        winner: usize,
        candidates: &[(u32, usize)],
        attempt: &mut dyn FnMut(&mut Self, usize) -> Result<(), Fault>,
    ) -> Result<bool, Fault> {
        if self.kind_bit()? != kinds::object {
            return Ok(false);
        }
        let start = self.mark();
        let object = self.outline()?;
        let known = |index: usize| {
            union
                .members
                .get(index)
                .map_or(&[][..], |member| member.known)
        };
        for (_, index) in candidates.iter().filter(|(_, index)| *index != winner) {
            let mut lost = object
                .iter()
                .filter(|(key, _)| !known(winner).contains(&&**key));
            if lost.any(|(key, _)| known(*index).contains(&&**key)) {
                let fits = attempt(self, *index).is_ok();
                let read = self.offset().saturating_sub(start.offset());
                self.rewind(start);
                self.spend(read.max(32))?;
                if fits {
                    return Ok(true);
                }
            }
        }
        Ok(false)
    }

    #[cold]
    fn no_member(&self, union: &Union, failures: Vec<(usize, Fault)>) -> Fault {
        let mut message = "no member of the union fits: ".to_owned();
        for (count, (index, fault)) in failures.into_iter().enumerate() {
            let name = name_of(union, index);
            let separator = if count == 0 { "" } else { "; " };
            let reason = match fault.path().as_str() {
                "$" => fault.message().to_owned(),
                path => format!("at {path}: {}", fault.message()),
            };
            // Nested unions repeat the reasons of their members at every level.
            let end = reason
                .char_indices()
                .nth(REASON)
                .map_or(reason.len(), |(end, _)| end);
            let more = if end < reason.len() { "…" } else { "" };
            // Writing to a `String` cannot fail.
            let _ = write!(message, "{separator}{name} ({}{more})", &reason[..end]);
        }
        self.fault(message)
    }

    fn kind_bit(&mut self) -> Result<u8, Fault> {
        Ok(match self.peek()? {
            Kind::Null => kinds::null,
            Kind::Boolean => kinds::boolean,
            Kind::String => kinds::string,
            Kind::Array => kinds::array,
            Kind::Object => kinds::object,
            Kind::Number => {
                let start = self.mark();
                let number = self.number()?;
                self.rewind(start);
                let whole =
                    number.plain || super::decode::whole_from_decimal(number.text).is_some();
                // 4 and 8: an integer fits members of both kinds, another number fits `number` alone.
                if whole { kinds::integer } else { 8 }
            }
        })
    }

    /// The text of the property `name` of the object that begins here, without moving: a string's content, else its JSON text.
    pub fn tag(&mut self, name: &str) -> Result<Option<Cow<'a, str>>, Fault> {
        let start = self.mark();
        self.enter()?;
        let mut value = None;
        if self.token() != b'}' {
            loop {
                let key = self.key()?;
                if *key == *name {
                    value = match self.peek()? {
                        Kind::String => Some(self.string()?),
                        Kind::Null => None,
                        _ => Some(Cow::Borrowed(self.raw()?)),
                    };
                    break;
                }
                self.skip()?;
                if !self.another()? {
                    break;
                }
            }
        }
        self.rewind(start);
        Ok(value)
    }

    /// The keys and JSON texts of the object that begins here, without moving.
    pub fn outline(&mut self) -> Result<Vec<(Cow<'a, str>, &'a str)>, Fault> {
        let start = self.mark();
        let mut properties = Vec::new();
        self.entries(&mut |input, key| {
            properties.push((key, input.raw()?));
            Ok(())
        })?;
        self.rewind(start);
        Ok(properties)
    }

    /// The members that the value does not contradict, with the number of its keys that each does not know; of a tag those
    /// that it names.
    fn candidates(
        &mut self,
        union: &Union,
        kind: u8,
        tag: Option<&str>,
    ) -> Result<Vec<(u32, usize)>, Fault> {
        let mut left: Vec<(u32, usize)> = Vec::new();
        let mut told = false;
        for (index, member) in union.members.iter().enumerate() {
            if member.kinds & kind != 0 && tag.is_none_or(|tag| is_meant(union, member, tag)) {
                left.push((0, index));
                told |= member.empty
                    || !(member.required.is_empty()
                        && member.known.is_empty()
                        && member.constants.is_empty()
                        && member.ranges.is_empty());
            }
        }
        if kind != kinds::object || !told {
            return Ok(left);
        }
        let object = self.outline()?;
        self.spend(object.len())?;
        // A newer server may send keys that a closed member does not list: it is out only where another member is left.
        let (mut open, mut closed) = (Vec::new(), Vec::new());
        for (_, index) in left {
            let member = &union.members[index];
            if !holds(member, &object) {
                continue;
            }
            let mut strangers: u32 = 0;
            for (key, _) in &object {
                if !member.known.is_empty() && !member.known.contains(&&**key) {
                    strangers = strangers.saturating_add(1);
                }
            }
            closed.push((strangers, index));
            if strangers == 0 || !member.closed {
                open.push((strangers, index));
            }
        }
        Ok(if open.is_empty() { closed } else { open })
    }
}

/// Whether a tag names the member, or none where the member has none.
fn is_meant(union: &Union, member: &Member, tag: &str) -> bool {
    if member.tags.is_empty() {
        return !union
            .members
            .iter()
            .any(|member| member.tags.contains(&tag));
    }
    member.tags.contains(&tag)
}

/// The keys and JSON texts of an object.
type Outline<'a, 'o> = &'o [(Cow<'a, str>, &'a str)];

/// The text of a property, the last one of its name.
fn value_of<'a>(object: Outline<'a, '_>, name: &str) -> Option<&'a str> {
    for (key, text) in object.iter().rev() {
        if *key == *name {
            return Some(text);
        }
    }
    None
}

/// Whether nothing that the object says contradicts the member.
fn holds(member: &Member, object: Outline<'_, '_>) -> bool {
    if member.empty && !object.is_empty() {
        return false;
    }
    for name in member.required {
        if value_of(object, name).is_none() {
            return false;
        }
    }
    constants_hold(member, object) && ranges_hold(member, object)
}

/// Puts those with the fewest keys that they do not know in front. They are few, and the standard library's sorting is not.
fn sort(candidates: &mut [(u32, usize)]) {
    for end in 1..candidates.len() {
        let mut at = end;
        while at > 0 && candidates[at - 1].0 > candidates[at].0 {
            candidates.swap(at - 1, at);
            at -= 1;
        }
    }
}

fn constants_hold(member: &Member, object: Outline<'_, '_>) -> bool {
    for (name, _) in member.constants {
        let Some(found) = value_of(object, name) else {
            continue;
        };
        let mut allowed = false;
        for (key, constant) in member.constants {
            allowed |= key == name && equal(constant, found);
        }
        if !allowed {
            return false;
        }
    }
    true
}

fn ranges_hold(member: &Member, object: Outline<'_, '_>) -> bool {
    for (name, low, high) in member.ranges {
        // What is no number is for decoding to judge.
        let found = value_of(object, name).map(str::parse::<f64>);
        if let Some(Ok(value)) = found {
            let is_low = low.parse().is_ok_and(|low: f64| value < low);
            if is_low || high.parse().is_ok_and(|high: f64| value > high) {
                return false;
            }
        }
    }
    true
}

fn name_of(union: &Union, index: usize) -> &'static str {
    union.members.get(index).map_or("", |member| member.name)
}

/// Whether two JSON texts have the same value.
fn equal(left: &str, right: &str) -> bool {
    left == right
        || match (from_str::<Value>(left), from_str::<Value>(right)) {
            (Ok(left), Ok(right)) => same(&left, &right),
            _ => false,
        }
}
