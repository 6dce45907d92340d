//! What types are in XML, as the static data by which the runtime makes XML of their JSON: a static per object that XML
//! holds, and one per root. It must not know how operations use them.

use std::collections::{BTreeMap, HashMap, HashSet, VecDeque};

use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};
use serde_json::{Map, Value};

use super::doc::Prose;
use super::scope::Context;
use super::{Module, Part, Use};
use crate::ir::{
    self, Api, BodyKind, EnumerationKind, Field, Object, Operation, Origin, PartKind, Payload,
    Shape, TextFormat, TypeId, TypeRef, Union,
};
use crate::names::Names;

/// The module, without its extension.
const MODULE: &str = "xml_codec";

/// Arrays, maps and unions deeper than this in one place are anything.
const DEPTH: usize = 16;

/// The names of the statics of an API's payloads; empty where nothing is XML.
#[derive(Debug, Clone, Default)]
pub(super) struct Table {
    roots: BTreeMap<TypeId, String>,
}

impl Table {
    pub(super) fn of(api: &Api, names: &Names) -> Self {
        let (roots, _) = statics(api, names);
        let roots = roots.into_iter();
        Self {
            roots: roots.map(|(id, ident)| (id, ident.to_string())).collect(),
        }
    }

    /// Whether nothing is XML.
    pub(super) fn is_empty(&self) -> bool {
        self.roots.is_empty()
    }

    /// The static node of a payload, by its path from a module of operations.
    pub(super) fn root(&self, ty: TypeRef) -> TokenStream {
        let module = format_ident!("{MODULE}");
        // A table is made of the same operations that ask it.
        let name = self.roots.get(&ty.id);
        name.map_or_else(
            || quote!(&runtime::xml::Node::DEFAULT),
            |name| {
                let ident = format_ident!("{name}");
                quote!(&#module::#ident)
            },
        )
    }

    /// The declaration of the module, for the head. Where resources have features, those with XML turn on `xml`.
    pub(super) fn declaration(&self, context: Context<'_>) -> Option<TokenStream> {
        let module = format_ident!("{MODULE}");
        let gate = context.features().map(|_| {
            quote! {
                #[cfg(feature = "xml")]
                #[allow(dead_code, reason = "the resources that use it are behind features")]
            }
        });
        (!self.is_empty()).then(|| quote!(#gate mod #module;))
    }
}

/// The module of the statics; none where nothing is XML.
pub(super) fn module(api: &Api, names: &Names) -> Option<Module> {
    let (_, items) = statics(api, names);
    (!items.is_empty()).then(|| Module {
        path: format!("{MODULE}.rs"),
        doc: Prose::own("What the types are in XML, a line per property."),
        uses: vec![Use::Item(quote!(
            use super::runtime;
        ))],
        items,
        part: Part::Codec,
    })
}

/// The names of the statics of payloads, and every static.
fn statics(api: &Api, names: &Names) -> (BTreeMap<TypeId, Ident>, Vec<TokenStream>) {
    let mut builder = Builder {
        api,
        names,
        statics: HashMap::new(),
        taken: HashSet::new(),
        open: VecDeque::new(),
    };
    let mut roots: BTreeMap<TypeId, Ident> = BTreeMap::new();
    let mut known: HashMap<String, Ident> = HashMap::new();
    let mut items = Vec::new();
    for ty in payloads(api) {
        if roots.contains_key(&ty.id) {
            continue;
        }
        let (name, node) = builder.root(ty);
        let ident = known.entry(node.to_string()).or_insert_with(|| {
            let ident = builder.ident(&match name.as_str() {
                "root" => name,
                _ => format!("{name} root"),
            });
            items.push(quote!(runtime::xml! { #ident: #node }));
            ident
        });
        roots.insert(ty.id, ident.clone());
    }
    while let Some((id, ident)) = builder.open.pop_front() {
        let shape = builder.whole(id);
        items.push(quote!(runtime::xml! { #ident = #shape }));
    }
    (roots, items)
}

/// The types of bodies and replies that are XML, in the order of the operations.
fn payloads(api: &Api) -> Vec<TypeRef> {
    let operations = api.operations.iter();
    operations
        .flat_map(|operation| payloads_of(api, operation))
        .collect()
}

/// Whether an operation has a body or a reply that is XML.
pub(super) fn is_used_by(api: &Api, operation: &Operation) -> bool {
    !payloads_of(api, operation).is_empty()
}

fn payloads_of(api: &Api, operation: &Operation) -> Vec<TypeRef> {
    let mut types = Vec::new();
    for media in operation.body.iter().flat_map(|body| &body.media) {
        match &media.kind {
            BodyKind::Xml(ty) => types.push(*ty),
            BodyKind::Multipart(body, parts) => {
                let parts = parts.iter().filter(|part| part.kind == PartKind::Xml);
                types.extend(parts.filter_map(|part| part_value(api, *body, part)));
            }
            _ => {}
        }
    }
    for case in operation.successes.iter().chain(&operation.errors) {
        let also = case.also.iter().map(|(_, payload)| payload);
        for payload in std::iter::once(&case.payload).chain(also) {
            if let Payload::Xml(ty) = payload {
                types.push(*ty);
            }
        }
    }
    types
}

/// What one part of a multipart body holds: an item, where there is a part for each.
pub(super) fn part_value(api: &Api, body: TypeRef, part: &ir::Part) -> Option<TypeRef> {
    let shape = |ty: TypeRef| &api.types[api.types.unalias(ty).id].shape;
    let field = match shape(body) {
        Shape::Object(object) => object.fields.iter().find(|it| it.wire == part.wire)?.ty,
        Shape::Map(value) => *value,
        Shape::Tuple(items) => *items.get(part.position)?,
        Shape::Array(_) => body,
        _ => return None,
    };
    let item = match shape(field) {
        Shape::Array(item) if part.repeated => *item,
        _ => field,
    };
    Some(match shape(item) {
        Shape::Part { value, .. } => *value,
        _ => item,
    })
}

/// What a document says of a use of a type: the use first, then what it refers to.
struct Hints<'a> {
    said: Map<String, Value>,
    component: Option<&'a str>,
}

impl Hints<'_> {
    fn text(&self, key: &str) -> Option<&str> {
        let text = self.said.get(key)?.as_str()?;
        (!text.is_empty()).then_some(text)
    }

    fn flag(&self, key: &str) -> bool {
        self.said.get(key) == Some(&Value::Bool(true))
    }

    /// How the value stands in its parent.
    fn form(&self, array: bool) -> Form {
        match self.text("nodeType") {
            Some("element") => Form::Element,
            Some("attribute") => Form::Attribute,
            Some("text") => Form::Text,
            Some("cdata") => Form::Cdata,
            Some("none") => Form::Inline,
            _ if self.flag("attribute") => Form::Attribute,
            // The extension of AutoRest, which came before `nodeType`.
            _ if self.flag("x-ms-text") => Form::Text,
            _ if array && !self.flag("wrapped") => Form::Inline,
            _ => Form::Element,
        }
    }
}

#[derive(Clone, Copy, PartialEq)]
enum Form {
    Element,
    Attribute,
    Text,
    Cdata,
    Inline,
}

impl Form {
    fn word(self) -> Option<Ident> {
        let word = match self {
            Self::Element => return None,
            Self::Attribute => "attribute",
            Self::Text => "text",
            Self::Cdata => "cdata",
            Self::Inline => "inline",
        };
        Some(format_ident!("{word}"))
    }
}

struct Builder<'a> {
    api: &'a Api,
    names: &'a Names,
    statics: HashMap<TypeId, Ident>,
    taken: HashSet<String>,
    /// The statics that are named and not written yet.
    open: VecDeque<(TypeId, Ident)>,
}

impl<'a> Builder<'a> {
    fn hints(&self, ty: TypeRef) -> Hints<'a> {
        let mut hints = Hints {
            said: Map::new(),
            component: None,
        };
        let mut id = ty.id;
        for _ in 0..self.api.types.len() {
            let ty = &self.api.types[id];
            for (key, value) in ty.xml.iter().filter_map(Value::as_object).flatten() {
                hints.said.entry(key.as_str()).or_insert(value.clone());
            }
            if let (None, Origin::Component(name)) = (hints.component, &ty.origin) {
                hints.component = Some(name);
            }
            match ty.shape {
                Shape::Alias(target) => id = target.id,
                _ => break,
            }
        }
        hints
    }

    fn shape_of(&self, ty: TypeRef) -> (TypeId, &'a Shape) {
        let id = self.api.types.unalias(ty).id;
        (id, &self.api.types[id].shape)
    }

    /// The name of a payload's element, and its node.
    fn root(&mut self, ty: TypeRef) -> (String, TokenStream) {
        let hints = self.hints(ty);
        let name = hints.text("name").or(hints.component).unwrap_or("root");
        let shape = self.shape(ty, name, 0);
        let said = said(&hints, name, false);
        (name.to_owned(), quote!(#shape #said))
    }

    /// An identifier that no other static has.
    fn ident(&mut self, words: &str) -> Ident {
        let ascii: String = words
            .chars()
            .map(|c| if c.is_ascii_alphanumeric() { c } else { ' ' })
            .collect();
        let mut base = heck::ToShoutySnakeCase::to_shouty_snake_case(ascii.as_str());
        if !base.starts_with(|c: char| c.is_ascii_alphabetic()) {
            base.insert_str(0, "XML_");
        }
        let mut name = base.trim_end_matches('_').to_owned();
        let mut count = 1;
        while !self.taken.insert(name.clone()) {
            count += 1;
            name = format!("{}_{count}", base.trim_end_matches('_'));
        }
        format_ident!("{name}")
    }

    /// The static of a type that others refer to.
    fn reference(&mut self, id: TypeId) -> TokenStream {
        if let Some(ident) = self.statics.get(&id) {
            return quote!(#ident);
        }
        let name = self.names.types.get(id.index()).and_then(Option::as_ref);
        let name = name.map_or("value".to_owned(), ToString::to_string);
        let ident = self.ident(&name);
        self.statics.insert(id, ident.clone());
        self.open.push_back((id, ident.clone()));
        quote!(#ident)
    }

    /// The shape of a use as one token, `name` being what its items are called where nothing else is said.
    fn shape(&mut self, ty: TypeRef, name: &str, depth: usize) -> TokenStream {
        let (id, shape) = self.shape_of(ty);
        if depth > DEPTH {
            return quote!(any);
        }
        match shape {
            Shape::Object(_) | Shape::Newtype(_) => self.reference(id),
            Shape::Union(union) => match self.scalars(union, 0) {
                Some(word) => word,
                None if self.members(union).is_some() => self.reference(id),
                None => quote!(any),
            },
            Shape::Array(item) => self.array(*item, name, depth),
            // A tuple's positions have elements of one name: scalars are read as what they are.
            Shape::Tuple(items) => {
                let words: Option<Vec<_>> = items.iter().map(|ty| self.scalar(*ty)).collect();
                let word = shared(&words.unwrap_or_default()).unwrap_or(quote!(any));
                let name = name_of(name);
                quote!([#word #name])
            }
            Shape::Map(value) => {
                let rest = self.rest(*value, depth);
                quote!({ #rest })
            }
            _ => self.scalar(ty).unwrap_or(quote!(any)),
        }
    }

    /// The shape of a type that has a static.
    fn whole(&mut self, id: TypeId) -> TokenStream {
        match &self.api.types[id].shape {
            Shape::Object(object) => self.object(object),
            Shape::Union(union) => {
                let (fields, additional) = self.members(union).unwrap_or_default();
                self.object(&Object {
                    fields,
                    additional,
                    open: false,
                })
            }
            Shape::Newtype(inner) => {
                let name = self.hints(id.into()).component.unwrap_or("item").to_owned();
                let (_, shape) = self.shape_of(*inner);
                match shape {
                    Shape::Array(item) => self.array(*item, &name, 0),
                    Shape::Map(value) => {
                        let rest = self.rest(*value, 0);
                        quote!({ #rest })
                    }
                    // What holds itself in no other way has no values.
                    _ => quote!({}),
                }
            }
            _ => quote!({}),
        }
    }

    fn object(&mut self, object: &Object) -> TokenStream {
        let members: Vec<_> = object
            .fields
            .iter()
            .map(|field| self.field(field))
            .collect();
        let rest = object.additional.map(|value| self.rest(value, 0));
        quote!({ #(#members)* #rest })
    }

    fn field(&mut self, field: &Field) -> TokenStream {
        let key = &field.wire;
        let hints = self.hints(field.ty);
        let form = hints.form(self.is_array(field.ty));
        let own = hints.text("name").unwrap_or(key);
        // The name of an array without an element of its own has no effect (OAS 3.0.4, XML Object).
        let (name, items) = match form {
            Form::Inline => (key.as_str(), key.as_str()),
            _ => (own, own),
        };
        let shape = self.shape(field.ty, items, 0);
        let known = if name == key { "" } else { name };
        let said = said(&hints, known, form == Form::Inline && field.required);
        let form = form.word();
        quote!(#key: #shape #form #said,)
    }

    /// The properties that a map or an object has beside those with names.
    fn rest(&mut self, value: TypeRef, depth: usize) -> TokenStream {
        let hints = self.hints(value);
        let form =
            (self.is_array(value) && hints.form(true) == Form::Inline).then(|| Form::Inline.word());
        let shape = self.shape(value, "", depth + 1);
        let said = said(&hints, "", false);
        quote!(.. #shape #form #said)
    }

    /// An array, whose items always are elements: nothing else tells them apart.
    fn array(&mut self, item: TypeRef, name: &str, depth: usize) -> TokenStream {
        let hints = self.hints(item);
        let name = hints.text("name").unwrap_or(name).to_owned();
        let shape = self.shape(item, &name, depth + 1);
        let said = said(&hints, &name, false);
        quote!([#shape #said])
    }

    fn is_array(&self, ty: TypeRef) -> bool {
        matches!(self.shape_of(ty).1, Shape::Array(_) | Shape::Tuple(_))
    }

    /// The word for text of one kind.
    fn scalar(&self, ty: TypeRef) -> Option<TokenStream> {
        Some(match self.shape_of(ty).1 {
            Shape::Bool => quote!(boolean),
            Shape::Integer(_) | Shape::Double | Shape::Decimal => quote!(number),
            Shape::String | Shape::File | Shape::Text(TextFormat::Byte) => quote!(string),
            Shape::Text(_) | Shape::QuotedInteger(_) | Shape::QuotedDecimal => quote!(word),
            Shape::Enumeration(enumeration) => match enumeration.kind {
                EnumerationKind::String => quote!(string),
                EnumerationKind::Integer => quote!(number),
                EnumerationKind::Mixed => quote!(bare),
            },
            _ => return None,
        })
    }

    /// The word for a union of scalars: theirs where they share it.
    fn scalars(&self, union: &Union, depth: usize) -> Option<TokenStream> {
        let words = union
            .variants
            .iter()
            .map(|variant| match self.shape_of(variant.ty).1 {
                Shape::Union(inner) if depth < DEPTH => self.scalars(inner, depth + 1),
                _ => self.scalar(variant.ty),
            });
        shared(&words.collect::<Option<Vec<_>>>()?)
    }

    /// The properties of all members of a union of objects: which member it is, its JSON tells.
    fn members(&self, union: &Union) -> Option<(Vec<Field>, Option<TypeRef>)> {
        let mut fields: Vec<Field> = Vec::new();
        let mut additional = None;
        let mut open: Vec<&Union> = vec![union];
        let mut seen = 0;
        while let Some(union) = open.pop() {
            seen += 1;
            for variant in &union.variants {
                match self.shape_of(variant.ty).1 {
                    Shape::Object(object) => {
                        additional = additional.or(object.additional);
                        for field in &object.fields {
                            if !fields.iter().any(|known| known.wire == field.wire) {
                                fields.push(Field {
                                    required: false,
                                    ..field.clone()
                                });
                            }
                        }
                    }
                    Shape::Map(value) => additional = additional.or(Some(*value)),
                    Shape::Union(inner) if seen < DEPTH => open.push(inner),
                    _ => return None,
                }
            }
        }
        Some((fields, additional))
    }
}

/// The word for text that is of one of several kinds.
fn shared(words: &[TokenStream]) -> Option<TokenStream> {
    let mut words: Vec<String> = words.iter().map(ToString::to_string).collect();
    words.sort();
    words.dedup();
    let word = match words.as_slice() {
        [] => return None,
        [word] => word.as_str(),
        [string, word] if string == "string" && word == "word" => "string",
        _ => "bare",
    };
    let word = format_ident!("{word}");
    Some(quote!(#word))
}

/// What is said of a node beside its shape and form.
fn said(hints: &Hints<'_>, name: &str, required: bool) -> Option<TokenStream> {
    let texts = [
        ("name", Some(name).filter(|name| !name.is_empty())),
        ("namespace", hints.text("namespace")),
        ("prefix", hints.text("prefix")),
    ];
    let mut fields: Vec<_> = texts
        .into_iter()
        .filter_map(|(key, text)| {
            let (key, text) = (format_ident!("{key}"), text?);
            Some(quote!(#key: #text))
        })
        .collect();
    if required {
        fields.push(quote!(required: true));
    }
    (!fields.is_empty()).then(|| quote!((#(#fields),*)))
}

fn name_of(name: &str) -> Option<TokenStream> {
    (!name.is_empty()).then(|| quote!((name: #name)))
}
