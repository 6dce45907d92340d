//! What a type wishes to be called: its title, its component, or the steps to where it stands.

use std::borrow::Cow;
use std::collections::BTreeMap;

use foldhash::{HashMap, HashMapExt as _};

use super::super::path;
use super::super::words::{self, Symbols, Word, is_plural, pascal, same_key, singular, spell};
use super::{Sources, is_item};
use crate::ir::{Origin, Shape, Type, TypeId};

pub(in crate::names) struct Namer<'a> {
    sources: &'a Sources<'a>,
    /// Leading parts of dotted names that nearly all components share.
    shared: Vec<&'a str>,
    components: HashMap<&'a str, Vec<Word>>,
    /// By type: what the union calls it that it stands in, where the document does not.
    members: Vec<Option<&'a str>>,
    /// By title, and by step to an inline schema: its words.
    phrases: HashMap<&'a str, Vec<Word>>,
}

impl<'a> Namer<'a> {
    pub(in crate::names) fn new(sources: &'a Sources<'a>) -> Self {
        let types = &sources.api.types;
        let mut names: Vec<&str> = Vec::new();
        let mut members = vec![None; types.len()];
        let mut phrases: HashMap<&str, Vec<Word>> = HashMap::new();
        let mut add = |phrase: &'a str| {
            phrases
                .entry(phrase)
                .or_insert_with(|| words::split(phrase));
        };
        for (_, ty) in types.iter() {
            match &ty.origin {
                Origin::Component(name) => names.push(name),
                // What is no item has no name.
                _ if !is_item(ty) => {}
                Origin::Titled { title, context } => {
                    add(title);
                    context.iter().skip(1).for_each(|step| add(step));
                }
                Origin::Inline(context) => context.iter().skip(1).for_each(|step| add(step)),
                Origin::Shared(context) => context.iter().for_each(|step| add(step)),
            }
            if let Shape::Union(union) = &ty.shape {
                for variant in &union.variants {
                    members[variant.ty.id.index()].get_or_insert(variant.hint.as_str());
                }
            }
        }
        let shared = shared_namespace(&names);
        let components = names
            .iter()
            .map(|name| (*name, component_words(name, &shared)))
            .collect();
        Self {
            sources,
            shared,
            components,
            members,
            phrases,
        }
    }

    /// What a type is called where that is free, and the rank of its wish.
    pub(super) fn first_choice(&self, id: TypeId) -> (u8, String) {
        let ty = &self.sources.api.types[id];
        if let Some(asked) = self.asked(ty) {
            return (0, asked.clone());
        }
        let first = self.own_choices(id).next().unwrap_or_default();
        let rank = match &ty.origin {
            Origin::Component(name) => 2 - u8::from(first == *name),
            Origin::Shared(_) => 3,
            Origin::Titled { .. } => 4,
            Origin::Inline(_) => 5,
        };
        (rank, first)
    }

    /// What a type may be called, the best first.
    pub(super) fn choices(&self, id: TypeId) -> Vec<String> {
        let ty = &self.sources.api.types[id];
        let mut choices: Vec<String> = self.own_choices(id).collect();
        let kind = kind_word(&ty.shape);
        choices.push(format!("{}{kind}", choices[0]));
        if let Origin::Component(name) = &ty.origin {
            choices.push(pascal(&spell(name, Symbols::Spell)));
        }
        if let Some(asked) = self.asked(ty) {
            choices.insert(0, asked.clone());
        }
        choices
    }

    /// What a type is called after where it stands or what it is; at least one.
    fn own_choices(&self, id: TypeId) -> Box<dyn Iterator<Item = String> + '_> {
        match &self.sources.api.types[id].origin {
            Origin::Component(name) => {
                let full = || pascal(&words::split(name));
                let short = std::iter::once(pascal(&self.component(name)));
                Box::new(short.chain(std::iter::once_with(full)))
            }
            Origin::Titled { title, context } => {
                let places = move || self.context_names(id, context);
                let title = self.title(title, context).map(|title| pascal(&title));
                Box::new(title.into_iter().chain(lazily(places)))
            }
            Origin::Shared(context) => Box::new(self.shared_names(id, context)),
            Origin::Inline(context) => Box::new(self.context_names(id, context)),
        }
    }

    /// What an inline schema without a title is called by its place alone.
    pub(in crate::names) fn inline_name(&self, id: TypeId) -> Option<String> {
        match &self.sources.api.types[id].origin {
            Origin::Inline(context) => self.context_names(id, context).next(),
            _ => None,
        }
    }

    /// What is called after a place, which begins with an operation or a component, or with the words of a name.
    pub(in crate::names) fn place_name(&self, context: &[String], is_phrase: bool) -> String {
        let elements = if is_phrase {
            folded(context.iter().map(|element| self.words(element)))
        } else {
            self.elements(context)
        };
        pascal(&joined_words(&short(&elements)))
    }

    /// The words of a step to a place, or of a title.
    pub(in crate::names) fn words(&self, phrase: &str) -> Cow<'_, [Word]> {
        match self.phrases.get(phrase) {
            Some(words) => words.into(),
            None => words::split(phrase).into(),
        }
    }

    /// The words of a component's name.
    pub(in crate::names) fn component(&self, name: &str) -> Cow<'_, [Word]> {
        match self.components.get(name) {
            Some(words) => words.into(),
            None => component_words(name, &self.shared).into(),
        }
    }

    /// The words of a title that names the type; none where it describes, or only repeats the place.
    pub(in crate::names) fn title(
        &self,
        title: &str,
        context: &[String],
    ) -> Option<Cow<'_, [Word]>> {
        let words = self.words(title);
        let place = context.last().map(|place| self.words(place));
        is_name(title, &words, place.as_deref()).then_some(words)
    }

    /// What the first step of a place belongs to: a component, the thing of an operation's resource.
    pub(in crate::names) fn owner(&self, element: &str, is_phrase: bool) -> Cow<'_, [Word]> {
        let component = self.components.get(element).filter(|_| !is_phrase);
        let place = self.sources.places.get(element).filter(|_| !is_phrase);
        match (component, place) {
            (Some(words), _) => words.into(),
            (None, Some(place)) => (&place.thing).into(),
            (None, None) => self.words(element),
        }
    }

    /// Whether the first step of a place is an operation.
    pub(in crate::names) fn is_operation(&self, element: &str) -> bool {
        !self.components.contains_key(element) && self.sources.places.contains_key(element)
    }

    pub(in crate::names) fn asked(&self, ty: &Type) -> Option<&String> {
        let overrides = self.sources.overrides;
        match &ty.origin {
            Origin::Component(name) => overrides.get(name),
            _ => None,
        }
        .or_else(|| overrides.get(ty.pointer.as_str()))
    }

    /// The words of each step to a place.
    fn elements<S: AsRef<str>>(&self, context: &[S]) -> Vec<Cow<'_, [Word]>> {
        let steps = context.iter().enumerate();
        folded(steps.map(|(index, element)| self.element(index, element.as_ref())))
    }

    /// The names of a place, the short one first: where it starts, and the last two steps to it.
    fn context_names<'s>(
        &'s self,
        id: TypeId,
        context: &'s [String],
    ) -> impl Iterator<Item = String> + 's {
        let elements = self.elements(context);
        let of_thing = self
            .filter_name(context, &elements)
            .filter(|(lists, _)| *lists)
            .map(|(_, name)| name);
        let has_numbers = context.iter().any(|step| is_number_of_member(step));
        let spoken = has_numbers.then(|| place_names(self.elements(&self.spoken(id, context))));
        let names = of_thing.into_iter().chain(spoken.into_iter().flatten());
        names.chain(place_names(elements))
    }

    /// As [`Namer::context_names`], of places that begin with the words of a name.
    fn shared_names<'s>(
        &'s self,
        id: TypeId,
        context: &'s [String],
    ) -> impl Iterator<Item = String> + 's {
        let spoken = self.spoken(id, context);
        let spoken = folded(spoken.into_iter().map(|element| self.words(element)));
        let full = || place_names(folded(context.iter().map(|element| self.words(element))));
        place_names(spoken).chain(lazily(full))
    }

    /// The name of a parameter after the things of the operation's resource, and whether the operation lists them.
    fn filter_name(
        &self,
        context: &[String],
        elements: &[Cow<'_, [Word]>],
    ) -> Option<(bool, String)> {
        let (operation, [_, parameter]) = (context.first()?, elements) else {
            return None;
        };
        let is_payload = matches!(
            parameter.first()?.as_str(),
            "request" | "response" | "error" | "default"
        );
        let place = self
            .sources
            .places
            .get(operation.as_str())
            .filter(|_| !is_payload)?;
        // A list of values is a parameter of the same name.
        let values = match &**parameter {
            [values @ .., last] if context.len() == 3 && last == "item" => values,
            all => all,
        };
        let name = pascal(&joined_words(&[place.thing.as_slice(), values]));
        Some((place.lists, name))
    }

    /// A place without the numbers of the members of unions on the way: the last is called by what tells it from the
    /// others.
    pub(in crate::names) fn spoken<'s>(&self, id: TypeId, context: &'s [String]) -> Vec<&'s str>
    where
        'a: 's,
    {
        let mut spoken: Vec<&str> = Vec::with_capacity(context.len());
        for (index, step) in context.iter().enumerate() {
            if index == 0 || !is_number_of_member(step) {
                spoken.push(step);
            } else if index + 1 == context.len()
                && let Some(hint) = self.members[id.index()]
            {
                spoken.push(hint);
            }
        }
        spoken
    }

    fn element(&self, index: usize, element: &str) -> Cow<'_, [Word]> {
        if index == 0 {
            if let Some(words) = self.components.get(element) {
                return words.into();
            }
            if let Some(place) = self.sources.places.get(element) {
                return (&place.request).into();
            }
        }
        self.words(element)
    }
}

/// What a function gives that is not called before it has to be.
fn lazily<I: Iterator>(make: impl FnOnce() -> I) -> impl Iterator<Item = I::Item> {
    std::iter::once_with(make).flatten()
}

/// The steps to a place, with those into arrays as part of the step before.
fn folded<'w>(steps: impl Iterator<Item = Cow<'w, [Word]>>) -> Vec<Cow<'w, [Word]>> {
    let mut folded: Vec<Cow<'w, [Word]>> = Vec::with_capacity(steps.size_hint().0);
    for words in steps {
        match folded.last_mut() {
            Some(last) if leads_into_array(&words) => {
                *last = joined(&[std::mem::take(last), words]).into();
            }
            _ => folded.push(words),
        }
    }
    folded
}

/// The names of a place from the words of its steps, the short one first.
fn place_names(elements: Vec<Cow<'_, [Word]>>) -> impl Iterator<Item = String> + '_ {
    let name = move |is_short: bool| {
        if is_short {
            pascal(&joined_words(&short(&elements)))
        } else {
            pascal(&joined_words(&elements))
        }
    };
    [true, false].into_iter().map(name)
}

/// The steps to a place that its short name says: where it starts, and the last two.
fn short<'e>(elements: &'e [Cow<'_, [Word]>]) -> Vec<&'e [Word]> {
    let is_direction =
        |words: &[Word]| matches!(words, [word] if word == "request" || word == "response");
    let mut short: Vec<&[Word]> = elements.iter().map(|words| &**words).collect();
    if short.len() > 2 && is_direction(short[1]) {
        short.remove(1);
    }
    if short.len() > 3 {
        short.drain(1..short.len() - 2);
    }
    short
}

/// Leading dotted parts that three quarters of the components share: a namespace of the author's code.
fn shared_namespace<'a>(names: &[&'a str]) -> Vec<&'a str> {
    let mut shared: Vec<&str> = Vec::new();
    loop {
        let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
        for name in names {
            let parts: Vec<&str> = name.split('.').collect();
            if parts.len() > shared.len() + 1 && parts.starts_with(&shared) {
                *counts.entry(parts[shared.len()]).or_default() += 1;
            }
        }
        match counts.into_iter().max_by_key(|(_, count)| *count) {
            Some((part, count)) if count >= 4 && count * 4 >= names.len() * 3 => shared.push(part),
            _ => return shared,
        }
    }
}

/// The words of a component's name. Of a dotted name, lower-case parts before the capitalized type are a package and
/// go, except a version right before it: `io.k8s.api.core.v1.Pod` is `V1Pod`, `checkout.session` keeps both.
fn component_words(name: &str, shared: &[&str]) -> Vec<Word> {
    let parts: Vec<&str> = name.split('.').collect();
    if parts.len() < 2 || parts.iter().any(|part| part.is_empty()) {
        return words::split(name);
    }
    let own = if parts.len() > shared.len() && parts.starts_with(shared) {
        &parts[shared.len()..]
    } else {
        &parts
    };
    let starts_upper = |part: &&str| part.chars().next().is_some_and(char::is_uppercase);
    let first_type = own.iter().position(starts_upper).unwrap_or(0);
    let start = match first_type.checked_sub(1) {
        Some(before) if path::is_version(own[before]) => before,
        _ => first_type,
    };
    own[start..]
        .iter()
        .flat_map(|part| words::split(part))
        .collect()
}

/// Whether a title of these words names a type, rather than describing it or repeating the last step to its place.
fn is_name(title: &str, words: &[Word], place: Option<&[Word]>) -> bool {
    let is_short =
        words.len() <= 4 && title.len() <= 40 && !title.contains(['.', ',', ':', '{', '<', '(']);
    let repeats = || place.is_some_and(|place| same_key(place, words));
    let is_vague = || {
        words.len() < 2 && title.chars().next().is_none_or(char::is_lowercase)
            || matches!(
                words[0].as_str(),
                "response"
                    | "request"
                    | "body"
                    | "item"
                    | "items"
                    | "object"
                    | "data"
                    | "value"
                    | "result"
            )
    };
    is_short && !is_vague() && !repeats()
}

/// Whether a step to a place is that of a member of a union that the document does not name: `variant2`.
fn is_number_of_member(step: &str) -> bool {
    step.strip_prefix("variant").is_some_and(|number| {
        !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit())
    })
}

/// Whether a step to a place leads into an array.
fn leads_into_array(words: &[Word]) -> bool {
    matches!(words, [word] if word == "item")
}

/// Joins the words of a place, without saying twice what one part ends and the next begins with.
pub(in crate::names) fn joined<E: AsRef<[Word]>>(elements: &[E]) -> Vec<Word> {
    let words = joined_words(elements).into_iter();
    words.map(Cow::into_owned).collect()
}

/// As [`joined`], of words that stay where they are.
fn joined_words<E: AsRef<[Word]>>(elements: &[E]) -> Vec<Cow<'_, str>> {
    let elements = elements.iter().map(AsRef::as_ref);
    let mut all: Vec<Cow<'_, str>> = Vec::with_capacity(elements.clone().map(<[_]>::len).sum());
    for element in elements {
        if leads_into_array(element)
            && let Some(last) = all.last_mut()
        {
            if is_plural(last) {
                *last = singular(last).into_owned().into();
            } else {
                all.push("item".into());
            }
            continue;
        }
        let overlap = (1..=element.len().min(all.len()))
            .rev()
            .find(|&length| same_key(&all[all.len() - length..], &element[..length]))
            .unwrap_or(0);
        all.truncate(all.len() - overlap);
        all.extend(element.iter().map(|word| Cow::from(word.as_str())));
    }
    all
}

fn kind_word(shape: &Shape) -> &'static str {
    match shape {
        Shape::Object(_) => "Object",
        Shape::Enumeration(_) => "Value",
        Shape::Union(_) => "Choice",
        Shape::Array(_) => "List",
        Shape::Map(_) => "Map",
        _ => "Type",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn component(name: &str) -> String {
        pascal(&component_words(name, &[]))
    }

    #[test]
    fn dotted_components_keep_what_tells_them_apart() {
        for (name, expected) in [
            ("io.k8s.api.core.v1.Pod", "V1Pod"),
            ("io.k8s.apimachinery.pkg.api.resource.Quantity", "Quantity"),
            ("api.v1.Foo", "V1Foo"),
            ("checkout.session", "CheckoutSession"),
            ("Envelope.Status", "EnvelopeStatus"),
            ("account_branding_settings", "AccountBrandingSettings"),
            ("Page«User»", "PageUser"),
            ("a..b", "AB"),
        ] {
            assert_eq!(component(name), expected);
        }
        let names = [
            "My.App.Models.User",
            "My.App.Models.Order",
            "My.App.Models.Line",
            "My.App.Models.Cart",
        ];
        let shared = shared_namespace(&names);
        assert_eq!(pascal(&component_words(names[0], &shared)), "User");
    }

    #[test]
    fn places_are_joined_without_repetition() {
        let name = |elements: &[&str]| {
            pascal(&joined(
                &elements
                    .iter()
                    .map(|element| words::split(element))
                    .collect::<Vec<_>>(),
            ))
        };
        assert_eq!(name(&["Session", "meta"]), "SessionMeta");
        assert_eq!(name(&["listSessions", "response"]), "ListSessionsResponse");
        assert_eq!(name(&["Foo", "fooStatus"]), "FooStatus");
        assert_eq!(name(&["Post", "tags", "item"]), "PostTag");
        assert_eq!(name(&["Post", "meta", "item"]), "PostMetaItem");
        assert_eq!(name(&["Users", "user", "address"]), "UserAddress");
    }

    #[test]
    fn a_title_names_only_where_it_is_a_name() {
        let title = |title: &str, place: &str| {
            let words = words::split(title);
            is_name(title, &words, Some(&words::split(place))).then(|| pascal(&words))
        };
        assert_eq!(
            title("Billing Address", "address").as_deref(),
            Some("BillingAddress")
        );
        assert_eq!(
            title("Location Inner", "loc").as_deref(),
            Some("LocationInner")
        );
        assert_eq!(title("Status", "status"), None);
        assert_eq!(title("Response 200 Get Items", "response"), None);
        assert_eq!(title("The address, as the user gave it", "address"), None);
    }
}
