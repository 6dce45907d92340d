//! Request bodies: which media types there are and how each is written.

use super::Resolver;
use super::multipart::style;
use super::operation::Site;
use crate::diagnostic::Code;
use crate::document::Node;
use crate::ir::{Body, BodyKind, BodyMedia, Encoding, Shape, Style, TypeRef};

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
                | "json-seq" | "stream+json" | "x-json-stream" | "x-json-lines",
            ) => Self::Lines,
            (_, subtype) if subtype.ends_with("+json-seq") || subtype.ends_with("+ndjson") => {
                Self::Lines
            }
            (_, subtype) if subtype.ends_with("+json") => Self::Json,
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
        if Media::of(name) == Media::Multipart {
            return self.multipart(name, content, id);
        }
        let schema = content.get("schema");
        let ty = match &schema {
            Some(schema) => self.schema(schema, &place),
            None => self.anything(content),
        };
        let shape = self.api.types[self.api.types.unalias(ty).id].shape.clone();
        let binary = shape == Shape::File;
        match Media::of(name) {
            Media::Lines => {
                let item = content.get("x-callwright-item-schema");
                match (item, shape) {
                    (Some(item), _) => BodyKind::Lines(self.schema(&item, &place)),
                    // The schema of the whole is that of an array of its lines (OAS 3.2.0, section 4.14.3).
                    (None, Shape::Array(item)) => BodyKind::Lines(item),
                    // What is described as a text or a file is written by the caller.
                    (None, Shape::String) => BodyKind::Text,
                    (None, Shape::File) => BodyKind::Bytes,
                    (None, _) => BodyKind::Lines(ty),
                }
            }
            Media::Form => match shape {
                Shape::Object(_) | Shape::Map(_) | Shape::Union(_) => {
                    BodyKind::Form(ty, self.encodings(content))
                }
                Shape::String | Shape::Any => BodyKind::Text,
                _ => BodyKind::Form(ty, self.encodings(content)),
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
            Media::Bytes | Media::Multipart => BodyKind::Bytes,
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

    /// How the properties of a form are written where `encoding` says so.
    pub(super) fn encodings(&mut self, content: &Node<'d>) -> Vec<Encoding> {
        let encodings = content.get("encoding");
        let encodings = encodings.iter().flat_map(Node::members);
        encodings
            .filter_map(|(name, node)| {
                let encoding: openapiv3::Encoding = self.model(&node, &["headers"])?;
                if let Some(headers) = node.get("headers") {
                    self.without_effect(&headers, "the fields of a form have no headers");
                }
                let media = encoding.content_type.as_deref();
                let json = media.is_some_and(|media| Media::of(media) == Media::Json);
                style(&node, &encoding, name).or_else(|| {
                    json.then(|| Encoding {
                        wire: name.to_owned(),
                        style: Style::Json,
                        explode: false,
                        allow_reserved: encoding.allow_reserved,
                    })
                })
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
        BodyKind::Multipart(..) => "multipart/form-data",
        _ => "application/octet-stream",
    }
    .to_owned()
}
