//! The limits of a whole request: its parameters and its body, on the JSON that the call keeps of both.

use super::super::call::Call;
use super::super::endpoint::Request;
use super::super::json::{Encode, Fault, Writer};
use super::super::operation::Location;
use super::walk::Walk;
use super::{Rules, Violations};

/// An operation whose arguments have limits.
pub trait Checked {
    /// The limits.
    const RULES: RequestRules;
}

impl<E: Checked> Request<E> {
    /// Checks the limits that the document sets on the arguments and the body. Nothing calls it but you.
    ///
    /// # Errors
    ///
    /// Every limit that is not kept, with the path to the value that does not: `query.limit`, `body.items[2]`.
    pub fn validate(&self) -> Result<(), Violations> {
        self.call.validate(&E::RULES)
    }
}

/// The rules of an operation's arguments.
#[derive(Debug)]
pub struct RequestRules {
    /// Those of parameters, by position.
    pub parameters: &'static [(usize, Rules)],
    /// Those of the body, by media type.
    pub bodies: &'static [(&'static str, Rules)],
}

impl Call {
    /// Checks the arguments and the body by rules.
    ///
    /// # Errors
    ///
    /// [`Violations`], every one of them.
    pub fn validate(&self, rules: &RequestRules) -> Result<(), Violations> {
        let mut walk = Walk::default();
        for (position, rules) in rules.parameters {
            let argument = self.arguments.get(*position).and_then(Option::as_deref);
            let (Some(text), Some(parameter)) =
                (argument, self.operation.parameters.get(*position))
            else {
                continue;
            };
            walk.below(place(parameter.location));
            walk.below(parameter.name);
            walk.text(text, rules);
            walk.above(2);
        }
        if let Some((media, text)) = self.content() {
            let essence = |media: &str| {
                media
                    .split(';')
                    .next()
                    .map(|it| it.trim().to_ascii_lowercase())
            };
            let told = rules.bodies.iter();
            for (_, rules) in told.filter(|(known, _)| essence(known) == essence(&media)) {
                walk.below("body");
                walk.text(&text, rules);
                walk.above(1);
            }
        }
        walk.finish()
    }
}

fn place(location: Location) -> &'static str {
    match location {
        Location::Path => "path",
        Location::Query | Location::QueryString => "query",
        Location::Header => "header",
        Location::Cookie => "cookie",
    }
}

/// Checks the fields of a type that has no JSON as a whole, by the rules of an object.
///
/// # Errors
///
/// [`Violations`], every one of them.
pub fn check_fields(fields: &[(&str, &dyn Encode)], rules: Rules) -> Result<(), Violations> {
    let mut walk = Walk::default();
    match object(fields) {
        Ok(text) => walk.text(&text, rules),
        Err(fault) => walk.broken(&fault),
    }
    walk.finish()
}

/// The JSON text of an object of these fields, absent ones left out.
fn object(fields: &[(&str, &dyn Encode)]) -> Result<String, Fault> {
    let mut out = Writer::new();
    let mut mark = b'{';
    for (key, value) in fields.iter().filter(|(_, value)| !value.is_absent()) {
        out.key(mark, key);
        mark = b',';
        value.encode(&mut out);
    }
    out.close_object(mark == b'{');
    let bytes = out.finish()?;
    String::from_utf8(bytes).map_err(|_| Fault::new("the text is not UTF-8"))
}
