//! Places: where the types stand that may be shared, in words; and what several have in common.

use std::collections::HashMap;

use super::super::types::{Namer, joined, sensible_title};
use super::super::words::{self, Word, key};
use super::content::constant;
use crate::ir::{Api, Origin, Type, TypeId};

/// Words that name nothing by themselves.
#[rustfmt::skip]
const VAGUE: &[&str] = &[
    "additional", "array", "attribute", "base", "body", "choice", "content", "data", "datum", "default", "detail", "element", "empty",
    "entry", "enum", "error", "field", "filter", "id", "info", "information", "input", "item", "key", "kind", "list", "meta",
    "mode", "name", "object", "option", "output", "param", "parameter", "payload", "property", "record",
    "request", "resource", "response", "result", "row", "schema", "set", "setting", "source", "state", "status", "string", "target",
    "type", "union", "value", "variant",
];
/// A place where a type stands, as far as its name goes.
#[derive(Debug, Clone)]
pub(super) struct Place {
    /// What it belongs to: a thing of a resource, a component.
    pub(super) owner: Vec<Word>,
    /// The steps from there, each in words; one into an array is part of the step before. Never empty.
    pub(super) steps: Vec<Vec<Word>>,
    /// Whether the last step is a title that the author gave.
    pub(super) titled: bool,
    /// Whether it is the whole of a body or an answer.
    pub(super) is_root: bool,
}

impl Place {
    pub(super) fn last(&self) -> &[Word] {
        // There is at least one step.
        self.steps.last().map(Vec::as_slice).unwrap_or_default()
    }

    /// What it stands in.
    pub(super) fn parent(&self) -> &[Word] {
        match self.steps.as_slice() {
            [.., parent, _] => parent,
            _ => &self.owner,
        }
    }

    /// All words on the way.
    pub(super) fn words(&self) -> Vec<Word> {
        self.owner
            .iter()
            .chain(self.steps.iter().flatten())
            .cloned()
            .collect()
    }
}
/// An equal type at its place.
#[derive(Debug, Clone)]
pub(super) struct Member {
    pub(super) id: TypeId,
    pub(super) place: Place,
}
/// Finds the places of types, below what was shared before them.
pub(super) struct Places<'a> {
    pub(super) namer: &'a Namer<'a>,
    pub(super) api: &'a Api,
    /// By context of a type that is shared: its new one.
    moved: HashMap<Vec<String>, Vec<String>>,
}

/// The words of the steps to a type.
pub(super) fn context(ty: &Type) -> Option<&[String]> {
    match &ty.origin {
        Origin::Inline(context) | Origin::Shared(context) | Origin::Titled { context, .. } => {
            Some(context.as_slice()).filter(|context| !context.is_empty())
        }
        Origin::Component(_) => None,
    }
}

impl<'a> Places<'a> {
    pub(super) fn new(namer: &'a Namer<'a>, api: &'a Api) -> Self {
        Self {
            namer,
            api,
            moved: HashMap::new(),
        }
    }

    /// Lets what stands inside of a type be named below its new place.
    pub(super) fn move_to(&mut self, id: TypeId, place: Vec<String>) {
        if let Some(old) = context(&self.api.types[id]) {
            self.moved.insert(old.to_vec(), place);
        }
    }

    /// The new context of a type that stands inside of one that was moved.
    pub(super) fn moved(&self, context: &[String]) -> Option<Vec<String>> {
        (1..=context.len()).rev().find_map(|length| {
            let new = self.moved.get(&context[..length])?;
            Some([new, &context[length..]].concat())
        })
    }

    /// The place of a type.
    pub(super) fn of(&self, id: TypeId) -> Option<Place> {
        let ty = &self.api.types[id];
        let old = context(ty)?;
        let new = self.moved(old);
        let is_phrase = new.is_some() || matches!(ty.origin, Origin::Shared(_));
        let context = self.namer.spoken(id, new.as_deref().unwrap_or(old));
        let is_operation = !is_phrase && self.namer.is_operation(&context[0]);
        let mut owner = self.namer.owner(&context[0], is_phrase);
        let mut rest = &context[1..];
        // A list of values of a parameter is called as the parameter.
        if let [parameter, item] = rest
            && is_operation
            && item == "item"
            && !is_direction(parameter)
        {
            rest = &rest[..1];
        }
        let directed = rest.first().is_some_and(|step| is_direction(step));
        let mut steps: Vec<Vec<Word>> = Vec::new();
        for step in rest {
            let words = words::split(step);
            match steps.last_mut() {
                Some(last) if step == "item" => *last = joined(&[std::mem::take(last), words]),
                None if step == "item" => owner = joined(&[owner, words]),
                _ => steps.push(words),
            }
        }
        let is_root = is_operation && directed && steps.len() == 1;
        if is_root && steps[0][0] == "error" {
            // Whatever the status.
            steps[0] = vec!["error".to_owned(), "body".to_owned()];
        } else if directed && steps.len() > 1 && (is_operation || is_phrase) {
            steps.remove(0);
        }
        let titled = replace_by_title(ty, &mut steps);
        if !titled
            && let (Some(value), Some(last)) = (constant(&ty.shape), steps.last_mut())
            && let value = words::split(value)
            && value.len() <= 4
        {
            *last = joined(&[value, std::mem::take(last)]);
        }
        (!steps.is_empty()).then_some(Place {
            owner,
            steps,
            titled,
            is_root,
        })
    }
}

/// Lets a title that is a name stand for the last step.
fn replace_by_title(ty: &Type, steps: &mut Vec<Vec<Word>>) -> bool {
    let Origin::Titled { title, context } = &ty.origin else {
        return false;
    };
    let title = sensible_title(title, context);
    let is_name = title.is_some();
    if let Some(title) = title {
        steps.pop();
        steps.push(title);
    }
    is_name
}

/// The groups that the last step names: by that step, or by a shorter one that it ends with.
pub(super) fn by_last_step(members: Vec<Member>) -> Vec<Vec<Member>> {
    let last = |member: &Member| member.place.steps[member.place.steps.len() - 1].clone();
    let mut groups: Vec<(Vec<Word>, Vec<Member>)> = Vec::new();
    for member in members {
        let step = last(&member);
        match groups
            .iter_mut()
            .find(|(known, _)| key(known) == key(&step))
        {
            Some((_, group)) => group.push(member),
            None => groups.push((step, vec![member])),
        }
    }
    groups.sort_by_key(|(step, _)| step.len());
    let mut joined: Vec<(Vec<Word>, Vec<Member>)> = Vec::new();
    for (step, group) in groups {
        let shorter = joined.iter_mut().find(|(known, _)| {
            !is_vague(known)
                && step.len() > known.len()
                && key(&step[step.len() - known.len()..]) == key(known)
        });
        match shorter {
            Some((_, known)) => known.extend(group),
            None => joined.push((step, group)),
        }
    }
    joined
        .into_iter()
        .map(|(_, mut group)| {
            group.sort_by_key(|member| member.id);
            group
        })
        .collect()
}

/// The members by a key of their places, each part in the order of the first of it.
pub(super) fn parted(group: &[Member], key: impl Fn(&Place) -> String) -> Vec<Vec<Member>> {
    let mut places: HashMap<String, usize> = HashMap::new();
    let mut parts: Vec<Vec<Member>> = Vec::new();
    for member in group {
        let place = *places.entry(key(&member.place)).or_insert(parts.len());
        if place == parts.len() {
            parts.push(Vec::new());
        }
        parts[place].push(member.clone());
    }
    parts
}

/// How many owners the members have.
pub(super) fn owners(group: &[Member]) -> usize {
    parted(group, |place| words::snake(&place.owner)).len()
}

/// How many of the last steps are the same for all.
pub(super) fn common_steps(group: &[Member]) -> usize {
    let first = &group[0].place.steps;
    let shared = |other: &Member| {
        let pairs = first.iter().rev().zip(other.place.steps.iter().rev());
        pairs.take_while(|(a, b)| key(a) == key(b)).count()
    };
    group.iter().map(shared).min().unwrap_or(0).min(3)
}

/// The words that all owners begin with.
pub(super) fn common_prefix(group: &[Member]) -> Vec<Word> {
    let first = &group[0].place.owner;
    let shared = |other: &Member| {
        first
            .iter()
            .zip(&other.place.owner)
            .take_while(|(a, b)| a == b)
            .count()
    };
    let length = group.iter().map(shared).min().unwrap_or(0);
    first[..length].to_vec()
}

/// The words that several names end with.
pub(super) fn common_last_words(names: &[&[Word]]) -> Vec<Word> {
    let first = names[0];
    let shared = |other: &&[Word]| {
        let pairs = first.iter().rev().zip(other.iter().rev());
        pairs.take_while(|(a, b)| a == b).count()
    };
    let length = names.iter().map(shared).min().unwrap_or(0);
    first[first.len() - length..].to_vec()
}

/// How many of the last words are the same for all.
pub(super) fn common_ending(group: &[Member]) -> usize {
    let first = group[0].place.words();
    let shared = |other: &Member| {
        let other = other.place.words();
        let pairs = first.iter().rev().zip(other.iter().rev());
        pairs
            .take_while(|(a, b)| words::singular(a) == words::singular(b))
            .count()
    };
    group.iter().map(shared).min().unwrap_or(0)
}

/// Words as a key that tells no plurals.
pub(super) fn ending(all: &[Word]) -> String {
    let all: Vec<Word> = all
        .iter()
        .map(|word| words::singular(&word.to_lowercase()))
        .collect();
    all.join(" ")
}

/// Whether words name nothing without an owner.
pub(super) fn is_vague(all: &[Word]) -> bool {
    all.iter().all(|word| {
        VAGUE.contains(&words::singular(word).as_str())
            || word.chars().count() < 3
            || word.chars().any(char::is_numeric)
    })
}

/// Whether a step is the request or an answer of an operation, and not a parameter.
fn is_direction(step: &str) -> bool {
    matches!(step, "request" | "response" | "error" | "event" | "line")
        || step.starts_with("error ")
}
