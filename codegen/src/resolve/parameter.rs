//! Parameters and response headers.

use indexmap::IndexMap;
use openapiv3::{ParameterSchemaOrContent, PathStyle, QueryStyle};

use super::Resolver;
use super::body::Media;
use super::constraints::constraints;
use super::object::use_doc;
use super::operation::Site;
use crate::diagnostic::Code;
use crate::document::Node;
use crate::ir::{Doc, Encoding, Location, Parameter, Shape, Style, TextFormat, TypeRef};

/// Headers that the specification takes from elsewhere: a parameter of these names is ignored.
const RESERVED_HEADERS: &[&str] = &["accept", "content-type", "authorization"];

impl<'d> Resolver<'d> {
    /// The parameters of an operation: those of the template in its order, then the others in the
    /// document's. `None` where one that must be given cannot be emitted.
    pub(super) fn parameters(&mut self, site: &Site<'d>, id: &str) -> Option<Vec<Parameter>> {
        let mut nodes: IndexMap<(&'d str, &'d str), (Node<'d>, bool)> = IndexMap::new();
        for node in [&site.item, &site.node]
            .into_iter()
            .filter_map(|node| node.get("parameters"))
            .flat_map(|list| list.items().collect::<Vec<_>>())
        {
            if let Some(target) = self.follow(&node) {
                let word = |key| target.str(key).unwrap_or_default();
                let key = (word("in"), word("name"));
                nodes.insert(key, (target, node.reference().is_some()));
            }
        }
        let template = site.path.split(['#', '?']).next().unwrap_or_default();
        let names = template_names(template);
        let mut parameters = Vec::new();
        for ((location, name), (node, is_shared)) in &nodes {
            if *location == "header"
                && RESERVED_HEADERS.contains(&name.to_ascii_lowercase().as_str())
            {
                self.report(
                    Code::RESERVED_HEADER,
                    node,
                    format!("the header `{name}` is set from the body, the responses and the security of the operation"),
                    "remove the parameter; it is ignored as the specification asks",
                );
                continue;
            }
            if *location == "path" && !names.iter().any(|known| known == name) {
                self.report(
                    Code::UNUSED_PATH_PARAMETER,
                    node,
                    format!("`{name}` does not occur in `{}`", site.path),
                    &format!(
                        "write `{{{name}}}` into the path, or remove the parameter; it is left out"
                    ),
                );
                continue;
            }
            let known = self.parameters.get(&node.pointer).cloned();
            let parameter = known.unwrap_or_else(|| self.parameter(node, id));
            if *is_shared {
                self.parameters
                    .entry(node.pointer.clone())
                    .or_insert_with(|| parameter.clone());
            }
            match parameter {
                Some(parameter) => parameters.push(parameter),
                None if node.flag("required") => return None,
                None => {}
            }
        }
        for name in &names {
            if !parameters
                .iter()
                .any(|known| known.location == Location::Path && &known.wire == name)
            {
                self.report(
                    Code::UNDECLARED_PATH_PARAMETER,
                    &site.node,
                    format!(
                        "`{{{name}}}` in `{}` is declared by no parameter",
                        site.path
                    ),
                    "declare it with `in: path`; it is taken as a string",
                );
                let ty = self.plain(&site.node, Shape::String);
                parameters.push(path_parameter(name, ty));
            }
        }
        let order = |parameter: &Parameter| match parameter.location {
            Location::Path => names
                .iter()
                .position(|name| *name == parameter.wire)
                .unwrap_or(0),
            _ => names.len(),
        };
        parameters.sort_by_key(order);
        Some(parameters)
    }

    fn parameter(&mut self, node: &Node<'d>, id: &str) -> Option<Parameter> {
        let model = self.model::<openapiv3::Parameter>(node, &["example", "examples"])?;
        let data = model.parameter_data_ref();
        if matches!(model, openapiv3::Parameter::Header { .. }) && !is_token(&data.name) {
            self.report(
                Code::MALFORMED,
                node,
                format!("no header can be called `{}`", data.name.escape_debug()),
                "a header's name has letters, digits and `-` (RFC 9110); the parameter is left out, and the operation where it is required",
            );
            return None;
        }
        let (location, style, default_explode) = match &model {
            openapiv3::Parameter::Path { style, .. } => (
                Location::Path,
                match style {
                    PathStyle::Matrix => Style::Matrix,
                    PathStyle::Label => Style::Label,
                    PathStyle::Simple => Style::Simple,
                },
                false,
            ),
            openapiv3::Parameter::Query { style, .. } => {
                let whole = node.str("x-callwright-in") == Some("querystring");
                let location = if whole {
                    Location::QueryString
                } else {
                    Location::Query
                };
                let style = query_style(style);
                (location, style, style == Style::Form)
            }
            openapiv3::Parameter::Header { .. } => (Location::Header, Style::Simple, false),
            openapiv3::Parameter::Cookie { .. } => {
                let style = match node.str("x-callwright-style") {
                    Some("cookie") => Style::Cookie,
                    _ => Style::Form,
                };
                (Location::Cookie, style, true)
            }
        };
        let style = collection_style(node, style);
        let (allow_reserved, allow_empty) = match &model {
            openapiv3::Parameter::Query {
                allow_reserved,
                allow_empty_value,
                ..
            } => (*allow_reserved, allow_empty_value.unwrap_or(false)),
            // Elsewhere than in a query it has a meaning since 3.2.
            _ => (node.flag("x-callwright-allow-reserved"), false),
        };
        let place = [id.to_owned(), data.name.clone()];
        let (schema, style) = parameter_schema(node, &data.format, style);
        let ty = match &schema {
            Some(schema) => self.schema(schema, &place),
            None => self.plain(node, Shape::String),
        };
        let (style, encodings) = if location == Location::QueryString {
            self.query_string(node, ty, style)
        } else {
            (style, Vec::new())
        };
        if let Some(text) = &data.description {
            self.describe_values(ty, text);
        }
        let parts = schema
            .map(|schema| self.parts(&[schema]))
            .unwrap_or_default();
        let schema_nodes: Vec<Node<'d>> = parts
            .iter()
            .filter(|part| part.own)
            .map(|part| part.node.clone())
            .collect();
        let schema_doc = use_doc(&schema_nodes);
        Some(Parameter {
            wire: data.name.clone(),
            location,
            style,
            explode: data.explode.unwrap_or(default_explode),
            allow_reserved,
            allow_empty,
            items: items_style(node),
            required: data.required || location == Location::Path,
            ty,
            doc: Doc {
                description: data.description.clone().or(schema_doc.description),
                deprecated: data.deprecated.unwrap_or(false) || schema_doc.deprecated,
                example: node.member("example").cloned().or(schema_doc.example),
                default: schema_doc.default,
                title: None,
                url: None,
            },
            constraints: constraints(&parts),
            encodings,
        })
    }

    /// How the whole query is written, by the one media type of its content (OAS 3.2.0, section 4.12.3).
    fn query_string(
        &mut self,
        node: &Node<'d>,
        ty: TypeRef,
        style: Style,
    ) -> (Style, Vec<Encoding>) {
        let content = node.get("content").and_then(|node| node.members().next());
        let Some((media, content)) = content else {
            return (style, Vec::new());
        };
        let content = self.document.follow(&content).unwrap_or(content);
        let types = &self.api.types;
        let shape = &types[types.unalias(ty).id].shape;
        let structured =
            !shape.is_scalar() && !matches!(shape, Shape::File | Shape::Enumeration(_));
        match Media::of(media) {
            Media::Form if structured => (Style::Form, self.encodings(&content)),
            Media::Json => (Style::Json, Vec::new()),
            _ if structured => {
                self.report(
                    Code::PART_ENCODING,
                    &content,
                    format!("a value of this type is not written as `{media}` here; it is sent as JSON"),
                    "give it the media type `application/x-www-form-urlencoded` or `application/json`, or a schema of a text, in an overlay",
                );
                (Style::Json, Vec::new())
            }
            _ => (Style::Simple, Vec::new()),
        }
    }

    /// The documented headers of a response, or of a part of a body; `place` are the words of its place.
    pub(super) fn headers(&mut self, holder: &Node<'d>, place: &[String]) -> Vec<Parameter> {
        let mut headers = Vec::new();
        for (name, node) in holder
            .get("headers")
            .into_iter()
            .flat_map(|node| node.members())
        {
            let Some(node) = self.follow(&node) else {
                continue;
            };
            let Some(model) = self.model::<openapiv3::Header>(&node, &["example", "examples"])
            else {
                continue;
            };
            if name.eq_ignore_ascii_case("content-type") {
                self.report(
                    Code::RESERVED_HEADER,
                    &node,
                    "the media type of the content says what `Content-Type` is",
                    "remove the header; it is ignored as the specification asks",
                );
                continue;
            }
            let style = collection_style(&node, Style::Simple);
            let (schema, style) = parameter_schema(&node, &model.format, style);
            let place = [place, &[name.to_owned()]].concat();
            let ty = match &schema {
                // A date as HTTP writes it is a point in time, of a spelling that headers alone have.
                Some(schema) if schema.str("format") == Some("date-time-rfc1123") => {
                    self.plain(schema, Shape::Text(TextFormat::DateTime))
                }
                Some(schema) => self.schema(schema, &place),
                None => self.plain(&node, Shape::String),
            };
            let prefix = node.str("x-ms-header-collection-prefix");
            let (wire, style, ty) = match prefix.filter(|prefix| !prefix.is_empty()) {
                Some(prefix) => (prefix, Style::DeepObject, self.plain(&node, Shape::Map(ty))),
                None => (name, style, ty),
            };
            headers.push(Parameter {
                wire: wire.to_owned(),
                location: Location::Header,
                style,
                explode: node.flag("x-callwright-explode"),
                allow_reserved: false,
                allow_empty: false,
                items: None,
                required: model.required,
                ty,
                doc: Doc {
                    description: model.description,
                    ..use_doc(std::slice::from_ref(&node))
                },
                constraints: crate::ir::Constraints::default(),
                encodings: Vec::new(),
            });
        }
        headers
    }
}

/// The schema of a parameter or header, and the style that its `content` asks for.
fn parameter_schema<'d>(
    node: &Node<'d>,
    format: &ParameterSchemaOrContent,
    style: Style,
) -> (Option<Node<'d>>, Style) {
    match format {
        ParameterSchemaOrContent::Schema(_) => (node.get("schema"), style),
        ParameterSchemaOrContent::Content(content) => {
            let media = content
                .keys()
                .next()
                .map(String::as_str)
                .unwrap_or_default();
            let schema = node
                .get("content")
                .and_then(|content| content.get(media)?.get("schema"));
            let json = Media::of(media) == Media::Json;
            (schema, if json { Style::Json } else { style })
        }
    }
}

fn path_parameter(name: &str, ty: TypeRef) -> Parameter {
    Parameter {
        wire: name.to_owned(),
        location: Location::Path,
        style: Style::Simple,
        explode: false,
        allow_reserved: false,
        allow_empty: false,
        items: None,
        required: true,
        ty,
        doc: Doc::default(),
        constraints: crate::ir::Constraints::default(),
        encodings: Vec::new(),
    }
}

/// A `collectionFormat` of Swagger 2.0 that no style of OpenAPI 3.0 says, else the style.
fn collection_style(node: &Node<'_>, style: Style) -> Style {
    match node.str("x-callwright-collection-format") {
        Some("ssv") => Style::SpaceDelimited,
        Some("pipes") => Style::PipeDelimited,
        Some("tsv") => Style::TabDelimited,
        _ => style,
    }
}

/// The style of the arrays among the items of a parameter of Swagger 2.0.
fn items_style(node: &Node<'_>) -> Option<Style> {
    Some(match node.str("x-callwright-items-collection-format")? {
        "ssv" => Style::SpaceDelimited,
        "pipes" => Style::PipeDelimited,
        "tsv" => Style::TabDelimited,
        _ => Style::Simple,
    })
}

fn query_style(style: &QueryStyle) -> Style {
    match style {
        QueryStyle::Form => Style::Form,
        QueryStyle::SpaceDelimited => Style::SpaceDelimited,
        QueryStyle::PipeDelimited => Style::PipeDelimited,
        QueryStyle::DeepObject => Style::DeepObject,
    }
}

/// Whether a text can be the name of a header: a token of RFC 9110 section 5.6.2.
pub(super) fn is_token(text: &str) -> bool {
    let is_token = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte);
    !text.is_empty() && text.bytes().all(is_token)
}

/// The names in braces of a path template, in order, each once.
pub(super) fn template_names(template: &str) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for piece in template.split('{').skip(1) {
        if let Some((name, _)) = piece.split_once('}')
            && !names.iter().any(|known| known == name)
        {
            names.push(name.to_owned());
        }
    }
    names
}

#[cfg(test)]
mod tests {
    use super::template_names;

    #[test]
    fn reads_templates() {
        assert_eq!(template_names("/a/{b}.{c}/{d}:cancel/{b}"), ["b", "c", "d"]);
        assert!(template_names("/a}/{b").is_empty());
    }
}
