//! `serde_json::Value`: any JSON, read and written with this codec's limits.

use serde_json::{Number, Value};

use super::decode::{Decode, from_slice, whole};
use super::encode::{Encode, to_vec};
use super::fault::Fault;
use super::reader::{Kind, Reader};
use super::writer::Writer;

/// The value as a JSON tree; a [`Fault`] when a part of it has no JSON form.
pub fn to_value(value: &dyn Encode) -> Result<Value, Fault> {
    from_slice(&to_vec(value)?)
}

/// Reads a value from a JSON tree.
pub fn from_value<T: Decode>(value: &Value) -> Result<T, Fault> {
    from_slice(&to_vec(value)?)
}

impl Decode for Value {
    fn decode(input: &mut Reader<'_>) -> Result<Self, Fault> {
        match input.peek()? {
            Kind::Null => input.null().map(|_| Self::Null),
            Kind::Boolean => input.boolean().map(Self::Bool),
            Kind::Number => number(input).map(Self::Number),
            Kind::String => input.string().map(|text| Self::String(text.into_owned())),
            Kind::Array => {
                let mut items = Vec::new();
                input.array(&mut |input, _| {
                    items.push(Self::decode(input)?);
                    Ok(())
                })?;
                Ok(Self::Array(items))
            }
            Kind::Object => {
                let mut object = Self::Object(serde_json::Map::new());
                input.entries(&mut |input, key| {
                    // By index and not `Map::insert`, which compiles a hash table here.
                    object[&*key] = Self::decode(input)?;
                    Ok(())
                })?;
                Ok(object)
            }
        }
    }
}

/// As `serde_json` has it: `u64`, else `i64`, else `f64`.
fn number(input: &mut Reader<'_>) -> Result<Number, Fault> {
    let start = input.mark();
    let number = input.number()?;
    if number.plain {
        match whole(number.text) {
            // `-0` is a float, so that its sign stays.
            Some(0) if number.text.starts_with('-') => {}
            Some(value) => {
                if let Ok(value) = u64::try_from(value) {
                    return Ok(value.into());
                }
                if let Ok(value) = i64::try_from(value) {
                    return Ok(value.into());
                }
            }
            None => {}
        }
    }
    input.rewind(start);
    let value = f64::decode(input)?;
    Number::from_f64(value).ok_or_else(|| input.fault("the number is out of range"))
}

impl Encode for Value {
    fn encode(&self, out: &mut Writer) {
        match self {
            Self::Null => out.null(),
            Self::Bool(value) => out.boolean(*value),
            Self::Number(number) => match (number.as_u64(), number.as_i64(), number.as_f64()) {
                (Some(value), _, _) => out.integer(value),
                (None, Some(value), _) => out.integer(value),
                (None, None, Some(value)) => out.exact_float(value),
                // Only with the feature `arbitrary_precision` of `serde_json`.
                (None, None, None) => out.raw(&number.to_string()),
            },
            Self::String(text) => out.string(text),
            Self::Array(items) => items.encode(out),
            Self::Object(map) => {
                let mut mark = b'{';
                for (key, value) in map {
                    out.key(mark, key);
                    mark = b',';
                    value.encode(out);
                }
                out.close_object(mark == b'{');
            }
        }
    }

    fn is_absent(&self) -> bool {
        false
    }
}
