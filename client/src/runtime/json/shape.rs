//! A value as a parameter sees it: a scalar's text, an array, or an object (`OpenAPI` 3.1, section 4.8.12, "Style Values").

use super::decode::Decode;
use super::encode::{Encode, to_vec};
use super::fault::Fault;
use super::reader::{Kind, Reader};

/// The parts of a value that a parameter's style joins.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Shape {
    /// `null`
    Null,
    /// The content of a string, or the JSON text of a number or boolean.
    Scalar(String),
    /// The elements of an array.
    Array(Vec<Shape>),
    /// The properties of an object, in their order.
    Object(Vec<(String, Shape)>),
}

/// Takes a value apart for a parameter; a [`Fault`] when a part of it has no JSON form.
pub fn encode_parameter(value: &dyn Encode) -> Result<Shape, Fault> {
    let json = to_vec(value)?;
    match json.first() {
        // Numbers and booleans are their own text.
        Some(b'-' | b'0'..=b'9' | b't' | b'f') => String::from_utf8(json)
            .map(Shape::Scalar)
            .map_err(|_| Fault::new("the encoded value is not UTF-8")),
        _ => super::decode::from_slice(&json),
    }
}

impl Decode for Shape {
    fn decode(input: &mut Reader<'_>) -> Result<Self, Fault> {
        Ok(match input.peek()? {
            Kind::Null => {
                input.null()?;
                Self::Null
            }
            Kind::String => Self::Scalar(input.string()?.into_owned()),
            Kind::Boolean | Kind::Number => Self::Scalar(input.raw()?.to_owned()),
            Kind::Array => Self::Array(Vec::decode(input)?),
            Kind::Object => {
                let mut properties = Vec::new();
                input.entries(&mut |input, key| {
                    properties.push((key.into_owned(), Self::decode(input)?));
                    Ok(())
                })?;
                Self::Object(properties)
            }
        })
    }
}
