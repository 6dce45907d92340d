//! Operations: what is sent where, and what comes back.

use std::collections::HashSet;

use super::{Doc, FieldPath, TypeRef};
use crate::diagnostic::Pointer;

/// A base URL that the document offers.
#[derive(Debug, Clone, PartialEq)]
pub struct Server {
    /// The URL, with `{variables}`; absolute or relative to where the document was.
    pub url: String,
    /// What the document calls it (`name` of 3.2).
    pub name: Option<String>,
    /// What the document says of it.
    pub description: Option<String>,
    /// The variables of the URL, in the order of the document.
    pub variables: Vec<ServerVariable>,
}

/// A variable of a server's URL.
#[derive(Debug, Clone, PartialEq)]
pub struct ServerVariable {
    /// The name in braces.
    pub name: String,
    /// The value used where the user gives none.
    pub default: String,
    /// The values allowed; empty where any is.
    pub values: Vec<String>,
    /// What the document says of it.
    pub description: Option<String>,
}

/// A security scheme.
#[derive(Debug, Clone, PartialEq)]
pub struct Scheme {
    /// The key under `components.securitySchemes`.
    pub name: String,
    /// How the credential is sent.
    pub kind: SchemeKind,
    /// What the document says of it.
    pub description: Option<String>,
}

/// How a credential is sent.
#[derive(Debug, Clone, PartialEq)]
pub enum SchemeKind {
    /// A key under a name.
    ApiKey {
        /// Where.
        location: ApiKeyLocation,
        /// The header, query parameter or cookie.
        name: String,
    },
    /// RFC 7617.
    Basic,
    /// RFC 6750.
    Bearer,
    /// Another scheme of the `Authorization` header: the user gives its whole value.
    Authorization {
        /// The scheme's name, e.g. `digest`.
        scheme: String,
    },
    /// OAuth 2: a bearer token, or client credentials where the document names their token URL.
    OAuth2 {
        /// `tokenUrl` of the client credentials flow.
        token_url: Option<String>,
        /// The scopes of that flow with their descriptions.
        scopes: Vec<(String, String)>,
    },
    /// `OpenID` Connect: a bearer token.
    OpenIdConnect {
        /// The discovery URL.
        url: String,
    },
    /// A client certificate: configured on the HTTP client that the user hands in.
    MutualTls,
}

/// Where an API key is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs, reason = "the names are the values of `in`")]
pub enum ApiKeyLocation {
    Header,
    Query,
    Cookie,
}

/// An operation.
#[derive(Debug, Clone, PartialEq)]
pub struct Operation {
    /// The document's `operationId`, or `METHOD path` where it has none: names it in messages.
    pub id: String,
    /// Whether `id` is the document's own.
    pub has_id: bool,
    /// The method, upper-case.
    pub method: String,
    /// The path template, with the fragment that only tells paths apart removed.
    pub path: String,
    /// What the document says of it: `summary` is the title.
    pub doc: Doc,
    /// The tags, in the document's order.
    pub tags: Vec<String>,
    /// The name that the document or the overlay asks for (`x-callwright-name: resource.method`).
    pub name: Option<String>,
    /// The parameters, in the document's order; path parameters in the order of the template.
    pub parameters: Vec<Parameter>,
    /// The request body.
    pub body: Option<Body>,
    /// The documented successes, the most specific status first.
    pub successes: Vec<Case>,
    /// The documented errors, the most specific status first.
    pub errors: Vec<Case>,
    /// Alternatives of combinations of (index into the schemes, scopes). Empty: anonymous.
    pub security: Vec<Vec<(usize, Vec<String>)>>,
    /// The servers of the operation or its path, where they are not the document's.
    pub servers: Vec<Server>,
    /// Whether it is an operation before it once more, which the document offers as a stream or another value, too.
    pub is_stream: bool,
    /// How its pages follow each other. Set by `analyze`.
    pub pagination: Option<Pagination>,
    /// Where it stands in the lowered document.
    pub pointer: Pointer,
}

/// Where a parameter is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[allow(missing_docs, reason = "the names are the values of `in`")]
pub enum Location {
    Path,
    Query,
    Header,
    Cookie,
    /// The whole query string (3.2).
    QueryString,
}

/// How a parameter is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[allow(missing_docs, reason = "the names are the values of `style`")]
pub enum Style {
    Simple,
    Label,
    Matrix,
    Form,
    SpaceDelimited,
    PipeDelimited,
    /// `collectionFormat: tsv` of 2.0.
    TabDelimited,
    DeepObject,
    /// In cookies, without percent-encoding (3.2).
    Cookie,
    /// JSON text (`content: application/json`).
    Json,
}

/// A parameter.
#[derive(Debug, Clone, PartialEq)]
#[allow(
    clippy::struct_excessive_bools,
    reason = "the specification has as many"
)]
pub struct Parameter {
    /// The name on the wire.
    pub wire: String,
    /// Where it is sent.
    pub location: Location,
    /// How it is written.
    pub style: Style,
    /// Whether arrays and objects are written as several.
    pub explode: bool,
    /// Whether reserved characters stay as they are.
    pub allow_reserved: bool,
    /// Whether an empty value is sent.
    pub allow_empty: bool,
    /// How an array among the items of an array is written, where a format says so (`items` of 2.0).
    pub items: Option<Style>,
    /// Whether it must be given.
    pub required: bool,
    /// Its type.
    pub ty: TypeRef,
    /// What the document says of it.
    pub doc: Doc,
    /// The limits that the document sets on it.
    pub constraints: super::Constraints,
    /// How the properties of a form are written ([`Location::QueryString`]).
    pub encodings: Vec<Encoding>,
}

/// A request body.
#[derive(Debug, Clone, PartialEq)]
pub struct Body {
    /// Whether it must be given.
    pub required: bool,
    /// What the document says of it.
    pub description: Option<String>,
    /// The media types that the document offers; never empty. More than one: the user chooses.
    pub media: Vec<BodyMedia>,
}

/// One media type of a request body.
#[derive(Debug, Clone, PartialEq)]
pub struct BodyMedia {
    /// The media type as the document writes it; sent as `Content-Type`.
    pub media: String,
    /// What is sent.
    pub kind: BodyKind,
}

/// What a request body is.
#[derive(Debug, Clone, PartialEq)]
pub enum BodyKind {
    /// JSON text of the type.
    Json(TypeRef),
    /// `application/x-www-form-urlencoded` of the object type.
    Form(TypeRef, Vec<Encoding>),
    /// `multipart/…`: the fields of an object, the items of an array or the positions of a tuple, part by part. Any other
    /// type: the user fills the form.
    Multipart(TypeRef, Vec<Part>),
    /// XML text of the type.
    Xml(TypeRef),
    /// Text.
    Text,
    /// Bytes.
    Bytes,
    /// A JSON text a line (NDJSON), or a record (RFC 7464), of the type.
    Lines(TypeRef),
}

impl BodyKind {
    /// The type of the body, where it has one.
    pub fn ty(&self) -> Option<TypeRef> {
        match self {
            Self::Json(ty)
            | Self::Form(ty, _)
            | Self::Multipart(ty, _)
            | Self::Xml(ty)
            | Self::Lines(ty) => Some(*ty),
            Self::Text | Self::Bytes => None,
        }
    }

    fn type_mut(&mut self) -> Option<&mut TypeRef> {
        match self {
            Self::Json(ty)
            | Self::Form(ty, _)
            | Self::Multipart(ty, _)
            | Self::Xml(ty)
            | Self::Lines(ty) => Some(ty),
            Self::Text | Self::Bytes => None,
        }
    }
}

/// How one property of a form is written, where it is not the default.
#[derive(Debug, Clone, PartialEq)]
pub struct Encoding {
    /// The property's name on the wire.
    pub wire: String,
    /// How it is written.
    pub style: Style,
    /// Whether arrays and objects are written as several.
    pub explode: bool,
    /// Whether reserved characters stay as they are.
    pub allow_reserved: bool,
}

/// A part of a multipart body, in the order of the object's fields; the only one of an array or map, for all of its items.
#[derive(Debug, Clone, PartialEq)]
pub struct Part {
    /// The property of the object: fields that are not sent are taken out of it.
    pub wire: String,
    /// The position in the tuple.
    pub position: usize,
    /// What the part holds.
    pub kind: PartKind,
    /// Whether the field is an array with one part per item.
    pub repeated: bool,
    /// The content type that the document asks for; of a file there may be several, with commas between.
    pub content_type: Option<String>,
    /// How the value is written where the document names a style.
    pub style: Option<Encoding>,
    /// The documented headers as an object. `analyze` moves it into the type of the field ([`super::Shape::Part`]).
    pub headers: Option<TypeRef>,
    /// The headers that are not written as usual.
    pub header_styles: Vec<Encoding>,
}

/// What a part of a multipart body holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PartKind {
    /// A file.
    File,
    /// The text of a scalar.
    Text,
    /// JSON text.
    Json,
    /// XML text of the type.
    Xml,
}

/// Which statuses a response is documented for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum StatusPattern {
    /// One status.
    Exact(u16),
    /// `4XX`: all of a hundred, by its first digit.
    Range(u8),
    /// `default`: all others.
    Default,
}

/// A documented response.
#[derive(Debug, Clone, PartialEq)]
pub struct Case {
    /// For which statuses.
    pub status: StatusPattern,
    /// What the document says of it.
    pub description: String,
    /// The media type as the document writes it; none for an empty body.
    pub media: Option<String>,
    /// What comes back.
    pub payload: Payload,
    /// Further media types of the same value: which one it is, the reply says.
    pub also: Vec<(String, Payload)>,
    /// The documented headers. One of [`Style::DeepObject`] is all headers whose names begin with its own, as a map.
    pub headers: Vec<Parameter>,
}

/// What a response holds.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Payload {
    /// Nothing.
    Empty,
    /// JSON text of the type.
    Json(TypeRef),
    /// XML text of the type.
    Xml(TypeRef),
    /// Text.
    Text,
    /// Bytes, streamed.
    Bytes,
    /// Server-sent events whose data is JSON text of the type.
    Events(TypeRef),
    /// A JSON text a line of the type.
    Lines(TypeRef),
}

/// A payload that the server sends to the application.
#[derive(Debug, Clone, PartialEq)]
pub struct Webhook {
    /// The key under `webhooks`.
    pub name: String,
    /// What the document says of it.
    pub doc: Doc,
    /// The payload.
    pub payload: TypeRef,
    /// Where it stands in the lowered document.
    pub pointer: Pointer,
}

/// How the pages of an operation follow each other. Parameters are indexes into the operation's.
#[derive(Debug, Clone, PartialEq)]
pub struct Pagination {
    /// The rule.
    pub rule: Rule,
    /// From the page to the array of items.
    pub items: FieldPath,
    /// The type of an item.
    pub item: TypeRef,
    /// From the page to the number of all items.
    pub total: Option<FieldPath>,
    /// From the page to what leads to the next: a URL, a cursor or a page number, by the rule.
    pub next: Option<FieldPath>,
    /// From the page to whether there are more.
    pub more: Option<FieldPath>,
    /// From the page to the number of the last page.
    pub last: Option<FieldPath>,
    /// From an item to its id ([`Rule::LastItem`]).
    pub item_id: Option<FieldPath>,
    /// The header that leads to the next ([`Rule::NextHeader`], [`Rule::CursorHeader`]).
    pub header: Option<String>,
    /// Why this rule: shown to users.
    pub reason: String,
}

/// The kinds of pagination.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rule {
    /// `offset` grows by the number of items.
    Offset {
        /// The parameter that skips items.
        offset: usize,
        /// The parameter that says how many to return.
        limit: Option<usize>,
    },
    /// `page` grows by one.
    Page {
        /// The parameter that names the page.
        page: usize,
        /// The parameter that says how many to return.
        size: Option<usize>,
        /// The number of the first page.
        first: i64,
    },
    /// The page holds a cursor for the next.
    Cursor {
        /// The parameter that takes the cursor.
        cursor: usize,
    },
    /// The cursor is the id of the last item.
    LastItem {
        /// The parameter that takes the id.
        cursor: usize,
    },
    /// The page holds the URL of the next.
    NextLink,
    /// The header `Link` holds the URL of the next (RFC 8288).
    LinkHeader,
    /// [`Pagination::header`] holds the URL of the next.
    NextHeader,
    /// [`Pagination::header`] holds what a parameter takes for the next: a cursor, or the number of a page.
    CursorHeader {
        /// The parameter.
        cursor: usize,
    },
}

impl Case {
    /// The types of what comes back.
    pub fn types(&self) -> Vec<TypeRef> {
        let also = self.also.iter().map(|(_, payload)| payload);
        std::iter::once(&self.payload)
            .chain(also)
            .filter_map(|payload| payload.ty())
            .collect()
    }
}

impl Payload {
    /// The type of what comes back, where it has one.
    pub fn ty(self) -> Option<TypeRef> {
        match self {
            Self::Json(ty) | Self::Xml(ty) | Self::Events(ty) | Self::Lines(ty) => Some(ty),
            Self::Empty | Self::Text | Self::Bytes => None,
        }
    }

    fn ty_mut(&mut self) -> Option<&mut TypeRef> {
        match self {
            Self::Json(ty) | Self::Xml(ty) | Self::Events(ty) | Self::Lines(ty) => Some(ty),
            Self::Empty | Self::Text | Self::Bytes => None,
        }
    }
}

impl Operation {
    /// The types that the operation sends: of its parameters and bodies.
    pub fn sent_mut(&mut self) -> Vec<&mut TypeRef> {
        let parameters = self
            .parameters
            .iter_mut()
            .map(|parameter| &mut parameter.ty);
        let bodies = self
            .body
            .iter_mut()
            .flat_map(|body| &mut body.media)
            .filter_map(|choice| choice.kind.type_mut());
        parameters.chain(bodies).collect()
    }

    /// Every use of a type in the operation.
    pub fn types_mut(&mut self) -> Vec<&mut TypeRef> {
        let cases = self.successes.iter_mut().chain(&mut self.errors);
        let mut types: Vec<&mut TypeRef> = cases
            .flat_map(|case| {
                let also = case.also.iter_mut().map(|(_, payload)| payload);
                let payloads = std::iter::once(&mut case.payload).chain(also);
                let headers = case.headers.iter_mut().map(|header| &mut header.ty);
                headers.chain(payloads.filter_map(Payload::ty_mut))
            })
            .collect();
        let bodies = self.body.iter_mut().flat_map(|body| &mut body.media);
        types.extend(bodies.filter_map(|choice| choice.kind.type_mut()));
        types.extend(self.parameters.iter_mut().map(|it| &mut it.ty));
        types
    }

    /// The documented errors with their positions, one for each status: of several media types the first, which is the one
    /// that is asked for first.
    pub fn documented_errors(&self) -> impl Iterator<Item = (usize, &Case)> {
        let mut seen = HashSet::new();
        let cases = self.errors.iter().enumerate();
        cases.filter(move |(_, case)| seen.insert(case.status))
    }

    /// The documented headers of the successes, each once as it is first documented, with whether every success has it.
    pub fn success_headers(&self) -> Vec<(&Parameter, bool)> {
        headers_of(&self.successes)
    }

    /// The same of the errors.
    pub fn error_headers(&self) -> Vec<(&Parameter, bool)> {
        headers_of(&self.errors)
    }

    /// The types that come back: of its successes, errors and their headers.
    pub fn received(&self) -> Vec<TypeRef> {
        let mut types = Vec::new();
        for case in self.successes.iter().chain(&self.errors) {
            types.extend(case.headers.iter().map(|header| header.ty));
            types.extend(case.types());
        }
        types
    }
}

/// The documented headers of responses, each once as it is first documented, with whether every response has it.
fn headers_of(cases: &[Case]) -> Vec<(&Parameter, bool)> {
    let mut headers: Vec<(&Parameter, bool)> = Vec::new();
    for header in cases.iter().flat_map(|case| &case.headers) {
        let is_it = |other: &Parameter| other.wire.eq_ignore_ascii_case(&header.wire);
        if headers.iter().any(|(known, _)| is_it(known)) {
            continue;
        }
        let has = |case: &Case| case.headers.iter().any(|it| it.required && is_it(it));
        headers.push((header, cases.iter().all(has)));
    }
    headers
}
