//! An API by hand: types and operations together with their names, as `resolve` and `names` would fill them.

use crate::names::Ident;
use serde_json::Value;

use crate::diagnostic::Pointer;
use crate::ir::*;
use crate::names::{Names, OperationNames, Replies, Resource, SchemeNames, SharedReplies};

/// An API that grows item by item.
pub(crate) struct Sketch {
    pub(crate) api: Api,
    pub(crate) names: Names,
}

impl Sketch {
    pub(crate) fn new(title: &str) -> Self {
        let api = Api {
            title: title.to_owned(),
            version: "1.0.0".to_owned(),
            ..Api::default()
        };
        let names = Names {
            types: Vec::new(),
            members: Vec::new(),
            additional: Vec::new(),
            resources: Vec::new(),
            operations: Vec::new(),
            replies: Replies {
                module: ident("replies"),
                items: Vec::new(),
            },
            webhooks: Vec::new(),
            schemes: Vec::new(),
            servers: Vec::new(),
            type_groups: vec![(ident("types"), Vec::new())],
            features: None,
            environment_prefix: "PETS".to_owned(),
        };
        Self { api, names }
    }

    /// A type without a name.
    pub(crate) fn inline(&mut self, shape: Shape) -> TypeRef {
        self.push(None, shape, Vec::new(), Doc::default())
    }

    /// A type that is an item, with the names of its members.
    pub(crate) fn item(
        &mut self,
        name: &str,
        shape: Shape,
        doc: &str,
        members: &[&str],
    ) -> TypeRef {
        let doc = Doc {
            description: text(doc),
            ..Doc::default()
        };
        let members = members.iter().map(|member| ident(member)).collect();
        self.push(Some(ident(name)), shape, members, doc)
    }

    pub(crate) fn object(&mut self, name: &str, doc: &str, fields: Vec<Field>) -> TypeRef {
        let members: Vec<_> = fields.iter().map(|field| snake(&field.wire)).collect();
        let members: Vec<_> = members.iter().map(String::as_str).collect();
        self.item(
            name,
            Shape::Object(Object {
                open: false,
                fields,
                additional: None,
            }),
            doc,
            &members,
        )
    }

    pub(crate) fn strings(&mut self, name: &str, values: &[&str]) -> TypeRef {
        let members: Vec<_> = values.iter().map(|value| pascal(value)).collect();
        let members: Vec<_> = members.iter().map(String::as_str).collect();
        let values = values.iter().map(|value| EnumerationValue {
            value: Value::String((*value).to_owned()),
            name: None,
            doc: None,
        });
        let kind = EnumerationKind::String;
        let shape = Shape::Enumeration(Enumeration {
            kind,
            values: values.collect(),
        });
        self.item(name, shape, "", &members)
    }

    fn push(
        &mut self,
        name: Option<Ident>,
        shape: Shape,
        members: Vec<Ident>,
        doc: Doc,
    ) -> TypeRef {
        let origin = name
            .as_ref()
            .map_or(Origin::Inline(vec!["place".to_owned()]), |name| {
                Origin::Component(name.to_string())
            });
        let id = self.api.types.push(Type {
            shape,
            doc,
            origin,
            pointer: Pointer::default(),
            usage: Usage {
                request: true,
                response: true,
                multipart: false,
            },
            form: Form::Shared,
            constraints: Constraints::default(),
            xml: None,
        });
        if name.is_some() {
            self.names.type_groups[0].1.push(id);
        }
        self.names.types.push(name);
        self.names.members.push(members);
        self.names.additional.push(Some(ident("additional")));
        id.into()
    }

    pub(crate) fn scheme(
        &mut self,
        name: &str,
        kind: SchemeKind,
        method: &str,
        variables: &[&str],
    ) {
        self.api.schemes.push(Scheme {
            name: name.to_owned(),
            kind,
            description: None,
        });
        let variables = variables.iter().map(|name| (*name).to_owned()).collect();
        self.names.schemes.push(SchemeNames {
            method: ident(method),
            variables,
        });
    }

    pub(crate) fn server(&mut self, url: &str, name: &str, variables: &[(&str, &str)]) {
        let fields = variables.iter().map(|(name, _)| ident(name)).collect();
        self.names.servers.push((ident(name), fields));
        let variables = variables.iter().map(|(name, default)| ServerVariable {
            name: (*name).to_owned(),
            default: (*default).to_owned(),
            values: Vec::new(),
            description: None,
        });
        self.api.servers.push(Server {
            url: url.to_owned(),
            name: Some(name.to_owned()),
            description: None,
            variables: variables.collect(),
        });
    }

    /// An operation under `resource.method`.
    pub(crate) fn operation(&mut self, name: &str, operation: Operation) -> usize {
        let (module, method) = name.split_once('.').expect("resource.method");
        let index = self.api.operations.len();
        let base = format!("{}{}", pascal(method), pascal(module));
        let known = self
            .names
            .resources
            .iter()
            .position(|resource| resource.module == module);
        let resource = known.unwrap_or_else(|| {
            self.names.resources.push(Resource {
                module: ident(module),
                ty: ident(&pascal(module)),
                description: None,
                operations: Vec::new(),
            });
            self.names.resources.len() - 1
        });
        self.names.resources[resource].operations.push(index);
        let status = |case: &Case| match case.status {
            StatusPattern::Exact(status) => ident(&format!("Status{status}")),
            StatusPattern::Range(digit) => ident(&format!("Status{digit}xx")),
            StatusPattern::Default => ident("Default"),
        };
        let media = |media: &BodyMedia| {
            ident(match media.kind {
                BodyKind::Json(_) => "Json",
                BodyKind::Form(..) => "Form",
                BodyKind::Multipart(..) => "Multipart",
                BodyKind::Xml(_) => "Xml",
                BodyKind::Text => "Text",
                BodyKind::Bytes => "Bytes",
                BodyKind::Lines(_) => "Lines",
            })
        };
        let bodies = operation
            .body
            .iter()
            .flat_map(|body| &body.media)
            .map(media)
            .collect();
        self.names.operations.push(OperationNames {
            resource,
            method: ident(method),
            request: ident(&base),
            endpoint: ident(&format!("{base}Endpoint")),
            constant: ident(&method.to_uppercase()),
            parameters: operation
                .parameters
                .iter()
                .map(|p| ident(&snake(&p.wire)))
                .collect(),
            body: ident("body"),
            bodies: (ident(&format!("{base}Body")), bodies),
            successes: (
                ident(&format!("{base}Response")),
                operation.successes.iter().map(status).collect(),
            ),
            errors: (
                ident(&format!("{base}Error")),
                operation.errors.iter().map(status).collect(),
            ),
            headers: (
                ident(&format!("{base}Headers")),
                operation
                    .success_headers()
                    .iter()
                    .map(|(header, _)| ident(&snake(&header.wire)))
                    .collect(),
            ),
            shared: SharedReplies::default(),
            error_headers: (
                ident(&format!("{base}ErrorHeaders")),
                operation
                    .error_headers()
                    .iter()
                    .map(|(header, _)| ident(&snake(&header.wire)))
                    .collect(),
            ),
        });
        self.api.operations.push(operation);
        index
    }
}

pub(crate) fn operation(method: &str, path: &str) -> Operation {
    Operation {
        id: format!("{method} {path}"),
        has_id: false,
        method: method.to_owned(),
        path: path.to_owned(),
        doc: Doc::default(),
        tags: Vec::new(),
        name: None,
        parameters: Vec::new(),
        body: None,
        successes: Vec::new(),
        errors: Vec::new(),
        security: vec![vec![(0, Vec::new())]],
        servers: Vec::new(),
        is_stream: false,
        pagination: None,
        pointer: Pointer::default(),
    }
}

pub(crate) fn parameter(wire: &str, location: Location, required: bool, ty: TypeRef) -> Parameter {
    let (style, explode) = match location {
        Location::Path | Location::Header => (Style::Simple, false),
        _ => (Style::Form, true),
    };
    Parameter {
        wire: wire.to_owned(),
        location,
        style,
        explode,
        allow_reserved: false,
        allow_empty: false,
        items: None,
        required,
        ty,
        doc: Doc::default(),
        constraints: Constraints::default(),
        encodings: Vec::new(),
    }
}

pub(crate) fn field(wire: &str, required: bool, ty: TypeRef) -> Field {
    Field {
        wire: wire.to_owned(),
        ty,
        required,
        maybe: false,
        read_only: false,
        write_only: false,
        doc: Doc::default(),
        constraints: Constraints::default(),
    }
}

pub(crate) fn body(required: bool, media: Vec<(&str, BodyKind)>) -> Body {
    let media = media
        .into_iter()
        .map(|(media, kind)| BodyMedia {
            media: media.to_owned(),
            kind,
        })
        .collect();
    Body {
        required,
        description: None,
        media,
    }
}

pub(crate) fn case(status: u16, description: &str, payload: Payload) -> Case {
    let media = match payload {
        Payload::Empty => None,
        Payload::Json(_) => Some("application/json"),
        Payload::Xml(_) => Some("application/xml"),
        Payload::Text => Some("text/plain"),
        Payload::Bytes => Some("application/octet-stream"),
        Payload::Events(_) => Some("text/event-stream"),
        Payload::Lines(_) => Some("application/x-ndjson"),
    };
    Case {
        status: StatusPattern::Exact(status),
        description: description.to_owned(),
        media: media.map(str::to_owned),
        payload,
        also: Vec::new(),
        headers: Vec::new(),
    }
}

pub(crate) fn text(text: &str) -> Option<String> {
    (!text.is_empty()).then(|| text.to_owned())
}

fn ident(name: &str) -> Ident {
    Ident::of(name)
}

fn snake(name: &str) -> String {
    heck::ToSnakeCase::to_snake_case(name)
}

fn pascal(name: &str) -> String {
    heck::ToUpperCamelCase::to_upper_camel_case(name)
}
