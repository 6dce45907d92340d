//! Names of types: components as they are called, inline schemas after where they stand.

use std::collections::hash_map::Entry;
use std::collections::{BTreeMap, HashMap, HashSet};

use super::ident::Ident;
use super::scope::{Claim, Scope};
use super::words::{self, Symbols, Word, is_plural, key, pascal, singular, spell};
use super::{Issue, path, reserved};
use crate::ir::{Api, BodyKind, Form, Operation, Origin, Shape, Type, TypeId, TypeRef, Types};

/// What types are named from beside the arena.
pub(super) struct Sources<'a> {
    pub(super) api: &'a Api,
    /// By operation id: what its inline schemas are named after.
    pub(super) places: HashMap<&'a str, Place>,
    /// By component name or pointer: the name that the user asks for.
    pub(super) overrides: &'a BTreeMap<String, String>,
}

/// What the inline schemas of an operation are named after.
pub(super) struct Place {
    /// The words of its request's struct.
    pub(super) request: Vec<Word>,
    /// A thing of its resource.
    pub(super) thing: Vec<Word>,
    /// Whether it lists just these things, so that its parameters speak of them.
    pub(super) lists: bool,
}

/// Names every type that is an item of its own.
pub(super) fn assign(
    sources: &Sources<'_>,
    issues: &mut Vec<Issue>,
) -> (Vec<Option<Ident>>, Scope<'static>) {
    let types = &sources.api.types;
    let mut scope = Scope::new(reserved::TYPES);
    let mut names: Vec<Option<Ident>> = vec![None; types.len()];
    let wishes = Namer::new(sources);
    let plain: Vec<TypeId> = types
        .iter()
        .filter(|(_, ty)| is_item(ty) && base(ty).is_none())
        .map(|(id, _)| id)
        .collect();
    let plain: Vec<TypeId> = plain
        .into_iter()
        .filter(|id| !wishes.filters.twins.contains_key(id))
        .collect();
    let claims: Vec<Claim> = plain.iter().map(|id| wishes.claim(*id)).collect();
    for (id, name) in plain.iter().zip(scope.settle(&claims)) {
        names[id.index()] = Some(name);
    }
    for (twin, first) in &wishes.filters.twins {
        let shared = names[first.index()].clone();
        names[twin.index()] = shared;
    }
    report_overrides(sources, &names, issues);
    assign_forms(sources.api, &mut names, &mut scope);
    (names, scope)
}

/// Whether a type is emitted as an item: what has members always, another name only where the author gave it.
fn is_item(ty: &Type) -> bool {
    match ty.shape {
        Shape::Object(_) | Shape::Enumeration(_) | Shape::Union(_) | Shape::Newtype(_) => true,
        _ => matches!(ty.origin, Origin::Component(_)),
    }
}

/// The type that this one is another form of.
fn base(ty: &Type) -> Option<TypeId> {
    match ty.form {
        Form::Request(base) | Form::Multipart(base) => Some(base),
        Form::Shared | Form::Response => None,
    }
}

struct Namer<'a> {
    sources: &'a Sources<'a>,
    /// Leading parts of dotted names that nearly all components share.
    shared: Vec<&'a str>,
    components: HashMap<&'a str, Vec<Word>>,
    filters: Filters,
}

/// Enumerations of parameters that several operations of a resource take alike.
#[derive(Default)]
struct Filters {
    /// The first of each, which is named after the resource.
    shared: HashSet<TypeId>,
    /// The others, which are the first over again.
    twins: BTreeMap<TypeId, TypeId>,
}

impl<'a> Namer<'a> {
    fn new(sources: &'a Sources<'a>) -> Self {
        let names: Vec<&str> = sources
            .api
            .types
            .iter()
            .filter_map(|(_, ty)| match &ty.origin {
                Origin::Component(name) => Some(name.as_str()),
                _ => None,
            })
            .collect();
        let shared = shared_namespace(&names);
        let components = names
            .iter()
            .map(|name| (*name, component_words(name, &shared)))
            .collect();
        let mut wishes = Self {
            sources,
            shared,
            components,
            filters: Filters::default(),
        };
        wishes.filters = wishes.filters();
        wishes
    }

    /// Finds the enumerations that stand inline in parameters of one name and have the same values.
    fn filters(&self) -> Filters {
        let mut filters = Filters::default();
        let mut firsts: HashMap<(String, String), TypeId> = HashMap::new();
        for (id, ty) in self.sources.api.types.iter() {
            let (Origin::Inline(context), Shape::Enumeration(enumeration)) =
                (&ty.origin, &ty.shape)
            else {
                continue;
            };
            let Some((_, name)) = self.filter_name(context, &self.elements(context)) else {
                continue;
            };
            if self.asked(ty).is_some() {
                continue;
            }
            let values: Vec<String> = enumeration
                .values
                .iter()
                .map(|value| format!("{} {:?}", value.value, value.name))
                .collect();
            match firsts.entry((name, values.join("\n"))) {
                Entry::Vacant(entry) => {
                    entry.insert(id);
                }
                Entry::Occupied(entry) => {
                    filters.shared.insert(*entry.get());
                    filters.twins.insert(id, *entry.get());
                }
            }
        }
        filters
    }

    fn claim(&self, id: TypeId) -> Claim {
        let ty = &self.sources.api.types[id];
        let (rank, mut candidates) = match &ty.origin {
            Origin::Component(name) => {
                let short = pascal(
                    &self
                        .components
                        .get(name.as_str())
                        .cloned()
                        .unwrap_or_else(|| component_words(name, &self.shared)),
                );
                let rank = if short == *name { 1 } else { 2 };
                (rank, vec![short, pascal(&words::split(name))])
            }
            Origin::Titled { title, context } => {
                let mut candidates = Vec::new();
                if let Some(title) = sensible_title(title, context) {
                    candidates.push(pascal(&title));
                }
                candidates.extend(self.context_names(context));
                (3, candidates)
            }
            Origin::Inline(context) => {
                let mut candidates = self.context_names(context);
                if self.filters.shared.contains(&id)
                    && let Some((_, name)) = self.filter_name(context, &self.elements(context))
                {
                    candidates.insert(0, name);
                }
                (4, candidates)
            }
        };
        let kind = kind_word(&ty.shape);
        let base = candidates[0].clone();
        candidates.push(format!("{base}{kind}"));
        if let Origin::Component(name) = &ty.origin {
            candidates.push(pascal(&spell(name, Symbols::Spell)));
        }
        match self.asked(ty) {
            Some(asked) => Claim::new(0, std::iter::once(asked.clone()).chain(candidates)),
            None => Claim::new(rank, candidates),
        }
    }

    fn asked(&self, ty: &Type) -> Option<&String> {
        let overrides = self.sources.overrides;
        match &ty.origin {
            Origin::Component(name) => overrides.get(name),
            _ => None,
        }
        .or_else(|| overrides.get(ty.pointer.as_str()))
    }

    /// The words of each step to a place.
    fn elements(&self, context: &[String]) -> Vec<Vec<Word>> {
        let mut elements: Vec<Vec<Word>> = Vec::with_capacity(context.len());
        for (index, element) in context.iter().enumerate() {
            let words = self.element(index, element);
            match elements.last_mut() {
                Some(last) if leads_into_array(&words) => {
                    *last = joined(&[std::mem::take(last), words]);
                }
                _ => elements.push(words),
            }
        }
        elements
    }

    /// The names of a place, the short one first: where it starts, and the last two steps to it.
    fn context_names(&self, context: &[String]) -> Vec<String> {
        let elements = self.elements(context);
        let of_thing = self
            .filter_name(context, &elements)
            .filter(|(lists, _)| *lists)
            .map(|(_, name)| name);
        let full = pascal(&joined(&elements));
        let is_direction =
            |words: &[Word]| matches!(words, [word] if word == "request" || word == "response");
        let mut short = elements;
        if short.len() > 2 && is_direction(&short[1]) {
            short.remove(1);
        }
        if short.len() > 3 {
            short.drain(1..short.len() - 2);
        }
        let mut names = Vec::from_iter(of_thing);
        names.extend([pascal(&joined(&short)), full]);
        names
    }

    /// The name of a parameter after the things of the operation's resource, and whether the operation lists them.
    fn filter_name(&self, context: &[String], elements: &[Vec<Word>]) -> Option<(bool, String)> {
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
        let values = match parameter.as_slice() {
            [values @ .., last] if context.len() == 3 && last == "item" => values,
            all => all,
        };
        let name = pascal(&joined(&[place.thing.clone(), values.to_vec()]));
        Some((place.lists, name))
    }

    fn element(&self, index: usize, element: &str) -> Vec<Word> {
        if index == 0 {
            if let Some(words) = self.components.get(element) {
                return words.clone();
            }
            if let Some(place) = self.sources.places.get(element) {
                return place.request.clone();
            }
        }
        words::split(element)
    }
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

/// The words of a title that names the type; none where it describes, or only repeats the place.
fn sensible_title(title: &str, context: &[String]) -> Option<Vec<Word>> {
    let words = words::split(title);
    let is_short =
        words.len() <= 4 && title.len() <= 40 && !title.contains(['.', ',', ':', '{', '<', '(']);
    let repeats = context
        .last()
        .is_some_and(|place| key(&words::split(place)) == key(&words));
    let is_vague = words.len() < 2 && title.chars().next().is_none_or(char::is_lowercase)
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
        );
    (is_short && !repeats && !is_vague).then_some(words)
}

/// Whether a step to a place leads into an array.
fn leads_into_array(words: &[Word]) -> bool {
    matches!(words, [word] if word == "item" || word == "items")
}

/// Joins the words of a place, without saying twice what one part ends and the next begins with.
pub(super) fn joined(elements: &[Vec<Word>]) -> Vec<Word> {
    let mut all: Vec<Word> = Vec::new();
    for element in elements {
        if leads_into_array(element)
            && let Some(last) = all.last_mut()
        {
            if is_plural(last) {
                *last = singular(last);
            } else {
                all.push("item".to_owned());
            }
            continue;
        }
        let overlap = (1..=element.len().min(all.len()))
            .rev()
            .find(|&length| key(&all[all.len() - length..]) == key(&element[..length]))
            .unwrap_or(0);
        all.truncate(all.len() - overlap);
        all.extend_from_slice(element);
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

fn report_overrides(sources: &Sources<'_>, names: &[Option<Ident>], issues: &mut Vec<Issue>) {
    for (key, asked) in sources.overrides {
        let found = sources.api.types.iter().find(|(_, ty)| {
            ty.pointer.as_str() == key
                || matches!(&ty.origin, Origin::Component(name) if name == key)
        });
        let Some((id, ty)) = found else {
            issues.push(Issue {
                pointer: crate::diagnostic::Pointer::default(),
                message: format!(
                    "no type is called `{key}`: remove the name `{asked}` that is asked for it"
                ),
            });
            continue;
        };
        let given = names[id.index()].as_ref().map(ToString::to_string);
        if given.as_deref() != Some(asked) {
            let given = given.unwrap_or_else(|| "no name, being written in place".to_owned());
            issues.push(Issue {
                pointer: ty.pointer.clone(),
                message: format!("the type cannot be called `{asked}`, which is taken or no identifier; it has {given}"),
            });
        }
    }
}

/// Names the request and multipart forms after the type that they are a form of.
fn assign_forms(api: &Api, names: &mut [Option<Ident>], scope: &mut Scope<'_>) {
    let bodies = bodies(api);
    // A multipart form may be made from a request form: two rounds name both.
    for _ in 0..3 {
        let ready: Vec<(TypeId, String)> = api
            .types
            .iter()
            .filter(|(id, ty)| names[id.index()].is_none() && is_item(ty))
            .filter_map(|(id, ty)| Some((id, names[base(ty)?.index()].as_ref()?.to_string())))
            .collect();
        let claims: Vec<Claim> = ready
            .iter()
            .map(|(id, base)| form_claim(base, &api.types[*id], bodies.get(id).copied()))
            .collect();
        for ((id, _), name) in ready.iter().zip(scope.settle(&claims)) {
            names[id.index()] = Some(name);
        }
    }
}

/// Which operations take a type as their whole body.
#[derive(Debug, Clone, Copy, Default)]
struct Takers {
    create: bool,
    update: bool,
    other: bool,
}

fn bodies(api: &Api) -> HashMap<TypeId, Takers> {
    let mut takers: HashMap<TypeId, Takers> = HashMap::new();
    for operation in &api.operations {
        for media in operation.body.iter().flat_map(|body| &body.media) {
            let (BodyKind::Json(ty)
            | BodyKind::Form(ty, _)
            | BodyKind::Multipart(ty, _)
            | BodyKind::Xml(ty)
            | BodyKind::Lines(ty)) = &media.kind
            else {
                continue;
            };
            for id in [ty.id, element(&api.types, *ty)] {
                let taker = takers.entry(id).or_default();
                match operation.method.as_str() {
                    "POST" if creates(operation) => taker.create = true,
                    "PUT" | "PATCH" => taker.update = true,
                    _ => taker.other = true,
                }
            }
        }
    }
    takers
}

/// The type behind aliases and one array.
fn element(types: &Types, reference: TypeRef) -> TypeId {
    let ty = types.unalias(reference);
    match &types[ty.id].shape {
        Shape::Array(item) => types.unalias(*item).id,
        _ => ty.id,
    }
}

/// Whether a POST goes to a collection, and not to one thing or to an action on it.
fn creates(operation: &Operation) -> bool {
    let steps = path::steps(&operation.path);
    steps
        .last()
        .and_then(path::Step::literal)
        .is_some_and(|words| !super::verbs::is_verb(&words[0]) || words[0] == "create")
}

fn form_claim(base: &str, ty: &Type, takers: Option<Takers>) -> Claim {
    let mut candidates = Vec::new();
    if matches!(ty.form, Form::Multipart(_)) {
        candidates.push(format!("{base}Form"));
    } else {
        match takers {
            Some(Takers {
                create: true,
                update: false,
                other: false,
            }) if !base.starts_with("New") => {
                candidates.push(format!("New{base}"));
            }
            Some(Takers {
                create: false,
                update: true,
                other: false,
            }) if !base.ends_with("Update") => {
                candidates.push(format!("{base}Update"));
            }
            _ => {}
        }
    }
    candidates.extend([
        format!("{base}Input"),
        format!("{base}Parameters"),
        format!("{base}Body"),
    ]);
    Claim::new(0, candidates)
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
            sensible_title(title, &["Foo".to_owned(), place.to_owned()]).map(|words| pascal(&words))
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
