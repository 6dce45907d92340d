//! The known faults of the judges and of the documents, one by one, each with the reason. It knows what was sent and what
//! was said of it; it must not know how either came about.

use std::collections::BTreeSet;

use callwright_codegen::ir::{
    Api, BodyKind, Location, Operation, Parameter, PartKind, Shape, Style, TypeRef,
};
use serde_json::Value;

/// Where the documents of the corpus have an example that their schema refuses.
const BAD_EXAMPLES: [&str; 2] = [
    // Box: `Collaboration.created_by` is an object, its example an array.
    "created_by: expected an object, found an array",
    // Box: the example of an app item lacks what the schema requires.
    "missing key `application_type`",
];

/// Whether a reply that does not decode is such an example.
pub(super) fn is_of_an_example(message: &str) -> bool {
    BAD_EXAMPLES.iter().any(|part| message.contains(part))
}

/// A request that a judge has something to say of.
pub(super) struct Sent<'a> {
    pub(super) api: &'a Api,
    pub(super) operation: &'a Operation,
    pub(super) order: &'a Value,
}

impl Sent<'_> {
    /// The fault that explains what a judge says, where one does.
    pub(super) fn excuse(&self, reason: &str, judge: &str) -> Option<&'static str> {
        let excuse = if judge == "prism" {
            self.by_prism(reason)
        } else {
            self.by_the_validator(reason)
        };
        self.by_the_document(reason).or(excuse)
    }

    fn by_the_document(&self, reason: &str) -> Option<&'static str> {
        if reason.contains("must have required property") && !self.lists(reason) {
            return Some("the document requires a property that it does not list");
        }
        let shape = |reference| &self.api.types[self.api.types.unalias(reference).id].shape;
        let nested = self.operation.parameters.iter().any(|parameter| {
            let objects = match shape(parameter.ty) {
                Shape::Array(item) => matches!(shape(*item), Shape::Object(_) | Shape::Union(_)),
                _ => false,
            };
            objects && parameter.location == Location::Query && reason.contains(&parameter.wire)
        });
        nested
            .then_some("objects in an array of a query have no form that the specification defines")
    }

    fn by_prism(&self, reason: &str) -> Option<&'static str> {
        let form = self.is_urlencoded();
        let excuse = if self.has(|p| p.location == Location::Cookie) && reason.contains("cookie") {
            "Prism ignores cookies"
        } else if self.has(|p| p.style == Style::SpaceDelimited) && reason.contains("query") {
            "Prism rejects spaceDelimited arrays"
        } else if form && reason.contains("must be array") {
            "Prism rejects exploded arrays in urlencoded bodies"
        } else if form && reason.contains("Body parameter is required") {
            "Prism takes a form without fields for no body"
        } else if form && reason.contains("must be object") {
            "objects inside of an urlencoded body have no form that Prism reads back"
        } else if self.has_json_parts() && reason.contains("\"body\"") {
            "Prism reads JSON parts of multipart bodies as text"
        } else {
            return None;
        };
        Some(excuse)
    }

    fn by_the_validator(&self, reason: &str) -> Option<&'static str> {
        let optional = self
            .operation
            .body
            .as_ref()
            .is_some_and(|body| !body.required);
        let empty = optional && self.media().is_empty();
        let excuse = if self.has(|p| matches!(p.style, Style::Label | Style::Matrix)) {
            "express-openapi-validator has no label and matrix styles"
        } else if self.has_json_parts() && reason.contains("\"/body") {
            "express-openapi-validator reads JSON parts of multipart bodies as text"
        } else if self.is_urlencoded() && reason.contains("must be integer") {
            "express-openapi-validator reads numbers of urlencoded bodies as text within a union"
        } else if self.is_urlencoded() && reason.contains("must be array") {
            "express-openapi-validator takes an array of one item in an urlencoded body for the item"
        } else if reason.contains("enum must have non-empty array") {
            "express-openapi-validator stumbles over an empty enum"
        } else if empty && reason.contains("unsupported media type undefined") {
            "express-openapi-validator wants a content type where an optional body is left out"
        } else if self.is_unrouted(reason) {
            "express-openapi-validator takes the fragment of a path for a part of it"
        } else {
            return None;
        };
        Some(excuse)
    }

    /// Whether the validator found another operation, or none, since it compares the fragment of the path.
    fn is_unrouted(&self, reason: &str) -> bool {
        let other = ["404", "405"]
            .iter()
            .any(|status| reason.starts_with(status));
        let fragment = self.operation.pointer.as_str().contains('#');
        fragment && (other || reason.contains("Unknown query parameter"))
    }

    fn has(&self, wanted: fn(&Parameter) -> bool) -> bool {
        self.operation.parameters.iter().any(wanted)
    }

    fn media(&self) -> &str {
        let media = self.order.get("media").and_then(Value::as_str);
        media.unwrap_or_default()
    }

    fn is_urlencoded(&self) -> bool {
        self.media() == "application/x-www-form-urlencoded"
    }

    /// Whether the body is a form with parts that are JSON, or that the user fills.
    fn has_json_parts(&self) -> bool {
        let offered = self.operation.body.iter().flat_map(|body| &body.media);
        let mut forms = offered.filter_map(|media| match &media.kind {
            BodyKind::Multipart(_, parts) => Some(parts),
            _ => None,
        });
        self.media().starts_with("multipart/")
            && forms.any(|parts| {
                parts.is_empty() || parts.iter().any(|part| part.kind == PartKind::Json)
            })
    }

    /// Whether the API has a property that a violation misses, anywhere among its types.
    fn lists(&self, reason: &str) -> bool {
        let Self { api, operation, .. } = self;
        let Some((_, rest)) = reason.split_once("must have required property '") else {
            return true;
        };
        let Some((name, _)) = rest.split_once('\'') else {
            return true;
        };
        let mut seen = BTreeSet::new();
        let mut left: Vec<TypeRef> = operation
            .body
            .iter()
            .flat_map(|body| &body.media)
            .filter_map(|media| match &media.kind {
                BodyKind::Json(ty) | BodyKind::Form(ty, _) | BodyKind::Multipart(ty, _) => {
                    Some(*ty)
                }
                _ => None,
            })
            .collect();
        // The way into the body, as each judge spells it: `["request","body","lock"]` or `/body/lock/type`.
        let way: Vec<&str> = match reason.split_once("\"body\",") {
            Some((_, rest)) => rest
                .split_once(']')
                .map(|(way, _)| way.split(',').map(|step| step.trim_matches('"')).collect())
                .unwrap_or_default(),
            None => reason
                .split_once("/body/")
                .and_then(|(_, rest)| rest.split_once(&format!("/{name}\"")))
                .map(|(way, _)| way.split('/').collect())
                .unwrap_or_default(),
        };
        for step in way {
            left = left
                .into_iter()
                .flat_map(|reference| inside(api, reference, step))
                .collect();
        }
        while let Some(reference) = left.pop() {
            let target = api.types.unalias(reference);
            if !seen.insert(target.id) {
                continue;
            }
            match &api.types[target.id].shape {
                Shape::Object(object) if object.fields.iter().any(|field| field.wire == name) => {
                    return true;
                }
                Shape::Union(union) => left.extend(union.variants.iter().map(|variant| variant.ty)),
                Shape::Newtype(inner) => left.push(*inner),
                _ => {}
            }
        }
        false
    }
}

/// The types of what stands under a name or an index in values of a type.
fn inside(api: &Api, reference: TypeRef, step: &str) -> Vec<TypeRef> {
    match &api.types[api.types.unalias(reference).id].shape {
        Shape::Object(object) => object
            .fields
            .iter()
            .filter(|field| field.wire == step)
            .map(|field| field.ty)
            .collect(),
        Shape::Array(item) | Shape::Map(item) => vec![*item],
        Shape::Newtype(inner) => inside(api, *inner, step),
        Shape::Union(union) => union
            .variants
            .iter()
            .flat_map(|variant| inside(api, variant.ty, step))
            .collect(),
        _ => Vec::new(),
    }
}
