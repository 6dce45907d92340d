//! YAML and JSON text to an ordered value and back, with the place of any pointer; it knows nothing of OpenAPI.

use saphyr_parser::{Event, Parser};
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
    let mut value: serde_yaml::Value = serde_yaml::from_str(text).map_err(|error| {
        let at = error.location().map_or(Position::START, |location| {
            Position::new(location.line().max(1), location.column().max(1))
        });
        let message = error.to_string();
        // The place is said once, as the page's own.
        let message = message
            .split(" at line ")
            .next()
            .unwrap_or_default()
            .to_owned();
        Fault { message, at }
    })?;
    value.apply_merge().map_err(|error| Fault {
        message: error.to_string(),
        at: Position::START,
    })?;
    convert(value, text)
}

/// Reads JSON; duplicate keys are faults.
pub(super) fn parse_json(text: &str) -> Result<Value, Fault> {
    // Through the YAML value, because serde_json's own keeps the last of two equal keys in silence.
    let value: serde_yaml::Value = serde_json::from_str(text).map_err(|error| {
        let message = error.to_string();
        Fault {
            message: message
                .split(" at line ")
                .next()
                .unwrap_or_default()
                .to_owned(),
            at: Position::new(error.line().max(1), error.column().max(1)),
        }
    })?;
    convert(value, text)
}

fn convert(value: serde_yaml::Value, text: &str) -> Result<Value, Fault> {
    let mut pointer = Vec::new();
    to_json(value, &mut pointer).map_err(|message| Fault {
        message,
        at: locate(text, &pointer).unwrap_or(Position::START),
    })
}

/// On failure `pointer` is left at the value that failed.
fn to_json(value: serde_yaml::Value, pointer: &mut Vec<String>) -> Result<Value, String> {
    use serde_yaml::Value as Yaml;
    Ok(match value {
        Yaml::Null => Value::Null,
        Yaml::Bool(flag) => Value::Bool(flag),
        Yaml::String(text) => Value::String(text),
        Yaml::Number(number) => {
            let json = if let Some(int) = number.as_u64() {
                Some(int.into())
            } else if let Some(int) = number.as_i64() {
                Some(int.into())
            } else {
                number.as_f64().and_then(serde_json::Number::from_f64)
            };
            Value::Number(
                json.ok_or_else(|| format!("{number} has no place in an OpenAPI document"))?,
            )
        }
        Yaml::Sequence(items) => {
            let mut out = Vec::with_capacity(items.len());
            for (index, item) in items.into_iter().enumerate() {
                pointer.push(index.to_string());
                out.push(to_json(item, pointer)?);
                pointer.pop();
            }
            Value::Array(out)
        }
        Yaml::Mapping(entries) => {
            let mut out = Map::with_capacity(entries.len());
            for (key, item) in entries {
                let key = key_text(&key)?;
                pointer.push(key.clone());
                let item = to_json(item, pointer)?;
                if out.insert(key.clone(), item).is_some() {
                    return Err(format!("the key {key} stands here twice"));
                }
                pointer.pop();
            }
            Value::Object(out)
        }
        Yaml::Tagged(tagged) => {
            return Err(format!(
                "the private tag {} has no meaning here",
                tagged.tag
            ));
        }
    })
}

/// Keys such as an unquoted `200` are meant as text.
fn key_text(key: &serde_yaml::Value) -> Result<String, String> {
    use serde_yaml::Value as Yaml;
    match key {
        Yaml::String(text) => Ok(text.clone()),
        Yaml::Bool(flag) => Ok(flag.to_string()),
        Yaml::Number(number) if !number.is_f64() => Ok(number.to_string()),
        _ => Err("a key is neither text nor a whole number; quote it".to_owned()),
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
        assert_eq!(fault.at, Position::new(2, 3));
        let fault = parse_json("{\"a\": 1, \"a\": 2}").unwrap_err();
        assert!(fault.message.contains("duplicate"), "{fault:?}");
        let fault = parse_yaml("a: !x 1").unwrap_err();
        assert!(fault.message.contains("!x"), "{fault:?}");
    }

    #[test]
    fn keeps_order_and_reads_number_keys_as_text() {
        let value = parse_yaml("z: 1\na:\n  200: ok\n  3: !!str 4\n").unwrap();
        assert_eq!(value.to_string(), r#"{"z":1,"a":{"200":"ok","3":"4"}}"#);
    }
}
