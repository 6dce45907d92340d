//! The limits on requests as static data: rules per type and per operation, that the runtime's `validate` walks by. What has no
//! limits, itself or in what it holds, is not listed. It must not know how rules are checked.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use heck::ToShoutySnakeCase as _;
use proc_macro2::{Ident, Literal, TokenStream};
use quote::{format_ident, quote};
use serde_json::Value;

use super::doc::Prose;
use super::limits::{Subject, beyond, limits};
use super::object::Struct;
use super::scope::{Context, Scope};
use super::{Module, Part, Use};
use crate::ir::{
    BodyKind, BodyMedia, Constraints, Enumeration, Field, Object, Shape, TypeId, TypeRef, Types,
    Union,
};
use crate::names::{Names, Resource};

/// The module, without its extension.
const MODULE: &str = "validation_rules";

/// The module of the rules of requests, where types have several.
const REQUESTS: &str = "requests_of_operations";

/// The statics of an API; empty where nothing that is sent has limits.
#[derive(Debug, Clone, Default)]
pub(super) struct Table {
    /// The static of each type with limits.
    types: BTreeMap<TypeId, String>,
}

impl Table {
    pub(super) fn of(context: Context<'_>) -> Self {
        let types = &context.api.types;
        let limited = limited(types);
        let mut taken = BTreeSet::new();
        let groups = context.names.type_groups.iter();
        let listed = groups.flat_map(|(_, types)| types).filter(|id| {
            let usage = types[**id].usage;
            (usage.request || usage.multipart)
                && is_item(&types[**id].shape)
                && limited.contains(id)
        });
        let mut table = Self::default();
        for id in listed {
            let Some(name) = context.name(*id) else {
                continue;
            };
            table.types.insert(*id, constant(name.unraw(), &mut taken));
        }
        table
    }

    /// The static of a type's rules.
    fn constant(&self, id: TypeId) -> Option<Ident> {
        Some(format_ident!("{}", self.types.get(&id)?))
    }

    /// Whether the type has a method `validate`.
    pub(super) fn has(&self, id: TypeId) -> bool {
        self.types.contains_key(&id)
    }

    /// Whether the request of an operation has a method `validate`.
    pub(super) fn has_request(&self, context: Context<'_>, index: usize) -> bool {
        let table = self;
        Rules { context, table }.request(index).is_some()
    }

    /// The declaration of the module, for the head.
    pub(super) fn declaration(&self, context: Context<'_>) -> Option<TokenStream> {
        let module = format_ident!("{MODULE}");
        let mut operations = 0..context.api.operations.len();
        let any =
            !self.types.is_empty() || operations.any(|index| self.has_request(context, index));
        any.then(|| quote!(#[cfg(feature = "validate")] mod #module;))
    }

    /// The parts of the module, some of them without a rule: one, or one per group of types and one of the requests; with
    /// features one of those of each resource.
    pub(super) fn groups(names: &Names) -> Vec<Group> {
        if !names.has_type_modules() {
            return vec![Group {
                name: None,
                of: Of::All,
            }];
        }
        let types = names.type_groups.iter().enumerate();
        let mut groups: Vec<_> = types
            .map(|(index, (name, _))| Group {
                name: Some(name.unraw().to_owned()),
                of: Of::Types(index),
            })
            .collect();
        let requests: Vec<_> = if names.features.is_some() {
            let resources = names.resources.iter().enumerate();
            let name = |resource: &Resource| format!("{REQUESTS}_{}", resource.module.unraw());
            resources
                .map(|(index, resource)| (name(resource), Some(index)))
                .collect()
        } else {
            vec![(REQUESTS.to_owned(), None)]
        };
        for (mut name, resource) in requests {
            while groups
                .iter()
                .any(|group| group.name.as_ref() == Some(&name))
            {
                name.push('_');
            }
            groups.push(Group {
                name: Some(name),
                of: Of::Requests(resource),
            });
        }
        groups
    }

    /// The module of a group; none where it has no rule.
    pub(super) fn module(&self, context: Context<'_>, group: &Group) -> Option<Module> {
        let rules = Rules {
            context,
            table: self,
        };
        let types = |index: usize| {
            context
                .names
                .type_groups
                .get(index)
                .map_or(&[][..], |(_, types)| types)
        };
        let items = match group.of {
            Of::All => {
                let mut items = rules.types(types(0));
                items.extend(rules.requests(&quote!(super), None));
                items
            }
            Of::Types(index) => rules.types(types(index)),
            Of::Requests(resource) => rules.requests(&quote!(super::super), resource),
        };
        (!items.is_empty()).then(|| {
            let path = group
                .name
                .as_ref()
                .map(|name| format!("{MODULE}/{name}.rs"));
            module(path.unwrap_or_else(|| format!("{MODULE}.rs")), items)
        })
    }

    /// The module that declares those of the groups; none where there is one for all.
    pub(super) fn index(&self, context: Context<'_>, groups: &[&Group]) -> Option<Module> {
        let rules = Rules {
            context,
            table: self,
        };
        let declared: Vec<_> = groups
            .iter()
            .filter(|group| rules.has_any(group.of))
            .filter_map(|group| {
                let name = format_ident!("{}", group.name.as_ref()?);
                let gate = match group.of {
                    Of::Types(index) => context.gate_of_group(index),
                    Of::Requests(resource) => {
                        resource.and_then(|index| context.gate_of_resource(index))
                    }
                    Of::All => None,
                };
                Some([
                    quote!(
                        #gate
                        pub(crate) use self::#name::*;
                    ),
                    quote!(#gate mod #name;),
                ])
            })
            .collect();
        // Groups see each other through here.
        let lint = quote!(#![allow(unused_imports, reason = "a group may stand alone")]);
        (!declared.is_empty()).then(|| Module {
            path: format!("{MODULE}/mod.rs"),
            doc: Prose::own("The limits on requests, in groups."),
            uses: std::iter::once(lint)
                .chain(declared.into_iter().flatten())
                .map(Use::Item)
                .collect(),
            items: Vec::new(),
            part: Part::Index,
        })
    }
}

/// Rules that stand in a module.
#[derive(Debug)]
pub(super) struct Group {
    /// The module; none where the rules are those of all and stand in one.
    name: Option<String>,
    of: Of,
}

/// What rules are for.
#[derive(Debug, Clone, Copy)]
enum Of {
    All,
    /// The types of a group.
    Types(usize),
    /// The requests of a resource, or all.
    Requests(Option<usize>),
}

fn module(path: String, items: Vec<TokenStream>) -> Module {
    let grouped = path.contains('/');
    let head = super::up(&path);
    let mut uses = vec![Use::named(head, ["runtime", "types"])];
    // Rules of other groups.
    uses.extend(grouped.then(|| {
        Use::Item(quote!(
            #[allow(unused_imports, reason = "a group may stand alone")]
            use super::*;
        ))
    }));
    uses.push(Use::Item(quote!(
        #[allow(clippy::enum_glob_use, unused_imports, reason = "a line per limit")]
        use runtime::validate::Rule::*;
    )));
    Module {
        path,
        doc: Prose::own("The limits on requests, a line per property."),
        uses,
        items,
        part: Part::Rules,
    }
}

fn constant(name: &str, taken: &mut BTreeSet<String>) -> String {
    let mut base = name.to_shouty_snake_case();
    if !base.starts_with(|c: char| c.is_alphabetic()) {
        base.insert_str(0, "RULES_");
    }
    let mut name = base.clone();
    let mut count = 1;
    while !taken.insert(name.clone()) {
        count += 1;
        name = format!("{base}_{count}");
    }
    name
}

/// Whether a shape is an item with a name of its own.
fn is_item(shape: &Shape) -> bool {
    matches!(
        shape,
        Shape::Object(_) | Shape::Union(_) | Shape::Enumeration(_) | Shape::Newtype(_)
    )
}

/// The types with limits, themselves or in what they hold.
fn limited(types: &Types) -> BTreeSet<TypeId> {
    let mut holders: HashMap<TypeId, Vec<TypeId>> = HashMap::new();
    let mut queue = Vec::new();
    for (id, ty) in types.iter() {
        for inner in ty.shape.references() {
            holders.entry(inner.id).or_default().push(id);
        }
        let fields = match &ty.shape {
            Shape::Object(object) => object.fields.as_slice(),
            _ => &[],
        };
        let own = !limits(&ty.constraints, Subject::of(types, id)).is_empty();
        let of_fields = fields.iter().any(|field| {
            let target = types.unalias(field.ty).id;
            !limits(&field.constraints, Subject::of(types, target)).is_empty()
        });
        // A value that the document does not list, or that is no member, is one that it does not allow.
        let open = matches!(ty.shape, Shape::Enumeration(_) | Shape::Union(_));
        if own || of_fields || open {
            queue.push(id);
        }
    }
    let mut seen = BTreeSet::new();
    while let Some(id) = queue.pop() {
        if seen.insert(id) {
            queue.extend(holders.get(&id).into_iter().flatten().copied());
        }
    }
    seen
}

/// Writes rules.
struct Rules<'a> {
    context: Context<'a>,
    table: &'a Table,
}

impl Rules<'_> {
    /// The statics of types, each with the method that reads it.
    fn types(&self, ids: &[TypeId]) -> Vec<TokenStream> {
        let listed = ids.iter().filter_map(|id| {
            let constant = self.table.constant(*id)?;
            Some((*id, constant, self.context.name(*id)?))
        });
        listed
            .flat_map(|(id, constant, name)| {
                let rules = self.of_type(id);
                let fields = self.fields_without_json(id).map(|fields| quote!(, #fields));
                [
                    quote!(pub(crate) static #constant: runtime::validate::Rules = &[#(#rules),*];),
                    quote!(runtime::validate! { types::#name = #constant #fields }),
                ]
            })
            .collect()
    }

    /// The fields of a type that has no JSON as a whole, in braces.
    fn fields_without_json(&self, id: TypeId) -> Option<TokenStream> {
        let Shape::Object(object) = &self.context.ty(id).shape else {
            return None;
        };
        let scope = Scope::outside(self.context);
        let of = Struct {
            scope: &scope,
            id,
            object,
        };
        of.holds_files().then(|| {
            let fields = object.fields.iter().zip(self.context.members(id));
            let fields =
                fields
                    .filter(|(field, _)| !is_hidden(&scope, field))
                    .map(|(field, ident)| {
                        let wire = &field.wire;
                        quote!(#ident: #wire)
                    });
            quote!({ #(#fields),* })
        })
    }

    /// The rules of a type that has a name.
    fn of_type(&self, id: TypeId) -> Vec<TokenStream> {
        let ty = self.context.ty(id);
        let mut rules = limits(&ty.constraints, Subject::of(&self.context.api.types, id));
        match &ty.shape {
            Shape::Object(object) => {
                let files = self.fields_without_json(id).is_some();
                if files {
                    // What is sent as a file is not seen.
                    rules.clear();
                }
                rules.extend(self.of_fields(id, object, files));
            }
            Shape::Enumeration(enumeration) => rules = vec![values(enumeration)],
            Shape::Union(union) => rules.push(self.of_members(id, union)),
            Shape::Newtype(target) => rules.extend(self.of_use(*target, None)),
            _ => {}
        }
        rules
    }

    fn of_fields(&self, id: TypeId, object: &Object, files: bool) -> Vec<TokenStream> {
        let scope = Scope::outside(self.context);
        let mut rules = Vec::new();
        for field in &object.fields {
            if files && is_hidden(&scope, field) {
                continue;
            }
            let wire = &field.wire;
            let inner = self.of_use(field.ty, Some(&field.constraints));
            if !inner.is_empty() {
                rules.push(quote!(Property(#wire, &[#(#inner),*])));
            }
        }
        let named = object.fields.iter().map(|field| &field.wire);
        if let Some(value) = object.additional {
            let inner = self.of_use(value, None);
            let named = named.clone();
            if !inner.is_empty() {
                rules.push(quote!(Others(&[#(#named),*], &[#(#inner),*])));
            }
        }
        let patterns = usable(&self.context.ty(id).constraints.name_patterns);
        if !patterns.is_empty() && object.additional.is_some() {
            rules.push(quote!(PatternNames(&[#(#named),*], &[#(#patterns),*])));
        }
        rules
    }

    fn of_members(&self, id: TypeId, union: &Union) -> TokenStream {
        let members = union.variants.iter().map(|variant| {
            let rules = self.of_use(variant.ty, None);
            quote!(&[#(#rules),*])
        });
        match self.context.name(id) {
            Some(name) => quote!(Union(types::#name::UNION, &[#(#members),*])),
            None => TokenStream::new(),
        }
    }

    /// The rules of a use of a type, with the limits of the place.
    fn of_use(&self, reference: TypeRef, said: Option<&Constraints>) -> Vec<TokenStream> {
        let types = &self.context.api.types;
        let mut all = said.cloned().unwrap_or_default();
        let mut id = reference.id;
        // As long as `unalias` would follow.
        for _ in 0..types.len() {
            let Shape::Alias(target) = &types[id].shape else {
                break;
            };
            all.tighten(&types[id].constraints);
            id = target.id;
        }
        let ty = &types[id];
        let subject = Subject::of(types, id);
        if self.context.name(id).is_some() && is_item(&ty.shape) {
            let mut rules = limits(&beyond(&all, &ty.constraints), subject);
            if let Shape::Enumeration(enumeration) = &ty.shape {
                rules.clear();
                let fewer = |it: &&Vec<_>| it.len() < enumeration.values.len();
                if let Some(allowed) = all.allowed.as_ref().filter(fewer) {
                    // Some of its values are none of the others.
                    let texts = texts(allowed);
                    return vec![quote!(Enum(&[#(#texts),*]))];
                }
            }
            let constant = self.table.constant(id);
            rules.extend(constant.map(|constant| quote!(Is(&#constant))));
            return rules;
        }
        all.tighten(&ty.constraints);
        let mut rules = limits(&all, subject);
        match &ty.shape {
            Shape::Array(item) => {
                let inner = self.of_use(*item, None);
                if !inner.is_empty() {
                    rules.push(quote!(Items(&[#(#inner),*])));
                }
            }
            Shape::Tuple(items) => {
                let inner: Vec<_> = items.iter().map(|item| self.of_use(*item, None)).collect();
                if inner.iter().any(|rules| !rules.is_empty()) {
                    let inner = inner.iter().map(|rules| quote!(&[#(#rules),*]));
                    rules.push(quote!(Positions(&[#(#inner),*])));
                }
            }
            Shape::Map(value) => {
                let inner = self.of_use(*value, None);
                if !inner.is_empty() {
                    rules.push(quote!(Others(&[], &[#(#inner),*])));
                }
                let patterns = usable(&all.name_patterns);
                if !patterns.is_empty() {
                    rules.push(quote!(PatternNames(&[], &[#(#patterns),*])));
                }
            }
            _ => {}
        }
        rules
    }

    /// The rules of requests, by their endpoints: all, or those of a resource.
    fn requests(&self, head: &TokenStream, resource: Option<usize>) -> Vec<TokenStream> {
        let names = self.context.names;
        self.requests_of(resource)
            .filter_map(|index| {
                let rules = self.request(index)?;
                let operation = names.operations.get(index)?;
                let module = &names.resources.get(operation.resource)?.module;
                let endpoint = &operation.endpoint;
                Some(quote! {
                    impl runtime::validate::Checked for #head::#module::#endpoint {
                        const RULES: runtime::validate::RequestRules = #rules;
                    }
                })
            })
            .collect()
    }

    /// The operations: all, or those of a resource.
    fn requests_of(&self, resource: Option<usize>) -> impl Iterator<Item = usize> {
        let operations = &self.context.names.operations;
        (0..self.context.api.operations.len()).filter(move |index| {
            resource.is_none_or(|resource| {
                let operation = operations.get(*index);
                operation.is_some_and(|operation| operation.resource == resource)
            })
        })
    }

    /// Whether there is a rule.
    fn has_any(&self, of: Of) -> bool {
        let request = |index| self.request(index).is_some();
        match of {
            Of::All => self.has_any(Of::Types(0)) || self.has_any(Of::Requests(None)),
            Of::Types(index) => {
                let types = self.context.names.type_groups.get(index);
                types.is_some_and(|(_, types)| types.iter().any(|id| self.table.has(*id)))
            }
            Of::Requests(resource) => self.requests_of(resource).any(request),
        }
    }

    /// The rules of a request; none without limits.
    fn request(&self, index: usize) -> Option<TokenStream> {
        let operation = &self.context.api.operations[index];
        let parameters: Vec<_> = operation
            .parameters
            .iter()
            .enumerate()
            .filter_map(|(position, parameter)| {
                let rules = self.of_use(parameter.ty, Some(&parameter.constraints));
                let position = Literal::usize_unsuffixed(position);
                (!rules.is_empty()).then(|| quote!((#position, &[#(#rules),*])))
            })
            .collect();
        let media = operation.body.iter().flat_map(|body| &body.media);
        let bodies: Vec<_> = media
            .filter_map(|media| {
                let (ty, sent) = content(media)?;
                let rules = self.of_use(ty, None);
                (!rules.is_empty()).then(|| quote!((#sent, &[#(#rules),*])))
            })
            .collect();
        (!parameters.is_empty() || !bodies.is_empty()).then(|| {
            quote!(runtime::validate::RequestRules {
                parameters: &[#(#parameters),*],
                bodies: &[#(#bodies),*],
            })
        })
    }
}

/// Whether a field of a multipart body has no JSON: a file, or a part with headers.
fn is_hidden(scope: &Scope<'_>, field: &Field) -> bool {
    scope.file(field.ty, true).is_some() || super::parts::is_headed(scope.context, field.ty)
}

/// The type of a body, and the media type that the call is told.
fn content(media: &BodyMedia) -> Option<(TypeRef, &str)> {
    let named = |usual| {
        if media.media.contains('*') {
            usual
        } else {
            media.media.as_str()
        }
    };
    Some(match &media.kind {
        BodyKind::Json(ty) => (*ty, named("application/json")),
        BodyKind::Xml(ty) => (*ty, named("application/xml")),
        BodyKind::Form(ty, _) => (*ty, "application/x-www-form-urlencoded"),
        BodyKind::Multipart(ty, _) => (*ty, named("multipart/form-data")),
        BodyKind::Text | BodyKind::Bytes | BodyKind::Lines(_) => return None,
    })
}

fn values(enumeration: &Enumeration) -> TokenStream {
    let texts = enumeration
        .values
        .iter()
        .map(|value| value.value.to_string());
    quote!(Enum(&[#(#texts),*]))
}

/// The patterns that the runtime can hold.
fn usable(patterns: &[String]) -> Vec<&String> {
    if patterns
        .iter()
        .any(|text| crate::ir::pattern(text).is_err())
    {
        // One of several that may match.
        return Vec::new();
    }
    patterns.iter().collect()
}

/// The texts of values.
pub(super) fn texts(values: &[Value]) -> Vec<String> {
    values.iter().map(Value::to_string).collect()
}
