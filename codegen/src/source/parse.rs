//! Text to JSON value, YAML and JSON through one visitor that enforces the limits; knows nothing of OpenAPI.

use std::cell::{Cell, RefCell};
use std::fmt;

use serde::de::{
    DeserializeSeed, Deserializer, EnumAccess, Error as _, IgnoredAny, MapAccess, SeqAccess,
    VariantAccess, Visitor,
};
use serde_json::map::Entry;
use serde_json::{Map, Number, Value};

use super::Limits;
use super::halves;
use super::path::Path;
use crate::diagnostic::{Code, Diagnostic, FileId, Pointer, Syntax};

/// What came of a text.
pub(super) struct Parsed {
    /// Absent when a diagnostic says why.
    pub(super) value: Option<Value>,
    /// Which grammar was followed, for positions.
    pub(super) syntax: Syntax,
    /// In the order met.
    pub(super) diagnostics: Vec<Diagnostic>,
}

/// Reads a text as JSON when it looks like it and is, as YAML otherwise.
///
/// `spent` counts values over all files of a document.
pub(super) fn parse(text: &str, file: FileId, limits: &Limits, spent: &Cell<usize>) -> Parsed {
    match halves::read(text, file, limits, spent) {
        Some(parsed) => parsed,
        None => whole(text, file, limits, spent),
    }
}

/// Members of one object.
pub(super) struct Piece {
    pub(super) object: Map<String, Value>,
    /// How many values there are, that of the object among them.
    pub(super) values: usize,
    pub(super) diagnostics: Vec<Diagnostic>,
}

/// Reads a text that is one object of a larger text, at a pointer and so deep in it; nothing where it is none by itself.
pub(super) fn piece(
    text: &str,
    syntax: Syntax,
    file: FileId,
    limits: &Limits,
    (pointer, depth): (&Pointer, usize),
) -> Option<Piece> {
    let spent = Cell::new(0);
    let state = State {
        file,
        syntax,
        limits,
        spent: &spent,
        findings: RefCell::default(),
        stop: RefCell::default(),
    };
    let base = Path::Base(pointer);
    let seed = Seed {
        depth,
        ..state.root(&base)
    };
    let value = match syntax {
        Syntax::Json => json(text, seed).ok(),
        Syntax::Yaml => seed
            .deserialize(serde_yaml::Deserializer::from_str(text))
            .ok(),
    };
    let Some(Value::Object(object)) = value else {
        return None;
    };
    let diagnostics = state.findings.into_inner();
    Some(Piece {
        object,
        values: spent.get(),
        diagnostics,
    })
}

/// Reads a text as it comes.
pub(super) fn whole(text: &str, file: FileId, limits: &Limits, spent: &Cell<usize>) -> Parsed {
    let state = |syntax| State {
        file,
        syntax,
        limits,
        spent,
        findings: RefCell::default(),
        stop: RefCell::default(),
    };
    if text.trim().is_empty() {
        return failed(Syntax::Yaml, empty(file));
    }
    let mut json_error = None;
    if text.trim_start().starts_with(['{', '[']) {
        let state = state(Syntax::Json);
        let before = spent.get();
        match json(text, state.root(&Path::Base(&Pointer::root()))) {
            Ok(value) => return state.done(value),
            Err(error) => match state.stop.take() {
                Some(stop) => return failed(Syntax::Json, stop),
                None => json_error = Some(error),
            },
        }
        spent.set(before);
    }
    // What starts like JSON may still be YAML in its flow style, with comments or unquoted keys.
    let state = state(Syntax::Yaml);
    match state
        .root(&Path::Base(&Pointer::root()))
        .deserialize(serde_yaml::Deserializer::from_str(text))
    {
        // A text of comments alone.
        Ok(Value::Null) => failed(Syntax::Yaml, empty(file)),
        Ok(value) => state.done(value),
        Err(error) => {
            let diagnostic = match (state.stop.take(), json_error) {
                (Some(stop), _) => stop,
                (None, Some(json)) => {
                    syntax_error(file, &json.to_string(), json.line(), json.column())
                }
                (None, None) => yaml_error(file, &error, text),
            };
            let syntax =
                if diagnostic.code == Code::SYNTAX && text.trim_start().starts_with(['{', '[']) {
                    Syntax::Json
                } else {
                    Syntax::Yaml
                };
            failed(syntax, diagnostic)
        }
    }
}

fn failed(syntax: Syntax, diagnostic: Diagnostic) -> Parsed {
    Parsed {
        value: None,
        syntax,
        diagnostics: vec![diagnostic],
    }
}

fn empty(file: FileId) -> Diagnostic {
    Diagnostic::new(Code::EMPTY, "the file is empty")
        .at((file, Pointer::root()))
        .remedy("check that the download or export was complete")
}

fn json(text: &str, seed: Seed<'_>) -> Result<Value, serde_json::Error> {
    let mut deserializer = serde_json::Deserializer::from_str(text);
    deserializer.disable_recursion_limit();
    let value = seed.deserialize(&mut deserializer)?;
    deserializer.end()?;
    Ok(value)
}

fn syntax_error(file: FileId, message: &str, line: usize, column: usize) -> Diagnostic {
    // Both parsers append the position to the message; it is shown apart.
    let message = message
        .rfind(" at line ")
        .map_or(message, |cut| &message[..cut]);
    Diagnostic::new(Code::SYNTAX, message)
        .at_line(file, line.max(1), column.max(1))
        .remedy("correct the text at this place, or export the document anew")
}

fn yaml_error(file: FileId, error: &serde_yaml::Error, text: &str) -> Diagnostic {
    let message = error.to_string();
    let (line, column) = error
        .location()
        .map_or((1, 1), |place| (place.line(), place.column()));
    if message.contains("recursion limit") {
        return too_deep(file).at_line(file, line, column);
    }
    if message.contains("repetition limit") {
        return too_many(file);
    }
    if message.contains("more than one document") {
        let (line, column) = second_document(text);
        return Diagnostic::new(
            Code::SEVERAL_DOCUMENTS,
            "the file holds several YAML documents",
        )
        .at_line(file, line, column)
        .remedy("keep one document in a file; remove the `---` lines after the first");
    }
    if message.contains("EOF while parsing") || message.contains("EndOfStream") {
        return empty(file);
    }
    syntax_error(file, &message, line, column)
}

/// Where the second document of a stream starts.
fn second_document(text: &str) -> (usize, usize) {
    let mut parser = saphyr_parser::Parser::new_from_str(text);
    let mut seen = 0;
    while let Some(Ok((event, span))) = parser.next_event() {
        if matches!(event, saphyr_parser::Event::DocumentStart(_)) {
            seen += 1;
            if seen == 2 {
                return (span.start.line(), span.start.col() + 1);
            }
        }
    }
    (1, 1)
}

fn too_deep(file: FileId) -> Diagnostic {
    Diagnostic::new(Code::TOO_DEEP, "values are nested too deeply")
        .at((file, Pointer::root()))
        .remedy("move inner schemas to components and refer to them")
}

fn too_many(file: FileId) -> Diagnostic {
    Diagnostic::new(
        Code::TOO_MANY_VALUES,
        "the document holds too many values once its aliases are expanded",
    )
    .at((file, Pointer::root()))
    .remedy("replace YAML aliases with `$ref`, or split the document")
}

/// What every value of one text shares.
struct State<'a> {
    file: FileId,
    syntax: Syntax,
    limits: &'a Limits,
    spent: &'a Cell<usize>,
    findings: RefCell<Vec<Diagnostic>>,
    /// Set when a limit ends the reading: parsers can only carry a message.
    stop: RefCell<Option<Diagnostic>>,
}

impl State<'_> {
    fn root<'a>(&'a self, path: &'a Path<'a>) -> Seed<'a> {
        Seed {
            state: self,
            path,
            depth: 0,
        }
    }

    fn done(self, value: Value) -> Parsed {
        Parsed {
            value: Some(value),
            syntax: self.syntax,
            diagnostics: self.findings.into_inner(),
        }
    }

    fn find(&self, diagnostic: Diagnostic) {
        self.findings.borrow_mut().push(diagnostic);
    }
}

#[derive(Clone, Copy)]
struct Seed<'a> {
    state: &'a State<'a>,
    path: &'a Path<'a>,
    depth: usize,
}

impl<'a> Seed<'a> {
    fn deeper(self, path: &'a Path<'a>) -> Self {
        Self {
            path,
            depth: self.depth + 1,
            ..self
        }
    }

    fn place(self) -> (FileId, Pointer) {
        (self.state.file, self.path.pointer())
    }

    /// Counts a value; an error when there are too many or it is too deep.
    fn admit<E: serde::de::Error>(self) -> Result<(), E> {
        let spent = self.state.spent.get() + 1;
        self.state.spent.set(spent);
        let stop = if spent > self.state.limits.values {
            too_many(self.state.file)
        } else if self.depth > self.state.limits.depth {
            too_deep(self.state.file).at(self.place())
        } else {
            return Ok(());
        };
        *self.state.stop.borrow_mut() = Some(stop);
        Err(E::custom("limit exceeded"))
    }

    fn float(self, value: f64) -> Value {
        if let Some(number) = Number::from_f64(value) {
            return Value::Number(number);
        }
        self.state.find(
            Diagnostic::new(Code::NOT_FINITE, format!("`{value}` is not a JSON number"))
                .at(self.place())
                .remedy("leave the value out, or quote it if a text is meant"),
        );
        Value::Null
    }

    /// Says that a key is there twice. Apart from the visitor, whose frames stand on the stack as deep as a document nests.
    #[cold]
    fn doubled(self, key: &str) {
        self.state.find(
            Diagnostic::new(
                Code::DUPLICATE_KEY,
                format!("`{key}` occurs twice in this object"),
            )
            .at((self.state.file, self.path.key(key).pointer()))
            .label("the last one counts")
            .remedy("remove or rename one of them"),
        );
    }

    /// Applies `<<` (YAML merge key type): own keys win, earlier mappings win over later ones.
    fn merge(self, map: &mut Map<String, Value>, merged: Value) {
        let mappings = match merged {
            Value::Array(list) => list,
            single => vec![single],
        };
        for mapping in mappings {
            if let Value::Object(mapping) = mapping {
                for (key, value) in mapping {
                    map.entry(key).or_insert(value);
                }
            } else {
                self.state.find(
                    Diagnostic::new(Code::MERGE_KEY, "`<<` merges mappings alone")
                        .at((self.state.file, self.path.pointer().join("<<")))
                        .remedy("merge an alias of a mapping, such as `<<: *base`"),
                );
            }
        }
    }
}

impl<'de> DeserializeSeed<'de> for Seed<'_> {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Seed<'_> {
    type Value = Value;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a value")
    }

    fn visit_unit<E: serde::de::Error>(self) -> Result<Value, E> {
        self.admit()?;
        Ok(Value::Null)
    }

    fn visit_none<E: serde::de::Error>(self) -> Result<Value, E> {
        self.visit_unit()
    }

    fn visit_bool<E: serde::de::Error>(self, value: bool) -> Result<Value, E> {
        self.admit()?;
        Ok(Value::Bool(value))
    }

    fn visit_i64<E: serde::de::Error>(self, value: i64) -> Result<Value, E> {
        self.admit()?;
        Ok(value.into())
    }

    fn visit_u64<E: serde::de::Error>(self, value: u64) -> Result<Value, E> {
        self.admit()?;
        Ok(value.into())
    }

    // JSON has one kind of number; what 64 bits cannot hold is approximated, as in JavaScript.
    #[allow(clippy::cast_precision_loss)]
    fn visit_i128<E: serde::de::Error>(self, value: i128) -> Result<Value, E> {
        self.admit()?;
        Ok(self.float(value as f64))
    }

    #[allow(clippy::cast_precision_loss)]
    fn visit_u128<E: serde::de::Error>(self, value: u128) -> Result<Value, E> {
        self.admit()?;
        Ok(self.float(value as f64))
    }

    fn visit_f64<E: serde::de::Error>(self, value: f64) -> Result<Value, E> {
        self.admit()?;
        Ok(self.float(value))
    }

    fn visit_str<E: serde::de::Error>(self, value: &str) -> Result<Value, E> {
        self.visit_string(value.to_owned())
    }

    fn visit_string<E: serde::de::Error>(self, value: String) -> Result<Value, E> {
        self.admit()?;
        Ok(Value::String(value))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Value, A::Error> {
        self.admit()?;
        let mut list = Vec::new();
        loop {
            let path = self.path.index(list.len());
            match seq.next_element_seed(self.deeper(&path))? {
                Some(value) => list.push(value),
                None => return Ok(Value::Array(list)),
            }
        }
    }

    fn visit_map<A: MapAccess<'de>>(self, mut access: A) -> Result<Value, A::Error> {
        self.admit()?;
        let mut map = Map::new();
        let mut merged = None;
        while let Some(key) = access.next_key_seed(Key)? {
            let path = self.path.key(&key);
            let value = access.next_value_seed(self.deeper(&path))?;
            if key == "<<" && self.state.syntax == Syntax::Yaml {
                merged = Some(value);
                continue;
            }
            match map.entry(key) {
                Entry::Vacant(entry) => {
                    entry.insert(value);
                }
                Entry::Occupied(mut entry) => {
                    self.doubled(entry.key());
                    entry.insert(value);
                }
            }
        }
        if let Some(merged) = merged {
            self.merge(&mut map, merged);
        }
        Ok(Value::Object(map))
    }

    /// A YAML value with an application's tag.
    fn visit_enum<A: EnumAccess<'de>>(self, access: A) -> Result<Value, A::Error> {
        let (tag, content) = access.variant_seed(Key)?;
        self.state.find(
            Diagnostic::new(Code::YAML_TAG, format!("the tag `!{tag}` is not evaluated"))
                .at(self.place())
                .remedy("expand the tag with the tool it belongs to, or use `$ref`"),
        );
        content.newtype_variant_seed(self)
    }
}

/// A key as written: `200`, `1.10`, `true` and `~` are names in a document.
struct Key;

impl<'de> DeserializeSeed<'de> for Key {
    type Value = String;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<String, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl<'de> Visitor<'de> for Key {
    type Value = String;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a key that is a text, a number, true, false or null")
    }

    fn visit_str<E: serde::de::Error>(self, key: &str) -> Result<String, E> {
        Ok(key.to_owned())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut access: A) -> Result<String, A::Error> {
        while access.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Err(A::Error::custom("a mapping cannot be a key"))
    }
}

#[cfg(test)]
mod tests {
    use std::fmt::Write as _;

    use serde_json::json;

    use super::*;

    fn read(text: &str) -> (Option<Value>, Vec<(&'static str, String)>) {
        read_within(text, &Limits::default())
    }

    fn read_within(text: &str, limits: &Limits) -> (Option<Value>, Vec<(&'static str, String)>) {
        let parsed = parse(text, FileId::ENTRY, limits, &Cell::new(0));
        let said = parsed.diagnostics.iter().map(|diagnostic| {
            let place = match diagnostic.at {
                Some((line, column)) => format!("{line}:{column}"),
                None => diagnostic.pointer.to_string(),
            };
            (diagnostic.code.as_str(), place)
        });
        (parsed.value, said.collect())
    }

    #[test]
    fn yaml_means_what_json_can_say() {
        let text = "a: &x {b: 1, c: 2}\nd:\n  <<: *x\n  c: 3\ne: 2020-01-01\n200: t\n1.10: u\ntrue: v\n~: w\nl: [*x]\r\nn: 0o17\ny: yes\n";
        let (value, said) = read(text);
        assert_eq!(said, []);
        let expected = json!({
            "a": {"b": 1, "c": 2}, "d": {"c": 3, "b": 1}, "e": "2020-01-01", "200": "t", "1.10": "u",
            "true": "v", "~": "w", "l": [{"b": 1, "c": 2}], "n": 15, "y": "yes",
        });
        assert_eq!(value, Some(expected));
    }

    #[test]
    fn json_keeps_order_and_tabs_and_warns_of_duplicates() {
        let (value, said) =
            read("{\n\t\"b\": 1,\t\"a\": [true, null], \"b\": 18446744073709551616}");
        assert_eq!(said, [("CW0110", "/b".to_owned())]);
        assert_eq!(
            value.unwrap().to_string(),
            "{\"b\":1.8446744073709552e+19,\"a\":[true,null]}"
        );
    }

    #[test]
    fn flow_yaml_that_looks_like_json_is_yaml() {
        let (value, said) = read("{a: 1, # one\n b: [x, y,],}");
        assert_eq!(said, []);
        assert_eq!(value, Some(json!({"a": 1, "b": ["x", "y"]})));
    }

    #[test]
    fn what_cannot_be_read_says_where() {
        let deep_json = "[".repeat(100_000);
        let deep_yaml = format!("a: {}", "[".repeat(5_000));
        for (text, code, place) in [
            ("", "CW0103", ""),
            ("# nothing\n", "CW0103", ""),
            ("a: 1\n  b: 2\n", "CW0102", "2:4"),
            ("{\"a\": 1,, \"b\": 2}", "CW0102", "1:9"),
            ("a: 1\n---\nb: 2\n", "CW0104", "2:1"),
            ("a: [1, .nan]\n", "CW0111", "/a/1"),
            ("a:\n  <<: 3\n", "CW0112", "/a/<<"),
            ("a: !include b.yml\n", "CW0114", "/a"),
            ("a:\n  b: 1\n  b: 2\n", "CW0110", "/a/b"),
            (&deep_json, "CW0108", &"/0".repeat(513)),
        ] {
            let (_, said) = read(text);
            assert_eq!(
                said,
                [(code, place.to_owned())],
                "{}",
                &text[..text.len().min(40)]
            );
        }
        assert_eq!(read(&deep_yaml).1[0].0, "CW0108");
    }

    #[test]
    fn a_bomb_of_aliases_goes_out() {
        let mut text = String::from("a0: &a0 [x, x, x, x, x, x, x, x, x]\n");
        for level in 1..10 {
            let below = format!("*a{}, ", level - 1).repeat(9);
            let _ = writeln!(text, "a{level}: &a{level} [{below}]");
        }
        let limits = Limits {
            values: 100_000,
            ..Limits::default()
        };
        assert_eq!(
            read_within(&text, &limits),
            (None, vec![("CW0109", String::new())])
        );
        assert_eq!(read("a: &x [*x]\n").1[0].0, "CW0108");
    }
}
