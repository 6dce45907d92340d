//! XML in terms of JSON: a text of one becomes a text of the other, guided by static data, so that a type has one codec.
//! It must not know operations or HTTP.
//!
//! The data is the XML Object of `OpenAPI` (3.0.4 and its `nodeType` of 3.2, which says the same with fewer words): a value
//! stands in its parent as an element, an attribute, text, or as nothing of its own. Namespaces are written, and not
//! compared when reading: documents in use are loose about them.

mod read;
mod scalar;
mod write;

use std::borrow::Cow;

use reqwest::header::HeaderMap;

use super::argument::json_text;
use super::json::{self, Decode, Encode, Fault};
use super::text;

/// Nesting beyond this many elements is a [`Fault`], as it is for JSON.
const DEPTH_LIMIT: u32 = 128;

/// What a value is, as far as XML must know it to become JSON.
#[derive(Clone, Copy, Debug)]
pub enum Shape {
    /// A string; an empty element is the empty string.
    Text,
    /// A string that is never empty, a date or a UUID: white space around it does not count, and nothing is `null`.
    Word,
    /// A number.
    Number,
    /// `true`, `false`, `1` or `0`.
    Boolean,
    /// A number, a boolean or a string, whichever it reads as.
    Bare,
    /// Anything: a string where there is text alone, else an object of the attributes and elements, several of one name
    /// as an array, with text beside them under `$text`.
    Any,
    /// An object.
    Object {
        /// The properties that are known.
        members: &'static [Node],
        /// What the elements of other names hold.
        rest: Option<&'static Node>,
    },
    /// An array.
    Array {
        /// What each item is.
        item: &'static Node,
    },
}

/// A value in its place.
#[derive(Clone, Copy, Debug)]
pub struct Node {
    /// The property in JSON; empty where the value is none.
    pub key: &'static str,
    /// The element or attribute, without its prefix; empty where it is as the property.
    pub name: &'static str,
    /// The namespace that is written; empty for none.
    pub namespace: &'static str,
    /// The prefix that is written; empty for none.
    pub prefix: &'static str,
    /// How it stands in its parent.
    pub form: Form,
    /// Whether the property must be there: an array without an element is then empty rather than absent.
    pub required: bool,
    /// What it is.
    pub shape: &'static Shape,
}

impl Node {
    /// An element with text.
    pub const DEFAULT: Self = Self {
        key: "",
        name: "",
        namespace: "",
        prefix: "",
        form: Form::Element,
        required: false,
        shape: &Shape::Text,
    };

    fn name(&self) -> &'static str {
        if self.name.is_empty() {
            self.key
        } else {
            self.name
        }
    }
}

/// How a value stands in its parent (OAS 3.2, `nodeType`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// As an element. An array as one is `wrapped`.
    Element,
    /// As an attribute; items are separated by spaces.
    Attribute,
    /// As text of the parent.
    Text,
    /// As text of the parent, in a CDATA section.
    Cdata,
    /// As nothing of its own: its items or properties stand in the parent.
    Inline,
}

/// The value that is XML text of `root`.
///
/// # Errors
///
/// [`Fault`] where the text is malformed (with the byte), nests too deeply, refers to an entity of its own, or holds
/// something else than the type (with the path, as in JSON).
pub fn from_str<T: Decode>(xml: &str, root: &'static Node) -> Result<T, Fault> {
    let json = read::json(xml, root)?;
    json::from_str(&json).map_err(Fault::without_offset)
}

/// As [`from_str`], from UTF-8, UTF-16 with its mark, or ISO-8859-1 where the declaration says so.
///
/// # Errors
///
/// As [`from_str`], and [`Fault`] for any other encoding.
pub fn from_slice<T: Decode>(body: &[u8], root: &'static Node) -> Result<T, Fault> {
    from_str(&decoded(&HeaderMap::new(), body)?, root)
}

/// A value from a text that is JSON or XML, which its first character tells.
///
/// # Errors
///
/// As [`from_slice`] here and of JSON.
pub fn from_json_or_xml<T: Decode>(body: &[u8], root: &'static Node) -> Result<T, Fault> {
    if text::starts_with(body, b'<') {
        from_slice(body, root)
    } else {
        super::json::from_slice(body)
    }
}

/// The XML text of a value, with its declaration.
///
/// # Errors
///
/// [`Fault`] for a value without JSON, a name that XML does not allow, and a character that it cannot hold.
pub fn to_string(value: &dyn Encode, root: &'static Node) -> Result<String, Fault> {
    write::xml(&json_text(value)?, root)
}

/// The text of a document: by its mark, as UTF-8 where it is that, by the charset of the reply, by its declaration.
pub(super) fn decoded<'a>(headers: &HeaderMap, body: &'a [u8]) -> Result<Cow<'a, str>, Fault> {
    match text::decode(headers, body) {
        Ok(text) => Ok(text),
        Err(message) => match declared(body) {
            Some("iso-8859-1" | "latin1" | "us-ascii") => {
                Ok(body.iter().map(|&byte| char::from(byte)).collect())
            }
            Some("utf-8") | None => Err(Fault::new(message)),
            Some(other) => Err(Fault::new(format!(
                "the encoding `{}` is not read",
                other.escape_debug()
            ))),
        },
    }
}

/// The encoding that a declaration names, where it is one that is known or at least a name.
fn declared(body: &[u8]) -> Option<&str> {
    let head = body.strip_prefix(b"<?xml")?;
    let end = head.windows(2).take(200).position(|pair| pair == b"?>")?;
    let head = std::str::from_utf8(&head[..end]).ok()?;
    let (_, value) = head.split_once("encoding")?;
    let value = value.trim_start().strip_prefix('=')?.trim_start();
    let quote = value.chars().next().filter(|c| matches!(c, '"' | '\''))?;
    let name = value[1..].split(quote).next()?;
    let known = ["iso-8859-1", "latin1", "us-ascii", "utf-8"];
    let known = known
        .into_iter()
        .find(|known| known.eq_ignore_ascii_case(name));
    Some(known.unwrap_or(name))
}

/// `xml! { PET = { "id": number attribute, "tags": [TAG(name: "tag")] inline, } }`: statics of what types are in XML.
///
/// A node is its shape (`string word number boolean bare any`, `[item]`, `{properties}` or another static), then how it
/// stands in its parent where that is not as an element, then what else is said of it. `ROOT: PET(name: "pet")` is a
/// static node.
#[allow(unused_macros)]
macro_rules! xml {
    ($name:ident = $shape:tt) => {
        pub(super) static $name: $crate::runtime::xml::Shape = $crate::runtime::xml::xml!(@shape $shape);
    };
    ($name:ident: $shape:tt $($form:ident)? $(($($field:ident: $value:literal),* $(,)?))?) => {
        pub(super) static $name: $crate::runtime::xml::Node =
            $crate::runtime::xml::xml!(@node "", $shape, ($($form)?), ($($($field: $value),*)?));
    };
    (@node $key:literal, $shape:tt, ($($form:ident)?), ($($field:ident: $value:literal),*)) => {
        $crate::runtime::xml::Node {
            key: $key,
            $(form: $crate::runtime::xml::xml!(@form $form),)?
            $($field: $value,)*
            shape: $crate::runtime::xml::xml!(@reference $shape),
            ..$crate::runtime::xml::Node::DEFAULT
        }
    };
    (@form attribute) => { $crate::runtime::xml::Form::Attribute };
    (@form text) => { $crate::runtime::xml::Form::Text };
    (@form cdata) => { $crate::runtime::xml::Form::Cdata };
    (@form inline) => { $crate::runtime::xml::Form::Inline };
    (@reference string) => { &$crate::runtime::xml::Shape::Text };
    (@reference word) => { &$crate::runtime::xml::Shape::Word };
    (@reference number) => { &$crate::runtime::xml::Shape::Number };
    (@reference boolean) => { &$crate::runtime::xml::Shape::Boolean };
    (@reference bare) => { &$crate::runtime::xml::Shape::Bare };
    (@reference any) => { &$crate::runtime::xml::Shape::Any };
    (@reference $name:ident) => { &$name };
    (@reference $shape:tt) => { &$crate::runtime::xml::xml!(@shape $shape) };
    (@shape [$shape:tt $($form:ident)? $(($($field:ident: $value:literal),* $(,)?))? $(,)?]) => {
        $crate::runtime::xml::Shape::Array {
            item: &$crate::runtime::xml::xml!(@node "", $shape, ($($form)?), ($($($field: $value),*)?)),
        }
    };
    (@shape {
        $($key:literal: $shape:tt $($form:ident)? $(($($field:ident: $value:literal),* $(,)?))?,)*
        $(.. $rest:tt $($rest_form:ident)? $(($($rest_field:ident: $rest_value:literal),* $(,)?))?)?
    }) => {
        $crate::runtime::xml::Shape::Object {
            members: &[
                $($crate::runtime::xml::xml!(@node $key, $shape, ($($form)?), ($($($field: $value),*)?)),)*
            ],
            rest: $crate::runtime::xml::xml!(@rest $($rest ($($rest_form)?) ($($($rest_field: $rest_value),*)?))?),
        }
    };
    (@rest) => { None };
    (@rest $shape:tt ($($form:ident)?) ($($field:ident: $value:literal),*)) => {
        Some(&$crate::runtime::xml::xml!(@node "", $shape, ($($form)?), ($($field: $value),*)))
    };
}
#[allow(unused_imports)]
pub(crate) use xml;
