//! Places: where the types stand that may be shared, in words; and what several have in common.

use std::borrow::Cow;
use std::hash::Hash;
use std::sync::Arc;

use foldhash::{HashMap, HashMapExt as _};

use super::super::types::{Namer, joined};
use super::super::words::{self, Word, key, same_key};
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
pub(super) struct Place<'a> {
    /// What it belongs to: a thing of a resource, a component.
    pub(super) owner: Cow<'a, [Word]>,
    /// The same as one word, by which owners are told apart.
    pub(super) owner_name: String,
    /// The steps from there, each in words; one into an array is part of the step before. Never empty.
    pub(super) steps: Vec<Cow<'a, [Word]>>,
    /// Whether the last step is a title that the author gave.
    pub(super) titled: bool,
    /// Whether it is the whole of a body or an answer.
    pub(super) is_root: bool,
}

impl Place<'_> {
    pub(super) fn last(&self) -> &[Word] {
        // There is at least one step.
        &self.steps[self.steps.len() - 1]
    }

    /// The steps before the last.
    pub(super) fn before(&self) -> &[Cow<'_, [Word]>] {
        &self.steps[..self.steps.len() - 1]
    }

    /// What it stands in.
    pub(super) fn parent(&self) -> &[Word] {
        self.before().last().unwrap_or(&self.owner)
    }

    /// All words on the way.
    pub(super) fn words(&self) -> Vec<&str> {
        let steps = self.steps.iter().flat_map(|step| step.iter());
        self.owner.iter().chain(steps).map(String::as_str).collect()
    }
}

/// An equal type at its place.
#[derive(Debug, Clone)]
pub(super) struct Member<'a> {
    pub(super) id: TypeId,
    pub(super) place: Arc<Place<'a>>,
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

/// The place of a type, where it stands in the document or below what was shared before it.
pub(super) fn place<'a>(
    namer: &'a Namer<'_>,
    id: TypeId,
    ty: &Type,
    moved: Option<&[String]>,
) -> Option<Place<'a>> {
    let is_phrase = moved.is_some() || matches!(ty.origin, Origin::Shared(_));
    let context = namer.spoken(id, moved.or_else(|| context(ty))?);
    let is_operation = !is_phrase && namer.is_operation(context[0]);
    let mut owner = namer.owner(context[0], is_phrase);
    let mut rest = &context[1..];
    // A list of values of a parameter is called as the parameter.
    if let [parameter, "item"] = rest
        && is_operation
        && !is_direction(parameter)
    {
        rest = &rest[..1];
    }
    let directed = rest.first().is_some_and(|step| is_direction(step));
    let mut steps: Vec<Cow<'_, [Word]>> = Vec::with_capacity(rest.len());
    for step in rest {
        let words = namer.words(step);
        match steps.last_mut() {
            Some(last) if *step == "item" => *last = joined(&[std::mem::take(last), words]).into(),
            None if *step == "item" => owner = joined(&[owner, words]).into(),
            _ => steps.push(words),
        }
    }
    let is_root = is_operation && directed && steps.len() == 1;
    if is_root && steps[0][0] == "error" {
        // Whatever the status.
        steps[0] = vec!["error".to_owned(), "body".to_owned()].into();
    } else if directed && steps.len() > 1 && (is_operation || is_phrase) {
        steps.remove(0);
    }
    let title = match &ty.origin {
        Origin::Titled { title, context } => namer.title(title, context),
        _ => None,
    };
    let titled = title.is_some();
    if let Some(title) = title {
        steps.pop();
        steps.push(title);
    } else if let (Some(value), Some(last)) = (constant(&ty.shape), steps.last_mut())
        && let value = words::split(value)
        && value.len() <= 4
    {
        *last = joined(&[value.into(), std::mem::take(last)]).into();
    }
    (!steps.is_empty()).then(|| Place {
        owner_name: words::snake(&owner),
        owner,
        steps,
        titled,
        is_root,
    })
}

/// Finds the places of types, below what was shared before them.
pub(super) struct Places<'a> {
    namer: &'a Namer<'a>,
    api: &'a Api,
    /// By type: where it stands while nothing is shared.
    first: Vec<Option<Arc<Place<'a>>>>,
    moved: Moved<'a>,
}

/// What is shared, as a tree of the steps that led to it.
#[derive(Default)]
struct Moved<'a> {
    /// By node, of which the first is the root, and by step: the node there.
    steps: HashMap<(usize, &'a str), usize>,
    /// By node but the root: the new context.
    places: Vec<Option<Vec<String>>>,
}

impl<'a> Moved<'a> {
    fn insert(&mut self, context: &'a [String], place: Vec<String>) {
        let mut node = 0;
        for step in context {
            let places = &mut self.places;
            node = *self.steps.entry((node, step)).or_insert_with(|| {
                places.push(None);
                places.len()
            });
        }
        self.places[node - 1] = Some(place);
    }

    /// The new context of what stands in something that was moved.
    fn find(&self, context: &[String]) -> Option<Vec<String>> {
        let (mut node, mut found) = (0, None);
        for (index, step) in context.iter().enumerate() {
            let Some(next) = self.steps.get(&(node, step.as_str())) else {
                break;
            };
            node = *next;
            if let Some(place) = &self.places[node - 1] {
                found = Some((place, index + 1));
            }
        }
        let (place, length) = found?;
        Some([place, &context[length..]].concat())
    }
}

impl<'a> Places<'a> {
    /// `first` has, by type, the places where nothing is shared.
    pub(super) fn new(
        namer: &'a Namer<'a>,
        api: &'a Api,
        first: Vec<Option<Arc<Place<'a>>>>,
    ) -> Self {
        Self {
            namer,
            api,
            first,
            moved: Moved::default(),
        }
    }

    /// Lets what stands inside of a type be named below its new place.
    pub(super) fn move_to(&mut self, id: TypeId, place: Vec<String>) {
        if let Some(old) = context(&self.api.types[id]) {
            self.moved.insert(old, place);
        }
    }

    /// The new context of a type that stands inside of one that was moved.
    pub(super) fn moved(&self, context: &[String]) -> Option<Vec<String>> {
        self.moved.find(context)
    }

    /// The place of a type.
    pub(super) fn of(&self, id: TypeId) -> Option<Arc<Place<'a>>> {
        let ty = &self.api.types[id];
        match self.moved(context(ty)?) {
            Some(new) => place(self.namer, id, ty, Some(&new)).map(Arc::new),
            None => self.first[id.index()].clone(),
        }
    }
}

/// The groups that the last step names: by that step, or by a shorter one that it ends with.
pub(super) fn by_last_step<'a>(members: &[Member<'a>]) -> Vec<Vec<Member<'a>>> {
    let mut groups = parted(members, |place| key(place.last()));
    groups.sort_by_key(|group| group[0].place.last().len());
    let mut positions: HashMap<String, usize> = HashMap::new();
    let mut joined: Vec<Vec<Member<'_>>> = Vec::new();
    for group in groups {
        let place = Arc::clone(&group[0].place);
        let step = place.last();
        let shorter = (1..step.len()).find_map(|length| {
            let known = *positions.get(&key(&step[step.len() - length..]))?;
            let first: &Member<'_> = &joined[known][0];
            let first = first.place.last();
            (first.len() == length && !is_vague(first)).then_some(known)
        });
        if let Some(known) = shorter {
            joined[known].extend(group);
        } else {
            positions.insert(key(step), joined.len());
            joined.push(group);
        }
    }
    for group in &mut joined {
        group.sort_by_key(|member| member.id);
    }
    joined
}

/// The members by a key of their places, each part in the order of the first of it.
pub(super) fn parted<'a, 'm, K: Eq + Hash>(
    group: &'m [Member<'a>],
    key: impl Fn(&'m Place<'a>) -> K,
) -> Vec<Vec<Member<'a>>> {
    let mut positions: HashMap<K, usize> = HashMap::new();
    let mut parts: Vec<Vec<Member<'_>>> = Vec::new();
    for member in group {
        let position = *positions.entry(key(&member.place)).or_insert(parts.len());
        if position == parts.len() {
            parts.push(Vec::new());
        }
        parts[position].push(member.clone());
    }
    parts
}

/// Whether the members have more than one owner.
pub(super) fn have_owners(group: &[Member<'_>]) -> bool {
    let first = &group[0].place.owner_name;
    group.iter().any(|it| it.place.owner_name != *first)
}

/// How many of the last steps are the same for all.
pub(super) fn common_steps(group: &[Member<'_>]) -> usize {
    let first = &group[0].place.steps;
    let shared = |other: &Member<'_>| {
        let pairs = first.iter().rev().zip(other.place.steps.iter().rev());
        pairs.take_while(|(a, b)| same_key(a, b)).count()
    };
    group.iter().map(shared).min().unwrap_or(0).min(3)
}

/// The words that all owners begin with.
pub(super) fn common_prefix<'m>(group: &'m [Member<'_>]) -> &'m [Word] {
    let first = &group[0].place.owner;
    let shared = |other: &Member<'_>| {
        let pairs = first.iter().zip(other.place.owner.iter());
        pairs.take_while(|(a, b)| a == b).count()
    };
    let length = group.iter().map(shared).min().unwrap_or(0);
    &first[..length]
}

/// The words that several names end with.
pub(super) fn common_last_words<'m>(names: &[&'m [Word]]) -> &'m [Word] {
    let first = names[0];
    let shared = |other: &&[Word]| {
        let pairs = first.iter().rev().zip(other.iter().rev());
        pairs.take_while(|(a, b)| a == b).count()
    };
    let length = names.iter().map(shared).min().unwrap_or(0);
    &first[first.len() - length..]
}

/// How many of the last words are the same for all.
pub(super) fn common_ending(group: &[Member<'_>]) -> usize {
    let first = group[0].place.words();
    let shared = |other: &Member<'_>| {
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
    let mut text = String::new();
    for (index, word) in all.iter().enumerate() {
        if index > 0 {
            text.push(' ');
        }
        words::push_singular(&mut text, word);
    }
    text
}

/// Whether words name nothing without an owner.
pub(super) fn is_vague<W: AsRef<str>>(all: &[W]) -> bool {
    all.iter().map(AsRef::as_ref).all(|word| {
        VAGUE.contains(&&*words::singular(word))
            || word.chars().count() < 3
            || word.chars().any(char::is_numeric)
    })
}

/// Whether a step is the request or an answer of an operation, and not a parameter.
fn is_direction(step: &str) -> bool {
    matches!(step, "request" | "response" | "error" | "event" | "line")
        || step.starts_with("error ")
}
