//! Multipart bodies: which parts there are, what each holds, how it is written and which headers it has.

use openapiv3::QueryStyle;

use super::Resolver;
use super::body::Media;
use super::parameter::is_token;
use crate::diagnostic::Code;
use crate::document::Node;
use crate::ir::{
    BodyKind, Encoding, Field, Object, Origin, Parameter, Part, PartKind, Shape, Style, TypeRef,
};

/// A part that is being read: what it stands in, and what it is called in names.
struct Place<'a> {
    media: &'a str,
    words: [String; 2],
}

impl<'d> Resolver<'d> {
    /// A multipart body: the properties of an object by name, the items of an array or the positions of a tuple in order.
    /// What none of these describes is filled by the user.
    pub(super) fn multipart(&mut self, media: &str, content: &Node<'d>, id: &str) -> BodyKind {
        let item = content.get("x-callwright-item-schema");
        let prefix = content
            .get("schema")
            .and_then(|schema| self.follow(&schema))
            .filter(|schema| schema.member("x-callwright-prefix-items").is_some());
        let ty = match (&item, prefix, content.get("schema")) {
            (Some(item), ..) => {
                let item = self.schema(item, &[id.to_owned(), "part".to_owned()]);
                self.plain(content, Shape::Array(item))
            }
            (_, Some(schema), _) if !is_form(media) => self.positions(&schema, id),
            (.., Some(schema)) => self.schema(&schema, &[id.to_owned(), "request".to_owned()]),
            (.., None) => self.anything(content),
        };
        let shape = self.api.types[self.api.types.unalias(ty).id].shape.clone();
        // A form has names, and only an object gives them.
        let is_form = is_form(media);
        let parts = match &shape {
            Shape::Object(object) => self.named_parts(media, content, object, id),
            Shape::Array(item) if !is_form => self.item_parts(media, content, *item, id),
            Shape::Tuple(items) if !is_form => {
                let rest = content.get("schema").and_then(|node| self.follow(&node));
                let rest = rest.and_then(|node| node.get("items")).filter(may_be);
                self.positional_parts(media, content, items, rest.is_some(), id)
            }
            Shape::Map(value) if is_form => {
                let place = Place {
                    media,
                    words: [id.to_owned(), "part".to_owned()],
                };
                self.no_encodings(content);
                vec![self.part(0, *value, None, None, "part", &place)]
            }
            // Without files, its JSON tells the parts.
            Shape::Union(union)
                if is_form && !union.variants.iter().any(|it| self.has_files(it.ty)) =>
            {
                self.no_encodings(content);
                Vec::new()
            }
            _ => {
                if item.is_some() || content.member("schema").is_some() && shape != Shape::Any {
                    self.report(
                        Code::UNTYPED_PARTS,
                        content,
                        format!("the schema gives the parts of `{media}` no names or order that are known here"),
                        "describe an object, or for parts without names an array, in an overlay",
                    );
                }
                // The user fills the form: its type is no more than its media type.
                return BodyKind::Multipart(self.anything(content), Vec::new());
            }
        };
        BodyKind::Multipart(ty, parts)
    }

    /// The type of parts whose schemas are listed: a position each, and last a list of those that follow.
    fn positions(&mut self, schema: &Node<'d>, id: &str) -> TypeRef {
        let prefix = schema.get("x-callwright-prefix-items");
        let prefix = prefix.iter().flat_map(Node::items).enumerate();
        let mut types: Vec<TypeRef> = prefix
            .map(|(index, node)| {
                self.schema(&node, &[id.to_owned(), format!("part {}", index + 1)])
            })
            .collect();
        if let Some(items) = schema.get("items").filter(may_be) {
            let item = self.schema(&items, &[id.to_owned(), "part".to_owned()]);
            types.push(self.plain(schema, Shape::Array(item)));
        }
        self.plain(schema, Shape::Tuple(types))
    }

    /// Says of encodings that the parts' names are not known.
    fn no_encodings(&mut self, content: &Node<'d>) {
        if let Some(node) = content.get("encoding") {
            self.without_effect(
                &node,
                "the body is no single object, so that no part is known by its name",
            );
        }
    }

    /// Whether an object has properties that are files, or is none.
    fn has_files(&self, ty: TypeRef) -> bool {
        let types = &self.api.types;
        let shape = |ty: TypeRef| &types[types.unalias(ty).id].shape;
        let is_file = |ty: TypeRef| match shape(ty) {
            Shape::Array(item) => *shape(*item) == Shape::File,
            shape => *shape == Shape::File,
        };
        match shape(ty) {
            Shape::Object(object) => object.fields.iter().any(|field| is_file(field.ty)),
            _ => true,
        }
    }

    fn named_parts(
        &mut self,
        media: &str,
        content: &Node<'d>,
        object: &Object,
        id: &str,
    ) -> Vec<Part> {
        let encodings = content.get("encoding");
        for (name, node) in encodings.iter().flat_map(Node::members) {
            if object.additional.is_none() && !object.fields.iter().any(|it| it.wire == name) {
                self.without_effect(
                    &node,
                    format!("`encoding` names `{name}`, which is no property of the body"),
                );
            }
        }
        for key in ["x-callwright-item-encoding", "x-callwright-prefix-encoding"] {
            if let Some(node) = content.get(key) {
                self.without_effect(
                    &node,
                    "the parts of an object have names: `encoding` is what applies to them",
                );
            }
        }
        let fields = object.fields.iter().enumerate();
        fields
            .map(|(index, field)| {
                let encoding = encodings.as_ref().and_then(|node| node.get(&field.wire));
                let own = self.content_media_type(content, &field.wire);
                let place = Place {
                    media,
                    words: [id.to_owned(), field.wire.clone()],
                };
                let name = &field.wire;
                self.part(index, field.ty, encoding.as_ref(), own, name, &place)
            })
            .collect()
    }

    fn item_parts(
        &mut self,
        media: &str,
        content: &Node<'d>,
        item: TypeRef,
        id: &str,
    ) -> Vec<Part> {
        for key in ["encoding", "x-callwright-prefix-encoding"] {
            if let Some(node) = content.get(key) {
                self.without_effect(
                    &node,
                    "the parts are the items of an array, all alike: `itemEncoding` is what applies to them",
                );
            }
        }
        let place = Place {
            media,
            words: [id.to_owned(), "part".to_owned()],
        };
        let encoding = content.get("x-callwright-item-encoding");
        let part = self.part(0, item, encoding.as_ref(), None, "", &place);
        // A list within a list is one part, as JSON.
        let kind = match part.kind {
            _ if part.repeated && part.kind != PartKind::File => PartKind::Json,
            kind => kind,
        };
        vec![Part {
            repeated: true,
            kind,
            ..part
        }]
    }

    fn positional_parts(
        &mut self,
        media: &str,
        content: &Node<'d>,
        items: &[TypeRef],
        has_rest: bool,
        id: &str,
    ) -> Vec<Part> {
        if let Some(node) = content.get("encoding") {
            self.without_effect(
                &node,
                "the parts have no names: `prefixEncoding` is what applies to them",
            );
        }
        let prefix = content.get("x-callwright-prefix-encoding");
        let mut encodings = prefix.iter().flat_map(Node::items);
        let rest = content.get("x-callwright-item-encoding");
        let last = items.len().checked_sub(1).filter(|_| has_rest);
        let items = items.iter().enumerate();
        items
            .map(|(index, ty)| {
                let is_rest = Some(index) == last;
                let encoding = if is_rest { None } else { encodings.next() };
                let encoding = encoding.or_else(|| rest.clone());
                let word = if is_rest {
                    "part".to_owned()
                } else {
                    format!("part {}", index + 1)
                };
                let place = Place {
                    media,
                    words: [id.to_owned(), word],
                };
                let part = self.part(index, *ty, encoding.as_ref(), None, "", &place);
                // A list in one position is one part.
                let kind = match part.kind {
                    _ if part.repeated && !is_rest => PartKind::Json,
                    kind => kind,
                };
                Part {
                    repeated: is_rest,
                    kind,
                    ..part
                }
            })
            .collect()
    }

    /// One part; `own` is the media type that its schema names.
    fn part(
        &mut self,
        position: usize,
        ty: TypeRef,
        node: Option<&Node<'d>>,
        own: Option<String>,
        name: &str,
        place: &Place<'_>,
    ) -> Part {
        let encoding = node.and_then(|node| self.model::<openapiv3::Encoding>(node, &["headers"]));
        let types = &self.api.types;
        let inner = types.unalias(ty).id;
        let (item, repeated) = match types[inner].shape {
            Shape::Array(item) => (item, true),
            _ => (ty, false),
        };
        let shape = types[types.unalias(item).id].shape.clone();
        let style = node
            .zip(encoding.as_ref())
            .filter(|_| is_form(place.media) && shape != Shape::File)
            .and_then(|(node, encoding)| style(node, encoding, name));
        let asked = encoding.and_then(|encoding| encoding.content_type).or(own);
        let first = asked.as_deref().and_then(|asked| asked.split(',').next());
        // A list that is asked for as JSON is one text; by default each item is a part.
        let is_whole = repeated
            && shape != Shape::File
            && first.is_some_and(|media| Media::of(media) == Media::Json);
        let (item, shape, repeated) = if is_whole && style.is_none() {
            (ty, Shape::Array(item), false)
        } else {
            (item, shape, repeated)
        };
        let (kind, content_type) = match &style {
            // A style says all there is to say of how a value is written.
            Some(_) => (PartKind::Text, None),
            None => self.part_kind(item, &shape, asked.as_deref(), !name.is_empty(), node),
        };
        let is_plain = |style: &Encoding| {
            let object = matches!(shape, Shape::Object(_) | Shape::Map(_) | Shape::Any);
            style.style == Style::Form && style.explode && (repeated || !object)
        };
        let (headers, header_styles) =
            node.map_or((None, Vec::new()), |node| self.part_headers(node, place));
        if let Some(node) = node.and_then(|node| {
            let nested = ["encoding", "item-encoding", "prefix-encoding"];
            nested
                .iter()
                .find_map(|key| node.get(&format!("x-callwright-{key}")))
        }) {
            self.without_effect(&node, "a part within a part is not understood here");
        }
        Part {
            wire: name.to_owned(),
            position,
            kind,
            // A style is one of the list as a whole.
            repeated: repeated && style.as_ref().is_none_or(is_plain),
            content_type,
            style: style.filter(|style| !is_plain(style)),
            headers,
            header_styles,
        }
    }

    /// What a part holds and under which media type, of those that the document asks for.
    fn part_kind(
        &mut self,
        ty: TypeRef,
        shape: &Shape,
        asked: Option<&str>,
        named: bool,
        node: Option<&Node<'d>>,
    ) -> (PartKind, Option<String>) {
        let listed = || asked.iter().flat_map(|asked| asked.split(','));
        let listed = || listed().map(str::trim).filter(|media| !media.is_empty());
        let all = || {
            let all: Vec<&str> = listed().collect();
            (!all.is_empty()).then(|| all.join(", "))
        };
        let opaque = asked.is_some()
            && listed().all(|media| matches!(Media::of(media), Media::Bytes | Media::Any));
        let is_file = match shape {
            Shape::File => true,
            // What has no type is bytes (OAS 3.1.1, section 4.8.15.1); by a name servers are also sent anything as JSON.
            Shape::Any if asked.is_none() && !named => true,
            Shape::String => opaque && listed().all(|media| Media::of(media) == Media::Bytes),
            Shape::Any => opaque,
            _ => false,
        };
        if is_file {
            return (PartKind::File, all());
        }
        let concrete: Vec<&str> = listed().filter(|media| !media.contains('*')).collect();
        let structured = matches!(
            shape,
            Shape::Object(_)
                | Shape::Map(_)
                | Shape::Array(_)
                | Shape::Union(_)
                | Shape::Any
                | Shape::Tuple(_)
                | Shape::Newtype(_)
        );
        if !structured {
            return (PartKind::Text, concrete.first().map(|&media| media.into()));
        }
        let written = concrete.iter().find_map(|&media| match Media::of(media) {
            Media::Json | Media::Text => Some((PartKind::Json, media)),
            Media::Bytes if media.starts_with("application/") => Some((PartKind::Json, media)),
            Media::Xml if self.is_xml(ty) => Some((PartKind::Xml, media)),
            _ => None,
        });
        if written.is_none()
            && let (Some(node), Some(media)) = (node, concrete.first())
        {
            self.without_effect(
                node,
                format!("nothing of this type is written as `{media}` here; it goes as JSON"),
            );
        }
        match written {
            Some((PartKind::Json, "application/json")) | None => (PartKind::Json, None),
            Some((kind, media)) => (kind, Some(media.to_owned())),
        }
    }

    /// The documented headers of a part as an object, and those that are not written as usual.
    fn part_headers(
        &mut self,
        node: &Node<'d>,
        place: &Place<'_>,
    ) -> (Option<TypeRef>, Vec<Encoding>) {
        let mut headers = self.headers(node, &place.words);
        headers.retain(|header| {
            let sound = is_token(&header.wire);
            if !sound {
                self.report(
                    Code::MALFORMED,
                    node,
                    format!("no header can be called `{}`", header.wire.escape_debug()),
                    "a header's name has letters, digits and `-` (RFC 9110); the header is left out",
                );
            }
            sound
        });
        if headers.is_empty() {
            return (None, Vec::new());
        }
        let unusual = headers
            .iter()
            .filter(|header| header.style != Style::Simple || header.explode);
        let styles = unusual.map(header_style).collect();
        let fields = headers.into_iter().map(header_field).collect();
        let shape = Shape::Object(Object {
            fields,
            additional: None,
            open: false,
        });
        let ty = self.plain(node, shape);
        let mut words = place.words.to_vec();
        words.push("headers".to_owned());
        self.api.types[ty.id].origin = Origin::Inline(words);
        (Some(ty), styles)
    }

    /// `contentMediaType` of a property, which says what a part holds where no encoding does (OAS 3.1.1, section 4.8.14.1).
    fn content_media_type(&self, content: &Node<'d>, property: &str) -> Option<String> {
        let follow = |node: Node<'d>| self.document.follow(&node).ok();
        let schema = follow(content.get("schema")?)?;
        let property = follow(schema.get("properties")?.get(property)?)?;
        // Text in base64 is text: what it is of, no header says.
        if property.member("x-callwright-content-encoding").is_some()
            || property.str("format") == Some("byte")
        {
            return None;
        }
        let items = property.get("items").and_then(follow);
        let key = "x-callwright-content-media-type";
        let said = property
            .str(key)
            .or_else(|| items.as_ref().and_then(|items| items.str(key)));
        said.map(str::to_owned)
    }

    pub(super) fn without_effect(&mut self, node: &Node<'_>, message: impl Into<String>) {
        self.report(
            Code::PART_ENCODING,
            node,
            message,
            "remove it, or describe the body so that it applies, in an overlay",
        );
    }
}

/// How a property of a form is written, where its encoding says it with a style: `contentType` does not count then
/// (OAS 3.0.4 and 3.1.1, Encoding Object).
pub(super) fn style(
    node: &Node<'_>,
    encoding: &openapiv3::Encoding,
    name: &str,
) -> Option<Encoding> {
    let explode = node.get("x-callwright-explode");
    let told = encoding.style.is_some()
        || encoding.content_type.is_none() && (explode.is_some() || encoding.allow_reserved);
    if !told {
        return None;
    }
    let style = match encoding.style {
        _ if node.str("x-callwright-collection-format") == Some("tsv") => Style::TabDelimited,
        Some(QueryStyle::SpaceDelimited) => Style::SpaceDelimited,
        Some(QueryStyle::PipeDelimited) => Style::PipeDelimited,
        Some(QueryStyle::DeepObject) => Style::DeepObject,
        Some(QueryStyle::Form) | None => Style::Form,
    };
    let explode = if explode.is_some() {
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
}

/// Whether a schema has values.
fn may_be(schema: &Node<'_>) -> bool {
    let closed = serde_json::json!({ "not": {} });
    *schema.value != serde_json::Value::Bool(false) && *schema.value != closed
}

/// Whether the parts have names: all but those of mail, whose subtypes are many.
fn is_form(media: &str) -> bool {
    let essence = media.split(';').next().unwrap_or_default().trim();
    essence.eq_ignore_ascii_case("multipart/form-data") || essence == "multipart/*"
}

fn header_style(header: &Parameter) -> Encoding {
    Encoding {
        wire: header.wire.clone(),
        style: header.style,
        explode: header.explode,
        allow_reserved: false,
    }
}

fn header_field(header: Parameter) -> Field {
    Field {
        wire: header.wire,
        ty: header.ty,
        required: header.required,
        maybe: false,
        read_only: false,
        write_only: false,
        doc: header.doc,
        constraints: header.constraints,
    }
}
