//! Booleans, numbers and strings, by `type` and `format`.

use super::Resolver;
use super::intersection::{Kind, Part};
use super::schema::constraints;
use crate::ir::{Constraints, IntegerKind, Shape, TextFormat};

impl<'d> Resolver<'d> {
    /// The shape of a schema of a scalar kind.
    pub(super) fn scalar(kind: Kind, parts: &[Part<'d>]) -> Shape {
        let format = parts.iter().rev().find_map(|part| part.node.str("format"));
        match kind {
            Kind::Boolean => Shape::Bool,
            Kind::Integer => Shape::Integer(integer(format, &constraints(parts))),
            Kind::Number => number(format),
            // Arrays and objects are shaped by their own files; what is left is text.
            Kind::String | Kind::Array | Kind::Object => string(format),
        }
    }
}

/// The Rust integer of a format; without one, `i64` unless the limits prove that it is too small.
fn integer(format: Option<&str>, limits: &Constraints) -> IntegerKind {
    let not_negative = limits
        .minimum
        .as_ref()
        .is_some_and(|minimum| minimum.as_f64() >= Some(0.0));
    let beyond = |bound: u64| {
        limits
            .maximum
            .as_ref()
            .and_then(serde_json::Number::as_u64)
            .is_some_and(|max| max > bound)
    };
    match format {
        Some("int8") => IntegerKind::I8,
        Some("int16") => IntegerKind::I16,
        Some("uint8") => IntegerKind::U8,
        Some("uint16") => IntegerKind::U16,
        Some("uint32") => IntegerKind::U32,
        // Rust's `usize`, as schemars writes it.
        Some("uint64" | "uint") => IntegerKind::U64,
        Some("int32") if not_negative && beyond(i32::MAX as u64) => IntegerKind::U32,
        Some("int32") => IntegerKind::I32,
        _ if not_negative && beyond(i64::MAX as u64) => IntegerKind::U64,
        _ => IntegerKind::I64,
    }
}

fn number(format: Option<&str>) -> Shape {
    match format {
        Some("decimal" | "decimal128") => Shape::Decimal,
        Some("int32") => Shape::Integer(IntegerKind::I32),
        Some("int64") => Shape::Integer(IntegerKind::I64),
        _ => Shape::Double,
    }
}

fn string(format: Option<&str>) -> Shape {
    Shape::Text(match format {
        Some("uuid") => TextFormat::Uuid,
        Some("date-time") => TextFormat::DateTime,
        Some("date") => TextFormat::Date,
        Some("time") => TextFormat::Time,
        Some("duration") => TextFormat::Duration,
        Some("uri" | "url") => TextFormat::Uri,
        Some("byte") => TextFormat::Byte,
        Some("ipv4") => TextFormat::Ipv4,
        Some("ipv6") => TextFormat::Ipv6,
        Some("binary") => return Shape::File,
        Some("decimal") => return Shape::QuotedDecimal,
        Some("int32") => return Shape::QuotedInteger(IntegerKind::I32),
        Some("int64") => return Shape::QuotedInteger(IntegerKind::I64),
        Some("uint64") => return Shape::QuotedInteger(IntegerKind::U64),
        _ => return Shape::String,
    })
}
