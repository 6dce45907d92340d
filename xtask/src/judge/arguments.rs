//! Arguments for every operation of an API, made from its types: the same for the same seed. It knows the IR and the
//! form of orders; it must not know who judges them.

use callwright_codegen::ir::{
    Api, Body, BodyKind, BodyMedia, Constraints, Doc, Encoding, Field, IntegerKind, Location,
    Object, Operation, Parameter, Shape, Style, TextFormat, TypeRef, Union, Variant,
};
use serde_json::{Map, Value, json};

use super::sample;

/// Below this depth, nothing is filled in that may be left out.
const DEPTH: usize = 4;

/// How much is filled in of what may be left out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fill {
    /// Nothing.
    Required,
    /// Everything.
    All,
    /// About half.
    Some,
}

/// Makes values; the same for the same seed.
pub(super) struct Arguments<'a> {
    api: &'a Api,
    random: sample::Random,
    fill: Fill,
    /// Whether what the specification leaves open is left out where it may be: lists and objects deeper than the style
    /// tables go, which no two programs read alike.
    settled: bool,
}

impl<'a> Arguments<'a> {
    pub(super) fn new(api: &'a Api, seed: u64, fill: Fill) -> Self {
        Self {
            api,
            random: sample::Random::new(seed),
            fill,
            settled: false,
        }
    }

    /// Leaves out what the specification leaves open.
    pub(super) fn settled(self) -> Self {
        Self {
            settled: true,
            ..self
        }
    }

    /// The members `arguments` and `media` of an order.
    pub(super) fn order(&mut self, operation: &Operation) -> Map<String, Value> {
        let mut arguments = Map::new();
        for parameter in &operation.parameters {
            let needed = parameter.required || parameter.location == Location::Path;
            if !needed && !self.wanted(0) {
                continue;
            }
            let Some(value) = self.parameter(parameter) else {
                continue;
            };
            if needed || !self.settled || is_settled(parameter.style, parameter.items, &value) {
                arguments.insert(key(parameter), value);
            }
        }
        let mut order = Map::new();
        if let Some(body) = &operation.body
            && (body.required || self.wanted(0))
            && let Some(media) = self.media(body)
        {
            self.body(media, &mut arguments);
            let json = |it: &&BodyMedia| matches!(it.kind, BodyKind::Json(_));
            let media = match (&media.kind, body.media.iter().find(json)) {
                (BodyKind::Form(_, encodings), Some(json))
                    if self.settled && !is_read_back(arguments.get("body"), encodings) =>
                {
                    json
                }
                _ => media,
            };
            order.insert("media".into(), media.media.clone().into());
        }
        order.insert("arguments".into(), arguments.into());
        order
    }

    fn wanted(&mut self, depth: usize) -> bool {
        match self.fill {
            Fill::Required => false,
            Fill::All => depth < DEPTH,
            Fill::Some => depth < DEPTH && self.random.below(2) == 0,
        }
    }

    fn media<'b>(&mut self, body: &'b Body) -> Option<&'b BodyMedia> {
        // Where the same can be sent as JSON or a form, bytes and texts are not looked into.
        let read = |it: &&BodyMedia| {
            let text = it.media.starts_with("text/");
            !text && !matches!(it.kind, BodyKind::Bytes | BodyKind::Text)
        };
        let mut offered: Vec<&BodyMedia> = body.media.iter().collect();
        if self.settled && offered.iter().any(read) {
            offered.retain(read);
        }
        let index = self.random.below(offered.len().max(1));
        offered.get(index).copied()
    }

    fn parameter(&mut self, parameter: &Parameter) -> Option<Value> {
        let said = Said::of(&parameter.doc, &parameter.constraints, &parameter.wire);
        let value = self.value(parameter.ty, &said, 0)?;
        // A path cannot do without any of its parts, and a header without text is not sent by many servers' parsers.
        let empty = value == json!("") || value == json!([]);
        if empty && parameter.location == Location::Path {
            return Some(json!("a"));
        }
        (!empty && !value.is_null()).then_some(value)
    }

    fn body(&mut self, media: &BodyMedia, arguments: &mut Map<String, Value>) {
        let nothing = Said::default();
        match &media.kind {
            BodyKind::Json(ty) | BodyKind::Xml(ty) => {
                if let Some(value) = self.value(*ty, &nothing, 0) {
                    arguments.insert("body".into(), value);
                }
            }
            BodyKind::Form(ty, encodings) => {
                if let Some(mut value) = self.value(*ty, &nothing, 0) {
                    self.settle(*ty, encodings, &mut value);
                    arguments.insert("body".into(), value);
                }
            }
            BodyKind::Multipart(ty, _) => {
                let target = self.api.types.unalias(*ty);
                let positions = match &self.api.types[target.id].shape {
                    Shape::Array(item) => vec![("body".to_owned(), *item)],
                    Shape::Tuple(items) => items
                        .iter()
                        .enumerate()
                        .map(|(at, item)| (format!("body.{at}"), *item))
                        .collect(),
                    _ => Vec::new(),
                };
                for (key, item) in positions {
                    self.part(arguments, &key, item);
                }
                let object = match &self.api.types[target.id].shape {
                    Shape::Object(object) => object,
                    Shape::Map(value) if self.is_file(*value) => {
                        arguments.insert("body".into(), file());
                        return;
                    }
                    Shape::Map(_) | Shape::Union(_) => {
                        let value = self.value(*ty, &nothing, 0);
                        arguments.extend(value.map(|value| ("body".to_owned(), value)));
                        return;
                    }
                    _ => {
                        if let Some(Value::Object(members)) = self.value(*ty, &nothing, 0) {
                            let named = members.into_iter();
                            arguments
                                .extend(named.map(|(name, value)| (format!("body.{name}"), value)));
                        }
                        return;
                    }
                };
                for field in &object.fields {
                    if !field.required && !self.wanted(1) {
                        continue;
                    }
                    let shape = &self.api.types[self.api.types.unalias(field.ty).id].shape;
                    let value = match shape {
                        Shape::Part { .. } => {
                            self.part(arguments, &format!("body.{}", field.wire), field.ty);
                            None
                        }
                        Shape::Array(item) if self.is_part(*item) => {
                            self.part(arguments, &format!("body.{}", field.wire), *item);
                            None
                        }
                        Shape::File => Some(file()),
                        Shape::Array(item) if self.is_file(*item) => Some(json!([file()])),
                        _ => self.field(field, 1),
                    };
                    if let Some(value) = value.filter(|value| !value.is_null()) {
                        arguments.insert(format!("body.{}", field.wire), value);
                    }
                }
            }
            BodyKind::Text => {
                arguments.insert("body".into(), "text".into());
            }
            BodyKind::Bytes => {
                arguments.insert("body".into(), json!({ "text": "bytes" }));
            }
            BodyKind::Lines(item) => {
                let line = self.value(*item, &nothing, 0).unwrap_or_default();
                arguments.insert("body".into(), json!([line]));
            }
        }
    }

    /// Leaves out fields of a form that go deeper than the style table, and fills in one where there would be none: no byte
    /// tells an empty form from no body.
    fn settle(&mut self, reference: TypeRef, encodings: &[Encoding], value: &mut Value) {
        let target = self.api.types.unalias(reference);
        let (Shape::Object(object), Value::Object(members)) =
            (&self.api.types[target.id].shape, value)
        else {
            return;
        };
        let style = |name: &str| {
            let encoding = encodings.iter().find(|encoding| encoding.wire == name);
            encoding.map_or(Style::Form, |encoding| encoding.style)
        };
        let fields = object.fields.iter();
        for field in fields
            .clone()
            .filter(|field| self.settled && !field.required)
        {
            let found = members.get(&field.wire);
            // Without an Encoding Object, an object is JSON that readers of forms do not look for.
            let open = found.is_some_and(|found| {
                let style = style(&field.wire);
                !is_settled(style, None, found) || found.is_object() && style == Style::Form
            });
            if open {
                members.shift_remove(&field.wire);
            }
        }
        for field in fields {
            if !members.is_empty() {
                break;
            }
            let value = self.field(field, 1).filter(|value| !value.is_null());
            let flat = value.filter(|value| value.is_string() || value.is_number());
            members.extend(flat.map(|value| (field.wire.clone(), value)));
        }
    }

    /// A part of a multipart body, and its headers.
    fn part(&mut self, arguments: &mut Map<String, Value>, key: &str, reference: TypeRef) {
        let nothing = Said::default();
        let (value, headers) = match self.api.types[self.api.types.unalias(reference).id].shape {
            Shape::Part { value, headers } => (value, Some(headers)),
            _ => (reference, None),
        };
        let value = if self.is_file(value) {
            Some(file())
        } else {
            self.value(value, &nothing, 1)
        };
        arguments.extend(value.map(|value| (key.to_owned(), value)));
        if let Some(headers) = headers.and_then(|headers| self.value(headers, &nothing, 1)) {
            arguments.insert(format!("{key}.headers"), headers);
        }
    }

    fn is_part(&self, reference: TypeRef) -> bool {
        let id = self.api.types.unalias(reference).id;
        matches!(self.api.types[id].shape, Shape::Part { .. })
    }

    fn is_file(&self, reference: TypeRef) -> bool {
        self.api.types[self.api.types.unalias(reference).id].shape == Shape::File
    }

    fn field(&mut self, field: &Field, depth: usize) -> Option<Value> {
        let said = Said::of(&field.doc, &field.constraints, &field.wire);
        self.value(field.ty, &said, depth)
    }

    /// A value of a type; none where there is no end to it.
    fn value(&mut self, reference: TypeRef, said: &Said<'_>, depth: usize) -> Option<Value> {
        if depth > 24 {
            return None;
        }
        let target = self.api.types.unalias(reference);
        let ty = &self.api.types[target.id];
        let own = Said::of(&ty.doc, &ty.constraints, said.name);
        let both = said.over(&own);
        Some(match &ty.shape {
            Shape::Bool => (self.random.below(2) == 0).into(),
            Shape::Integer(kind) => self.integer(*kind, &both),
            Shape::QuotedInteger(kind) => self.integer(*kind, &both).to_string().into(),
            Shape::Double => Self::number(&both),
            Shape::QuotedDecimal => match both.example() {
                Some(example @ Value::String(_)) => example.clone(),
                _ => Self::number(&both).to_string().into(),
            },
            Shape::Decimal => match both.example() {
                Some(example @ (Value::Number(_) | Value::String(_))) => example.clone(),
                _ => Self::number(&both),
            },
            Shape::String | Shape::File => self.text(&both)?.into(),
            Shape::Text(format) => self.format(*format, &both),
            Shape::Array(item) => self.array(*item, &both, depth)?,
            Shape::Tuple(items) => {
                let items: Option<Vec<Value>> = items
                    .iter()
                    .map(|item| self.value(*item, &Said::default(), depth + 1))
                    .collect();
                items?.into()
            }
            Shape::Map(value) => self.map(*value, &both, depth),
            Shape::Any => match both.example() {
                Some(example) if !example.is_null() => example.clone(),
                _ => json!({ "key": "value" }),
            },
            Shape::Object(object) => self.object(object, depth)?,
            Shape::Enumeration(enumeration) => {
                let narrowed = self.api.types.narrowed(reference);
                let is_allowed = |value: &&Value| narrowed.is_none_or(|list| list.contains(value));
                let values: Vec<&Value> = enumeration
                    .values
                    .iter()
                    .map(|value| &value.value)
                    .filter(|value| !value.is_null())
                    .filter(is_allowed)
                    .collect();
                (*values.get(self.random.below(values.len().max(1)))?).clone()
            }
            Shape::Union(union) => self.union(union, depth)?,
            Shape::Newtype(inner) => self.value(*inner, said, depth + 1)?,
            // A part is given as what it holds and its headers.
            Shape::Alias(_) | Shape::Part { .. } => return None,
        })
    }

    fn integer(&mut self, kind: IntegerKind, said: &Said<'_>) -> Value {
        if let Some(Value::Number(example)) = said.example()
            && (example.is_i64() || example.is_u64())
            && said.admits(example.as_f64().unwrap_or_default())
        {
            return example.clone().into();
        }
        let (least, greatest) = said.range();
        let least = least.unwrap_or(if greatest.is_some_and(|greatest| greatest < 1.0) {
            greatest.unwrap_or_default() - 10.0
        } else {
            1.0
        });
        let greatest = greatest.unwrap_or(least + 90.0).max(least);
        let step = said
            .number(|limits| limits.multiple_of.as_ref())
            .unwrap_or(1.0)
            .max(1.0);
        let first = (least / step).ceil();
        let room = ((greatest / step).floor() - first).clamp(0.0, 50.0);
        #[allow(
            clippy::cast_possible_truncation,
            clippy::cast_precision_loss,
            clippy::cast_sign_loss,
            reason = "both are small and not negative, or in the range of the document"
        )]
        let value = ((first + self.random.below(room as usize + 1) as f64) * step) as i64;
        if matches!(kind, IntegerKind::U64) {
            value.unsigned_abs().into()
        } else {
            value.into()
        }
    }

    fn number(said: &Said<'_>) -> Value {
        if let Some(Value::Number(example)) = said.example()
            && said.admits(example.as_f64().unwrap_or_default())
        {
            return example.clone().into();
        }
        let (least, greatest) = said.range();
        match (least, greatest) {
            (None, None) => json!(1.5),
            (Some(least), None) => json!(least + 1.0),
            (None, Some(greatest)) => json!(greatest - 1.0),
            (Some(least), Some(greatest)) => json!(least.midpoint(greatest)),
        }
    }

    fn text(&mut self, said: &Said<'_>) -> Option<String> {
        let least = said.count(|limits| limits.min_length).unwrap_or(0);
        let greatest = said.count(|limits| limits.max_length).unwrap_or(usize::MAX);
        let fits = |text: &str| (least..=greatest).contains(&text.chars().count());
        let pattern = said.pick(|limits| limits.patterns.first().map(String::as_str));
        if let Some(Value::String(example)) = said.example()
            && fits(example)
            && !example.is_empty()
            && pattern.is_none()
            && !example.chars().any(char::is_control)
        {
            return Some(example.clone());
        }
        if let Some(pattern) = pattern {
            return sample::matching(pattern, least, greatest, &mut self.random);
        }
        let name = said.name.to_ascii_lowercase();
        let text = if name.contains("email") || name.contains("login") {
            "person@example.com".to_owned()
        } else if name.ends_with("url") || name.ends_with("uri") || name.ends_with("link") {
            "https://example.com/a".to_owned()
        } else if name.contains("zone") {
            "Europe/Berlin".to_owned()
        } else {
            let words = [
                "alpha", "b c", "größe", "d/e", "f&g=h", "i+j", "100%", "k,l", "m;n",
            ];
            words[self.random.below(words.len())].to_owned()
        };
        if fits(&text) {
            return Some(text);
        }
        let mut text: String = text.chars().take(greatest).collect();
        while text.chars().count() < least {
            text.push('x');
        }
        Some(text)
    }

    fn format(&mut self, format: TextFormat, said: &Said<'_>) -> Value {
        let usual = match format {
            TextFormat::Uuid => "3f2a6c1e-8b5d-4f70-9c43-1d2e5a7b9f60",
            TextFormat::DateTime => "2026-01-31T12:00:00Z",
            TextFormat::Date => "2026-01-31",
            TextFormat::Time => "12:00:00Z",
            TextFormat::Duration => "P1DT2H",
            TextFormat::Uri => "https://example.com/a",
            TextFormat::Byte => "Ynl0ZXM=",
            TextFormat::Ipv4 => "192.0.2.1",
            TextFormat::Ipv6 => "2001:db8::1",
        };
        match said.pick(|limits| limits.patterns.first().map(String::as_str)) {
            Some(pattern) => sample::matching(pattern, 0, 4096, &mut self.random)
                .unwrap_or_else(|| usual.to_owned())
                .into(),
            None => usual.into(),
        }
    }

    fn array(&mut self, item: TypeRef, said: &Said<'_>, depth: usize) -> Option<Value> {
        let least = said.count(|limits| limits.min_items).unwrap_or(0);
        let greatest = said.count(|limits| limits.max_items).unwrap_or(usize::MAX);
        let usual = if depth < DEPTH {
            1 + self.random.below(2)
        } else {
            0
        };
        let count = usual.clamp(least, greatest.max(least));
        let unique = said.limits().any(|limits| limits.unique_items);
        let mut items = Vec::new();
        for _ in 0..count * 8 {
            if items.len() == count {
                break;
            }
            let Some(value) = self.value(item, &said.items(), depth + 1) else {
                break;
            };
            if !unique || !items.contains(&value) {
                items.push(value);
            }
        }
        (items.len() >= least).then(|| items.into())
    }

    fn map(&mut self, value: TypeRef, said: &Said<'_>, depth: usize) -> Value {
        let least = said.count(|limits| limits.min_properties).unwrap_or(0);
        let mut members = Map::new();
        let count = least.max(usize::from(depth < DEPTH));
        for index in 0..count {
            if let Some(value) = self.value(value, &Said::default(), depth + 1) {
                members.insert(format!("key{index}"), value);
            }
        }
        members.into()
    }

    fn object(&mut self, object: &Object, depth: usize) -> Option<Value> {
        let mut members = Map::new();
        for field in &object.fields {
            if !field.required && !self.wanted(depth) {
                continue;
            }
            match self.field(field, depth + 1) {
                Some(value) => {
                    members.insert(field.wire.clone(), value);
                }
                None if field.required && field.ty.nullable => {
                    members.insert(field.wire.clone(), Value::Null);
                }
                None if field.required => return None,
                None => {}
            }
        }
        Some(members.into())
    }

    fn union(&mut self, union: &Union, depth: usize) -> Option<Value> {
        let start = self.random.below(union.variants.len().max(1));
        let shape =
            |reference: TypeRef| &self.api.types[self.api.types.unalias(reference).id].shape;
        let number = |variant: &Variant| matches!(shape(variant.ty), Shape::Double);
        let numbers = union.variants.iter().any(number);
        for offset in 0..union.variants.len() {
            let variant = &union.variants[(start + offset) % union.variants.len()];
            // A whole number beside any number would be both, and so no value of a `oneOf`.
            if numbers && matches!(shape(variant.ty), Shape::Integer(_)) {
                continue;
            }
            let Some(mut value) = self.value(variant.ty, &Said::default(), depth + 1) else {
                continue;
            };
            if let Value::Object(members) = &mut value {
                for (name, constant) in &variant.constants {
                    members.insert(name.clone(), constant.clone());
                }
                if let (Some(tag), Some(first)) = (&union.tag, variant.tags.first()) {
                    let found = members.get(tag).unwrap_or(&Value::Null);
                    let text = found
                        .as_str()
                        .map_or_else(|| found.to_string(), str::to_owned);
                    if !variant.tags.contains(&text) {
                        // Tags are texts in a mapping, also of numbers.
                        let number = found.is_number().then(|| first.parse::<i64>().ok());
                        let value = number
                            .flatten()
                            .map_or_else(|| first.clone().into(), Value::from);
                        members.insert(tag.clone(), value);
                    }
                }
            }
            return Some(value);
        }
        None
    }
}

/// Whether the style tables say how a value is written: they know lists of scalars and objects of scalars.
fn is_settled(style: Style, items: Option<Style>, value: &Value) -> bool {
    let nested = |value: &Value| value.is_array() || value.is_object();
    match value {
        _ if style == Style::Json => true,
        Value::Array(_) if items.is_some() => true,
        Value::Array(items) => !items.iter().any(nested) && style != Style::DeepObject,
        Value::Object(members) => !members.values().any(nested),
        _ => true,
    }
}

/// Whether readers of forms find the fields of a body as they were: no byte tells an empty form from no body, and without an
/// Encoding Object they do not look for JSON.
fn is_read_back(body: Option<&Value>, encodings: &[Encoding]) -> bool {
    let members = body.and_then(Value::as_object);
    members.is_some_and(|members| {
        let open = |(name, value): (&String, &Value)| {
            value.is_object() && encodings.iter().all(|encoding| encoding.wire != *name)
        };
        !members.is_empty() && !members.iter().any(open)
    })
}

/// The name of a parameter in an order.
fn key(parameter: &Parameter) -> String {
    let location = match parameter.location {
        Location::Path => "path",
        Location::Query | Location::QueryString => "query",
        Location::Header => "header",
        Location::Cookie => "cookie",
    };
    format!("{location}.{}", parameter.wire)
}

fn file() -> Value {
    json!({ "text": "the content", "name": "file.txt", "type": "text/plain" })
}

/// What a document says of a value, here and at its type.
#[derive(Default, Clone)]
struct Said<'a> {
    docs: Vec<&'a Doc>,
    limits: Vec<&'a Constraints>,
    name: &'a str,
}

impl<'a> Said<'a> {
    fn of(doc: &'a Doc, constraints: &'a Constraints, name: &'a str) -> Self {
        Self {
            docs: vec![doc],
            limits: vec![constraints],
            name,
        }
    }

    fn over(&self, own: &Self) -> Self {
        let mut both = self.clone();
        both.docs.extend(&own.docs);
        both.limits.extend(&own.limits);
        both
    }

    /// What holds of the items of an array that this is said of: its name alone.
    fn items(&self) -> Self {
        Self {
            name: self.name,
            ..Self::default()
        }
    }

    fn limits(&self) -> impl Iterator<Item = &'a Constraints> + '_ {
        self.limits.iter().copied()
    }

    fn example(&self) -> Option<&'a Value> {
        self.docs
            .iter()
            .find_map(|doc| doc.example.as_ref().or(doc.default.as_ref()))
    }

    fn pick<T>(&self, of: impl Fn(&'a Constraints) -> Option<T>) -> Option<T> {
        self.limits.iter().find_map(|limits| of(limits))
    }

    fn count(&self, of: impl Fn(&'a Constraints) -> Option<u64>) -> Option<usize> {
        self.pick(of).and_then(|count| usize::try_from(count).ok())
    }

    fn number(
        &self,
        of: impl Fn(&'a Constraints) -> Option<&'a serde_json::Number>,
    ) -> Option<f64> {
        self.pick(of).and_then(serde_json::Number::as_f64)
    }

    fn range(&self) -> (Option<f64>, Option<f64>) {
        let exclusive = |of: fn(&Constraints) -> bool| f64::from(u8::from(self.limits().any(of)));
        let least = self.number(|limits| limits.minimum.as_ref());
        let greatest = self.number(|limits| limits.maximum.as_ref());
        (
            least.map(|least| least + exclusive(|limits| limits.exclusive_minimum)),
            greatest.map(|greatest| greatest - exclusive(|limits| limits.exclusive_maximum)),
        )
    }

    fn admits(&self, value: f64) -> bool {
        let (least, greatest) = self.range();
        let step = self.number(|limits| limits.multiple_of.as_ref());
        least.is_none_or(|least| value >= least)
            && greatest.is_none_or(|greatest| value <= greatest)
            && step.is_none_or(|step| (value / step).fract() == 0.0)
    }
}
