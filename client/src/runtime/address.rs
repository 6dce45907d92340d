//! Base URL, path template, arguments and query in; a URL whose path no argument has changed out.
//! It must not know credentials or headers.

use url::Url;

use super::argument::Shape;
use super::cut::cut;
use super::operation::{Location, Operation};
use super::style::{self, Keep, Pair};

/// The address of a client or an operation's server, split so that paths can be appended.
#[derive(Clone)]
pub(super) struct Base {
    url: Url,
}

impl Base {
    /// Reads an absolute URL of scheme http or https.
    pub(super) fn parse(text: &str) -> Result<Self, String> {
        let url = Url::parse(text.trim())
            .map_err(|e| format!("`{}` is no absolute URL: {e}", shown(text)))?;
        Self::of(url)
    }

    /// The address that a server relative to this one names.
    pub(super) fn join(&self, relative: &str) -> Result<Self, String> {
        let mut base = self.url.clone();
        if !base.path().ends_with('/') {
            base.set_path(&format!("{}/", base.path()));
        }
        let url = base
            .join(relative)
            .map_err(|e| format!("`{}` is no URL: {e}", shown(relative)))?;
        Self::of(url)
    }

    fn of(mut url: Url) -> Result<Self, String> {
        if !matches!(url.scheme(), "http" | "https") {
            return Err(format!(
                "the base URL has the scheme `{}`: only http and https are spoken",
                url.scheme()
            ));
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(
                "the base URL holds a user name or password: give them as credentials".to_owned(),
            );
        }
        url.set_fragment(None);
        Ok(Self { url })
    }

    pub(super) fn url(&self) -> &Url {
        &self.url
    }

    /// What is shown of it: no query, which may hold a key.
    pub(super) fn public(&self) -> String {
        format!(
            "{}{}",
            self.url.origin().ascii_serialization(),
            self.url.path()
        )
    }
}

/// A text of the user's in a message: no query, no user name.
fn shown(text: &str) -> &str {
    let is_end = |byte| matches!(byte, b'?' | b'#' | b'@');
    let end = text.bytes().position(is_end).unwrap_or(text.len());
    &text[..end]
}

/// Whether two URLs are of one origin: scheme, host and port (RFC 6454).
pub(super) fn same_origin(one: &Url, other: &Url) -> bool {
    one.scheme() == other.scheme()
        && one.host_str() == other.host_str()
        && one.port_or_known_default() == other.port_or_known_default()
}

/// The URL of a call: the base's path and query, then the template's, then `query`, then `whole`, a query as it is.
pub(super) fn build(
    base: &Base,
    operation: &Operation,
    arguments: &[Option<String>],
    query: &[Pair],
    whole: &str,
) -> Result<Url, String> {
    let (template, literal_query) = split(operation.path);
    let rendered = fill(template, operation, arguments)?;
    let before = base.url.path().trim_end_matches('/');
    let joint = if rendered.starts_with('/') || (rendered.is_empty() && !before.is_empty()) {
        ""
    } else {
        "/"
    };
    let mut path = String::with_capacity(before.len() + rendered.len() + 1);
    path.push_str(before);
    path.push_str(joint);
    path.push_str(&rendered);

    let mut parts = Parts::default();
    if let Some(query) = base.url.query() {
        parts.add(&[query]);
    }
    // A template may spell out what it describes as a parameter, too: it is sent once.
    let mut rest = Some(literal_query);
    while let Some(literals) = rest {
        let (part, others) = cut(literals, '&');
        rest = others;
        let (name, _) = cut(part, '=');
        if !part.is_empty() && !query.iter().any(|pair| pair.name == name) {
            parts.add(&[&fill(part, operation, arguments)?]);
        }
    }
    for pair in query {
        parts.add(&[&pair.name, "=", &pair.value]);
    }
    if !whole.is_empty() {
        parts.add(&[whole]);
    }

    // The base is a URL already: only what follows its host is looked at again.
    let mut url = base.url.clone();
    url.set_path(&path);
    url.set_query((!parts.text.is_empty()).then_some(&parts.text));
    if url.path() != path {
        return Err(format!(
            "has a path that a URL cannot hold as it is: `{}`",
            operation.path
        ));
    }
    Ok(url)
}

/// The parts of a query, with what separates them.
#[derive(Default)]
struct Parts {
    text: String,
}

impl Parts {
    fn add(&mut self, pieces: &[&str]) {
        if !self.text.is_empty() {
            self.text.push('&');
        }
        for piece in pieces {
            self.text.push_str(piece);
        }
    }
}

/// Path template and literal query; the fragment, which is never sent, is dropped.
fn split(path: &str) -> (&str, &str) {
    let path = outside(path, '#').map_or(path, |at| &path[..at]);
    match outside(path, '?') {
        Some(at) => (&path[..at], &path[at + 1..]),
        None => (path, ""),
    }
}

/// The first position of a character outside of `{…}`.
fn outside(text: &str, wanted: char) -> Option<usize> {
    let mut inside = false;
    for (at, character) in text.char_indices() {
        match character {
            '{' => inside = true,
            '}' => inside = false,
            c if c == wanted && !inside => return Some(at),
            _ => {}
        }
    }
    None
}

/// Puts the arguments into a template.
fn fill(
    template: &str,
    operation: &Operation,
    arguments: &[Option<String>],
) -> Result<String, String> {
    let mut out = String::with_capacity(template.len() + 32);
    // The last argument of the segment at hand, to be named when the segment turns out to be a dot segment.
    let mut segment_argument: Option<&str> = None;
    let mut rest = template;
    while !rest.is_empty() {
        if let Some((name, after)) = placeholder(rest) {
            let text = argument(name, operation, arguments)?;
            if text.is_empty() {
                return Err(format!(
                    "needs a value for the path parameter `{name}`: it is empty"
                ));
            }
            segment_argument = Some(name);
            out.push_str(&text);
            rest = after;
            continue;
        }
        if let Some(after) = rest.strip_prefix('/') {
            no_dots(&out, segment_argument)?;
            segment_argument = None;
            out.push('/');
            rest = after;
            continue;
        }
        let is_end = |byte: &u8| matches!(byte, b'{' | b'/');
        let place = rest.as_bytes()[1..].iter().position(is_end);
        let end = place.map_or(rest.len(), |at| at + 1);
        style::encode_into(&rest[..end], Keep::Template, &mut out);
        rest = &rest[end..];
    }
    no_dots(&out, segment_argument)?;
    Ok(out)
}

/// A `{name}` at the start of the text, and what follows it.
fn placeholder(text: &str) -> Option<(&str, &str)> {
    match cut(text.strip_prefix('{')?, '}') {
        (name, Some(after)) => Some((name, after)),
        _ => None,
    }
}

fn argument(
    name: &str,
    operation: &Operation,
    arguments: &[Option<String>],
) -> Result<String, String> {
    let found = operation
        .parameters
        .iter()
        .position(|parameter| parameter.location == Location::Path && parameter.name == name);
    let Some(index) = found else {
        return Err(format!("has no parameter for `{{{name}}}` of its path"));
    };
    let Some(json) = arguments.get(index).and_then(Option::as_deref) else {
        return Err(format!("needs a value for the path parameter `{name}`"));
    };
    let value =
        Shape::of(json).map_err(|fault| format!("has an unusable value for `{name}`: {fault}"))?;
    Ok(style::path(&operation.parameters[index], &value, json))
}

/// Fails when the last segment is `.` or `..`, also percent-encoded, because of an argument: URL parsers resolve it.
fn no_dots(path: &str, argument: Option<&str>) -> Result<(), String> {
    let Some(name) = argument else { return Ok(()) };
    let segment = path.rsplit('/').next().unwrap_or_default();
    if segment.len() > "%2e%2e".len() {
        return Ok(());
    }
    let dots = match segment.to_ascii_lowercase().as_str() {
        "." | "%2e" => ".",
        ".." | ".%2e" | "%2e." | "%2e%2e" => "..",
        _ => return Ok(()),
    };
    Err(format!(
        "cannot send `{dots}` as the path parameter `{name}`: it would change the path"
    ))
}
