//! The known faults of the judges, one by one, each with the reason and the one condition that it explains. It knows what was
//! sent and what was said of it; it must not know how either came about.
//!
//! Nothing is to be added here that a better harness or other arguments can avoid: `judges/prism/validator.js` reads forms,
//! parts and fragments where express-openapi-validator does not, and `arguments` makes nothing that no specification defines.

use callwright_codegen::ir::{
    Api, BodyKind, Encoding, Location, Operation, Parameter, PartKind, Shape, Style,
};
use serde_json::Value;

use super::schemas::Fault;
use super::verdict::{Judge, Violation};

/// A fault of a judge that explains what it says of a call that is right.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Excuse {
    PrismCookies,
    PrismSpaceDelimited,
    PrismExplodedForm,
    PrismJsonParts,
    PrismArrayInPath,
    PrismMissingHeaderArray,
    /// Prism answers with what the schema of the document refuses: ajv finds the fault at the place where it does not decode.
    PrismReply,
    ValidatorLabelMatrix,
    /// No client can send what is missing: ajv finds the fault at the place, and no schema of the place lists the property.
    DocumentUnlisted,
    /// No value can be right: ajv finds the fault at the place, and no value of the enumeration is of its type.
    DocumentContradiction,
    /// Bytes and texts are no objects: ajv refuses any text for the body.
    DocumentBytes,
    /// A header parameter that shall be ignored (OAS 3.0.4, section 4.7.12.2.1).
    ReservedHeader,
}

impl Excuse {
    /// Its name, and the reason.
    pub(super) fn said(self) -> &'static str {
        match self {
            Self::PrismCookies => "prism-cookies: Prism ignores cookies",
            Self::PrismSpaceDelimited => {
                "prism-space-delimited: Prism rejects spaceDelimited arrays"
            }
            Self::PrismExplodedForm => {
                "prism-exploded-form: Prism takes the items of an exploded array of an urlencoded body for one"
            }
            Self::PrismJsonParts => {
                "prism-json-parts: Prism reads JSON parts of multipart bodies as text"
            }
            Self::PrismArrayInPath => "prism-array-in-path: Prism crashes on array path parameters",
            Self::PrismMissingHeaderArray => {
                "prism-missing-header-array: Prism crashes on a header array that is not sent"
            }
            Self::PrismReply => {
                "prism-reply: Prism answers with what the document's own schema refuses, at the place that does not decode"
            }
            Self::ValidatorLabelMatrix => {
                "validator-label-matrix: express-openapi-validator has no label and matrix styles"
            }
            Self::DocumentUnlisted => {
                "document-unlisted: the document requires a property that it does not list, of an object that must be sent"
            }
            Self::DocumentContradiction => {
                "document-contradiction: no value of the document's enumeration is of its type, where a value must be sent"
            }
            Self::DocumentBytes => {
                "document-bytes: the document describes bytes or text as an object or array, and offers no other media type"
            }
            Self::ReservedHeader => {
                "reserved-header: the judge heeds a parameter called Accept, Content-Type or Authorization, which the \
                 specification ignores"
            }
        }
    }
}

/// A request that a judge has something to say of.
pub(super) struct Sent<'a> {
    pub(super) api: &'a Api,
    pub(super) operation: &'a Operation,
    pub(super) order: &'a Value,
    /// The objects of the body that lack a property which is required and not listed.
    pub(super) unlisted: &'a [Fault],
    /// Whether the body is bytes or text of which ajv says that no text is one.
    pub(super) is_no_text: bool,
    /// Whether the fields or parts of the form, as they are meant, are what the document says: ajv found no fault.
    pub(super) is_right: bool,
}

impl Sent<'_> {
    /// The fault that explains all that a judge says; none where something is left that no fault explains.
    pub(super) fn excuse(&self, judge: Judge, violations: &[Violation]) -> Option<Excuse> {
        if let (Judge::Prism, Some(excuse)) = (judge, self.misread(violations)) {
            return Some(excuse);
        }
        let mut found = violations.iter().map(|violation| match judge {
            _ if self.is_reserved(violation) => Some(Excuse::ReservedHeader),
            _ if self.is_no_text && violation.is_at(&["body"]) && is_type(violation) => {
                Some(Excuse::DocumentBytes)
            }
            _ if self.is_contradiction(violation) => Some(Excuse::DocumentContradiction),
            _ if self.is_unlisted(violation) => Some(Excuse::DocumentUnlisted),
            Judge::Prism => self.by_prism(violation),
            Judge::Validator => self.by_validator(violation),
        });
        let first = found.next()??;
        found.all(|other| other.is_some()).then_some(first)
    }

    /// The fault that explains that Prism ends, or breaks the connection.
    pub(super) fn crash(&self) -> Option<Excuse> {
        let is_array = |parameter: &Parameter| {
            let target = self.api.types.unalias(parameter.ty);
            matches!(
                self.api.types[target.id].shape,
                Shape::Array(_) | Shape::Tuple(_)
            )
        };
        let arrays = |location| {
            let parameters = self.operation.parameters.iter();
            parameters.filter(move |it| it.location == location && is_array(it))
        };
        if arrays(Location::Path).next().is_some() {
            return Some(Excuse::PrismArrayInPath);
        }
        let missing = |it: &Parameter| self.argument(&format!("header.{}", it.wire)).is_none();
        arrays(Location::Header)
            .any(missing)
            .then_some(Excuse::PrismMissingHeaderArray)
    }

    /// Whether it is of a header of the message that the document describes as a parameter, too.
    fn is_reserved(&self, violation: &Violation) -> bool {
        let [place, name] = violation.place.as_slice() else {
            return false;
        };
        let known =
            |it: &Parameter| it.location == Location::Header && it.wire.eq_ignore_ascii_case(name);
        matches!(place.as_str(), "header" | "headers")
            && ["accept", "content-type", "authorization"]
                .iter()
                .any(|reserved| name.eq_ignore_ascii_case(reserved))
            && !self.operation.parameters.iter().any(known)
    }

    /// Whether no value can be right exactly there.
    fn is_contradiction(&self, violation: &Violation) -> bool {
        let place = format!("/{}", violation.place.join("/"));
        let here = |fault: &Fault| place == format!("/body{}", fault.path);
        let kind = violation.code.split('.').next().unwrap_or_default();
        matches!(kind, "type" | "enum")
            && self
                .unlisted
                .iter()
                .any(|fault| fault.missing.as_deref() == Some("") && here(fault))
    }

    /// Whether exactly that property is missing exactly there.
    fn is_unlisted(&self, violation: &Violation) -> bool {
        let place = format!("/{}", violation.place.join("/"));
        violation.code.split('.').next() == Some("required")
            && self.unlisted.iter().any(|fault| {
                let Some(name) = fault.missing.as_deref().filter(|name| !name.is_empty()) else {
                    return false;
                };
                let object = format!("/body{}", fault.path);
                // The place is the object's for Prism, and the property's for the validator.
                (place == object || place == format!("{object}/{name}"))
                    && violation.message.contains(&format!("'{name}'"))
            })
    }

    fn by_prism(&self, violation: &Violation) -> Option<Excuse> {
        let sent = |location: Location, place: &str, style: Style| {
            self.operation.parameters.iter().any(|it| {
                it.location == location
                    && it.style == style
                    && violation.is_at(&[place, &it.wire])
                    && self.argument(&format!("{place}.{}", it.wire)).is_some()
            })
        };
        if violation.code == "required" && sent(Location::Cookie, "cookie", Style::Form) {
            return Some(Excuse::PrismCookies);
        }
        if violation.code == "type" && sent(Location::Query, "query", Style::SpaceDelimited) {
            return Some(Excuse::PrismSpaceDelimited);
        }
        None
    }

    /// The fault that explains all violations of a form that ajv finds right, and of which Prism misread a part. Where the
    /// form is a union, no branch fits any more, so that there are violations elsewhere in it.
    fn misread(&self, violations: &[Violation]) -> Option<Excuse> {
        let inside = |violation: &Violation| violation.place.first().is_some_and(|it| it == "body");
        if !self.is_right || !violations.iter().all(inside) {
            return None;
        }
        let field = |violation: &'_ Violation| match violation.place.as_slice() {
            [_, name] => Some(name.clone()),
            _ => None,
        };
        let is_json = |name: String| self.is_json_part(&name);
        if violations.iter().filter_map(field).any(is_json) {
            return Some(Excuse::PrismJsonParts);
        }
        let is_array = |violation: &Violation| {
            violation.code == "type"
                && violation.message.ends_with("must be array")
                && field(violation).is_some_and(|name| self.is_exploded_field(&name))
        };
        violations
            .iter()
            .any(is_array)
            .then_some(Excuse::PrismExplodedForm)
    }

    fn by_validator(&self, violation: &Violation) -> Option<Excuse> {
        let [place, name] = violation.place.as_slice() else {
            return None;
        };
        let styled = self
            .operation
            .parameters
            .iter()
            .any(|it| it.wire == *name && matches!(it.style, Style::Label | Style::Matrix));
        (place == "params" && styled).then_some(Excuse::ValidatorLabelMatrix)
    }

    fn argument(&self, key: &str) -> Option<&Value> {
        self.order.get("arguments")?.get(key)
    }

    fn body(&self) -> Option<&BodyKind> {
        let media = self.order.get("media")?.as_str()?;
        let offered = &self.operation.body.as_ref()?.media;
        let found = offered.iter().find(|offered| offered.media == media)?;
        Some(&found.kind)
    }

    /// Whether a field of an urlencoded body was sent as an array, item by item.
    fn is_exploded_field(&self, name: &str) -> bool {
        let Some(BodyKind::Form(_, encodings)) = self.body() else {
            return false;
        };
        let joined = |it: &Encoding| it.wire == name && !(it.style == Style::Form && it.explode);
        let value = self.argument("body").and_then(|body| body.get(name));
        value.is_some_and(Value::is_array) && !encodings.iter().any(joined)
    }

    /// Whether a part of a multipart body was sent as JSON.
    fn is_json_part(&self, name: &str) -> bool {
        let Some(BodyKind::Multipart(ty, parts)) = self.body() else {
            return false;
        };
        let target = self.api.types.unalias(*ty);
        let Some(value) = self.argument(&format!("body.{name}")) else {
            return false;
        };
        let Shape::Object(_) = &self.api.types[target.id].shape else {
            // The user fills the form: lists and objects are JSON.
            return value.is_array() || value.is_object();
        };
        let items_are_json = |value: &Value| {
            let items = value.as_array().into_iter().flatten();
            value.is_object() || items.clone().any(Value::is_object)
        };
        parts.iter().any(|part| {
            part.wire == name
                && (part.kind == PartKind::Json
                    || part.kind == PartKind::Text && items_are_json(value))
        })
    }
}

fn is_type(violation: &Violation) -> bool {
    violation.code.split('.').next() == Some("type")
}

#[cfg(test)]
mod tests;
