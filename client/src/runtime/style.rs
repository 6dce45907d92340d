//! The style table of OAS 3.0.4 and 3.1.1 over RFC 6570: a value in, the text of its place out.
//! It must not know requests: it knows one parameter and one value.

use super::argument::Shape;
use super::operation::{Encoding, Parameter, Style};

/// One `name=value` of a query, form body or cookie; both parts percent-encoded.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Pair {
    pub(super) name: String,
    pub(super) value: String,
}

/// What the table asks of a parameter or form property besides its name.
#[derive(Clone, Copy)]
pub(super) struct Rules {
    pub(super) style: Style,
    pub(super) explode: bool,
    pub(super) allow_reserved: bool,
    pub(super) allow_empty: bool,
    /// How an array among the items of an array is written.
    pub(super) items: Option<Style>,
}

impl Rules {
    /// A form property without an Encoding Object.
    pub(super) const FORM: Self = Self {
        style: Style::Form,
        explode: true,
        allow_reserved: false,
        allow_empty: false,
        items: None,
    };
}

impl Rules {
    /// The same without `explode`.
    fn joined(self) -> Self {
        Self {
            explode: false,
            ..self
        }
    }
}

impl From<&Parameter> for Rules {
    fn from(parameter: &Parameter) -> Self {
        Self {
            style: parameter.style,
            explode: parameter.explode,
            allow_reserved: parameter.allow_reserved,
            allow_empty: parameter.allow_empty,
            items: parameter.items,
        }
    }
}

impl From<&Encoding> for Rules {
    fn from(encoding: &Encoding) -> Self {
        Self {
            style: encoding.style,
            explode: encoding.explode,
            allow_reserved: encoding.allow_reserved,
            allow_empty: false,
            items: None,
        }
    }
}

/// What percent-encoding leaves alone.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Keep {
    /// Only the unreserved characters of RFC 3986.
    Unreserved,
    /// Reserved characters and percent-encoded triples as well, RFC 6570 section 3.2.3.
    Reserved,
    /// As [`Keep::Unreserved`], with `+` for a space: a form body.
    Form,
    /// Everything: a header, and a cookie of the style of that name.
    All,
}

/// Percent-encodes a text.
pub(super) fn encode(text: &str, keep: Keep) -> String {
    let mut out = String::with_capacity(text.len());
    if keep == Keep::All {
        out.push_str(text);
        return out;
    }
    let bytes = text.as_bytes();
    let plain = |at: usize, byte: u8| {
        is_unreserved(byte)
            || (keep == Keep::Reserved && (is_reserved(byte) || is_triple(bytes, at)))
    };
    encode_others(text, plain, keep == Keep::Form, &mut out);
    out
}

/// Percent-encodes the bytes of a text that are not `plain`, by their place and value; of these only ASCII may be.
fn encode_others(text: &str, plain: impl Fn(usize, u8) -> bool, plus: bool, out: &mut String) {
    const HEX: &[u8; 16] = b"0123456789ABCDEF";
    let mut run = 0;
    for (at, byte) in text.bytes().enumerate() {
        if byte.is_ascii() && plain(at, byte) {
            continue;
        }
        // Both ends of a run lie between characters or inside of one whose bytes are all encoded, which makes it empty.
        out.push_str(text.get(run..at).unwrap_or_default());
        run = at + 1;
        if byte == b' ' && plus {
            out.push('+');
        } else {
            out.push('%');
            out.push(char::from(HEX[usize::from(byte >> 4)]));
            out.push(char::from(HEX[usize::from(byte & 15)]));
        }
    }
    out.push_str(text.get(run..).unwrap_or_default());
}

/// Appends a literal part of a template: what a URL cannot hold is percent-encoded, existing triples stay.
pub(super) fn literal(text: &str, out: &mut String) {
    // What a template says with reserved characters is meant, and its triples stay.
    let meant = |byte| matches!(byte, b'%' | b'\'' | b'&' | b'=' | b'+' | b'[' | b']');
    let plain = |_, byte| is_unreserved(byte) || is_reserved(byte) || meant(byte);
    encode_others(text, plain, false, out);
}

fn is_unreserved(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~')
}

/// The reserved characters of RFC 3986, without `'`, which URL parsers encode, and without those that a query cannot hold
/// (`[`, `]`, `#`) or that have a meaning in it (`&`, `=`, `+`): tooling has to encode these (OAS 3.0.4 appendix C).
fn is_reserved(byte: u8) -> bool {
    matches!(
        byte,
        b':' | b'/' | b'?' | b'@' | b'!' | b'$' | b'(' | b')' | b'*' | b',' | b';'
    )
}

fn is_triple(bytes: &[u8], at: usize) -> bool {
    matches!(bytes.get(at..at + 3), Some([b'%', high, low]) if high.is_ascii_hexdigit() && low.is_ascii_hexdigit())
}

/// The text of a path parameter.
pub(super) fn path(parameter: &Parameter, value: &Shape, json: &str) -> String {
    let keep = if parameter.allow_reserved {
        Keep::Reserved
    } else {
        Keep::Unreserved
    };
    let text = match parameter.style {
        Style::Json => encode(json, keep),
        Style::Label => prefixed('.', parameter, value, keep),
        Style::Matrix => prefixed(';', parameter, value, keep),
        _ => flat(value, parameter.into(), keep),
    };
    // Reserved characters that would end a segment or the path (OAS 3.2.0 section 4.8.2).
    if text.contains(['/', '?']) {
        text.replace('/', "%2F").replace('?', "%3F")
    } else {
        text
    }
}

/// The text of a header.
pub(super) fn header(parameter: &Parameter, value: &Shape, json: &str) -> String {
    match parameter.style {
        Style::Json => json.to_owned(),
        _ => flat(value, parameter.into(), Keep::All),
    }
}

/// The pairs of a query parameter, cookie or form property; none for a value that is left out.
pub(super) fn pairs(name: &str, rules: Rules, value: &Shape, json: &str, form: bool) -> Vec<Pair> {
    let keep = match (rules.style, rules.allow_reserved, form) {
        (Style::Cookie, ..) => Keep::All,
        (_, true, _) => Keep::Reserved,
        (_, false, true) => Keep::Form,
        (_, false, false) => Keep::Unreserved,
    };
    let name_keep = match keep {
        Keep::All => Keep::All,
        _ if form => Keep::Form,
        _ => Keep::Unreserved,
    };
    kept(name, rules, value, json, (keep, name_keep))
}

/// As [`pairs`], with nothing percent-encoded: the parts of a multipart form.
#[cfg(feature = "multipart")]
pub(super) fn plain_pairs(name: &str, rules: Rules, value: &Shape, json: &str) -> Vec<Pair> {
    kept(name, rules, value, json, (Keep::All, Keep::All))
}

fn kept(
    name: &str,
    rules: Rules,
    value: &Shape,
    json: &str,
    (keep, name_keep): (Keep, Keep),
) -> Vec<Pair> {
    let name = encode(name, name_keep);
    if rules.style == Style::Json {
        return vec![Pair {
            name,
            value: encode(json, keep),
        }];
    }
    if let Shape::Text(text) | Shape::Bare(text) = value {
        return vec![Pair {
            name,
            value: encode(text, keep),
        }];
    }
    let mut out = Vec::new();
    match value {
        _ if rules.style == Style::DeepObject => deep(&name, value, keep, name_keep, &mut out),
        Shape::List(items) if rules.explode => {
            out.extend(present(items).map(|item| Pair {
                name: name.clone(),
                value: self::item(item, rules.items, keep),
            }));
        }
        Shape::Object(entries) if rules.explode => {
            out.extend(exploded(entries, keep, name_keep));
        }
        Shape::List(_) | Shape::Object(_) => {
            if !value.is_undefined() {
                out.push(Pair {
                    name: name.clone(),
                    value: flat(value, rules.joined(), keep),
                });
            }
        }
        Shape::Null | Shape::Text(_) | Shape::Bare(_) => {}
    }
    if out.is_empty() && rules.allow_empty {
        out.push(Pair {
            name,
            value: String::new(),
        });
    }
    out
}

/// The properties of an exploded object; a property that is a list gives a pair per item.
fn exploded(entries: &[(String, Shape)], keep: Keep, name_keep: Keep) -> Vec<Pair> {
    let mut out = Vec::new();
    for (key, value) in entries {
        let name = encode(key, name_keep);
        match value {
            Shape::Null => {}
            Shape::List(items) => {
                out.extend(present(items).map(|item| Pair {
                    name: name.clone(),
                    value: encode(&item.text(), keep),
                }));
            }
            value => out.push(Pair {
                name,
                value: encode(&value.text(), keep),
            }),
        }
    }
    out
}

/// `name%5Bkey%5D=value`, level by level.
fn deep(name: &str, value: &Shape, keep: Keep, name_keep: Keep, out: &mut Vec<Pair>) {
    let (open, close) = (encode("[", name_keep), encode("]", name_keep));
    match value {
        Shape::Null => {}
        Shape::Text(text) | Shape::Bare(text) => out.push(Pair {
            name: name.to_owned(),
            value: encode(text, keep),
        }),
        Shape::List(items) => {
            for (index, item) in present(items).enumerate() {
                deep(
                    &format!("{name}{open}{index}{close}"),
                    item,
                    keep,
                    name_keep,
                    out,
                );
            }
        }
        Shape::Object(entries) => {
            for (key, value) in entries {
                deep(
                    &format!("{name}{open}{}{close}", encode(key, name_keep)),
                    value,
                    keep,
                    name_keep,
                    out,
                );
            }
        }
    }
}

/// `a,b` and `k,v`, or `k=v` when exploded.
fn flat(value: &Shape, rules: Rules, keep: Keep) -> String {
    let delimiter = delimiter(rules.style, keep);
    let equals = if rules.explode { "=" } else { delimiter };
    match value {
        Shape::Null => String::new(),
        Shape::Text(text) | Shape::Bare(text) => encode(text, keep),
        Shape::List(items) => join(
            present(items).map(|item| self::item(item, rules.items, keep)),
            delimiter,
        ),
        Shape::Object(entries) => join(members(entries, equals, keep), delimiter),
    }
}

/// An item of an array.
fn item(item: &Shape, style: Option<Style>, keep: Keep) -> String {
    match (item, style) {
        (Shape::List(items), Some(style)) => join(
            present(items).map(|item| encode(&item.text(), keep)),
            delimiter(style, keep),
        ),
        (item, _) => encode(&item.text(), keep),
    }
}

fn members(entries: &[(String, Shape)], equals: &str, keep: Keep) -> impl Iterator<Item = String> {
    entries
        .iter()
        .filter(|(_, value)| *value != Shape::Null)
        .map(move |(key, value)| {
            format!(
                "{}{equals}{}",
                encode(key, keep),
                encode(&value.text(), keep)
            )
        })
}

/// The label (`.`) and matrix (`;`) styles.
fn prefixed(prefix: char, parameter: &Parameter, value: &Shape, keep: Keep) -> String {
    let delimiter = prefix.to_string();
    let matrix = prefix == ';';
    // A matrix names its value, and leaves the `=` away where the value is empty.
    let named = |value: String| match (matrix, value.is_empty()) {
        (false, _) => value,
        (true, true) => encode(parameter.name, Keep::Unreserved),
        (true, false) => format!("{}={value}", encode(parameter.name, Keep::Unreserved)),
    };
    // The column "undefined" of OAS 3.0.4: a segment of the path does not vanish.
    let text = match (value, parameter.explode) {
        _ if value.is_undefined() => named(String::new()),
        (Shape::List(items), true) => join(
            present(items).map(|item| named(self::item(item, parameter.items, keep))),
            &delimiter,
        ),
        (Shape::Object(entries), true) => join(members(entries, "=", keep), &delimiter),
        _ => named(flat(value, Rules::from(parameter).joined(), keep)),
    };
    format!("{prefix}{text}")
}

fn delimiter(style: Style, keep: Keep) -> &'static str {
    match (style, keep == Keep::All) {
        (Style::SpaceDelimited, false) => "%20",
        (Style::SpaceDelimited, true) => " ",
        (Style::PipeDelimited, false) => "%7C",
        (Style::PipeDelimited, true) => "|",
        (Style::TabDelimited, false) => "%09",
        (Style::TabDelimited, true) => "\t",
        _ => ",",
    }
}

fn present(items: &[Shape]) -> impl Iterator<Item = &Shape> {
    items.iter().filter(|item| **item != Shape::Null)
}

fn join(parts: impl Iterator<Item = String>, delimiter: &str) -> String {
    parts.collect::<Vec<_>>().join(delimiter)
}
