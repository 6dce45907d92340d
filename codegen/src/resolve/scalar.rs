//! Booleans, numbers and strings, by `type` and `format`.

use super::Resolver;
use super::constraints::{bounds, constraints};
use super::intersection::{Kind, Part};
use crate::diagnostic::Code;
use crate::ir::{Constraints, IntegerKind, Shape, TextFormat};

impl<'d> Resolver<'d> {
    /// The shape of a schema of a scalar kind.
    pub(super) fn scalar(&mut self, kind: Kind, parts: &[Part<'d>]) -> Shape {
        let mut said: Option<Shape> = None;
        let formats = parts.iter().filter_map(|part| {
            Some((part, part.node.str("format"))).filter(|(_, it)| it.is_some())
        });
        for (part, format) in formats {
            let shape = shaped(kind, format, parts);
            said = Some(match said {
                None => shape,
                Some(known) => narrower(&known, &shape).unwrap_or_else(|| {
                    self.report(
                        Code::ALL_OF_CONFLICT,
                        &part.node,
                        format!(
                            "no value is of this format and of the one that it is combined with: `{}`; this one is taken",
                            format.unwrap_or_default()
                        ),
                        "let the schemas of `allOf` agree on `format`",
                    );
                    shape
                }),
            });
        }
        said.unwrap_or_else(|| shaped(kind, None, parts))
    }
}

/// The shape of a kind in a format.
fn shaped(kind: Kind, format: Option<&str>, parts: &[Part<'_>]) -> Shape {
    match kind {
        Kind::Boolean => Shape::Bool,
        Kind::Integer => Shape::Integer(integer(format, &constraints(parts))),
        Kind::Number => number(format),
        // Arrays and objects are shaped by their own files; what is left is text.
        Kind::String | Kind::Array | Kind::Object => string(format),
    }
}

/// The shape of values that are of both; `None` where there is no such value.
fn narrower(a: &Shape, b: &Shape) -> Option<Shape> {
    let width = |shape: &Shape| match shape {
        // Any number, any text: what says more counts.
        Shape::Double | Shape::String => Some(9),
        Shape::Decimal | Shape::QuotedDecimal => Some(8),
        Shape::Integer(kind) | Shape::QuotedInteger(kind) => Some(match kind {
            IntegerKind::I8 | IntegerKind::U8 => 0,
            IntegerKind::I16 | IntegerKind::U16 => 1,
            IntegerKind::I32 | IntegerKind::U32 => 2,
            IntegerKind::I64 | IntegerKind::U64 => 3,
        }),
        _ => None,
    };
    if a == b || matches!(b, Shape::String) {
        return Some(a.clone());
    }
    if matches!(a, Shape::String) {
        return Some(b.clone());
    }
    let (wide_a, wide_b) = (width(a)?, width(b)?);
    Some(if wide_a < wide_b { a } else { b }.clone())
}

/// The Rust integer of a format, or `i64` without one; a larger one where the limits prove that it is too small.
fn integer(format: Option<&str>, limits: &Constraints) -> IntegerKind {
    let (low, high) = bounds(limits);
    let holds = |kind: &IntegerKind| {
        let (min, max) = range(*kind);
        low.is_none_or(|low| low >= min) && high.is_none_or(|high| high <= max)
    };
    let said = match format {
        Some("int8") => IntegerKind::I8,
        Some("int16") => IntegerKind::I16,
        Some("uint8") => IntegerKind::U8,
        Some("uint16") => IntegerKind::U16,
        Some("uint32") => IntegerKind::U32,
        // Rust's `usize`, as schemars writes it.
        Some("uint64" | "uint") => IntegerKind::U64,
        Some("int32") => IntegerKind::I32,
        _ => IntegerKind::I64,
    };
    let unsigned = low.is_some_and(|low| low >= 0);
    let larger = [IntegerKind::U32, IntegerKind::I64, IntegerKind::U64];
    let mut larger = larger
        .into_iter()
        .filter(|kind| unsigned || *kind == IntegerKind::I64);
    if holds(&said) {
        said
    } else {
        larger.find(holds).unwrap_or(said)
    }
}

fn range(kind: IntegerKind) -> (i128, i128) {
    match kind {
        IntegerKind::I8 => (i8::MIN.into(), i8::MAX.into()),
        IntegerKind::I16 => (i16::MIN.into(), i16::MAX.into()),
        IntegerKind::I32 => (i32::MIN.into(), i32::MAX.into()),
        IntegerKind::I64 => (i64::MIN.into(), i64::MAX.into()),
        IntegerKind::U8 => (0, u8::MAX.into()),
        IntegerKind::U16 => (0, u16::MAX.into()),
        IntegerKind::U32 => (0, u32::MAX.into()),
        IntegerKind::U64 => (0, u64::MAX.into()),
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
