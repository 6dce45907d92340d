//! The example of an operation: a call with plausible arguments, which compiles.

use serde_json::Value;

use super::object::plain;
use super::operation::Endpoint;
use super::response::Outcome;
use super::scope::{Context, Files, Presence};
use crate::ir::{
    BodyKind, BodyMedia, Constraints, Doc, Object, Payload, Shape, TextFormat, TypeId, TypeRef,
    Union,
};
use crate::names::Ident;

/// Arguments are not built deeper than this; what lies deeper comes from outside of the example.
const DEPTH: usize = 5;
/// A line of code longer than this is broken.
const LONG: usize = 90;

/// The lines of the example, of which rustdoc hides those that start with `# `.
pub(super) fn of(endpoint: &Endpoint<'_>) -> Vec<String> {
    let context = endpoint.scope.context;
    let builder = Builder {
        context,
        root: context.options.example_path().0,
    };
    let mut given: Vec<String> = Vec::new();
    let mut arguments: Vec<String> = Vec::new();
    for (_, parameter, ident) in endpoint.parameters(true) {
        let said = Said {
            doc: &parameter.doc,
            constraints: &parameter.constraints,
        };
        if let Some(value) =
            builder.argument(parameter.ty, said, &parameter.wire, Taken::Borrowed, 0)
        {
            arguments.push(value);
        } else {
            let ident = plain(ident);
            given.push(format!("{ident}: {}", builder.given(parameter.ty)));
            arguments.push(format!("&{ident}"));
        }
    }
    let mut statements = Vec::new();
    if let Some(media) = body_media(endpoint) {
        match builder.body(endpoint, media) {
            Some(value) if value.len() < 40 && !value.contains('\n') => arguments.push(value),
            Some(value) => {
                statements.push(format!("let body = {value};"));
                arguments.push("body".to_owned());
            }
            None => {
                given.push(format!("body: {}", builder.body_given(media)));
                arguments.push("body".to_owned());
            }
        }
    }
    let ending = if shown(endpoint) == Shown::Items {
        ".items()"
    } else {
        ".await?"
    };
    let call = call(endpoint, &arguments, ending);
    lines(endpoint, &given, statements, &call)
}

fn lines(
    endpoint: &Endpoint<'_>,
    given: &[String],
    statements: Vec<String>,
    call: &[String],
) -> Vec<String> {
    let (root, import) = endpoint.scope.context.options.example_path();
    let mut lines = vec![format!(
        "# async fn run({}) -> Result<(), Box<dyn std::error::Error>> {{",
        given.join(", ")
    )];
    if let Some(import) = import {
        lines.push(import);
        lines.push(String::new());
    }
    lines.push(format!("let client = {root}::Client::from_env()?;"));
    let shown = shown(endpoint);
    for statement in statements {
        lines.extend(statement.lines().map(str::to_owned));
    }
    let mut call = call.to_vec();
    if let (Some(first), true) = (call.first_mut(), shown != Shown::Nothing) {
        let binding = match shown {
            Shown::Stream => "let mut response = ",
            Shown::Items => "let mut items = ",
            _ => "let response = ",
        };
        first.insert_str(0, binding);
    }
    if let Some(last) = call.last_mut() {
        last.push(';');
    }
    lines.extend(call);
    match shown {
        Shown::Nothing => {}
        Shown::Value => lines.push("println!(\"{response:?}\");".to_owned()),
        Shown::Text => lines.push("println!(\"{response}\");".to_owned()),
        Shown::Download => lines.push("response.save_to(\"download\").await?;".to_owned()),
        Shown::Stream | Shown::Items => {
            let stream = if shown == Shown::Items {
                "items"
            } else {
                "response"
            };
            lines.push(format!(
                "while let Some(item) = {stream}.try_next().await? {{"
            ));
            lines.push("    println!(\"{item:?}\");".to_owned());
            lines.push("}".to_owned());
        }
    }
    lines.push("# Ok(())".to_owned());
    lines.push("# }".to_owned());
    lines
}

/// What an example does with what comes back.
#[derive(PartialEq)]
enum Shown {
    Nothing,
    Value,
    Text,
    Download,
    Stream,
    /// The items of all pages.
    Items,
}

fn shown(endpoint: &Endpoint<'_>) -> Shown {
    match super::response::Successes::of(endpoint).outcome() {
        _ if super::pagination::is_emitted(endpoint) => Shown::Items,
        Outcome::Empty => Shown::Nothing,
        Outcome::One(Payload::Text) => Shown::Text,
        Outcome::One(Payload::Bytes) => Shown::Download,
        Outcome::One(Payload::Events(_) | Payload::Lines(_)) => Shown::Stream,
        _ => Shown::Value,
    }
}

/// The call, on one line where it fits.
fn call(endpoint: &Endpoint<'_>, arguments: &[String], ending: &str) -> Vec<String> {
    let resource = plain(&endpoint.resource.module);
    let method = plain(&endpoint.names.method);
    let raw = |ident: &Ident, plain: &str| {
        if ident.to_string().starts_with("r#") {
            format!("r#{plain}")
        } else {
            plain.to_owned()
        }
    };
    let resource = raw(&endpoint.resource.module, &resource);
    let method = raw(&endpoint.names.method, &method);
    let one = format!(
        "client.{resource}().{method}({}){ending}",
        arguments.join(", ")
    );
    if one.len() + "let response = ;".len() <= LONG && !one.contains('\n') {
        return vec![one];
    }
    let mut lines = vec!["client".to_owned(), format!("    .{resource}()")];
    let chained = format!("    .{method}({})", arguments.join(", "));
    if chained.len() <= LONG && !chained.contains('\n') {
        lines.push(chained);
    } else {
        lines.push(format!("    .{method}("));
        for argument in arguments {
            lines.extend(
                format!("{argument},")
                    .lines()
                    .map(|line| format!("        {line}")),
            );
        }
        lines.push("    )".to_owned());
    }
    lines.push(format!("    {ending}"));
    lines
}

fn body_media<'a>(endpoint: &Endpoint<'a>) -> Option<&'a BodyMedia> {
    let body = endpoint
        .operation
        .body
        .as_ref()
        .filter(|body| body.required)?;
    body.media.first()
}

/// What a document says of a value, to take an example from.
#[derive(Clone, Copy)]
struct Said<'a> {
    doc: &'a Doc,
    constraints: &'a Constraints,
}

/// How an expression is used.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Taken {
    /// By a function that converts: `&str` for a string.
    Owned,
    /// By an operation: as [`Taken::Owned`], objects by reference.
    Borrowed,
    /// As exactly this type.
    Exact,
}

struct Builder<'a> {
    context: Context<'a>,
    /// The path of the API.
    root: String,
}

impl Builder<'_> {
    fn runtime(&self) -> String {
        format!("{}::runtime", self.context.options.krate())
    }

    fn path(&self, id: TypeId) -> Option<String> {
        Some(format!("{}::types::{}", self.root, self.context.name(id)?))
    }

    /// The type of an argument that the example does not build: an operation takes it by reference.
    fn given(&self, reference: TypeRef) -> String {
        let scope = super::scope::Scope::outside(self.context);
        self.spelled(&scope.base(reference.id))
    }

    fn body_given(&self, media: &BodyMedia) -> String {
        let scope = super::scope::Scope::outside(self.context);
        match &media.kind {
            BodyKind::Json(ty) | BodyKind::Form(ty, _) | BodyKind::Xml(ty) => {
                self.spelled(&scope.base(ty.id))
            }
            BodyKind::Multipart(ty, _) if super::parts::is_filled(self.context, *ty) => {
                self.spelled(&scope.base(ty.id))
            }
            BodyKind::Multipart(..) => format!("{}::Form", self.runtime()),
            BodyKind::Text => "String".to_owned(),
            BodyKind::Bytes => format!("{}::Body", self.runtime()),
            BodyKind::Lines(item) => {
                let item = self.spelled(&scope.used(*item));
                format!("{}::Lines<{item}>", self.runtime())
            }
        }
    }

    /// A type as an example spells it: by the path of its users.
    fn spelled(&self, ty: &proc_macro2::TokenStream) -> String {
        let path = match self.context.options.example_path() {
            (name, Some(_)) => format!("{}::{name}", self.context.options.krate()),
            (krate, None) => krate,
        };
        let text = ty.to_string().replace(' ', "");
        let text = text.replace("runtime::", &format!("{}::", self.runtime()));
        text.replace("types::", &format!("{path}::types::"))
    }

    fn body(&self, endpoint: &Endpoint<'_>, media: &BodyMedia) -> Option<String> {
        let said = (&Doc::default(), &Constraints::default());
        let said = Said {
            doc: said.0,
            constraints: said.1,
        };
        let several = endpoint
            .operation
            .body
            .as_ref()
            .is_some_and(|body| body.media.len() > 1);
        let taken = if several { Taken::Exact } else { Taken::Owned };
        let value = match &media.kind {
            BodyKind::Json(ty) | BodyKind::Form(ty, _) | BodyKind::Xml(ty) => {
                self.argument(*ty, said, "body", taken, 0)?
            }
            BodyKind::Multipart(ty, _) => {
                let target = self.context.api.types.unalias(*ty);
                match self.context.shape(target) {
                    Shape::Object(object) => self.object(target.id, object, 0)?,
                    Shape::Any => format!("{}::Form::new()", self.runtime()),
                    _ => self.argument(target, said, "part", Taken::Exact, 0)?,
                }
            }
            BodyKind::Text if several => "\"text\".to_owned()".to_owned(),
            BodyKind::Text => "\"text\"".to_owned(),
            BodyKind::Bytes => {
                format!("{}::Body::path(\"file.bin\")", self.runtime())
            }
            BodyKind::Lines(item) => {
                let item = self.argument(*item, said, "body", Taken::Exact, 1)?;
                let into = if several { ".into()" } else { "" };
                format!("vec![{item}]{into}")
            }
        };
        if !several {
            return Some(value);
        }
        let module = plain(&endpoint.resource.module);
        let (name, variants) = &endpoint.names.bodies;
        let variant = format!("{}::{module}::{name}::{}", self.root, variants.first()?);
        Some(invoked(&variant, &[value]))
    }

    fn argument(
        &self,
        reference: TypeRef,
        said: Said<'_>,
        word: &str,
        taken: Taken,
        depth: usize,
    ) -> Option<String> {
        if depth > DEPTH {
            return None;
        }
        let exact = taken == Taken::Exact;
        let target = self.context.api.types.unalias(reference);
        let ty = self.context.ty(target.id);
        let runtime = self.runtime();
        let by_reference = if taken == Taken::Borrowed { "&" } else { "" };
        let parsed = |text: &str, name: &str| {
            if exact {
                format!("{text:?}.parse()?")
            } else {
                format!("{text:?}.parse::<{runtime}::{name}>()?")
            }
        };
        let value = match &ty.shape {
            Shape::File if ty.usage.multipart => format!("{runtime}::File::path(\"file.bin\")"),
            Shape::Part { value, headers } => self.part(*value, *headers, exact, depth)?,
            Shape::String | Shape::File => {
                let text = text(
                    said,
                    Said {
                        doc: &ty.doc,
                        constraints: &ty.constraints,
                    },
                    word,
                );
                if exact {
                    format!("{text:?}.to_owned()")
                } else {
                    format!("{text:?}")
                }
            }
            Shape::Bool => "true".to_owned(),
            Shape::Integer(_) => whole(said),
            Shape::QuotedInteger(kind) => {
                let kind = super::scope::integer(*kind);
                let into = if exact { ".into()" } else { "" };
                format!("{}_{kind}{into}", whole(said))
            }
            Shape::Double => "1.5".to_owned(),
            Shape::Decimal | Shape::QuotedDecimal => parsed("1.50", "Decimal"),
            Shape::Text(format) => self.format(*format, exact),
            Shape::Array(item) => self.array(*item, said, word, taken, depth)?,
            Shape::Tuple(items) if items.is_empty() => format!("{by_reference}()"),
            Shape::Tuple(items) => {
                let items: Option<Vec<_>> = items
                    .iter()
                    .map(|item| self.argument(*item, said, word, Taken::Exact, depth + 1))
                    .collect();
                format!("{by_reference}({},)", items?.join(", "))
            }
            Shape::Map(_) => format!("{by_reference}{runtime}::Map::new()"),
            Shape::Any => format!("{by_reference}{runtime}::Value::from(\"value\")"),
            Shape::Object(object) => {
                format!("{by_reference}{}", self.object(target.id, object, depth)?)
            }
            Shape::Enumeration(_) => {
                let variant = self.context.shown(reference)?;
                format!("{}::{variant}", self.path(target.id)?)
            }
            Shape::Union(union) => self.union(target.id, union, depth)?,
            Shape::Newtype(inner) => {
                let inner = self.argument(*inner, said, word, Taken::Exact, depth + 1)?;
                format!("{by_reference}{}({inner})", self.path(target.id)?)
            }
            Shape::Alias(_) => return None,
        };
        if !exact {
            return Some(value);
        }
        let value = if reference.boxed {
            invoked("Box::new", &[value])
        } else {
            value
        };
        Some(if target.nullable {
            format!("Some({value})")
        } else {
            value
        })
    }

    /// A part with its headers, or what it holds where none must be given.
    fn part(&self, value: TypeRef, headers: TypeRef, exact: bool, depth: usize) -> Option<String> {
        let none = (&Doc::default(), &Constraints::default());
        let said = Said {
            doc: none.0,
            constraints: none.1,
        };
        let value_of = |ty: TypeRef| self.argument(ty, said, "part", Taken::Exact, depth + 1);
        let held = value_of(value)?;
        let optional = match self.context.shape(headers) {
            Shape::Object(object) => object.fields.iter().all(|field| !field.required),
            _ => false,
        };
        let is_file = *self.context.shape(value) == Shape::File;
        if optional && is_file {
            return Some(if exact {
                format!("{held}.into()")
            } else {
                held
            });
        }
        let headers = if optional {
            "Default::default()".to_owned()
        } else {
            value_of(headers)?
        };
        let runtime = self.runtime();
        Some(format!(
            "{runtime}::Part {{ value: {held}, headers: {headers} }}"
        ))
    }

    fn array(
        &self,
        item: TypeRef,
        said: Said<'_>,
        word: &str,
        taken: Taken,
        depth: usize,
    ) -> Option<String> {
        let is_file = self.context.ty(item.id).usage.multipart;
        let string = matches!(self.context.shape(item), Shape::String | Shape::File) && !is_file;
        let none = Doc::default();
        let said = Said {
            doc: &none,
            constraints: said.constraints,
        };
        if string && !self.context.nullable(item) && taken != Taken::Exact {
            let value = self.argument(item, said, word, Taken::Owned, depth + 1)?;
            return Some(format!("[{value}]"));
        }
        let value = self.argument(item, said, word, Taken::Exact, depth + 1)?;
        let open = if taken == Taken::Borrowed {
            "["
        } else {
            "vec!["
        };
        Some(format!("{open}{value}]"))
    }

    fn format(&self, format: TextFormat, exact: bool) -> String {
        let runtime = self.runtime();
        let parsed = |text: &str, name: &str| {
            if exact {
                format!("{text:?}.parse()?")
            } else {
                format!("{text:?}.parse::<{runtime}::{name}>()?")
            }
        };
        match format {
            TextFormat::Uuid => "\"3f2a6c1e-8b5d-4f70-9c43-1d2e5a7b9f60\".parse()?".to_owned(),
            TextFormat::DateTime => parsed("2026-01-31T12:00:00Z", "DateTime"),
            TextFormat::Date => "\"2026-01-31\".parse()?".to_owned(),
            TextFormat::Time => parsed("12:00:00", "Time"),
            TextFormat::Duration => parsed("PT1H", "IsoDuration"),
            TextFormat::Uri => parsed("https://example.com/", "Url"),
            TextFormat::Byte if exact => format!("{runtime}::Base64::new(*b\"bytes\")"),
            TextFormat::Byte => "b\"bytes\".to_vec()".to_owned(),
            TextFormat::Ipv4 => "\"192.0.2.1\".parse()?".to_owned(),
            TextFormat::Ipv6 => parsed("2001:db8::1", "Ipv6"),
        }
    }

    fn object(&self, id: TypeId, object: &Object, depth: usize) -> Option<String> {
        let path = self.path(id)?;
        let usage = self.context.ty(id).usage;
        if !(usage.request || usage.multipart) {
            return None;
        }
        let mut arguments = Vec::new();
        for field in object
            .fields
            .iter()
            .filter(|field| field.required && self.context.constant(field).is_none())
        {
            let said = Said {
                doc: &field.doc,
                constraints: &field.constraints,
            };
            arguments.push(if Presence::of(self.context, field) == Presence::Option {
                "None".to_owned()
            } else {
                match self.file(field.ty, usage.multipart) {
                    Some(Files::One) => format!("{}::File::path(\"file.bin\")", self.runtime()),
                    Some(Files::Many) => format!("[{}::File::path(\"file.bin\")]", self.runtime()),
                    None => self.argument(field.ty, said, &field.wire, Taken::Owned, depth + 1)?,
                }
            });
        }
        Some(invoked(&format!("{path}::new"), &arguments))
    }

    fn file(&self, reference: TypeRef, multipart: bool) -> Option<Files> {
        super::scope::Scope::outside(self.context).file(reference, multipart)
    }

    fn union(&self, id: TypeId, union: &Union, depth: usize) -> Option<String> {
        let path = self.path(id)?;
        let none = (Doc::default(), Constraints::default());
        let said = Said {
            doc: &none.0,
            constraints: &none.1,
        };
        union
            .variants
            .iter()
            .zip(self.context.members(id))
            .find_map(|(variant, ident)| {
                let held = super::union::held(self.context, variant.ty);
                let value = self.argument(held, said, &variant.hint, Taken::Exact, depth + 1)?;
                Some(invoked(&format!("{path}::{ident}"), &[value]))
            })
    }
}

/// A string that reads like one of the document's.
fn text(said: Said<'_>, own: Said<'_>, word: &str) -> String {
    let proposed = [
        &said.doc.example,
        &said.doc.default,
        &own.doc.example,
        &own.doc.default,
    ];
    let fits = |text: &str| {
        !text.is_empty()
            && text.len() <= 48
            && text
                .bytes()
                .all(|byte| (b' '..0x7f).contains(&byte) && byte != b'`')
    };
    for value in proposed.into_iter().flatten() {
        if let Value::String(text) = value
            && fits(text)
        {
            return text.clone();
        }
    }
    if fits(word) {
        word.to_owned()
    } else {
        "text".to_owned()
    }
}

/// A call of a function, on one line where it fits.
fn invoked(function: &str, arguments: &[String]) -> String {
    let one = format!("{function}({})", arguments.join(", "));
    if one.len() <= LONG - 20 && !one.contains('\n') {
        return one;
    }
    let arguments = arguments.join(",\n").replace('\n', "\n    ");
    format!("{function}(\n    {arguments},\n)")
}

/// A whole number that the document allows.
fn whole(said: Said<'_>) -> String {
    let small = |value: &Value| value.as_u64().filter(|value| *value <= 100);
    let proposed = said.doc.example.as_ref().and_then(small);
    let proposed = proposed.or(said.doc.default.as_ref().and_then(small));
    let minimum = said
        .constraints
        .minimum
        .as_ref()
        .and_then(serde_json::Number::as_u64);
    let value = proposed
        .or(minimum.filter(|minimum| *minimum <= 100))
        .unwrap_or(1);
    value.to_string()
}
