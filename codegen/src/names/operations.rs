//! Identifiers of resources, operations and what belongs to them.

use std::collections::BTreeMap;

use foldhash::{HashMap, HashMapExt as _, HashSet};

use super::ident::Ident;
use super::scope::{Claim, Scope};
use super::surface::{self, Source, Surface};
use super::types::Place;
use super::words::{self, Word, pascal, screaming, singular_phrase, snake};
use super::{
    Issue, OperationNames, Options, Resource, SharedReplies, members, reserved, status, verbs,
};
use crate::ir::{Api, Location, Operation, Parameter, Payload, Shape, TypeRef};

/// The names that are asked for operations that there are not.
pub(super) fn unknown(api: &Api, options: &Options) -> Vec<Issue> {
    let is_unknown = |id: &str| !api.operations.iter().any(|operation| operation.id == id);
    let asked = options.operations.iter();
    asked
        .filter(|(id, _)| is_unknown(id))
        .map(|(id, asked)| Issue {
            pointer: crate::diagnostic::Pointer::default(),
            message: format!(
                "no operation has the id `{id}`: remove the name `{asked}` that is asked for it"
            ),
        })
        .collect()
}

/// By operation: whether a success holds several things, where there is JSON to tell.
pub(super) fn several(api: &Api) -> Vec<Option<bool>> {
    let operations = api.operations.iter();
    operations
        .map(|operation| holds_several(api, operation))
        .collect()
}

/// What users call the operations, by operation; `several` is what [`several`] says.
pub(super) fn surfaces(api: &Api, several: &[Option<bool>], options: &Options) -> Vec<Surface> {
    let sources: Vec<Source<'_>> = api
        .operations
        .iter()
        .zip(several)
        .filter(|(operation, _)| !operation.is_stream)
        .map(|(operation, several)| Source {
            id: operation.has_id.then_some(operation.id.as_str()),
            method: &operation.method,
            path: &operation.path,
            tags: &operation.tags,
            asked: options
                .operations
                .get(&operation.id)
                .or(operation.name.as_ref())
                .map(String::as_str),
            several: *several,
        })
        .collect();
    let mut found = surface::surfaces(&sources).into_iter();
    let mut surfaces: Vec<Surface> = Vec::new();
    let mut base = 0;
    for (index, operation) in api.operations.iter().enumerate() {
        let surface = if operation.is_stream {
            surfaces
                .get(base)
                .map(|surface| streamed(surface, |method| stream_words(api, index, method)))
        } else {
            base = index;
            found.next()
        };
        surfaces.extend(surface);
    }
    surfaces
}

/// What an operation is called that is another as a stream or another value: `create_stream` beside `create`.
fn streamed(surface: &Surface, words: impl Fn(&[Word]) -> Vec<Word>) -> Surface {
    let methods = surface
        .methods
        .iter()
        .map(|method| [method.as_slice(), &words(method)].concat());
    Surface {
        methods: methods.collect(),
        ..surface.clone()
    }
}

/// The words that say that a method gives a stream, where the others do not, or what else it gives: those of its media
/// type; the kind of stream, where there are two.
fn stream_words(api: &Api, index: usize, method: &[Word]) -> Vec<Word> {
    let kind = |index: usize| {
        let operation = api.operations.get(index).filter(|it| it.is_stream)?;
        let case = operation.successes.first()?;
        Some((case.payload, case.media.as_deref()))
    };
    let streams = |index: usize| {
        matches!(
            kind(index),
            Some((Payload::Events(_) | Payload::Lines(_), _))
        )
    };
    let word = match kind(index) {
        Some((Payload::Lines(_), _)) => "lines",
        Some((Payload::Events(_), _)) => "events",
        Some((_, Some(media))) => return status::media_words(media),
        _ => "other",
    };
    let alone = !index.checked_sub(1).is_some_and(streams) && !streams(index + 1);
    if alone && streams(index) && method.iter().all(|word| word != "stream") {
        return vec!["stream".to_owned()];
    }
    vec![word.to_owned()]
}

/// Whether a success holds several things: `None` where there is no JSON to tell.
fn holds_several(api: &Api, operation: &Operation) -> Option<bool> {
    let json = operation
        .successes
        .iter()
        .find_map(|case| match case.payload {
            Payload::Json(ty) => Some(ty),
            _ => None,
        })?;
    match &api.types[api.types.unalias(json).id].shape {
        Shape::Array(_) => Some(true),
        // A thing may hold arrays too: only where there is none, it is certain.
        Shape::Object(_) => (!holds_array(api, json, 2)).then_some(false),
        _ => None,
    }
}

/// Whether there is an array, or a map, among the fields of an object or of its objects.
fn holds_array(api: &Api, ty: TypeRef, depth: usize) -> bool {
    match &api.types[api.types.unalias(ty).id].shape {
        Shape::Array(_) | Shape::Map(_) | Shape::Any => true,
        Shape::Object(object) => {
            object.additional.is_some()
                || depth > 0
                    && object
                        .fields
                        .iter()
                        .any(|field| holds_array(api, field.ty, depth - 1))
        }
        _ => false,
    }
}

/// The words of a request's struct, in natural order: `list` of `conversations` is `ListConversations`,
/// `list for org` of `repos` is `ListReposForOrg`, `list messages` of `channels` is `ListChannelMessages`.
pub(super) fn request_words(surface: &Surface, method: &[Word]) -> Vec<Word> {
    let resource = &surface.resource;
    if matches!(resource.as_slice(), [only] if only == "api" || only == "root") && method.len() > 1
    {
        return method.to_vec();
    }
    let thing = if surface.is_thing {
        singular_phrase(resource)
    } else {
        resource.clone()
    };
    let adverbs = method
        .iter()
        .take_while(|word| verbs::is_adverb(word))
        .count();
    let Some(verb) = method.get(adverbs).filter(|word| verbs::is_verb(word)) else {
        return [thing.as_slice(), method].concat();
    };
    let (action, rest) = method.split_at(adverbs + 1);
    let is_circumstance =
        |word: &Word| verbs::is_preposition(word) || super::path::is_version(word);
    let (object, circumstance) =
        rest.split_at(rest.iter().position(is_circumstance).unwrap_or(rest.len()));
    match object {
        [] if verbs::takes_plural(verb) || adverbs > 0 => [action, resource, circumstance].concat(),
        [] => [action, &singular_phrase(resource), circumstance].concat(),
        [all] if all == "all" => [action, object, resource, circumstance].concat(),
        _ if super::by_id::mention(object, resource).is_some() => method.to_vec(),
        _ => [
            action,
            &super::types::joined(&[thing, object.to_vec()]),
            circumstance,
        ]
        .concat(),
    }
}

/// What inline schemas of an operation are named after.
pub(super) fn place(surface: &Surface) -> Place {
    Place {
        request: request_words(surface, &surface.methods[0]),
        thing: singular_phrase(&surface.resource),
        // Filters of the list of things speak of the things: `ConversationStatus`.
        lists: matches!(surface.methods[0].as_slice(), [verb] if verbs::takes_plural(verb)),
    }
}

/// Mints the names of resources and operations. `types` holds the names at the API's root, which no request hides.
pub(super) fn assign(
    api: &Api,
    surfaces: &[Surface],
    types: &HashSet<String>,
    issues: &mut Vec<Issue>,
) -> (Vec<Resource>, Vec<OperationNames>) {
    let mut groups: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for (index, surface) in surfaces.iter().enumerate() {
        groups
            .entry(snake(&surface.resource))
            .or_default()
            .push(index);
    }
    let claims: Vec<Claim> = groups
        .keys()
        .map(|name| {
            Claim::new(
                0,
                [
                    name.clone(),
                    format!("{name}_api"),
                    format!("{name}_resource"),
                ],
            )
        })
        .collect();
    let mut scope = Scope::of_modules();
    if !api.webhooks.is_empty() {
        // The module of their payloads.
        scope.reserve("webhooks");
    }
    let modules = scope.settle(&claims);
    let claims: Vec<Claim> = groups
        .values()
        .map(|group| pascal(&surfaces[group[0]].resource))
        .map(|name| {
            Claim::new(
                0,
                [
                    name.clone(),
                    format!("{name}Resource"),
                    format!("{name}Operations"),
                ],
            )
        })
        .collect();
    let structs = Scope::inside(types, reserved::TYPES).settle(&claims);
    let headers = headers(api);
    let mut resources = Vec::new();
    let mut names: HashMap<usize, OperationNames> = HashMap::new();
    for (index, ((group, module), ty)) in groups.into_values().zip(modules).zip(structs).enumerate()
    {
        for (operation, found) in group.iter().zip(resource_names(
            api, surfaces, types, index, &group, &ty, &headers,
        )) {
            report(api, &surfaces[*operation], *operation, &found, issues);
            names.insert(*operation, found);
        }
        resources.push(Resource {
            description: description(api, surfaces, &group),
            module,
            ty,
            operations: group,
        });
    }
    resources.sort_by_cached_key(|resource| resource.module.to_string());
    for (index, resource) in resources.iter_mut().enumerate() {
        for operation in &resource.operations {
            if let Some(found) = names.get_mut(operation) {
                found.resource = index;
            }
        }
    }
    // Every operation belongs to one group.
    let operations = (0..surfaces.len())
        .filter_map(|index| names.remove(&index))
        .collect();
    (resources, operations)
}

fn description(api: &Api, surfaces: &[Surface], group: &[usize]) -> Option<String> {
    let tag = group
        .iter()
        .find_map(|&index| surfaces[index].tag.as_ref())?;
    api.tags
        .iter()
        .find(|(name, _)| name == tag)
        .map(|(_, text)| text.clone())
        .filter(|text| !text.trim().is_empty())
}

fn report(
    api: &Api,
    surface: &Surface,
    index: usize,
    names: &OperationNames,
    issues: &mut Vec<Issue>,
) {
    let operation = &api.operations[index];
    if surface.is_asked && snake(&surface.methods[0]) != names.method.unraw() {
        issues.push(Issue {
            pointer: operation.pointer.clone(),
            message: format!(
                "the method cannot be called `{}`, which is taken; it is `{}`",
                snake(&surface.methods[0]),
                names.method
            ),
        });
    }
}

/// The names of one resource's operations, in the order of `group`.
fn resource_names(
    api: &Api,
    surfaces: &[Surface],
    types: &HashSet<String>,
    resource: usize,
    group: &[usize],
    ty: &Ident,
    headers: &[[Vec<Ident>; 2]],
) -> Vec<OperationNames> {
    let claims: Vec<Claim> = group
        .iter()
        .map(|&index| {
            let operation = &api.operations[index];
            let rank = if surfaces[index].is_asked {
                0
            } else {
                1 + u8::from(operation.doc.deprecated)
            };
            Claim::new(
                rank,
                surfaces[index].methods.iter().map(|words| snake(words)),
            )
        })
        .collect();
    let methods = Scope::new(reserved::METHODS).settle(&claims);
    let mut items = Scope::inside(types, reserved::TYPES);
    items.reserve(&ty.to_string());
    // A stream is called after the operation that it is of, which stands before it.
    let mut before: (String, Vec<Word>) = Default::default();
    let claims: Vec<Claim> = group
        .iter()
        .zip(&methods)
        .map(|(&index, method)| {
            let surface = &surfaces[index];
            // The method as it was settled, with the author's own words where it is one of them.
            let method = method.unraw().to_owned();
            let settled = surface.methods.iter().find(|words| snake(words) == method);
            let words = settled.cloned().unwrap_or_else(|| words::split(&method));
            let name = if api.operations[index].is_stream {
                let words = stream_words(api, index, &before.1);
                format!("{}{}", before.0, pascal(&words))
            } else {
                let name = pascal(&request_words(surface, &words));
                before = (name.clone(), words);
                name
            };
            Claim::new(
                0,
                [
                    name.clone(),
                    format!("{name}Request"),
                    format!("{name}Call"),
                ],
            )
        })
        .collect();
    let requests = items.settle(&claims);
    let mut constants = Scope::new(&["API"]);
    let mut all: Vec<OperationNames> = Vec::new();
    let mut base = (0, 0);
    for ((&index, method), request) in group.iter().zip(methods).zip(requests) {
        let mut own = {
            let operation = &api.operations[index];
            let [success_headers, error_headers] = headers[index].clone();
            let constant = screaming(&[method.unraw().to_owned()]);
            let mut item = |suffix: &str, other: &str| {
                items.mint(
                    [suffix, other]
                        .into_iter()
                        .map(|it| format!("{request}{it}")),
                )
            };
            let media = operation
                .body
                .as_ref()
                .map(|body| body.media.as_slice())
                .unwrap_or_default();
            OperationNames {
                resource,
                constant: constants.mint([constant.clone(), format!("{constant}_OPERATION")]),
                endpoint: item("Endpoint", "EndpointType"),
                parameters: parameters(operation),
                body: Scope::new(&[]).mint(["body".to_owned()]),
                bodies: (item("Body", "Content"), status::bodies(media)),
                successes: (
                    item("Response", "Reply"),
                    status::variants(&operation.successes, &[]),
                ),
                errors: (
                    item("Error", "Failure"),
                    status::variants(&operation.errors, reserved::ERRORS),
                ),
                headers: (item("Headers", "HeaderFields"), success_headers),
                error_headers: (item("ErrorHeaders", "FailureHeaders"), error_headers),
                shared: SharedReplies::default(),
                method,
                request,
            }
        };
        if !api.operations[index].is_stream {
            base = (index, all.len());
        } else if let Some(names) = all.get(base.1) {
            share(api, (index, base.0), names, &mut own);
        }
        all.push(own);
    }
    all
}

/// The errors of a stream are those of the operation that it is of, and so are its headers where they do not differ.
fn share(
    api: &Api,
    (index, of): (usize, usize),
    base: &OperationNames,
    names: &mut OperationNames,
) {
    names.errors = base.errors.clone();
    names.error_headers = base.error_headers.clone();
    let headers = |index: usize| api.operations[index].success_headers();
    if headers(index) == headers(of) {
        names.headers = base.headers.clone();
    }
}

/// By operation: the fields of the documented headers of its successes and of its errors.
fn headers<'a>(api: &'a Api) -> Vec<[Vec<Ident>; 2]> {
    // Most operations of an API document the same.
    let mut known: HashMap<Vec<&str>, Vec<Ident>> = HashMap::new();
    let mut fields = |headers: &[(&'a Parameter, bool)]| -> Vec<Ident> {
        let wires: Vec<&str> = headers.iter().map(|(it, _)| it.wire.as_str()).collect();
        let fields = known.entry(wires).or_insert_with_key(|wires| {
            let firsts: Vec<_> = wires
                .iter()
                .map(|wire| members::plain_field(wire))
                .collect();
            Scope::new(&[]).settle_firsts(&firsts, |index| members::other_fields(wires[index]))
        });
        fields.clone()
    };
    let operations = api.operations.iter();
    operations
        .map(|operation| {
            [
                fields(&operation.success_headers()),
                fields(&operation.error_headers()),
            ]
        })
        .collect()
}

fn parameters(operation: &Operation) -> Vec<Ident> {
    let firsts: Vec<_> = operation
        .parameters
        .iter()
        .map(|parameter| {
            let (rank, plain) = members::plain_field(&parameter.wire);
            // What the path needs is an argument, which reads best plain.
            let rank = if parameter.location == Location::Path {
                0
            } else {
                rank + 1
            };
            (rank, plain)
        })
        .collect();
    Scope::new(reserved::SETTERS).settle_firsts(&firsts, |index| {
        let parameter = &operation.parameters[index];
        let location = match parameter.location {
            Location::Path => "path",
            Location::Query | Location::QueryString => "query",
            Location::Header => "header",
            Location::Cookie => "cookie",
        };
        let (_, plain) = members::plain_field(&parameter.wire);
        let mut others = vec![format!("{location}_{plain}")];
        others.extend(members::other_fields(&parameter.wire));
        others
    })
}
