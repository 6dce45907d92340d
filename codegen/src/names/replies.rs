//! Enums of errors and structs of headers that are equal, and what the one that stands for them is called.
//!
//! What one is called follows from what it holds and from nothing else; where that gives no readable name, or one that
//! another has, each operation keeps its own. It must not know how either is printed.

use std::collections::{BTreeMap, HashSet};
use std::fmt::Write as _;

use super::ident::Ident;
use super::scope::Scope;
use super::words::{self, Word, pascal};
use super::{OperationNames, Resource, reserved};
use crate::ir::{
    Api, Case, Constraints, Parameter, Payload, Shape, StatusPattern, TypeId, TypeRef,
};

/// A longer name is not readable: its operations keep their own.
const LONGEST: usize = 60;

/// What operations have in common of their replies.
#[derive(Debug, Clone)]
pub struct Replies {
    /// The module of what several resources have in common: `replies`.
    pub module: Ident,
    /// The items, by name.
    pub items: Vec<SharedReply>,
}

/// An enum of errors or a struct of headers that several operations have in common.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SharedReply {
    /// The item: `RateLimitHeaders`.
    pub name: Ident,
    /// The uses, in the document's order: operations, by index, and which item of theirs it is. All are of one kind.
    pub uses: Vec<(usize, ReplyItem)>,
    /// By status or header of the first use: whether all uses say the same of it.
    pub agreed: Vec<bool>,
    /// The resources whose operations use it, by index, in order: of one alone the item stands in its module, else in
    /// [`Replies::module`].
    pub resources: Vec<usize>,
}

impl SharedReply {
    /// The one resource in whose module it stands.
    pub fn home(&self) -> Option<usize> {
        match self.resources.as_slice() {
            [only] => Some(*only),
            _ => None,
        }
    }
}

/// An item of an operation that others may have, too.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum ReplyItem {
    /// The enum of errors.
    Errors,
    /// The headers of successes.
    Headers,
    /// The headers of errors.
    ErrorHeaders,
}

/// What an operation's items are instead of their own, by position in [`Replies::items`].
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct SharedReplies {
    /// The enum of errors.
    pub errors: Option<usize>,
    /// The headers of successes.
    pub headers: Option<usize>,
    /// The headers of errors.
    pub error_headers: Option<usize>,
}

impl SharedReplies {
    /// That of an item.
    pub fn of(self, item: ReplyItem) -> Option<usize> {
        match item {
            ReplyItem::Errors => self.errors,
            ReplyItem::Headers => self.headers,
            ReplyItem::ErrorHeaders => self.error_headers,
        }
    }

    fn set(&mut self, item: ReplyItem, position: usize) {
        *match item {
            ReplyItem::Errors => &mut self.errors,
            ReplyItem::Headers => &mut self.headers,
            ReplyItem::ErrorHeaders => &mut self.error_headers,
        } = Some(position);
    }
}

/// Finds what is equal, names it, and tells the operations.
pub(super) fn assign(
    api: &Api,
    types: &[Option<Ident>],
    resources: &[Resource],
    operations: &mut [OperationNames],
    taken: &HashSet<String>,
) -> Replies {
    let mut modules = Scope::of_modules();
    for resource in resources {
        modules.reserve(resource.module.unraw());
    }
    if !api.webhooks.is_empty() {
        modules.reserve("webhooks");
    }
    let module =
        modules.mint(["replies", "shared_replies", "documented_replies"].map(str::to_owned));
    let spelling = Spelling { api, types };
    let groups = groups(&spelling, operations);
    let taken = taken_by(resources, operations, taken);
    let mut items: Vec<SharedReply> = named(groups, &taken)
        .into_iter()
        .map(|(name, Group { uses, agreed, .. })| {
            let resources: HashSet<usize> = uses
                .iter()
                .map(|(operation, _)| operations[*operation].resource)
                .collect();
            let mut resources: Vec<usize> = resources.into_iter().collect();
            resources.sort_unstable();
            SharedReply {
                name,
                uses,
                agreed,
                resources,
            }
        })
        .collect();
    items.sort_by(|a, b| a.name.cmp(&b.name));
    for (position, shared) in items.iter().enumerate() {
        for (operation, item) in &shared.uses {
            operations[*operation].shared.set(*item, position);
        }
    }
    follow(api, operations);
    Replies { module, items }
}

/// A stream has the items of the operation that it is of: where these are shared, so are its own.
fn follow(api: &Api, operations: &mut [OperationNames]) {
    let mut base = 0;
    for index in 0..operations.len() {
        if !api.operations[index].is_stream {
            base = index;
            continue;
        }
        let (name, of) = (operations[base].headers.0.clone(), operations[base].shared);
        let own = &mut operations[index];
        own.shared.errors = of.errors;
        own.shared.error_headers = of.error_headers;
        if own.headers.0 == name {
            own.shared.headers = of.headers;
        }
    }
}

/// The names that a shared item must not have.
fn taken_by(
    resources: &[Resource],
    operations: &[OperationNames],
    types: &HashSet<String>,
) -> HashSet<String> {
    let mut taken = types.clone();
    taken.extend(resources.iter().map(|resource| resource.ty.to_string()));
    for names in operations {
        let own = [
            &names.request,
            &names.endpoint,
            &names.bodies.0,
            &names.successes.0,
            &names.errors.0,
            &names.headers.0,
            &names.error_headers.0,
        ];
        taken.extend(own.map(ToString::to_string));
    }
    taken
}

/// Equal items.
struct Group<'a> {
    /// The names that they could have, the best first.
    candidates: Vec<Option<String>>,
    uses: Vec<(usize, ReplyItem)>,
    /// What the first use says of its statuses or headers, by what these are called on the wire.
    said: Vec<(String, Said<'a>)>,
    /// By position there: whether all others say the same.
    agreed: Vec<bool>,
}

impl<'a> Group<'a> {
    fn new(candidates: Vec<Option<String>>, said: Vec<(String, Said<'a>)>) -> Self {
        Self {
            candidates,
            uses: Vec::new(),
            agreed: vec![true; said.len()],
            said,
        }
    }

    fn add(&mut self, index: usize, item: ReplyItem, said: &[(String, Said<'a>)]) {
        self.uses.push((index, item));
        for ((wire, first), agreed) in self.said.iter().zip(&mut self.agreed) {
            let other = said.iter().find(|(known, _)| known == wire);
            *agreed &= other.is_some_and(|(_, other)| first == other);
        }
    }
}

/// What a document says of a status or a header. Of several examples any will do.
struct Said<'a> {
    texts: [Option<&'a str>; 3],
    rules: Option<(&'a Constraints, Option<&'a serde_json::Value>)>,
}

impl PartialEq for Said<'_> {
    fn eq(&self, other: &Self) -> bool {
        let same = |(a, b): (&Option<&str>, &Option<&str>)| match (a, b) {
            (Some(a), Some(b)) => a.split_whitespace().eq(b.split_whitespace()),
            (a, b) => a == b,
        };
        let mut texts = self.texts.iter().zip(&other.texts);
        self.rules == other.rules && texts.all(same)
    }
}

fn said_of_errors<'a>(cases: &[(usize, &'a Case)]) -> Vec<(String, Said<'a>)> {
    let said = cases.iter().map(|(_, case)| {
        let texts = [Some(case.description.as_str()), None, None];
        (status(case.status), Said { texts, rules: None })
    });
    said.collect()
}

fn said_of_headers<'a>(headers: &[Listed<'a>]) -> Vec<(String, Said<'a>)> {
    let said = headers.iter().map(|Listed { header, .. }| {
        let doc = &header.doc;
        let texts = [&doc.title, &doc.description, &doc.url].map(|text| text.as_deref());
        let rules = Some((&header.constraints, doc.default.as_ref()));
        (header.wire.to_ascii_lowercase(), Said { texts, rules })
    });
    said.collect()
}

/// The groups of two or more equal items, in an order that follows from what they hold.
fn groups<'a>(spelling: &Spelling<'a>, operations: &'a [OperationNames]) -> Vec<Group<'a>> {
    let mut found: BTreeMap<String, Group<'a>> = BTreeMap::new();
    let mut add_headers = |index: usize, item: ReplyItem, headers: &[Listed<'a>]| {
        if headers.is_empty() {
            return;
        }
        let said = said_of_headers(headers);
        let group = found.entry(spelling.headers_key(headers));
        let first = || Group::new(spelling.headers_names(headers), said_of_headers(headers));
        group.or_insert_with(first).add(index, item, &said);
    };
    let mut base = 0;
    let all = || spelling.api.operations.iter().zip(operations).enumerate();
    for (index, (operation, names)) in all() {
        if !operation.is_stream {
            base = index;
            let headers = Listed::of(&operation.error_headers(), &names.error_headers.1);
            add_headers(index, ReplyItem::ErrorHeaders, &headers);
        } else if operations[base].headers.0 == names.headers.0 {
            continue;
        }
        let headers = Listed::of(&operation.success_headers(), &names.headers.1);
        add_headers(index, ReplyItem::Headers, &headers);
    }
    for (index, (operation, names)) in all().filter(|(_, (it, _))| !it.is_stream) {
        let cases: Vec<(usize, &Case)> = operation.documented_errors().collect();
        if cases.is_empty() {
            continue;
        }
        let said = said_of_errors(&cases);
        let group = found.entry(spelling.errors_key(&cases, &names.errors.1));
        let first = || Group::new(spelling.errors_names(&cases), said_of_errors(&cases));
        group
            .or_insert_with(first)
            .add(index, ReplyItem::Errors, &said);
    }
    let groups = found.into_values();
    groups.filter(|group| group.uses.len() > 1).collect()
}

/// Gives each group the first of its names that no other group wants at the same time and nothing else has.
fn named<'a>(mut groups: Vec<Group<'a>>, taken: &HashSet<String>) -> Vec<(Ident, Group<'a>)> {
    let mut scope = Scope::inside(taken, reserved::TYPES);
    let mut named = Vec::new();
    let levels = groups.iter().map(|group| group.candidates.len()).max();
    for level in 0..levels.unwrap_or(0) {
        let wanted = |group: &Group<'_>| {
            let name = group.candidates.get(level)?.clone()?;
            (name.chars().count() <= LONGEST).then_some(name)
        };
        let mut counts: BTreeMap<String, usize> = BTreeMap::new();
        for name in groups.iter().filter_map(wanted) {
            *counts.entry(name).or_default() += 1;
        }
        for group in std::mem::take(&mut groups) {
            let name = wanted(&group).filter(|name| counts[name] == 1);
            match name.and_then(|name| scope.try_take(&name)) {
                Some(name) => named.push((name, group)),
                None => groups.push(group),
            }
        }
    }
    named
}

/// A header with its field.
struct Listed<'a> {
    header: &'a Parameter,
    required: bool,
    field: &'a Ident,
}

impl<'a> Listed<'a> {
    fn of(headers: &[(&'a Parameter, bool)], fields: &'a [Ident]) -> Vec<Self> {
        let headers = headers.iter().zip(fields);
        headers
            .map(|((header, required), field)| Self {
                header,
                required: *required,
                field,
            })
            .collect()
    }

    fn words(&self) -> Vec<Word> {
        let words = words::split(&self.header.wire);
        match words.as_slice() {
            [first, rest @ ..] if first == "x" && !rest.is_empty() => rest.to_vec(),
            _ => words,
        }
    }
}

/// Types as they are written, for what they are in Rust to be compared and named.
struct Spelling<'a> {
    api: &'a Api,
    types: &'a [Option<Ident>],
}

impl Spelling<'_> {
    fn name(&self, id: TypeId) -> Option<&Ident> {
        self.types.get(id.index())?.as_ref()
    }

    /// Everything that tells a use of a type from others, in Rust and in how it is read.
    fn put(&self, to: &mut String, reference: TypeRef) {
        let ty = &self.api.types[reference.id];
        let nullable = self.api.types.unalias(reference).nullable;
        // Writing to a string cannot fail.
        let _ = write!(to, "{}{}", u8::from(nullable), u8::from(reference.boxed));
        if let Some(name) = self.name(reference.id) {
            let _ = write!(to, "{name}");
            return;
        }
        let kind = match &ty.shape {
            Shape::Array(_) => "array",
            Shape::Tuple(_) => "tuple",
            Shape::Map(_) => "map",
            Shape::Alias(_) | Shape::Newtype(_) => "alias",
            Shape::Part { .. } => "part",
            Shape::Object(_) | Shape::Enumeration(_) | Shape::Union(_) => {
                // All of these have names; one without is equal to itself alone.
                let _ = write!(to, "{:?}", reference.id);
                return;
            }
            scalar => {
                let _ = write!(to, "{scalar:?}{}", ty.usage.multipart);
                return;
            }
        };
        to.push_str(kind);
        to.push('(');
        for part in ty.shape.references() {
            self.put(to, part);
            to.push(',');
        }
        to.push(')');
    }

    /// What a type is called inside of a name.
    fn word(&self, reference: TypeRef) -> String {
        if let Some(name) = self.name(reference.id) {
            return name.unraw().to_owned();
        }
        match &self.api.types[reference.id].shape {
            Shape::Array(item) => format!("{}List", self.word(*item)),
            Shape::Map(value) => format!("{}Map", self.word(*value)),
            Shape::Alias(target) | Shape::Newtype(target) => self.word(*target),
            Shape::Bool => "Boolean".to_owned(),
            Shape::Integer(_) | Shape::QuotedInteger(_) => "Integer".to_owned(),
            Shape::Double | Shape::Decimal | Shape::QuotedDecimal => "Number".to_owned(),
            Shape::String | Shape::File => "Text".to_owned(),
            Shape::Text(format) => format!("{format:?}"),
            Shape::Tuple(_) => "Tuple".to_owned(),
            _ => "Value".to_owned(),
        }
    }

    fn errors_key(&self, cases: &[(usize, &Case)], variants: &[Ident]) -> String {
        let mut key = "errors".to_owned();
        for (position, case) in cases {
            let variant = variants.get(*position).map_or("", Ident::as_str);
            let _ = write!(key, "\n{:?} {variant} ", case.status);
            match &case.payload {
                Payload::Empty => key.push('-'),
                Payload::Json(ty) => {
                    key.push_str("json ");
                    self.put(&mut key, *ty);
                    match read_also(case) {
                        Some(Payload::Xml(ty)) => {
                            let _ = write!(key, " or xml {:?}", ty.id);
                        }
                        Some(_) => key.push_str(" or text"),
                        None => {}
                    }
                }
                Payload::Xml(ty) => {
                    let _ = write!(key, "xml {:?} ", ty.id);
                    self.put(&mut key, *ty);
                }
                Payload::Bytes => key.push_str("bytes"),
                Payload::Text | Payload::Events(_) | Payload::Lines(_) => key.push_str("text"),
            }
        }
        key
    }

    /// By what the statuses hold, `BasicError403_404ValidationError422`; where that is too long, by the statuses alone.
    fn errors_names(&self, cases: &[(usize, &Case)]) -> Vec<Option<String>> {
        let mut held: Vec<(String, Vec<String>)> = Vec::new();
        for (_, case) in cases {
            let (word, status) = (self.held(case), status(case.status));
            match held.iter_mut().find(|(known, _)| *known == word) {
                Some((_, statuses)) => statuses.push(status),
                None => held.push((word, vec![status])),
            }
        }
        let full = held.iter().map(|(word, statuses)| {
            let mut words = vec![word.clone()];
            words.extend(statuses.iter().cloned());
            pascal(&words)
        });
        let all = cases.iter().map(|(_, case)| status(case.status));
        let short: Vec<String> = std::iter::once("errors".to_owned()).chain(all).collect();
        vec![Some(full.collect()), Some(pascal(&short))]
    }

    /// What a case holds, in words of a name.
    fn held(&self, case: &Case) -> String {
        match &case.payload {
            Payload::Empty => "Status".to_owned(),
            Payload::Json(ty) => {
                let also = match read_also(case) {
                    Some(Payload::Xml(_)) => "JsonOrXml",
                    Some(_) => "JsonOrText",
                    None => "",
                };
                self.word(*ty) + also
            }
            Payload::Xml(ty) => self.word(*ty) + "Xml",
            Payload::Bytes => "Bytes".to_owned(),
            Payload::Text | Payload::Events(_) | Payload::Lines(_) => "Text".to_owned(),
        }
    }

    /// The fields of a struct have no order that matters.
    fn headers_key(&self, headers: &[Listed<'_>]) -> String {
        let mut lines: Vec<String> = headers
            .iter()
            .map(|listed| {
                let Listed {
                    header,
                    required,
                    field,
                } = listed;
                let wire = header.wire.to_ascii_lowercase();
                let (style, explode) = (header.style, header.explode);
                let deprecated = header.doc.deprecated;
                let mut line =
                    format!("\n{wire} {field} {required} {style:?} {explode} {deprecated} ");
                self.put(&mut line, header.ty);
                line
            })
            .collect();
        lines.sort_unstable();
        format!("headers{}", lines.concat())
    }

    /// By the words that all headers begin with, then with those that they go on with, then with which are optional, then
    /// with what they hold.
    fn headers_names(&self, headers: &[Listed<'_>]) -> Vec<Option<String>> {
        let mut all: Vec<(Vec<Word>, &Listed<'_>)> = headers
            .iter()
            .map(|listed| (listed.words(), listed))
            .collect();
        all.sort_by(|(a, _), (b, _)| a.cmp(b));
        let first = &all[0].0;
        let shared = (0..first.len())
            .take_while(|&at| all.iter().all(|(words, _)| words.get(at) == first.get(at)))
            .count();
        let common = &first[..shared];
        let name = |part: &dyn Fn(&[Word], &Listed<'_>) -> Vec<Word>| {
            let rest = all
                .iter()
                .flat_map(|(words, listed)| part(&words[shared..], listed));
            let words: Vec<Word> = common.iter().cloned().chain(rest).collect();
            Some(pascal(&words) + "Headers")
        };
        let every = headers.iter().all(|listed| !listed.required);
        let optional = |listed: &Listed<'_>| {
            let is_told = !listed.required && !every;
            is_told.then(|| "optional".to_owned()).into_iter()
        };
        let marked = |name: Option<String>| {
            let mark = if every { "Optional" } else { "" };
            name.map(|name| format!("{mark}{name}"))
        };
        vec![
            (shared > 0).then(|| pascal(common) + "Headers"),
            name(&|rest, _| rest.to_vec()),
            marked(name(&|rest, listed| {
                optional(listed).chain(rest.iter().cloned()).collect()
            })),
            marked(name(&|rest, listed| {
                let words = optional(listed).chain(rest.iter().cloned());
                let held = std::iter::once(self.word(listed.header.ty));
                words.chain(held).collect()
            })),
        ]
    }
}

/// What a case that is JSON is read as, too: the first that there is a way of reading for.
fn read_also(case: &Case) -> Option<&Payload> {
    let mut also = case.also.iter().map(|(_, payload)| payload);
    also.find(|payload| matches!(payload, Payload::Xml(_) | Payload::Text))
}

fn status(status: StatusPattern) -> String {
    match status {
        StatusPattern::Exact(status) => status.to_string(),
        StatusPattern::Range(digit) => format!("{digit}xx"),
        StatusPattern::Default => "default".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{field, operation, ty};
    use super::super::{Names, Options, assign};
    use super::*;
    use crate::ir::{Doc, Location, Object, Origin, Style};

    /// Statuses with the positions of the components that they hold.
    type Errors<'a> = &'a [(StatusPattern, Option<usize>)];
    /// Header, required or not, and the position of the type.
    type Headers<'a> = &'a [(&'a str, bool, usize)];

    /// An API whose components 0 to 2 are `Problem`, `Fault` and one of a long name, then a number and a text; an operation
    /// for each item.
    fn api(items: &[(&str, Errors<'_>, Headers<'_>)]) -> Api {
        let mut api = Api::default();
        let inner = api.types.push(ty(Shape::String, Origin::Inline(vec![])));
        let long = "Long".repeat(15);
        for name in ["Problem", "Fault", long.as_str()] {
            let object = Object {
                fields: vec![field("title", TypeRef::from(inner))],
                ..Object::default()
            };
            let component = Origin::Component(name.to_owned());
            api.types.push(ty(Shape::Object(object), component));
        }
        api.types.push(ty(Shape::Double, Origin::Inline(vec![])));
        api.types.push(ty(Shape::String, Origin::Inline(vec![])));
        let ids: Vec<TypeRef> = api.types.ids().skip(1).map(TypeRef::from).collect();
        for (path, errors, headers) in items {
            let mut operation = operation("", "GET", path, &[]);
            let case = |status: StatusPattern, held: Option<usize>| Case {
                status,
                description: (*path).to_owned(),
                media: None,
                payload: held.map_or(Payload::Empty, |held| Payload::Json(ids[held])),
                also: Vec::new(),
                headers: Vec::new(),
            };
            operation.errors = errors
                .iter()
                .map(|(status, held)| case(*status, *held))
                .collect();
            let mut success = case(StatusPattern::Exact(200), None);
            success.headers = headers
                .iter()
                .map(|(wire, required, ty)| Parameter {
                    wire: (*wire).to_owned(),
                    location: Location::Header,
                    style: Style::Simple,
                    explode: false,
                    allow_reserved: false,
                    allow_empty: false,
                    items: None,
                    required: *required,
                    ty: ids[*ty],
                    doc: Doc::default(),
                    constraints: Constraints::default(),
                    encodings: Vec::new(),
                })
                .collect();
            operation.successes = vec![success];
            api.operations.push(operation);
        }
        api
    }

    fn named(items: &[(&str, Errors<'_>, Headers<'_>)]) -> Names {
        assign(&api(items), &Options::default()).0
    }

    fn shared(items: &[(&str, Errors<'_>, Headers<'_>)]) -> Vec<String> {
        let items = named(items).replies.items;
        items.iter().map(|shared| shared.name.to_string()).collect()
    }

    const NOT_FOUND: StatusPattern = StatusPattern::Exact(404);
    const CONFLICT: StatusPattern = StatusPattern::Exact(409);
    const FAILED: StatusPattern = StatusPattern::Range(5);
    const OTHER: StatusPattern = StatusPattern::Default;

    #[test]
    fn errors_are_called_after_what_the_statuses_hold() {
        let cases: [(Errors<'_>, &str); 5] = [
            (&[(OTHER, Some(0))], "ProblemDefault"),
            (&[(NOT_FOUND, None)], "Status404"),
            (
                &[(NOT_FOUND, Some(0)), (CONFLICT, Some(0))],
                "Problem404_409",
            ),
            (
                &[(NOT_FOUND, Some(0)), (CONFLICT, Some(1)), (FAILED, Some(0))],
                "Problem404_5xxFault409",
            ),
            (
                &[(NOT_FOUND, Some(2)), (CONFLICT, Some(4))],
                "Errors404_409",
            ),
        ];
        for (errors, expected) in cases {
            let names = shared(&[("/a", errors, &[]), ("/b", errors, &[]), ("/c", &[], &[])]);
            assert_eq!(names, [expected]);
        }
        // What differs in a status, or in what it holds, is not equal; what is alone keeps its own.
        let apart: [(&str, Errors<'_>, Headers<'_>); 3] = [
            ("/a", &[(NOT_FOUND, Some(0))], &[]),
            ("/b", &[(NOT_FOUND, Some(1))], &[]),
            ("/c", &[(CONFLICT, Some(0))], &[]),
        ];
        assert_eq!(shared(&apart), [""; 0]);
    }

    #[test]
    fn two_contents_of_one_name_are_told_apart_or_stay_their_operations_own() {
        // The names by what is held are too long, and those by statuses are equal.
        let (first, second): (Errors<'_>, Errors<'_>) = (
            &[(NOT_FOUND, Some(2)), (CONFLICT, Some(0))],
            &[(NOT_FOUND, Some(2)), (CONFLICT, Some(1))],
        );
        let items = [
            ("/a", first, &[][..]),
            ("/b", first, &[]),
            ("/c", second, &[]),
            ("/d", second, &[]),
        ];
        assert_eq!(shared(&items), [""; 0]);
        assert_eq!(shared(&items[..3]), ["Errors404_409"]);
        let limits: [Headers<'_>; 5] = [
            &[
                ("X-RateLimit-Limit", false, 3),
                ("X-RateLimit-Reset", false, 3),
            ],
            &[
                ("X-RateLimit-Reset", false, 3),
                ("X-RateLimit-Limit", false, 3),
            ],
            &[("X-RateLimit-Limit", true, 3)],
            &[("X-RateLimit-Limit", false, 3)],
            &[("X-RateLimit-Limit", false, 4)],
        ];
        let of = |which: &[usize]| {
            let paths = ["/a", "/b", "/c", "/d", "/e", "/f", "/g", "/h", "/i", "/j"];
            let items: Vec<_> = which
                .iter()
                .zip(paths)
                .map(|(index, path)| (path, &[][..], limits[*index]))
                .collect();
            shared(&items)
        };
        assert_eq!(of(&[0, 1]), ["RateLimitHeaders"]);
        assert_eq!(of(&[2, 2]), ["RateLimitLimitHeaders"]);
        assert_eq!(
            of(&[2, 2, 3, 3]),
            ["OptionalRateLimitLimitHeaders", "RateLimitLimitHeaders"]
        );
        assert_eq!(
            of(&[3, 3, 4, 4, 0, 1]),
            [
                "OptionalRateLimitLimitNumberHeaders",
                "OptionalRateLimitLimitTextHeaders",
                "RateLimitHeaders",
            ]
        );
    }

    #[test]
    fn the_order_of_operations_decides_nothing() {
        let errors: Errors<'_> = &[(NOT_FOUND, Some(0))];
        let headers: Headers<'_> = &[("X-Total", true, 3), ("Link", false, 4)];
        let mut items = vec![
            ("/a", errors, headers),
            ("/b", errors, headers),
            ("/c", errors, &[][..]),
        ];
        let names = shared(&items);
        items.reverse();
        assert_eq!(shared(&items), names);
        assert_eq!(names, ["LinkTotalHeaders", "Problem404"]);
    }

    #[test]
    fn who_uses_it_and_what_all_say_is_known() {
        let errors: Errors<'_> = &[(NOT_FOUND, Some(0))];
        let names = named(&[
            ("/b", errors, &[]),
            ("/a/x", errors, &[]),
            ("/a", errors, &[]),
        ]);
        let [only] = names.replies.items.as_slice() else {
            panic!("{:?}", names.replies)
        };
        assert_eq!(only.resources, [0, 1]);
        assert_eq!(only.home(), None);
        let uses = [0, 1, 2].map(|operation| (operation, ReplyItem::Errors));
        assert_eq!(only.uses, uses);
        assert_eq!(only.agreed, [false]);
        assert!(
            names
                .operations
                .iter()
                .all(|it| it.shared.errors == Some(0))
        );
        let names = named(&[("/a", errors, &[]), ("/a", errors, &[])]);
        assert_eq!(names.replies.items[0].agreed, [true]);
        assert_eq!(names.replies.items[0].home(), Some(0));
    }

    #[test]
    fn the_module_leaves_its_name_to_a_resource() {
        assert_eq!(
            named(&[("/replies", &[], &[])]).replies.module,
            "shared_replies"
        );
        assert_eq!(named(&[("/pets", &[], &[])]).replies.module, "replies");
    }
}
