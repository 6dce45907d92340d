//! Request bodies: which media types there are and how each is written.

use openapiv3::QueryStyle;

use super::Resolver;
use super::operation::Site;
use crate::diagnostic::Code;
use crate::document::Node;
use crate::ir::{Body, BodyKind, BodyMedia, Encoding, Part, PartKind, Shape, Style, TypeRef};

/// What a media type means for the shape of a body.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Media {
    Json,
    Form,
    Multipart,
    Xml,
    Lines,
    Events,
    Text,
    Bytes,
    /// `*/*`: whatever the schema suggests.
    Any,
}

impl Media {
    /// The meaning of a media type as a document writes it: parameters and case do not matter.
    pub(super) fn of(media: &str) -> Self {
        let essence = media
            .split(';')
            .next()
            .unwrap_or_default()
            .trim()
            .to_ascii_lowercase();
        let (kind, subtype) = essence.split_once('/').unwrap_or((essence.as_str(), ""));
        match (kind, subtype) {
            ("*", _) => Self::Any,
            (_, "json") => Self::Json,
            (
                _,
                "x-ndjson" | "ndjson" | "jsonl" | "x-jsonlines" | "jsonlines" | "json-lines"
                | "json-seq" | "stream+json" | "x-json-stream",
            ) => Self::Lines,
            (_, subtype) if subtype.ends_with("+json") || subtype.ends_with("+json-seq") => {
                Self::Json
            }
            (_, "x-www-form-urlencoded") => Self::Form,
            ("multipart", _) => Self::Multipart,
            ("text", "event-stream") => Self::Events,
            (_, "xml") => Self::Xml,
            (kind, subtype) if subtype.ends_with("+xml") && kind != "image" => Self::Xml,
            ("text", _) => Self::Text,
            _ => Self::Bytes,
        }
    }
}

impl<'d> Resolver<'d> {
    /// The request body of an operation.
    pub(super) fn body(&mut self, site: &Site<'d>, id: &str) -> Option<Body> {
        let written = site.node.get("requestBody")?;
        let node = self.follow(&written)?;
        let mut media = Vec::new();
        for (name, content) in node
            .get("content")
            .into_iter()
            .flat_map(|node| node.members())
        {
            let content = self.document.follow(&content).unwrap_or(content);
            if !name.bytes().all(|byte| matches!(byte, b' '..=b'~')) {
                self.report(
                    Code::MALFORMED,
                    &content,
                    format!("`{}` is no media type", name.escape_debug()),
                    "write a media type such as `application/json`; this one is left out",
                );
                continue;
            }
            let kind = self.body_kind(name, &content, id);
            if !media.iter().any(|known: &BodyMedia| known.kind == kind) {
                media.push(BodyMedia {
                    media: media_name(name, &kind),
                    kind,
                });
            }
        }
        if media.is_empty() {
            self.report(
                Code::NO_MEDIA_TYPE,
                &node,
                "the request body has no media type",
                "name one under `content`; JSON of any shape is sent meanwhile",
            );
            let any = self.anything(&node);
            media.push(BodyMedia {
                media: "application/json".to_owned(),
                kind: BodyKind::Json(any),
            });
        }
        // What most callers send comes first.
        media.sort_by_key(|choice| match choice.kind {
            BodyKind::Json(_) => 0,
            BodyKind::Multipart(..) => 1,
            BodyKind::Form(..) => 2,
            _ => 3,
        });
        Some(Body {
            required: node.flag("required"),
            description: node.str("description").map(str::to_owned),
            media,
        })
    }

    fn body_kind(&mut self, name: &str, content: &Node<'d>, id: &str) -> BodyKind {
        let place = [id.to_owned(), "request".to_owned()];
        let schema = content.get("schema");
        let ty = match &schema {
            Some(schema) => self.schema(schema, &place),
            None => self.anything(content),
        };
        let shape = self.api.types[self.api.types.unalias(ty).id].shape.clone();
        let binary = shape == Shape::File;
        match Media::of(name) {
            Media::Lines => {
                let ty = match content.get("x-callwright-item-schema") {
                    Some(item) => self.schema(&item, &place),
                    None => ty,
                };
                BodyKind::Lines(ty)
            }
            Media::Form => match shape {
                Shape::Object(_) | Shape::Map(_) | Shape::Union(_) => {
                    BodyKind::Form(ty, self.encodings(content))
                }
                Shape::String | Shape::Any => BodyKind::Text,
                _ => BodyKind::Form(ty, self.encodings(content)),
            },
            Media::Multipart => match shape {
                Shape::Object(_) => BodyKind::Multipart(ty, self.multipart_parts(content, ty)),
                // Without an object to name the parts, the user fills the form: bytes would have no boundary.
                _ if name.starts_with("multipart/form-data") => BodyKind::Multipart(ty, Vec::new()),
                _ => BodyKind::Bytes,
            },
            Media::Json | Media::Any | Media::Xml if binary => BodyKind::Bytes,
            Media::Xml if schema.is_some() && self.is_xml(ty) => BodyKind::Xml(ty),
            Media::Xml | Media::Events => BodyKind::Text,
            Media::Json | Media::Any => BodyKind::Json(ty),
            Media::Text => match shape {
                Shape::Object(_) | Shape::Array(_) | Shape::Map(_) | Shape::Union(_) => {
                    BodyKind::Json(ty)
                }
                Shape::File => BodyKind::Bytes,
                _ => BodyKind::Text,
            },
            Media::Bytes => BodyKind::Bytes,
        }
    }

    /// Whether XML of a type is more than a text to hand on: a string is one unless it has an element.
    pub(super) fn is_xml(&self, ty: TypeRef) -> bool {
        let types = &self.api.types;
        match types[types.unalias(ty).id].shape {
            Shape::Any => false,
            Shape::String => types[ty.id].xml.is_some(),
            _ => true,
        }
    }

    fn encoding(&mut self, content: &Node<'d>, property: &str) -> Option<openapiv3::Encoding> {
        let node = content.get("encoding")?.get(property)?;
        self.model(&node, &["headers"])
    }

    /// How the properties of a form are written where `encoding` says so.
    fn encodings(&mut self, content: &Node<'d>) -> Vec<Encoding> {
        let names: Vec<&str> = content
            .get("encoding")
            .into_iter()
            .flat_map(|node| node.members())
            .map(|(name, _)| name)
            .collect();
        names
            .into_iter()
            .filter_map(|name| {
                let encoding = self.encoding(content, name)?;
                let json = encoding
                    .content_type
                    .as_deref()
                    .is_some_and(|media| Media::of(media) == Media::Json);
                let node = content.get("encoding")?.get(name)?;
                let style = match encoding.style {
                    _ if json => Style::Json,
                    _ if node.str("x-callwright-collection-format") == Some("tsv") => {
                        Style::TabDelimited
                    }
                    Some(QueryStyle::SpaceDelimited) => Style::SpaceDelimited,
                    Some(QueryStyle::PipeDelimited) => Style::PipeDelimited,
                    Some(QueryStyle::DeepObject) => Style::DeepObject,
                    Some(QueryStyle::Form) | None => Style::Form,
                };
                let explode = if node.value.get("explode").is_some() {
                    encoding.explode
                } else {
                    style == Style::Form
                };
                Some(Encoding {
                    wire: name.to_owned(),
                    style,
                    explode,
                    allow_reserved: encoding.allow_reserved,
                })
            })
            .collect()
    }

    /// The parts of a multipart body, by the fields of its object.
    fn multipart_parts(&mut self, content: &Node<'d>, ty: TypeRef) -> Vec<Part> {
        let Shape::Object(object) = self.api.types[self.api.types.unalias(ty).id].shape.clone()
        else {
            return Vec::new();
        };
        object
            .fields
            .iter()
            .enumerate()
            .map(|(field, property)| {
                let encoding = self.encoding(content, &property.wire);
                let content_type = encoding.and_then(|encoding| encoding.content_type);
                let types = &self.api.types;
                let inner = &types[types.unalias(property.ty).id].shape;
                let (item, repeated) = match inner {
                    Shape::Array(item) => (&types[types.unalias(*item).id].shape, true),
                    other => (other, false),
                };
                let binary_type = content_type
                    .as_deref()
                    .is_some_and(|media| Media::of(media) == Media::Bytes);
                let kind = match item {
                    Shape::File => PartKind::File,
                    Shape::String if binary_type => PartKind::File,
                    Shape::Object(_)
                    | Shape::Map(_)
                    | Shape::Array(_)
                    | Shape::Union(_)
                    | Shape::Any
                    | Shape::Tuple(_)
                    | Shape::Newtype(_) => PartKind::Json,
                    _ => PartKind::Text,
                };
                Part {
                    field,
                    kind,
                    repeated,
                    content_type: content_type.filter(|media| !media.contains(['*', ','])),
                }
            })
            .collect()
    }
}

/// The `Content-Type` that is sent: a range is made the type that it most likely means.
fn media_name(name: &str, kind: &BodyKind) -> String {
    if !name.contains('*') && name.contains('/') {
        return name.to_owned();
    }
    match kind {
        BodyKind::Json(_) => "application/json",
        BodyKind::Text => "text/plain",
        BodyKind::Xml(_) => "application/xml",
        _ => "application/octet-stream",
    }
    .to_owned()
}
