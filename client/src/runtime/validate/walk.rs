//! The walk over the JSON text of a value with the rules of each part at hand.

use std::cmp::Ordering;
use std::collections::HashMap;

use super::super::json::{Fault, Kind, Reader, Union, from_str};
use super::canonical::canonical;
use super::number::Exact;
use super::pattern::matches;
use super::{Rule, Rules, Violation, Violations};

/// Rules that name other rules of the same value, one after the other: more than any document needs.
const CHAIN: usize = 64;

/// What has been found so far, and where the walk is.
#[derive(Default)]
pub(super) struct Walk {
    path: Vec<Segment>,
    found: Vec<Violation>,
}

#[derive(Clone)]
enum Segment {
    Key(String),
    Index(usize),
}

/// What reading comes to: a fault is a value whose JSON cannot be read again, and ends the walk.
type Step = Result<(), Fault>;

impl Walk {
    /// Checks a JSON text.
    pub(super) fn text(&mut self, text: &str, rules: Rules) {
        let depth = self.path.len();
        let mut input = Reader::over(text);
        if let Err(fault) = self.value(&mut input, &[rules]) {
            self.path.truncate(depth);
            self.broken(&fault);
        }
    }

    /// Goes to a part.
    pub(super) fn below(&mut self, key: &str) {
        self.path.push(Segment::Key(key.to_owned()));
    }

    /// Comes back from so many parts.
    pub(super) fn above(&mut self, count: usize) {
        self.path.truncate(self.path.len().saturating_sub(count));
    }

    /// Notes a value that has no JSON, or none that can be read.
    pub(super) fn broken(&mut self, fault: &Fault) {
        let path = match (self.place().as_str(), fault.path().as_str()) {
            ("$", path) => path.to_owned(),
            (place, "$") => place.to_owned(),
            (place, path) => format!("{place}.{path}"),
        };
        self.found.push(Violation::new(
            path,
            "type",
            "JSON".to_owned(),
            fault.message().to_owned(),
        ));
    }

    pub(super) fn finish(self) -> Result<(), Violations> {
        Violations::of(self.found)
    }

    fn place(&self) -> String {
        let segments = self.path.iter().rev();
        let fault = segments.fold(Fault::new(""), |fault, segment| match segment {
            Segment::Key(key) => fault.under_key(key),
            Segment::Index(index) => fault.under_index(*index),
        });
        fault.path()
    }

    fn note(&mut self, rule: &'static str, limit: &dyn ToString, message: impl Into<String>) {
        let violation = Violation::new(self.place(), rule, limit.to_string(), message.into());
        self.found.push(violation);
    }

    fn value(&mut self, input: &mut Reader<'_>, rules: &[Rules]) -> Step {
        let mut flat = Vec::new();
        for rules in rules {
            flatten(rules, 0, &mut flat);
        }
        if flat.is_empty() {
            return input.skip();
        }
        let kind = input.peek()?;
        for rule in &flat {
            match rule {
                Rule::Enum(allowed) if kind != Kind::Null => self.enumerated(input, allowed)?,
                Rule::Union(union, members) => self.union(input, union, members)?,
                _ => {}
            }
        }
        match kind {
            Kind::Null | Kind::Boolean => input.skip(),
            Kind::Number => {
                let text = input.number_text()?;
                self.number(text, &flat);
                Ok(())
            }
            Kind::String => {
                let text = input.string()?;
                self.string(&text, &flat);
                Ok(())
            }
            Kind::Array => self.array(input, &flat),
            Kind::Object => self.object(input, &flat),
        }
    }

    fn number(&mut self, text: &str, rules: &[&'static Rule]) {
        let Some(value) = Exact::parse(text) else {
            return;
        };
        for rule in rules {
            let (keyword, limit) = match rule {
                Rule::Minimum(limit) => ("minimum", limit),
                Rule::Maximum(limit) => ("maximum", limit),
                Rule::ExclusiveMinimum(limit) => ("exclusiveMinimum", limit),
                Rule::ExclusiveMaximum(limit) => ("exclusiveMaximum", limit),
                Rule::MultipleOf(limit) => ("multipleOf", limit),
                _ => continue,
            };
            let Some(bound) = Exact::parse(limit) else {
                continue;
            };
            let order = value.cmp(&bound);
            let kept = match rule {
                Rule::Minimum(_) => order != Ordering::Less,
                Rule::Maximum(_) => order != Ordering::Greater,
                Rule::ExclusiveMinimum(_) => order == Ordering::Greater,
                Rule::ExclusiveMaximum(_) => order == Ordering::Less,
                _ => value.is_multiple_of(&bound),
            };
            if !kept {
                self.note(keyword, limit, format!("is {text}"));
            }
        }
    }

    fn string(&mut self, text: &str, rules: &[&'static Rule]) {
        let length = || text.chars().count() as u64;
        let said =
            |length: u64| format!("has {length} {}", plural(length, "character", "characters"));
        for rule in rules {
            match rule {
                Rule::MinLength(limit) if length() < *limit => {
                    self.note("minLength", &limit, said(length()));
                }
                Rule::MaxLength(limit) if length() > *limit => {
                    self.note("maxLength", &limit, said(length()));
                }
                Rule::Pattern(pattern) if !matches(pattern, text) => {
                    self.note("pattern", &pattern, "does not match");
                }
                _ => {}
            }
        }
    }

    fn enumerated(&mut self, input: &mut Reader<'_>, allowed: &[&'static str]) -> Step {
        let start = input.mark();
        let found = input.raw()?;
        input.rewind(start);
        let value = canonical(input)?;
        input.rewind(start);
        let same = |text: &&str| canonical(&mut Reader::over(text)).is_ok_and(|it| it == value);
        if !allowed.iter().any(same) {
            let shown: String = found.chars().take(60).collect();
            self.note("enum", &allowed.join(", "), format!("is {shown}"));
        }
        Ok(())
    }

    fn array(&mut self, input: &mut Reader<'_>, rules: &[&'static Rule]) -> Step {
        let unique = rules.iter().any(|rule| matches!(rule, Rule::UniqueItems));
        let mut seen: HashMap<String, usize> = HashMap::new();
        let mut twice = Vec::new();
        let mut count = 0_u64;
        let place = self.found.len();
        input.array(&mut |input, index| {
            count += 1;
            if unique {
                let start = input.mark();
                let first = *seen.entry(canonical(input)?).or_insert(index);
                input.rewind(start);
                if first != index {
                    twice.push((first, index));
                }
            }
            let mut inner: Vec<Rules> = Vec::new();
            for rule in rules {
                match rule {
                    Rule::Items(rules) => inner.push(rules),
                    Rule::Positions(all) => inner.extend(all.get(index)),
                    _ => {}
                }
            }
            self.path.push(Segment::Index(index));
            let step = self.value(input, &inner);
            self.path.pop();
            step
        })?;
        let inside = self.found.split_off(place);
        let said = format!("has {count} {}", plural(count, "item", "items"));
        for rule in rules {
            match rule {
                Rule::MinItems(limit) if count < *limit => {
                    self.note("minItems", limit, said.clone());
                }
                Rule::MaxItems(limit) if count > *limit => {
                    self.note("maxItems", limit, said.clone());
                }
                _ => {}
            }
        }
        for (first, second) in twice {
            self.note(
                "uniqueItems",
                &true,
                format!("has the same item at {first} and {second}"),
            );
        }
        self.found.extend(inside);
        Ok(())
    }

    fn object(&mut self, input: &mut Reader<'_>, rules: &[&'static Rule]) -> Step {
        let mut keys: Vec<String> = Vec::new();
        let place = self.found.len();
        input.entries(&mut |input, key| {
            let inner: Vec<Rules> = rules
                .iter()
                .filter_map(|rule| of_property(rule, &key))
                .collect();
            self.below(&key);
            self.name(&key, rules);
            let step = self.value(input, &inner);
            self.above(1);
            keys.push(key.into_owned());
            step
        })?;
        let inside = self.found.split_off(place);
        let count = keys.len() as u64;
        let said = format!("has {count} {}", plural(count, "property", "properties"));
        let has = |name: &str| keys.iter().any(|key| key == name);
        for rule in rules {
            match rule {
                Rule::MinProperties(limit) if count < *limit => {
                    self.note("minProperties", &limit, said.clone());
                }
                Rule::MaxProperties(limit) if count > *limit => {
                    self.note("maxProperties", &limit, said.clone());
                }
                Rule::Required(names) => {
                    for name in names.iter().filter(|name| !has(name)) {
                        self.note("required", &name, format!("has no property `{name}`"));
                    }
                }
                Rule::DependentRequired(with, names) if has(with) => {
                    for name in names.iter().filter(|name| !has(name)) {
                        let message = format!("has `{with}` without `{name}`");
                        self.note("dependentRequired", &name, message);
                    }
                }
                _ => {}
            }
        }
        self.found.extend(inside);
        Ok(())
    }

    /// Checks the name of a property.
    fn name(&mut self, key: &str, rules: &[&'static Rule]) {
        for rule in rules {
            match rule {
                Rule::PropertyNames(rules) => self.named(key, rules),
                Rule::PatternNames(names, patterns)
                    if !names.contains(&key) && !patterns.iter().any(|it| matches(it, key)) =>
                {
                    let limit = patterns.join(", ");
                    self.note(
                        "patternProperties",
                        &limit,
                        "has a name that no pattern allows",
                    );
                }
                _ => {}
            }
        }
    }

    /// The rules of a name, which are those of a string, under the keyword that says so.
    fn named(&mut self, key: &str, rules: Rules) {
        let mut of_name = Self::default();
        let mut flat = Vec::new();
        flatten(rules, 0, &mut flat);
        of_name.string(key, &flat);
        for rule in flat {
            if let Rule::Enum(allowed) = rule
                && !allowed
                    .iter()
                    .any(|text| from_str::<String>(text).is_ok_and(|it| it == key))
            {
                of_name.note("enum", &allowed.join(", "), "is not in the list");
            }
        }
        for violation in of_name.found {
            let limit = format!("{} {}", violation.rule(), violation.limit());
            let message = format!("has a name that {}", violation.message());
            self.note("propertyNames", &limit, message);
        }
    }

    /// Checks the member that the value is, which is the one that decoding would choose. Where several may be it, a member whose
    /// rules the value keeps is enough: the server cannot tell more.
    fn union(&mut self, input: &mut Reader<'_>, union: &Union, members: &[Rules]) -> Step {
        let start = input.mark();
        let candidates = input.narrow(union)?;
        let mut best: Option<Vec<Violation>> = None;
        for (_, index) in &candidates {
            let mut attempt = Self {
                path: self.path.clone(),
                found: Vec::new(),
            };
            let rules: &[Rules] = members.get(*index).map_or(&[], std::slice::from_ref);
            attempt.value(input, rules)?;
            let read = input.offset() - start.offset();
            input.rewind(start);
            if candidates.len() > 1 {
                input.spend(read)?;
            }
            if best
                .as_ref()
                .is_none_or(|best| attempt.found.len() < best.len())
            {
                best = Some(attempt.found);
            }
        }
        if let Some(found) = best {
            self.found.extend(found);
        } else {
            let names: Vec<&str> = union.members.iter().map(|member| member.name).collect();
            self.note("oneOf", &names.join(", "), "is none of the members");
        }
        Ok(())
    }
}

/// The rules of the value of a property.
fn of_property(rule: &'static Rule, key: &str) -> Option<Rules> {
    match rule {
        Rule::Property(name, rules) if *name == key => Some(rules),
        Rule::Matching(pattern, rules) if matches(pattern, key) => Some(rules),
        Rule::Others(named, rules) if !named.contains(&key) => Some(rules),
        _ => None,
    }
}

/// Adds the rules of a value, those of other types in their place.
fn flatten(rules: Rules, depth: usize, flat: &mut Vec<&'static Rule>) {
    for rule in rules {
        match rule {
            Rule::Is(rules) if depth < CHAIN => flatten(rules, depth + 1, flat),
            Rule::Is(_) => {}
            rule => flat.push(rule),
        }
    }
}

fn plural(count: u64, one: &'static str, many: &'static str) -> &'static str {
    if count == 1 { one } else { many }
}
