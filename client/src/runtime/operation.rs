//! What is known of an API before any call is made: its schemes, operations and parameters as static data.
//! It must not know how a request is put together or sent.

use std::fmt;

/// An API: what every call of its client has in common.
#[derive(Debug)]
pub struct Api {
    /// The module's name, which is also the product in the default `User-Agent`.
    pub name: &'static str,
    /// The title of the document.
    pub title: &'static str,
    /// The version of the document.
    pub version: &'static str,
    /// The base URL when none is chosen; empty or relative when the document names no host.
    pub base_url: &'static str,
    /// The environment variable that replaces the base URL.
    pub base_url_variable: &'static str,
    /// The security schemes; operations name them by position.
    pub schemes: &'static [Scheme],
}

/// A security scheme, and how its credential is given.
#[derive(Debug)]
pub struct Scheme {
    /// The name in the document.
    pub name: &'static str,
    /// What the credential is and where it travels.
    pub kind: SchemeKind,
    /// The method of the client builder that takes the credential.
    pub method: &'static str,
    /// The environment variables that hold the credential.
    ///
    /// Basic: user name, password (absent: empty). OAuth 2: an access token (one variable), client id and secret
    /// (two), or access token, client id and secret (three). Everything else: one.
    pub variables: &'static [&'static str],
}

/// What the credential of a scheme is and where it travels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum SchemeKind {
    /// A key in a header, the query or a cookie.
    ApiKey {
        /// Header, query or cookie.
        location: Location,
        /// The header, parameter or cookie.
        name: &'static str,
    },
    /// RFC 7617: user name and password.
    Basic,
    /// RFC 6750: a bearer token.
    Bearer,
    /// RFC 6749: a bearer token, fetched with client credentials where those are given.
    OAuth2 {
        /// Where tokens are fetched, absolute or relative to the base URL; empty without a client credentials flow.
        token_url: &'static str,
        /// The scopes asked for unless others are configured.
        scopes: &'static [&'static str],
    },
    /// A client certificate, which belongs to the HTTP client: no credential is asked for.
    MutualTls,
    /// Any other scheme: the credential is the whole value of the `Authorization` header.
    Authorization,
}

/// Where a parameter travels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Location {
    /// Part of the path.
    Path,
    /// Part of the query.
    Query,
    /// A header.
    Header,
    /// A cookie.
    Cookie,
    /// The whole query.
    QueryString,
}

/// How a value becomes text: the style table of OAS 3.0.4 and 3.1.1 over RFC 6570.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Style {
    /// `a,b` in paths and headers.
    Simple,
    /// `.a.b` in paths.
    Label,
    /// `;name=a,b` in paths.
    Matrix,
    /// `name=a,b` or `name=a&name=b` in queries, cookies and form bodies.
    Form,
    /// `name=a%20b`; everywhere else than in a query or a form body, the same delimiter without the name.
    SpaceDelimited,
    /// `name=a%7Cb`; see [`Style::SpaceDelimited`].
    PipeDelimited,
    /// `name=a%09b`, the `tsv` of Swagger 2.0; see [`Style::SpaceDelimited`].
    TabDelimited,
    /// `name%5Bkey%5D=a`; deeper levels add brackets, arrays are numbered: `name%5Bkey%5D%5B0%5D=a`.
    DeepObject,
    /// `name=a,b`, or `name=a; name=b` when exploded, in cookies, as it is: nothing is percent-encoded (OAS 3.2.0).
    Cookie,
    /// The JSON text of the value: a parameter with `content` of a JSON media type.
    Json,
}

/// A parameter of an operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Parameter {
    /// The name on the wire.
    pub name: &'static str,
    /// Where it travels.
    pub location: Location,
    /// How the value becomes text.
    pub style: Style,
    /// Whether each item of an array or property of an object is a value of its own.
    pub explode: bool,
    /// Whether reserved characters and existing percent-encoded triples stay as they are (RFC 6570 section 3.2.3).
    /// Those that end a segment of a path, end the path or separate the pairs of a query are encoded all the same.
    pub allow_reserved: bool,
    /// Whether an empty array or a null is sent as an empty value; otherwise it is left out.
    pub allow_empty: bool,
    /// How an array that is an item of an array becomes text (`items` of Swagger 2.0); otherwise as its JSON text.
    pub items: Option<Style>,
    /// How the properties of a form become text, for [`Location::QueryString`] of [`Style::Form`].
    pub encodings: &'static [Encoding],
}

impl Parameter {
    /// A path parameter of the default style: simple, not exploded.
    pub const fn path(name: &'static str) -> Self {
        Self::of(name, Location::Path, Style::Simple, false)
    }

    /// A query parameter of the default style: form, exploded.
    pub const fn query(name: &'static str) -> Self {
        Self::of(name, Location::Query, Style::Form, true)
    }

    /// A header parameter: simple, not exploded.
    pub const fn header(name: &'static str) -> Self {
        Self::of(name, Location::Header, Style::Simple, false)
    }

    /// A cookie parameter of the default style: form, exploded.
    pub const fn cookie(name: &'static str) -> Self {
        Self::of(name, Location::Cookie, Style::Form, true)
    }

    /// A parameter that is the whole query: a form (`application/x-www-form-urlencoded`), JSON text in the style
    /// [`Style::Json`], or any text in the style [`Style::Simple`].
    pub const fn query_string(name: &'static str) -> Self {
        Self::of(name, Location::QueryString, Style::Form, true)
    }

    const fn of(name: &'static str, location: Location, style: Style, explode: bool) -> Self {
        Self {
            name,
            location,
            style,
            explode,
            allow_reserved: false,
            allow_empty: false,
            items: None,
            encodings: &[],
        }
    }
}

/// How one property of a form body becomes text: the Encoding Object.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Encoding {
    /// The property.
    pub property: &'static str,
    /// The style; [`Style::Json`] for a JSON content type.
    pub style: Style,
    /// Whether each item of an array or property of an object is a value of its own.
    pub explode: bool,
    /// Whether reserved characters stay as they are.
    pub allow_reserved: bool,
}

/// An HTTP method.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Method(&'static str);

impl Method {
    /// `GET`
    pub const GET: Self = Self("GET");
    /// `PUT`
    pub const PUT: Self = Self("PUT");
    /// `POST`
    pub const POST: Self = Self("POST");
    /// `DELETE`
    pub const DELETE: Self = Self("DELETE");
    /// `OPTIONS`
    pub const OPTIONS: Self = Self("OPTIONS");
    /// `HEAD`
    pub const HEAD: Self = Self("HEAD");
    /// `PATCH`
    pub const PATCH: Self = Self("PATCH");
    /// `TRACE`
    pub const TRACE: Self = Self("TRACE");

    /// A method of another name; a name that is no HTTP token fails when the call is put together.
    pub const fn named(name: &'static str) -> Self {
        Self(name)
    }

    /// The name on the wire.
    pub const fn as_str(self) -> &'static str {
        self.0
    }

    /// Whether sending it twice has the effect of sending it once (RFC 9110 section 9.2.2).
    pub fn is_idempotent(self) -> bool {
        matches!(
            self.0,
            "GET" | "HEAD" | "PUT" | "DELETE" | "OPTIONS" | "TRACE" | "QUERY"
        )
    }
}

impl fmt::Debug for Method {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

impl fmt::Display for Method {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

/// An operation: everything about a call that does not depend on its arguments.
#[derive(Debug)]
pub struct Operation {
    /// The `operationId`, or method and path where the document gives none.
    pub id: &'static str,
    /// The HTTP method.
    pub method: Method,
    /// The path template; a literal query is kept, a fragment is not sent.
    pub path: &'static str,
    /// The parameters; arguments are set by position.
    pub parameters: &'static [Parameter],
    /// Alternatives, each a combination of positions in [`Api::schemes`]. Without any, or with an empty one as the
    /// last resort, the call is anonymous.
    pub security: &'static [&'static [usize]],
    /// The `Accept` header; empty for none.
    pub accept: &'static str,
    /// The operation's own server, absolute or relative to the base URL. It applies as long as the base URL is the
    /// document's: who chooses another one (a mock, a proxy) gets every call
    /// there. It is the origin that the operation's credentials go to.
    pub server: Option<&'static str>,
    /// Whether the body of a success is handed over while it arrives, for downloads and event streams.
    pub streaming: bool,
    /// Statuses outside 200 to 299 that are results and not errors; a redirect among them is not followed.
    pub success: &'static [u16],
}

impl Operation {
    /// `GET /` without parameters, for `..Operation::DEFAULT`.
    pub const DEFAULT: Self = Self {
        id: "",
        method: Method::GET,
        path: "/",
        parameters: &[],
        security: &[],
        accept: "",
        server: None,
        streaming: false,
        success: &[],
    };
}
