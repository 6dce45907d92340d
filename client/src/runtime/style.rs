//! The style table of OAS 3.0.4 and 3.1.1 over RFC 6570: a value in, the text of its place out.
//! It must not know requests: it knows one parameter and one value.

use super::argument::Shape;
use super::operation::{Encoding, Parameter, Style};

/// One `name=value` of a query, form body or cookie; both parts percent-encoded.
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
    /// What a template says: existing triples and what it says with reserved characters is meant.
    Template,
    /// Everything: a header, and a cookie of the style of that name.
    All,
}

/// Percent-encodes a text.
pub(super) fn encode(text: &str, keep: Keep) -> String {
    let mut out = String::with_capacity(text.len());
    encode_into(text, keep, &mut out);
    out
}

/// As [`encode`], at the end of another text.
pub(super) fn encode_into(text: &str, keep: Keep, out: &mut String) {
    const HEX: &[u8; 16] = b"0123456789ABCDEF";
    if keep == Keep::All {
        return out.push_str(text);
    }
    let mut run = 0;
    for (at, &byte) in text.as_bytes().iter().enumerate() {
        if is_kept(text.as_bytes(), at, keep) {
            continue;
        }
        // Both ends of a run lie between characters or inside of one whose bytes are all encoded, which makes it empty.
        out.push_str(text.get(run..at).unwrap_or_default());
        run = at + 1;
        if byte == b' ' && keep == Keep::Form {
            out.push('+');
        } else {
            out.push('%');
            out.push(char::from(HEX[usize::from(byte >> 4)]));
            out.push(char::from(HEX[usize::from(byte & 15)]));
        }
    }
    out.push_str(text.get(run..).unwrap_or_default());
}

/// Whether a byte stays as it is; only one of ASCII may.
fn is_kept(bytes: &[u8], at: usize, keep: Keep) -> bool {
    let byte = bytes[at];
    match keep {
        _ if is_unreserved(byte) => true,
        Keep::Reserved => is_reserved(byte) || is_triple(bytes, at),
        Keep::Template => {
            is_reserved(byte) || matches!(byte, b'%' | b'\'' | b'&' | b'=' | b'+' | b'[' | b']')
        }
        _ => false,
    }
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
    let mut text = String::new();
    match parameter.style {
        Style::Json => encode_into(json, keep, &mut text),
        Style::Label => prefixed(".", parameter, value, keep, &mut text),
        Style::Matrix => prefixed(";", parameter, value, keep, &mut text),
        _ => flat(value, Rules::from(parameter), keep, &mut text),
    }
    if keep != Keep::Reserved {
        return text;
    }
    // Reserved characters that would end a segment or the path (OAS 3.2.0 section 4.8.2).
    let mut segment = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '/' => segment.push_str("%2F"),
            '?' => segment.push_str("%3F"),
            other => segment.push(other),
        }
    }
    segment
}

/// The text of a header.
pub(super) fn header(parameter: &Parameter, value: &Shape, json: &str) -> String {
    let mut text = String::new();
    match parameter.style {
        Style::Json => text.push_str(json),
        _ => flat(value, parameter.into(), Keep::All, &mut text),
    }
    text
}

/// Adds the pairs of a query parameter, cookie or form property; none for a value that is left out.
pub(super) fn pairs(
    name: &str,
    rules: Rules,
    value: &Shape,
    json: &str,
    form: bool,
    out: &mut Vec<Pair>,
) {
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
    kept(name, rules, value, json, (keep, name_keep), out);
}

/// As [`pairs`], with nothing percent-encoded: the parts of a multipart form.
#[cfg(feature = "multipart")]
pub(super) fn plain_pairs(name: &str, rules: Rules, value: &Shape, json: &str) -> Vec<Pair> {
    let mut out = Vec::new();
    kept(name, rules, value, json, (Keep::All, Keep::All), &mut out);
    out
}

fn kept(
    name: &str,
    rules: Rules,
    value: &Shape,
    json: &str,
    (keep, name_keep): (Keep, Keep),
    out: &mut Vec<Pair>,
) {
    let before = out.len();
    let name = encode(name, name_keep);
    let mut add = |name: &str, text: String| {
        out.push(Pair {
            name: name.to_owned(),
            value: text,
        });
    };
    match value {
        _ if rules.style == Style::Json => return add(&name, encode(json, keep)),
        Shape::Text(text) | Shape::Bare(text) => return add(&name, encode(text, keep)),
        _ if rules.style == Style::DeepObject => deep(&name, value, keep, name_keep, out),
        Shape::List(items) if rules.explode => {
            for item in items {
                if !item.is_null() {
                    let mut text = String::new();
                    self::item(item, rules.items, keep, &mut text);
                    add(&name, text);
                }
            }
        }
        Shape::Object(entries) if rules.explode => exploded(entries, keep, name_keep, out),
        Shape::List(_) | Shape::Object(_) => {
            if !value.is_undefined() {
                let mut text = String::new();
                flat(value, rules.joined(), keep, &mut text);
                add(&name, text);
            }
        }
        Shape::Null => {}
    }
    if out.len() == before && rules.allow_empty {
        out.push(Pair {
            name,
            value: String::new(),
        });
    }
}

/// The properties of an exploded object; a property that is a list gives a pair per item.
fn exploded(entries: &[(String, Shape)], keep: Keep, name_keep: Keep, out: &mut Vec<Pair>) {
    for (key, value) in entries {
        let items = match value {
            Shape::List(items) => items.as_slice(),
            value => std::slice::from_ref(value),
        };
        for item in items {
            if !item.is_null() {
                out.push(Pair {
                    name: encode(key, name_keep),
                    value: encode(&item.text(), keep),
                });
            }
        }
    }
}

/// `name%5Bkey%5D=value`, level by level.
fn deep(name: &str, value: &Shape, keep: Keep, name_keep: Keep, out: &mut Vec<Pair>) {
    let level = |key: &str| {
        let mut inner = name.to_owned();
        encode_into("[", name_keep, &mut inner);
        encode_into(key, name_keep, &mut inner);
        encode_into("]", name_keep, &mut inner);
        inner
    };
    match value {
        Shape::Null => {}
        Shape::Text(text) | Shape::Bare(text) => out.push(Pair {
            name: name.to_owned(),
            value: encode(text, keep),
        }),
        Shape::List(items) => {
            let mut index = 0;
            for item in items {
                if !item.is_null() {
                    deep(&level(&index.to_string()), item, keep, name_keep, out);
                    index += 1;
                }
            }
        }
        Shape::Object(entries) => {
            for (key, value) in entries {
                deep(&level(key), value, keep, name_keep, out);
            }
        }
    }
}

/// `a,b` and `k,v`, or `k=v` when exploded.
fn flat(value: &Shape, rules: Rules, keep: Keep, out: &mut String) {
    let delimiter = delimiter(rules.style, keep);
    let equals = if rules.explode { "=" } else { delimiter };
    match value {
        Shape::Null => {}
        Shape::Text(text) | Shape::Bare(text) => encode_into(text, keep, out),
        Shape::List(items) => list(items, rules.items, delimiter, keep, out),
        Shape::Object(entries) => members(entries, equals, delimiter, keep, out),
    }
}

fn list(items: &[Shape], style: Option<Style>, delimiter: &str, keep: Keep, out: &mut String) {
    let mut joint = "";
    for item in items {
        if !item.is_null() {
            out.push_str(joint);
            joint = delimiter;
            self::item(item, style, keep, out);
        }
    }
}

/// An item of an array.
fn item(item: &Shape, style: Option<Style>, keep: Keep, out: &mut String) {
    match (item, style) {
        (Shape::List(items), Some(style)) => list(items, None, delimiter(style, keep), keep, out),
        (item, _) => encode_into(&item.text(), keep, out),
    }
}

fn members(
    entries: &[(String, Shape)],
    equals: &str,
    delimiter: &str,
    keep: Keep,
    out: &mut String,
) {
    let mut joint = "";
    for (key, value) in entries {
        if !value.is_null() {
            out.push_str(joint);
            joint = delimiter;
            encode_into(key, keep, out);
            out.push_str(equals);
            encode_into(&value.text(), keep, out);
        }
    }
}

/// The label (`.`) and matrix (`;`) styles.
fn prefixed(prefix: &str, parameter: &Parameter, value: &Shape, keep: Keep, out: &mut String) {
    let rules = Rules::from(parameter);
    // A matrix names its value, and leaves the `=` away where the value is empty.
    let named = |value: &str, out: &mut String| {
        if prefix == ";" {
            encode_into(parameter.name, Keep::Unreserved, out);
            if !value.is_empty() {
                out.push('=');
            }
        }
        out.push_str(value);
    };
    match (value, rules.explode) {
        // The column "undefined" of OAS 3.0.4: a segment of the path does not vanish.
        _ if value.is_undefined() => {
            out.push_str(prefix);
            named("", out);
        }
        (Shape::List(items), true) => {
            for item in items {
                if !item.is_null() {
                    let mut text = String::new();
                    self::item(item, rules.items, keep, &mut text);
                    out.push_str(prefix);
                    named(&text, out);
                }
            }
        }
        (Shape::Object(entries), true) => {
            out.push_str(prefix);
            members(entries, "=", prefix, keep, out);
        }
        _ => {
            let mut text = String::new();
            flat(value, rules.joined(), keep, &mut text);
            out.push_str(prefix);
            named(&text, out);
        }
    }
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
