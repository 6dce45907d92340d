//! Random schemas with values of them: what is emitted for a schema reads each of its values and writes the same again.
//!
//! Schemas and values come from one description, so that a value is valid by construction. All schemas are one document, since
//! compiling is what takes time; `CALLWRIGHT_SEED` asks for another one than that of every run.

use std::fmt::Write as _;
use std::path::Path;

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::strategy::ValueTree as _;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use serde_json::{Map, Value, json};

use super::Document;
use super::compiled::{assembled, cargo};

/// Schemas of a run.
const SCHEMAS: usize = 120;
/// Values of each.
const VALUES: usize = 8;

/// What a schema says.
#[derive(Debug, Clone)]
enum Said {
    Bool,
    Integer {
        low: i32,
        more: u16,
    },
    Wide,
    Number,
    Text {
        least: usize,
        more: usize,
    },
    Format(&'static str, &'static [&'static str]),
    Listed(Vec<String>),
    Array(Box<Said>, usize),
    Map(Box<Said>),
    Object(Vec<Property>, Option<Box<Said>>),
    /// Objects that hold together.
    All(Vec<Vec<Property>>),
    /// Objects told apart by a constant.
    Tagged(Vec<Vec<Property>>),
    Any(Vec<Said>),
    Nullable(Box<Said>),
    /// Another component, by a number that is brought into range.
    Other(usize),
}

#[derive(Debug, Clone)]
struct Property {
    name: String,
    said: Said,
    required: bool,
}

const FORMATS: &[(&str, &[&str])] = &[
    (
        "date-time",
        &[
            "2024-01-02T03:04:05Z",
            "2024-01-02T03:04:05.123456789+02:00",
        ],
    ),
    ("date", &["2024-02-29"]),
    ("uuid", &["67e55044-10b1-426f-9247-bb680e5fe0c8"]),
    ("ipv4", &["10.0.0.1"]),
    ("byte", &["aGVsbG8=", ""]),
    ("int64", &["9223372036854775807", "-1"]),
    ("duration", &["P1DT2H"]),
    ("uri", &["https://example.com/a?b=c"]),
];

fn said() -> impl Strategy<Value = Said> {
    let leaf = prop_oneof![
        Just(Said::Bool),
        (any::<i32>(), any::<u16>()).prop_map(|(low, more)| Said::Integer { low, more }),
        Just(Said::Wide),
        Just(Said::Number),
        (0..3_usize, 0..9_usize).prop_map(|(least, more)| Said::Text { least, more }),
        (0..FORMATS.len()).prop_map(|index| Said::Format(FORMATS[index].0, FORMATS[index].1)),
        vec("[a-z][a-z_-]{0,5}", 1..4).prop_map(Said::Listed),
        any::<usize>().prop_map(Said::Other),
    ];
    leaf.prop_recursive(4, 24, 4, |inner| {
        let boxed = inner.clone().prop_map(Box::new);
        prop_oneof![
            (boxed.clone(), 0..3_usize).prop_map(|(item, least)| Said::Array(item, least)),
            boxed.clone().prop_map(Said::Map),
            (
                properties(inner.clone(), ""),
                proptest::option::weighted(0.3, boxed.clone())
            )
                .prop_map(|(properties, additional)| Said::Object(properties, additional)),
            (
                properties(inner.clone(), "l"),
                properties(inner.clone(), "r")
            )
                .prop_map(|(left, right)| Said::All(vec![left, right])),
            vec(properties(inner.clone(), ""), 2..4).prop_map(Said::Tagged),
            vec(inner.clone(), 2..4).prop_map(Said::Any),
            vec(properties(inner, ""), 2..4).prop_map(|all| Said::Any(
                all.into_iter().map(|it| Said::Object(it, None)).collect()
            )),
            boxed.prop_map(Said::Nullable),
        ]
    })
}

/// Properties of names that begin with a prefix, each once.
fn properties(
    said: impl Strategy<Value = Said>,
    prefix: &'static str,
) -> impl Strategy<Value = Vec<Property>> {
    vec(("[a-f]{1,2}", said, any::<bool>()), 1..5).prop_map(move |list| {
        let mut properties: Vec<Property> = Vec::new();
        for (name, said, required) in list {
            let name = format!("{prefix}{name}");
            if !properties.iter().any(|known| known.name == name) {
                properties.push(Property {
                    name,
                    said,
                    required,
                });
            }
        }
        properties
    })
}

/// The component that a number means, for one of some index: one before it.
fn other(number: usize, index: usize) -> Option<usize> {
    (index > 0).then(|| number % index)
}

fn schema(said: &Said, index: usize) -> Value {
    let of = |said: &Said| schema(said, index);
    match said {
        Said::Bool => json!({"type": "boolean"}),
        Said::Integer { low, more } => {
            json!({"type": "integer", "minimum": low, "maximum": i64::from(*low) + i64::from(*more)})
        }
        Said::Wide => json!({"type": "integer", "format": "int64"}),
        Said::Number => json!({"type": "number"}),
        Said::Text { least, more } => {
            json!({"type": "string", "minLength": least, "maxLength": least + more})
        }
        Said::Format(format, _) => json!({"type": "string", "format": format}),
        Said::Listed(values) => {
            let mut values = values.clone();
            values.sort();
            values.dedup();
            json!({"type": "string", "enum": values})
        }
        Said::Array(item, least) => json!({"type": "array", "items": of(item), "minItems": least}),
        Said::Map(value) => json!({"type": "object", "additionalProperties": of(value)}),
        Said::Object(properties, additional) => {
            let mut object = object(properties, index);
            if let Some(additional) = additional {
                object["additionalProperties"] = of(additional);
            }
            object
        }
        Said::All(parts) => {
            let parts: Vec<Value> = parts.iter().map(|part| object(part, index)).collect();
            json!({"allOf": parts})
        }
        Said::Tagged(members) => {
            let members = members.iter().enumerate().map(|(number, member)| {
                let mut object = object(member, index);
                object["properties"]["kind"] = json!({"const": format!("k{number}")});
                if let Some(required) = object["required"].as_array_mut() {
                    required.push("kind".into());
                }
                object
            });
            json!({"oneOf": members.collect::<Vec<_>>()})
        }
        Said::Any(members) => json!({"anyOf": members.iter().map(of).collect::<Vec<_>>()}),
        Said::Nullable(inner) => json!({"anyOf": [of(inner), {"type": "null"}]}),
        Said::Other(number) => match other(*number, index) {
            Some(index) => json!({"$ref": format!("#/components/schemas/Schema{index}")}),
            None => json!({"type": "string"}),
        },
    }
}

fn object(properties: &[Property], index: usize) -> Value {
    let named = properties.iter();
    let named = named.map(|it| (it.name.clone(), schema(&it.said, index)));
    let required = properties.iter().filter(|it| it.required);
    json!({
        "type": "object",
        "properties": named.collect::<Map<_, _>>(),
        "required": required.map(|it| it.name.as_str()).collect::<Vec<_>>(),
    })
}

/// Values of schemas.
struct Values<'a> {
    all: &'a [Said],
    random: TestRng,
}

impl Values<'_> {
    fn below(&mut self, count: usize) -> usize {
        usize::try_from(self.random.next_u32()).unwrap() % count.max(1)
    }

    /// A value in each place of its holder.
    fn held(&mut self, said: &Said, index: usize) -> Value {
        let mut held = json!({"value": self.of(said, index, 0)});
        if self.below(2) == 0 {
            held["more"] = self.of(said, index, 0);
            held["list"] = (0..self.below(3))
                .map(|_| self.of(said, index, 0))
                .collect();
        }
        held
    }

    fn of(&mut self, said: &Said, index: usize, depth: usize) -> Value {
        match said {
            Said::Bool => (self.below(2) == 0).into(),
            Said::Integer { low, more } => (i64::from(*low)
                + i64::try_from(self.below(usize::from(*more) + 1)).unwrap())
            .into(),
            Said::Wide => {
                let bits =
                    u64::from(self.random.next_u32()) << 32 | u64::from(self.random.next_u32());
                bits.cast_signed().into()
            }
            Said::Number => {
                let part = f64::from(self.random.next_u32()) / 1e4;
                [json!(part), json!(-part * 1e300), json!(0), json!(7)][self.below(4)].clone()
            }
            Said::Text { least, more } => {
                let count = least + self.below(more + 1);
                let letters = ['a', 'ß', '"', '\\', '😀', ' ', '\n'];
                let text: String = (0..count)
                    .map(|_| letters[self.below(letters.len())])
                    .collect();
                text.into()
            }
            Said::Format(_, texts) => texts[self.below(texts.len())].into(),
            Said::Listed(values) => values[self.below(values.len())].clone().into(),
            Said::Array(item, least) => {
                let more = if depth > 6 { 0 } else { self.below(3) };
                (0..least + more)
                    .map(|_| self.of(item, index, depth + 1))
                    .collect()
            }
            Said::Map(value) => self.further(value, index, depth, "").into(),
            Said::Object(properties, additional) => {
                let mut object = self.object(properties, index, depth);
                if let Some(additional) = additional {
                    object.extend(self.further(additional, index, depth, "z"));
                }
                object.into()
            }
            Said::All(parts) => {
                let parts = parts
                    .iter()
                    .flat_map(|part| self.object(part, index, depth));
                parts.collect::<Map<_, _>>().into()
            }
            Said::Tagged(members) => {
                let number = self.below(members.len());
                let mut object = self.object(&members[number], index, depth);
                object.insert("kind".to_owned(), format!("k{number}").into());
                object.into()
            }
            Said::Any(members) => {
                let (one, two) = (self.below(members.len()), self.below(members.len()));
                let value = self.of(&members[one], index, depth);
                match (&members[one], &members[two]) {
                    // Two members at once, which nothing says to exclude each other.
                    (Said::Object(ours, None), Said::Object(theirs, None))
                        if !ours.iter().any(|a| theirs.iter().any(|b| a.name == b.name)) =>
                    {
                        let mut both = self.object(theirs, index, depth);
                        both.extend(value.as_object().cloned().unwrap_or_default());
                        both.into()
                    }
                    _ => value,
                }
            }
            Said::Nullable(inner) => {
                if self.below(3) == 0 {
                    Value::Null
                } else {
                    self.of(inner, index, depth)
                }
            }
            Said::Other(number) => match other(*number, index) {
                Some(index) => self.of(&self.all[index], index, depth),
                None => "other".into(),
            },
        }
    }

    fn object(
        &mut self,
        properties: &[Property],
        index: usize,
        depth: usize,
    ) -> Map<String, Value> {
        let mut object = Map::new();
        for property in properties {
            if property.required || (depth < 6 && self.below(2) == 0) {
                let value = self.of(&property.said, index, depth + 1);
                object.insert(property.name.clone(), value);
            }
        }
        object
    }

    fn further(
        &mut self,
        said: &Said,
        index: usize,
        depth: usize,
        prefix: &str,
    ) -> Map<String, Value> {
        let count = if depth > 6 { 0 } else { self.below(3) };
        (0..count)
            .map(|number| {
                (
                    format!("{prefix} {number}"),
                    self.of(said, index, depth + 1),
                )
            })
            .collect()
    }
}

#[test]
fn values_of_random_schemas_come_out_as_they_went_in() {
    let seed: u64 = std::env::var("CALLWRIGHT_SEED")
        .ok()
        .and_then(|seed| seed.parse().ok())
        .unwrap_or(7);
    let mut bytes = [0; 32];
    bytes[..8].copy_from_slice(&seed.to_le_bytes());
    let random = TestRng::from_seed(RngAlgorithm::ChaCha, &bytes);
    let mut runner = TestRunner::new_with_rng(Config::default(), random.clone());
    let strategy = said();
    let all: Vec<Said> = (0..SCHEMAS)
        .map(|_| strategy.new_tree(&mut runner).unwrap().current())
        .collect();
    let document = Document {
        name: "random".to_owned(),
        path: Path::new(env!("CARGO_TARGET_TMPDIR")).join("random.json"),
    };
    let text = serde_json::to_string_pretty(&written(&all)).unwrap();
    std::fs::write(&document.path, text).unwrap();
    let mut values = Values { all: &all, random };
    let mut main = SUPPORT.to_owned();
    for (index, said) in all.iter().enumerate() {
        let texts: Vec<String> = (0..VALUES)
            .map(|_| values.held(said, index).to_string())
            .collect();
        let _ = writeln!(
            main,
            "\n#[test]\nfn schema_{index}() {{\n    check::<random::Holder{index}>(&{texts:?});\n}}"
        );
    }
    let files = [("tests/random.rs".to_owned(), main)];
    let folder = assembled("random", &[document], &files);
    let (passed, said) = cargo(&folder, &["test", "--quiet", "--test", "random"]);
    assert!(
        passed,
        "seed {seed}, {}/../random.json\n{said}",
        folder.display()
    );
}

/// The document: each schema is sent and received, so that no difference between absent and null is folded.
fn written(all: &[Said]) -> Value {
    let mut paths = Map::new();
    let mut schemas = Map::new();
    for (index, said) in all.iter().enumerate() {
        let reference = json!({"$ref": format!("#/components/schemas/Holder{index}")});
        let content = json!({"application/json": {"schema": reference}});
        let operation = json!({
            "operationId": format!("send{index}"),
            "requestBody": {"required": true, "content": content},
            "responses": {"200": {"description": "The same", "content": content}},
        });
        paths.insert(format!("/s{index}"), json!({"post": operation}));
        schemas.insert(format!("Schema{index}"), schema(said, index));
        // Where null is legal is told by what holds a value.
        let inner = json!({"$ref": format!("#/components/schemas/Schema{index}")});
        let list = json!({"type": "array", "items": inner});
        schemas.insert(
            format!("Holder{index}"),
            json!({"type": "object", "required": ["value"], "properties": {"value": inner, "more": inner, "list": list}}),
        );
    }
    json!({
        "openapi": "3.1.0",
        "info": {"title": "Random", "version": "1"},
        "paths": paths,
        "components": {"schemas": schemas},
    })
}

/// What the tests share.
const SUPPORT: &str = r#"//! Values of random schemas.

use fixtures::random;
use fixtures::runtime::{Decode, Encode, from_str, to_string};
use serde_json::Value;

fn check<T: Decode + Encode>(texts: &[&str]) {
    for text in texts {
        let value: T = from_str(text).unwrap_or_else(|fault| panic!("{text}: {fault}"));
        let out = to_string(&value).unwrap_or_else(|fault| panic!("{text}: {fault}"));
        let read = |text: &str| serde_json::from_str::<Value>(text).unwrap();
        assert!(equal(&read(&out), &read(text)), "{text} came out as {out}");
        damaged::<T>(text);
    }
}

/// What is not a value of the schema is refused, or is something that can be written; nothing panics.
fn damaged<T: Decode + Encode>(text: &str) {
    for end in (0..text.len()).filter(|end| text.is_char_boundary(*end)) {
        let _ = from_str::<T>(&text[..end]).map_err(|fault| fault.to_string());
    }
    for wrong in [text.replace('"', ""), text.replace(['[', ']'], ""), format!("[{text}]"), text.replacen(':', ":null,\"", 1)] {
        if let Ok(value) = from_str::<T>(&wrong) {
            to_string(&value).unwrap_or_else(|fault| panic!("{wrong}: {fault}"));
        }
    }
}

/// Equal, numbers by value.
fn equal(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::Number(a), Value::Number(b)) => a == b || a.as_f64() == b.as_f64(),
        (Value::Array(a), Value::Array(b)) => a.len() == b.len() && a.iter().zip(b).all(|(a, b)| equal(a, b)),
        (Value::Object(a), Value::Object(b)) => {
            a.len() == b.len() && a.iter().all(|(key, a)| b.get(key).is_some_and(|b| equal(a, b)))
        }
        (a, b) => a == b,
    }
}
"#;
