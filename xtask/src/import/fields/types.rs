//! The `type` of a field, in the words of documentation pages, to a type that a schema can say.

/// A field's type.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Type {
    pub(super) shape: Shape,
    pub(super) nullable: bool,
}

#[derive(Clone, Debug, PartialEq)]
pub(super) enum Shape {
    /// OpenAPI's `type` and `format`.
    Scalar(&'static str, Option<String>),
    /// Texts that are written out.
    Enumeration(Vec<String>),
    /// An object, with the name that the type gives it.
    Object(Option<String>),
    Array(Box<Type>),
    Union(Vec<Type>),
    Any,
}

impl Type {
    pub(super) fn of(shape: Shape) -> Self {
        Self {
            shape,
            nullable: false,
        }
    }

    pub(super) fn array(items: Self) -> Self {
        Self::of(Shape::Array(Box::new(items)))
    }

    /// Whether a value of this type, or its items, can have properties.
    pub(super) fn can_have_properties(&self) -> bool {
        match &self.shape {
            Shape::Object(_) | Shape::Any => true,
            Shape::Array(items) => items.can_have_properties(),
            Shape::Union(members) => members.iter().any(Self::can_have_properties),
            Shape::Scalar(..) | Shape::Enumeration(_) => false,
        }
    }

    /// Whether a value is the content of a file.
    pub(super) fn is_file(&self) -> bool {
        match &self.shape {
            Shape::Scalar("string", Some(format)) => format == "binary",
            Shape::Array(items) => items.is_file(),
            _ => false,
        }
    }
}

/// Reads a type such as `string`, `object[]`, `meta Object`, `"a" | "b" | null`; none where a word is unknown.
pub(super) fn parse(text: &str) -> Option<Type> {
    // Longer than any type: a page cannot exhaust the stack.
    if text.len() > 256 {
        return None;
    }
    let mut members = Vec::new();
    let mut values = Vec::new();
    let mut nullable = false;
    for part in alternatives(text) {
        let part = part.trim();
        if let Some(value) = quoted(part) {
            values.push(value.to_owned());
        } else if matches!(part.to_ascii_lowercase().as_str(), "null" | "none" | "nil") {
            nullable = true;
        } else {
            let member = single(part)?;
            nullable |= member.nullable;
            if !members.contains(&member) {
                members.push(member);
            }
        }
    }
    if !values.is_empty() {
        members.push(Type::of(Shape::Enumeration(values)));
    }
    let mut found = match members.len() {
        0 if nullable => Type::of(Shape::Any),
        0 => return None,
        1 => members.remove(0),
        _ => Type::of(Shape::Union(members)),
    };
    found.nullable |= nullable;
    Some(found)
}

/// The parts between `|`, ` or ` and `/` outside of brackets and quotes.
fn alternatives(text: &str) -> Vec<&str> {
    let (mut depth, mut quote, mut start) = (0_usize, None, 0);
    let mut parts = Vec::new();
    for (at, c) in text.char_indices() {
        match (quote, c) {
            (Some(open), c) if c == open => quote = None,
            (None, '"' | '\'' | '`') => quote = Some(c),
            (None, '<' | '(' | '[') => depth += 1,
            (None, '>' | ')' | ']') => depth = depth.saturating_sub(1),
            (None, '|' | '/') if depth == 0 => {
                parts.push(&text[start..at]);
                start = at + 1;
            }
            (None, ' ') if depth == 0 && at >= start && text[at..].starts_with(" or ") => {
                parts.push(&text[start..at]);
                start = at + 4;
            }
            _ => {}
        }
    }
    parts.push(text.get(start..).unwrap_or_default());
    parts
}

fn quoted(text: &str) -> Option<&str> {
    ['"', '\'', '`']
        .into_iter()
        .find_map(|quote| text.strip_prefix(quote)?.strip_suffix(quote))
        .filter(|value| !value.is_empty())
}

fn single(text: &str) -> Option<Type> {
    if let Some(inner) = text
        .strip_prefix('(')
        .and_then(|text| text.strip_suffix(')'))
    {
        return parse(inner);
    }
    if let Some(items) = text.strip_suffix("[]") {
        return Some(Type::array(parse(items)?));
    }
    let lower = text.to_ascii_lowercase();
    for start in ["array of ", "list of "] {
        if lower.starts_with(start) {
            let items = text[start.len()..].trim();
            // "array of objects"
            let items = parse(items).or_else(|| parse(items.strip_suffix('s')?))?;
            return Some(Type::array(items));
        }
    }
    if let Some((outer, inner)) = lower
        .strip_suffix('>')
        .and_then(|_| text[..text.len() - 1].split_once('<'))
    {
        return generic(&outer.trim().to_ascii_lowercase(), inner.trim());
    }
    if let Some(inner) = text.strip_suffix('?') {
        let mut inner = parse(inner)?;
        inner.nullable = true;
        return Some(inner);
    }
    let mut words = lower.rsplitn(2, ' ');
    if words.next().is_some_and(|last| last == "object") {
        let name = words
            .next()
            .map(|name| text[..name.len()].trim().to_owned());
        return Some(Type::of(Shape::Object(name)));
    }
    word(&lower)
}

/// `array<string>`, `enum<string>`, `string<uuid>`, `map<string, any>`.
fn generic(outer: &str, inner: &str) -> Option<Type> {
    match outer {
        "array" | "list" | "set" => Some(Type::array(parse(inner)?)),
        "enum" => parse(inner),
        "map" | "record" | "dict" => Some(Type::of(Shape::Object(None))),
        "nullable" | "optional" => {
            let mut inner = parse(inner)?;
            inner.nullable = true;
            Some(inner)
        }
        _ => {
            let is_format = inner.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
            match (word(outer)?.shape, is_format) {
                (Shape::Scalar(kind, None), true) => {
                    Some(Type::of(Shape::Scalar(kind, Some(inner.to_owned()))))
                }
                _ => None,
            }
        }
    }
}

fn word(word: &str) -> Option<Type> {
    let scalar = |kind, format: Option<&str>| Shape::Scalar(kind, format.map(str::to_owned));
    Some(Type::of(match word {
        "string" | "str" | "text" | "enum" => scalar("string", None),
        "uuid" => scalar("string", Some("uuid")),
        "date" => scalar("string", Some("date")),
        "datetime" | "date-time" | "timestamp" => scalar("string", Some("date-time")),
        "url" | "uri" => scalar("string", Some("uri")),
        "email" => scalar("string", Some("email")),
        "file" | "binary" => scalar("string", Some("binary")),
        "byte" | "base64" => scalar("string", Some("byte")),
        "integer" | "int" | "long" => scalar("integer", None),
        "int32" => scalar("integer", Some("int32")),
        "int64" => scalar("integer", Some("int64")),
        "number" | "decimal" => scalar("number", None),
        "float" => scalar("number", Some("float")),
        "double" => scalar("number", Some("double")),
        "boolean" | "bool" => scalar("boolean", None),
        "object" | "dict" | "map" | "hash" => Shape::Object(None),
        "array" | "list" => Shape::Array(Box::new(Type::of(Shape::Any))),
        "any" | "mixed" | "json" | "unknown" => Shape::Any,
        _ => return None,
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scalar(kind: &'static str, format: Option<&str>) -> Type {
        Type::of(Shape::Scalar(kind, format.map(str::to_owned)))
    }

    #[test]
    fn reads_the_types_that_pages_write() {
        assert_eq!(parse("String"), Some(scalar("string", None)));
        assert_eq!(parse("int"), Some(scalar("integer", None)));
        assert_eq!(parse("datetime"), Some(scalar("string", Some("date-time"))));
        assert_eq!(parse("string<uuid>"), Some(scalar("string", Some("uuid"))));
        assert_eq!(
            parse("object[]"),
            Some(Type::array(Type::of(Shape::Object(None))))
        );
        assert_eq!(
            parse("string[][]"),
            Some(Type::array(Type::array(scalar("string", None))))
        );
        assert_eq!(
            parse("array of strings"),
            Some(Type::array(scalar("string", None)))
        );
        assert_eq!(
            parse("meta Object"),
            Some(Type::of(Shape::Object(Some("meta".to_owned()))))
        );
        assert_eq!(
            parse("user object[]"),
            Some(Type::array(Type::of(Shape::Object(Some(
                "user".to_owned()
            )))))
        );
        assert_eq!(
            parse("string | null"),
            Some(Type {
                nullable: true,
                ..scalar("string", None)
            })
        );
        assert_eq!(
            parse("string or integer"),
            Some(Type::of(Shape::Union(vec![
                scalar("string", None),
                scalar("integer", None)
            ])))
        );
        assert_eq!(
            parse("\"a|b\" | 'c'"),
            Some(Type::of(Shape::Enumeration(vec![
                "a|b".to_owned(),
                "c".to_owned()
            ])))
        );
        assert_eq!(
            parse("(string | int)[]").map(|kind| matches!(kind.shape, Shape::Array(_))),
            Some(true)
        );
        assert_eq!(parse("array"), Some(Type::array(Type::of(Shape::Any))));
        for unknown in [
            "",
            "strnig",
            "string or or string",
            "string<a b>",
            "|",
            "array of",
            "Session",
        ] {
            assert_eq!(parse(unknown), None, "{unknown}");
        }
    }
}
