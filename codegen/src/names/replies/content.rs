//! What an enum of errors or a struct of headers holds, as a text to compare by and as names.
//!
//! It must not know which operations have it.

use std::fmt::Write as _;

use crate::ir::{Api, Case, Parameter, Payload, Shape, StatusPattern, TypeId, TypeRef};
use crate::names::ident::Ident;
use crate::names::words::{self, Word, pascal};

/// A header with its field.
pub(super) struct Listed<'a> {
    pub(super) header: &'a Parameter,
    required: bool,
    field: &'a Ident,
}

impl<'a> Listed<'a> {
    pub(super) fn of(headers: &[(&'a Parameter, bool)], fields: &'a [Ident]) -> Vec<Self> {
        let headers = headers.iter().zip(fields);
        headers
            .map(|((header, required), field)| Self {
                header,
                required: *required,
                field,
            })
            .collect()
    }

    fn words(&self) -> Vec<Word> {
        let words = words::split(&self.header.wire);
        match words.as_slice() {
            [first, rest @ ..] if first == "x" && !rest.is_empty() => rest.to_vec(),
            _ => words,
        }
    }
}

/// What there is to compare and to name.
pub(super) struct Content<'a> {
    pub(super) api: &'a Api,
    /// By type: the item that it is.
    pub(super) types: &'a [Option<Ident>],
}

impl Content<'_> {
    fn name(&self, id: TypeId) -> Option<&Ident> {
        self.types.get(id.index())?.as_ref()
    }

    /// Everything that tells a use of a type from others, in Rust and in how it is read.
    fn put(&self, to: &mut String, reference: TypeRef) {
        let ty = &self.api.types[reference.id];
        let nullable = self.api.types.unalias(reference).nullable;
        // Writing to a string cannot fail.
        let _ = write!(to, "{}{}", u8::from(nullable), u8::from(reference.boxed));
        if let Some(name) = self.name(reference.id) {
            let _ = write!(to, "{name}");
            return;
        }
        let kind = match &ty.shape {
            Shape::Array(_) => "array",
            Shape::Tuple(_) => "tuple",
            Shape::Map(_) => "map",
            Shape::Alias(_) | Shape::Newtype(_) => "alias",
            Shape::Part { .. } => "part",
            Shape::Object(_) | Shape::Enumeration(_) | Shape::Union(_) => {
                // All of these have names; one without is equal to itself alone.
                let _ = write!(to, "{:?}", reference.id);
                return;
            }
            scalar => {
                let _ = write!(to, "{scalar:?}{}", ty.usage.multipart);
                return;
            }
        };
        to.push_str(kind);
        to.push('(');
        for part in ty.shape.references() {
            self.put(to, part);
            to.push(',');
        }
        to.push(')');
    }

    /// What a type is called inside of a name.
    fn word(&self, reference: TypeRef) -> String {
        if let Some(name) = self.name(reference.id) {
            return name.unraw().to_owned();
        }
        match &self.api.types[reference.id].shape {
            Shape::Array(item) => format!("{}List", self.word(*item)),
            Shape::Map(value) => format!("{}Map", self.word(*value)),
            Shape::Alias(target) | Shape::Newtype(target) => self.word(*target),
            Shape::Bool => "Boolean".to_owned(),
            Shape::Integer(_) | Shape::QuotedInteger(_) => "Integer".to_owned(),
            Shape::Double | Shape::Decimal | Shape::QuotedDecimal => "Number".to_owned(),
            Shape::String | Shape::File => "Text".to_owned(),
            Shape::Text(format) => format!("{format:?}"),
            Shape::Tuple(_) => "Tuple".to_owned(),
            _ => "Value".to_owned(),
        }
    }

    pub(super) fn errors_key(&self, cases: &[(usize, &Case)], variants: &[Ident]) -> String {
        let mut key = "errors".to_owned();
        for (position, case) in cases {
            let variant = variants.get(*position).map_or("", Ident::as_str);
            let _ = write!(key, "\n{:?} {variant} ", case.status);
            match &case.payload {
                Payload::Empty => key.push('-'),
                Payload::Json(ty) => {
                    key.push_str("json ");
                    self.put(&mut key, *ty);
                    match read_also(case) {
                        Some(Payload::Xml(ty)) => {
                            let _ = write!(key, " or xml {:?}", ty.id);
                        }
                        Some(_) => key.push_str(" or text"),
                        None => {}
                    }
                }
                Payload::Xml(ty) => {
                    let _ = write!(key, "xml {:?} ", ty.id);
                    self.put(&mut key, *ty);
                }
                Payload::Bytes => key.push_str("bytes"),
                Payload::Text | Payload::Events(_) | Payload::Lines(_) => key.push_str("text"),
            }
        }
        key
    }

    /// By what the statuses hold, `BasicError403_404ValidationError422`; where that is too long, by the statuses alone.
    pub(super) fn errors_names(&self, cases: &[(usize, &Case)]) -> Vec<Option<String>> {
        let mut held: Vec<(String, Vec<String>)> = Vec::new();
        for (_, case) in cases {
            let (word, status) = (self.held(case), status(case.status));
            match held.iter_mut().find(|(known, _)| *known == word) {
                Some((_, statuses)) => statuses.push(status),
                None => held.push((word, vec![status])),
            }
        }
        let full = held.iter().map(|(word, statuses)| {
            let mut words = vec![word.clone()];
            words.extend(statuses.iter().cloned());
            pascal(&words)
        });
        let all = cases.iter().map(|(_, case)| status(case.status));
        let short: Vec<String> = std::iter::once("errors".to_owned()).chain(all).collect();
        vec![Some(full.collect()), Some(pascal(&short))]
    }

    /// What a case holds, in words of a name.
    fn held(&self, case: &Case) -> String {
        match &case.payload {
            Payload::Empty => "Status".to_owned(),
            Payload::Json(ty) => {
                let also = match read_also(case) {
                    Some(Payload::Xml(_)) => "JsonOrXml",
                    Some(_) => "JsonOrText",
                    None => "",
                };
                self.word(*ty) + also
            }
            Payload::Xml(ty) => self.word(*ty) + "Xml",
            Payload::Bytes => "Bytes".to_owned(),
            Payload::Text | Payload::Events(_) | Payload::Lines(_) => "Text".to_owned(),
        }
    }

    /// The fields of a struct have no order that matters.
    pub(super) fn headers_key(&self, headers: &[Listed<'_>]) -> String {
        let mut lines: Vec<String> = headers
            .iter()
            .map(|listed| {
                let Listed {
                    header,
                    required,
                    field,
                } = listed;
                let wire = header.wire.to_ascii_lowercase();
                let (style, explode) = (header.style, header.explode);
                let deprecated = header.doc.deprecated;
                let mut line =
                    format!("\n{wire} {field} {required} {style:?} {explode} {deprecated} ");
                self.put(&mut line, header.ty);
                line
            })
            .collect();
        lines.sort_unstable();
        format!("headers{}", lines.concat())
    }

    /// By the words that all headers begin with, then with those that they go on with, then with which are optional, then
    /// with what they hold.
    pub(super) fn headers_names(&self, headers: &[Listed<'_>]) -> Vec<Option<String>> {
        let mut all: Vec<(Vec<Word>, &Listed<'_>)> = headers
            .iter()
            .map(|listed| (listed.words(), listed))
            .collect();
        all.sort_by(|(a, _), (b, _)| a.cmp(b));
        let first = &all[0].0;
        let shared = (0..first.len())
            .take_while(|&at| all.iter().all(|(words, _)| words.get(at) == first.get(at)))
            .count();
        let common = &first[..shared];
        let name = |part: &dyn Fn(&[Word], &Listed<'_>) -> Vec<Word>| {
            let rest = all
                .iter()
                .flat_map(|(words, listed)| part(&words[shared..], listed));
            let words: Vec<Word> = common.iter().cloned().chain(rest).collect();
            Some(pascal(&words) + "Headers")
        };
        let every = headers.iter().all(|listed| !listed.required);
        let optional = |listed: &Listed<'_>| {
            let is_told = !listed.required && !every;
            is_told.then(|| "optional".to_owned()).into_iter()
        };
        let marked = |name: Option<String>| {
            let mark = if every { "Optional" } else { "" };
            name.map(|name| format!("{mark}{name}"))
        };
        vec![
            (shared > 0).then(|| pascal(common) + "Headers"),
            name(&|rest, _| rest.to_vec()),
            marked(name(&|rest, listed| {
                optional(listed).chain(rest.iter().cloned()).collect()
            })),
            marked(name(&|rest, listed| {
                let words = optional(listed).chain(rest.iter().cloned());
                let held = std::iter::once(self.word(listed.header.ty));
                words.chain(held).collect()
            })),
        ]
    }
}

/// What a case that is JSON is read as, too: the first that there is a way of reading for.
fn read_also(case: &Case) -> Option<&Payload> {
    let mut also = case.also.iter().map(|(_, payload)| payload);
    also.find(|payload| matches!(payload, Payload::Xml(_) | Payload::Text))
}

pub(super) fn status(status: StatusPattern) -> String {
    match status {
        StatusPattern::Exact(status) => status.to_string(),
        StatusPattern::Range(digit) => format!("{digit}xx"),
        StatusPattern::Default => "default".to_owned(),
    }
}
