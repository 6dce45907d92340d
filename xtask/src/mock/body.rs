//! Whether a request body is of a documented media type and valid by its schema.

use futures_util::{FutureExt as _, stream};
use serde_json::{Map, Value, json};

use super::{
    document::{Document, member, members},
    flatten::{Flat, flatten_one},
    judge::{Direction, Judge},
    media::{self, Kind},
    parameter::Parameter,
    problem::{Fault, Problem},
    reading::{Tree, readings},
    request::{Request, decode_form, pairs},
    style::brackets,
};

/// Checks the body against the operation's `requestBody`; returns it as a value where it has one.
pub(crate) fn check(
    document: Document,
    judge: &Judge,
    operation: &'static Value,
    request: &Request,
) -> Result<Option<Value>, Problem> {
    let declared = document.resolve(member(operation, "requestBody"));
    let content = member(declared, "content");
    if request.body.is_empty()
        && request
            .header("content-type")
            .is_none_or(|given| !given.starts_with("text/"))
    {
        if member(declared, "required") == true {
            return Err(Problem::faults(vec![Fault::body("", "is required")]));
        }
        return Ok(None);
    }
    if !declared.is_object() {
        return Err(Problem::faults(vec![Fault::body(
            "",
            "is not expected: the operation takes none",
        )]));
    }
    let expected: Vec<_> = members(content).map(|(name, _)| name).collect();
    let Some(given) = request.header("content-type") else {
        return Err(Problem::new(
            415,
            format!(
                "the header `Content-Type` is expected, one of: {}",
                expected.join(", ")
            ),
        ));
    };
    let Some(name) = media::best(&expected, &given) else {
        let reason = format!(
            "Content-Type `{given}` is not documented, expected one of: {}",
            expected.join(", ")
        );
        return Err(Problem::new(415, reason));
    };
    let media = document.resolve(member(content, name));
    let body = Body {
        document,
        judge,
        media,
        schema: member(media, "schema"),
    };
    let (value, mut faults) = body.read(&given, request)?;
    if let Some(value) = &value
        && faults.is_empty()
        && body.schema.is_object()
    {
        faults = judge.faults(body.schema, Direction::Request, value);
    }
    if faults.is_empty() {
        Ok(value)
    } else {
        Err(Problem::faults(faults))
    }
}

/// A body as a value, where its media type has one that a schema can speak of, and what is wrong with it.
type Read = (Option<Value>, Vec<Fault>);

struct Body<'a> {
    document: Document,
    judge: &'a Judge,
    media: &'static Value,
    schema: &'static Value,
}

impl Body<'_> {
    /// The body as a value, where its media type has one that a schema can speak of.
    fn read(&self, given: &str, request: &Request) -> Result<Read, Problem> {
        let invalid = |reason: String| Problem::faults(vec![Fault::body("", reason)]);
        let text = || {
            std::str::from_utf8(&request.body)
                .map_err(|error| invalid(format!("is not UTF-8: {error}")))
        };
        match media::kind(given) {
            Kind::Json => {
                let value = serde_json::from_slice(&request.body);
                Ok((
                    Some(value.map_err(|error| invalid(format!("is not JSON: {error}")))?),
                    Vec::new(),
                ))
            }
            Kind::Lines => {
                let lines = text()?.lines().filter(|line| !line.trim().is_empty());
                let values: Result<Vec<Value>, _> = lines.map(serde_json::from_str).collect();
                let values = values
                    .map_err(|error| invalid(format!("has a line that is not JSON: {error}")))?;
                let items = media::item_schema(self.media);
                let faults = items.map(|items| {
                    values
                        .iter()
                        .flat_map(|value| self.judge.faults(items, Direction::Request, value))
                        .collect()
                });
                Ok((None, faults.unwrap_or_default()))
            }
            Kind::Form => Ok(self.form(text()?)),
            Kind::Multipart => self.multipart(given, request).map_err(invalid),
            Kind::Text if self.flat().kind() == Some("string") => {
                Ok((Some(json!(text()?)), Vec::new()))
            }
            Kind::Events | Kind::Text | Kind::Xml | Kind::Bytes => Ok((None, Vec::new())),
        }
    }

    fn flat(&self) -> Flat {
        flatten_one(self.document, self.schema)
    }

    fn form(&self, text: &str) -> Read {
        let pairs = pairs(text);
        let flat = self.flat();
        let mut form = Map::new();
        let mut faults = Vec::new();
        for (name, schemas) in &flat.properties {
            let encoding = member(member(self.media, "encoding"), name);
            let parameter = Parameter::of_form(name, schemas[0], encoding);
            let found = parameter
                .find_pairs(self.document, &pairs)
                .unwrap_or_else(|reason| {
                    faults.push(Fault::body(format!("/{name}"), reason));
                    Vec::new()
                });
            // Without an encoding, many servers take `name[key]` for objects and lists all the same.
            let found = found.into_iter().next().or_else(|| bracketed(name, &pairs));
            if let Some(tree) = found {
                form.extend(
                    self.pick(schemas, &tree)
                        .map(|value| ((*name).to_owned(), value)),
                );
            }
        }
        for pair in &pairs {
            let is_declared = flat
                .properties
                .iter()
                .any(|(name, _)| brackets(name, &pair.name).is_some());
            if !is_declared {
                form.insert(pair.name.clone(), json!(decode_form(&pair.raw)));
            }
        }
        (Some(Value::Object(form)), faults)
    }

    fn multipart(&self, given: &str, request: &Request) -> Result<Read, String> {
        let boundary = multer::parse_boundary(given)
            .map_err(|error| format!("has no boundary in its Content-Type: {error}"))?;
        let chunk: Result<_, std::convert::Infallible> = Ok(request.body.clone());
        let mut parts = multer::Multipart::new(stream::iter([chunk]), boundary);
        let flat = self.flat();
        let mut texts: Vec<(String, Tree)> = Vec::new();
        // The body is in memory, so no step of the reading waits.
        let reading = async {
            while let Some(part) = parts.next_field().await? {
                let name = part.name().unwrap_or_default().to_owned();
                let bytes = part.bytes().await?;
                let text =
                    String::from_utf8(bytes.to_vec()).unwrap_or_else(|_| "(bytes)".to_owned());
                match texts.iter_mut().find(|(known, _)| *known == name) {
                    Some((_, tree)) => tree.insert(&[], text),
                    None => texts.push((name, Tree::text(text))),
                }
            }
            Ok::<_, multer::Error>(())
        };
        reading
            .now_or_never()
            .unwrap_or(Err(multer::Error::IncompleteStream))
            .map_err(|error| format!("is not multipart/form-data: {error}"))?;
        let mut form = Map::new();
        for (name, tree) in texts {
            let value = match flat.property(&name) {
                Some(schemas) => self.pick(schemas, &tree),
                None => readings(self.document, &[], &tree).into_iter().next(),
            };
            form.extend(value.map(|value| (name, value)));
        }
        Ok((Some(Value::Object(form)), Vec::new()))
    }

    /// The reading that is valid, else the likeliest.
    fn pick(&self, schemas: &[&'static Value], tree: &Tree) -> Option<Value> {
        let values = readings(self.document, schemas, tree);
        let valid = values.iter().find(|value| {
            schemas
                .iter()
                .all(|schema| self.judge.is_valid(schema, Direction::Request, value))
        });
        valid.or(values.first()).cloned()
    }
}

fn bracketed(name: &str, pairs: &[super::request::Pair]) -> Option<Tree> {
    let mut tree = Tree::Leaf(Vec::new());
    for pair in pairs {
        if let Some(keys) = brackets(name, &pair.name) {
            tree.insert(&keys, decode_form(&pair.raw));
        }
    }
    (tree != Tree::Leaf(Vec::new())).then_some(tree)
}
