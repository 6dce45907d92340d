//! One text for all JSON texts of the same value: keys in order, numbers by value.

use std::fmt::Write as _;

use super::super::json::{Fault, Kind, Reader};
use super::number::Exact;

/// The text of the value that begins here.
pub(super) fn canonical(input: &mut Reader<'_>) -> Result<String, Fault> {
    let mut out = String::new();
    write(input, &mut out)?;
    Ok(out)
}

fn write(input: &mut Reader<'_>, out: &mut String) -> Result<(), Fault> {
    match input.peek()? {
        Kind::Null | Kind::Boolean => out.push_str(input.raw()?),
        Kind::Number => {
            let text = input.number_text()?;
            out.push_str(&Exact::parse(text).map_or_else(|| text.to_owned(), |it| it.canonical()));
        }
        // Writing to a `String` cannot fail.
        Kind::String => _ = write!(out, "{:?}", input.string()?),
        Kind::Array => {
            out.push('[');
            input.array(&mut |input, _| {
                write(input, out)?;
                out.push(',');
                Ok(())
            })?;
            out.push(']');
        }
        Kind::Object => {
            let mut entries = Vec::new();
            input.entries(&mut |input, key| {
                entries.push((key.into_owned(), canonical(input)?));
                Ok(())
            })?;
            entries.sort();
            out.push('{');
            for (key, value) in entries {
                _ = write!(out, "{key:?}:{value},");
            }
            out.push('}');
        }
    }
    Ok(())
}
