//! Names of types: components as they are called, inline schemas after where they stand.

use std::collections::{BTreeMap, HashMap};

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
    let claims: Vec<Claim> = plain.iter().map(|id| wishes.claim(*id)).collect();
    for (id, name) in plain.iter().zip(scope.settle(&claims)) {
        names[id.index()] = Some(name);
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

pub(super) struct Namer<'a> {
    sources: &'a Sources<'a>,
    /// Leading parts of dotted names that nearly all components share.
    shared: Vec<&'a str>,
    components: HashMap<&'a str, Vec<Word>>,
    /// By type: what the union calls it that it stands in, where the document does not.
    members: HashMap<TypeId, &'a str>,
}

impl<'a> Namer<'a> {
    pub(super) fn new(sources: &'a Sources<'a>) -> Self {
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
        let mut members = HashMap::new();
        for (_, ty) in sources.api.types.iter() {
            if let Shape::Union(union) = &ty.shape {
                for variant in &union.variants {
                    members
                        .entry(variant.ty.id)
                        .or_insert(variant.hint.as_str());
                }
            }
        }
        Self {
            sources,
            shared,
            components,
            members,
        }
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
                candidates.extend(self.context_names(id, context));
                (4, candidates)
            }
            Origin::Shared(context) => (3, self.shared_names(id, context)),
            Origin::Inline(context) => (5, self.context_names(id, context)),
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

    /// What an inline schema without a title is called by its place alone.
    pub(super) fn inline_name(&self, id: TypeId) -> Option<String> {
        match &self.sources.api.types[id].origin {
            Origin::Inline(context) => self.context_names(id, context).into_iter().next(),
            _ => None,
        }
    }

    /// What is called after a place, which begins with an operation or a component, or with the words of a name.
    pub(super) fn place_name(&self, context: &[String], is_phrase: bool) -> String {
        let elements = if is_phrase {
            folded(context.iter().map(|element| words::split(element)))
        } else {
            self.elements(context)
        };
        place_names(elements).swap_remove(0)
    }

    /// The words of a component's name.
    pub(super) fn component(&self, name: &str) -> Vec<Word> {
        self.components
            .get(name)
            .cloned()
            .unwrap_or_else(|| component_words(name, &self.shared))
    }

    /// What the first step of a place belongs to: a component, the thing of an operation's resource.
    pub(super) fn owner(&self, element: &str, is_phrase: bool) -> Vec<Word> {
        let component = self.components.get(element).filter(|_| !is_phrase);
        let place = self.sources.places.get(element).filter(|_| !is_phrase);
        match (component, place) {
            (Some(words), _) => words.clone(),
            (None, Some(place)) => place.thing.clone(),
            (None, None) => words::split(element),
        }
    }

    /// Whether the first step of a place is an operation.
    pub(super) fn is_operation(&self, element: &str) -> bool {
        !self.components.contains_key(element) && self.sources.places.contains_key(element)
    }

    pub(super) fn asked(&self, ty: &Type) -> Option<&String> {
        let overrides = self.sources.overrides;
        match &ty.origin {
            Origin::Component(name) => overrides.get(name),
            _ => None,
        }
        .or_else(|| overrides.get(ty.pointer.as_str()))
    }

    /// The words of each step to a place.
    fn elements(&self, context: &[String]) -> Vec<Vec<Word>> {
        let steps = context.iter().enumerate();
        folded(steps.map(|(index, element)| self.element(index, element)))
    }

    /// The names of a place, the short one first: where it starts, and the last two steps to it.
    fn context_names(&self, id: TypeId, context: &[String]) -> Vec<String> {
        let elements = self.elements(context);
        let of_thing = self
            .filter_name(context, &elements)
            .filter(|(lists, _)| *lists)
            .map(|(_, name)| name);
        let mut names = Vec::from_iter(of_thing);
        if context.iter().any(|step| is_number_of_member(step)) {
            let spoken = self.spoken(id, context);
            names.extend(place_names(self.elements(&spoken)));
        }
        names.extend(place_names(elements));
        names
    }

    /// As [`Namer::context_names`], of places that begin with the words of a name.
    fn shared_names(&self, id: TypeId, context: &[String]) -> Vec<String> {
        let names = |context: &[String]| {
            place_names(folded(context.iter().map(|element| words::split(element))))
        };
        let mut found = names(&self.spoken(id, context));
        found.extend(names(context));
        found
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

    /// A place without the numbers of the members of unions on the way: the last is called by what tells it from the
    /// others.
    pub(super) fn spoken(&self, id: TypeId, context: &[String]) -> Vec<String> {
        let mut spoken: Vec<String> = Vec::with_capacity(context.len());
        for (index, step) in context.iter().enumerate() {
            if index == 0 || !is_number_of_member(step) {
                spoken.push(step.clone());
            } else if index + 1 == context.len()
                && let Some(hint) = self.members.get(&id)
            {
                spoken.push((*hint).to_owned());
            }
        }
        spoken
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

/// The steps to a place, with those into arrays as part of the step before.
fn folded(steps: impl Iterator<Item = Vec<Word>>) -> Vec<Vec<Word>> {
    let mut folded: Vec<Vec<Word>> = Vec::new();
    for words in steps {
        match folded.last_mut() {
            Some(last) if leads_into_array(&words) => {
                *last = joined(&[std::mem::take(last), words]);
            }
            _ => folded.push(words),
        }
    }
    folded
}

/// The names of a place from the words of its steps, the short one first: where it starts, and the last two steps to it.
fn place_names(elements: Vec<Vec<Word>>) -> Vec<String> {
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
    vec![pascal(&joined(&short)), full]
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
pub(super) fn sensible_title(title: &str, context: &[String]) -> Option<Vec<Word>> {
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
