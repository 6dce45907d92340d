//! YAML and JSON text to an ordered value and back, with the place of any pointer; it knows nothing of OpenAPI.

use saphyr_parser::{Event, Parser};
use serde::Deserializer;
use serde::de::{DeserializeSeed, EnumAccess, Error, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value};

use super::report::Position;

/// Why text is not a value, and where in the text.
#[derive(Debug, PartialEq)]
pub(super) struct Fault {
    pub(super) message: String,
    pub(super) at: Position,
}

/// Reads YAML; duplicate keys, private tags and what JSON cannot say are faults.
pub(super) fn parse_yaml(text: &str) -> Result<Value, Fault> {
    let tree = Tree { merges: true };
    tree.deserialize(serde_yaml::Deserializer::from_str(text))
        .map_err(|error| {
            let at = error.location().map_or(Position::START, |location| {
                Position::new(location.line().max(1), location.column().max(1))
            });
            fault(&error, at)
        })
}

/// Reads JSON; duplicate keys are faults.
pub(super) fn parse_json(text: &str) -> Result<Value, Fault> {
    let mut reader = serde_json::Deserializer::from_str(text);
    Tree { merges: false }
        .deserialize(&mut reader)
        .and_then(|value| reader.end().map(|()| value))
        .map_err(|error| {
            fault(
                &error,
                Position::new(error.line().max(1), error.column().max(1)),
            )
        })
}

/// The place is said once, as the page's own.
fn fault(error: &impl std::fmt::Display, at: Position) -> Fault {
    let message = error.to_string();
    Fault {
        message: message
            .split(" at line ")
            .next()
            .unwrap_or_default()
            .to_owned(),
        at,
    }
}

/// Builds the value. Own code because `serde_json`'s keeps the last of two equal keys in silence, and `yaml_serde`'s
/// refuses whole numbers beyond 64 bits, which documents give as limits.
#[derive(Clone, Copy)]
struct Tree {
    /// Whether the key `<<` merges mappings, as in YAML 1.1.
    merges: bool,
}

impl<'de> DeserializeSeed<'de> for Tree {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Tree {
    type Value = Value;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("a value that JSON can say")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, flag: bool) -> Result<Value, E> {
        Ok(flag.into())
    }

    fn visit_i64<E>(self, number: i64) -> Result<Value, E> {
        Ok(number.into())
    }

    fn visit_u64<E>(self, number: u64) -> Result<Value, E> {
        Ok(number.into())
    }

    // JSON's numbers are doubles where they are not small; so is serde_json's reading of the same text.
    #[expect(clippy::cast_precision_loss)]
    fn visit_i128<E: Error>(self, number: i128) -> Result<Value, E> {
        self.visit_f64(number as f64)
    }

    #[expect(clippy::cast_precision_loss)]
    fn visit_u128<E: Error>(self, number: u128) -> Result<Value, E> {
        self.visit_f64(number as f64)
    }

    fn visit_f64<E: Error>(self, number: f64) -> Result<Value, E> {
        let number = serde_json::Number::from_f64(number);
        number
            .map(Value::Number)
            .ok_or_else(|| E::custom("infinity and not-a-number have no place in a document"))
    }

    fn visit_str<E>(self, text: &str) -> Result<Value, E> {
        Ok(text.into())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let mut out = Vec::new();
        while let Some(item) = items.next_element_seed(self)? {
            out.push(item);
        }
        Ok(Value::Array(out))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Value, A::Error> {
        let mut out = Map::new();
        let mut merged = Vec::new();
        while let Some(key) = entries.next_key_seed(Key)? {
            if out.contains_key(&key) {
                return Err(A::Error::custom(format_args!("duplicate key {key:?}")));
            }
            let value = entries.next_value_seed(self)?;
            match value {
                Value::Array(items) if self.merges && key == "<<" => merged.extend(items),
                value if self.merges && key == "<<" => merged.push(value),
                value => {
                    out.insert(key, value);
                }
            }
        }
        for mapping in merged {
            let Value::Object(mapping) = mapping else {
                return Err(A::Error::custom("`<<` merges mappings alone"));
            };
            for (key, value) in mapping {
                out.entry(key).or_insert(value);
            }
        }
        Ok(Value::Object(out))
    }

    fn visit_enum<A: EnumAccess<'de>>(self, _: A) -> Result<Value, A::Error> {
        Err(A::Error::custom("a private tag has no meaning here"))
    }
}

/// A key; such as an unquoted `200` are meant as text.
struct Key;

impl<'de> DeserializeSeed<'de> for Key {
    type Value = String;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<String, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl Visitor<'_> for Key {
    type Value = String;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("a key that is text or a whole number; quote it")
    }

    fn visit_bool<E>(self, flag: bool) -> Result<String, E> {
        Ok(flag.to_string())
    }

    fn visit_i64<E>(self, number: i64) -> Result<String, E> {
        Ok(number.to_string())
    }

    fn visit_u64<E>(self, number: u64) -> Result<String, E> {
        Ok(number.to_string())
    }

    fn visit_str<E>(self, text: &str) -> Result<String, E> {
        Ok(text.to_owned())
    }
}

/// Finds the key or item that a pointer's tokens lead to, as far as they lead; none where the text does not parse.
pub(super) fn locate(text: &str, tokens: &[String]) -> Option<Position> {
    let mut events = Parser::new_from_str(text).filter_map(Result::ok);
    let mut walk = Walk {
        best: None,
        depth: 0,
        tokens,
    };
    loop {
        let (event, span) = events.next()?;
        match event {
            Event::StreamStart | Event::DocumentStart(_) | Event::Nothing => {}
            Event::StreamEnd => return None,
            event => {
                walk.best = Some(position(&span));
                walk.value(&event, &mut events, true);
                return walk.best;
            }
        }
    }
}

fn position(span: &saphyr_parser::Span) -> Position {
    Position::new(span.start.line(), span.start.col() + 1)
}

struct Walk<'t> {
    best: Option<Position>,
    /// How many tokens have been followed.
    depth: usize,
    tokens: &'t [String],
}

impl Walk<'_> {
    /// Consumes a value whose first event is given; follows the tokens in it where it lies on the pointer.
    fn value<'i>(
        &mut self,
        event: &Event<'i>,
        events: &mut impl Iterator<Item = (Event<'i>, saphyr_parser::Span)>,
        on_pointer: bool,
    ) {
        let level = self.depth;
        let wanted = |walk: &Self, key: &str| {
            on_pointer
                && walk.depth == level
                && walk.tokens.get(level).is_some_and(|token| token == key)
        };
        match event {
            Event::MappingStart(..) => {
                while let Some((key, span)) = events.next() {
                    if key == Event::MappingEnd {
                        return;
                    }
                    let hit = matches!(&key, Event::Scalar(text, ..) if wanted(self, text));
                    if !matches!(key, Event::Scalar(..)) {
                        self.value(&key, events, false);
                    }
                    if hit {
                        self.depth += 1;
                        self.best = Some(position(&span));
                    }
                    let Some((value, _)) = events.next() else {
                        return;
                    };
                    self.value(&value, events, hit);
                }
            }
            Event::SequenceStart(..) => {
                let mut index = 0_usize;
                while let Some((item, span)) = events.next() {
                    if item == Event::SequenceEnd {
                        return;
                    }
                    let hit = wanted(self, &index.to_string());
                    if hit {
                        self.depth += 1;
                        self.best = Some(position(&span));
                    }
                    self.value(&item, events, hit);
                    index += 1;
                }
            }
            _ => {}
        }
    }
}

/// A pointer's text (RFC 6901) as a fragment.
pub(super) fn pointer_text(tokens: &[String]) -> String {
    let mut out = String::from("#");
    for token in tokens {
        out.push('/');
        out.push_str(&token.replace('~', "~0").replace('/', "~1"));
    }
    out
}

#[cfg(test)]
mod tests {
    use std::fmt::Write as _;

    use super::*;

    fn tokens(pointer: &str) -> Vec<String> {
        pointer.split('/').map(|t| t.replace("~1", "/")).collect()
    }

    #[test]
    fn finds_a_pointer() {
        let text = "paths:\n  /a:\n    get:\n      tags:\n        - x\n        - y\n  /b: {get: {id: 1}}\n";
        assert_eq!(
            locate(text, &tokens("paths/~1a/get/tags/1")),
            Some(Position::new(6, 11))
        );
        assert_eq!(
            locate(text, &tokens("paths/~1b/get/id")),
            Some(Position::new(7, 14))
        );
        // As far as the document goes.
        assert_eq!(
            locate(text, &tokens("paths/~1b/get/none")),
            Some(Position::new(7, 8))
        );
    }

    #[test]
    fn says_where_text_is_broken() {
        let fault = parse_yaml("a: 1\nb: [1\n").unwrap_err();
        assert_eq!(fault.at.line, 3);
        let fault = parse_yaml("a:\n  b: 1\n  b: 2\n").unwrap_err();
        assert!(fault.message.contains("duplicate"), "{fault:?}");
        let fault = parse_yaml("a:\n  b: .nan\n").unwrap_err();
        assert_eq!(fault.at.line, 2, "{fault:?}");
        let fault = parse_json("{\"a\": 1, \"a\": 2}").unwrap_err();
        assert!(fault.message.contains("duplicate"), "{fault:?}");
        let fault = parse_yaml("a: !x 1").unwrap_err();
        assert!(fault.message.contains("private tag"), "{fault:?}");
    }

    #[test]
    fn reads_merges_and_large_numbers() {
        let value =
            parse_yaml("a: &a {x: 1, y: 2}\nb:\n  <<: *a\n  y: 3\nc: -9223372036854776000\n")
                .unwrap();
        assert_eq!(value["b"], serde_json::json!({"y": 3, "x": 1}));
        assert_eq!(value["c"], parse_json("-9223372036854776000").unwrap());
        assert_eq!(
            parse_json("40.247749999999996").unwrap().to_string(),
            "40.247749999999996"
        );
        assert!(parse_json("{} {}").is_err() && parse_yaml("a: 1\n---\nb: 2").is_err());
        let deep = format!("{}{}", "[".repeat(10_000), "]".repeat(10_000));
        assert!(parse_yaml(&deep).is_err() && parse_json(&deep).is_err());
        let mut bomb = String::from("a: &a [1]\n");
        for (name, inner) in ('b'..='z').zip('a'..) {
            writeln!(bomb, "{name}: &{name} [*{inner}, *{inner}]").unwrap();
        }
        assert!(parse_yaml(&bomb).is_err());
    }

    #[test]
    fn keeps_order_and_reads_number_keys_as_text() {
        let value = parse_yaml("z: 1\na:\n  200: ok\n  3: !!str 4\n").unwrap();
        assert_eq!(value.to_string(), r#"{"z":1,"a":{"200":"ok","3":"4"}}"#);
    }
}
