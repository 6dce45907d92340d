//! Text to the JSON of a scalar, or of a list of them.
//! It must not know where the text stood.

use std::borrow::Cow;

use super::super::argument::quoted;
use super::Shape;

/// The JSON of text that is a whole value: of an attribute, or of an element beside attributes.
pub(super) fn flat(text: &str, shape: &Shape, out: &mut String) {
    let Shape::Array { item } = shape else {
        return scalar(text, shape, out);
    };
    out.push('[');
    for (index, word) in text.split_ascii_whitespace().enumerate() {
        if index > 0 {
            out.push(',');
        }
        scalar(word, item.shape, out);
    }
    out.push(']');
}

/// The JSON of a scalar. What is no number where one belongs becomes a string: the type says then what it expects.
pub(super) fn scalar(text: &str, shape: &Shape, out: &mut String) {
    let word = text.trim_matches([' ', '\t', '\r', '\n']);
    match shape {
        Shape::Word | Shape::Number | Shape::Boolean if word.is_empty() => out.push_str("null"),
        Shape::Word => out.push_str(&quoted(word)),
        Shape::Number => match number(word) {
            Some(number) => out.push_str(&number),
            None => out.push_str(&quoted(word)),
        },
        Shape::Boolean => match word {
            "1" => out.push_str("true"),
            "0" => out.push_str("false"),
            word if word.eq_ignore_ascii_case("true") => out.push_str("true"),
            word if word.eq_ignore_ascii_case("false") => out.push_str("false"),
            word => out.push_str(&quoted(word)),
        },
        Shape::Bare if matches!(word, "true" | "false") || is_number(word) => out.push_str(word),
        _ => out.push_str(&quoted(text)),
    }
}

/// A number of XML Schema as one of JSON: `+1`, `007`, `.5` and `5.` are numbers there.
fn number(word: &str) -> Option<Cow<'_, str>> {
    if is_number(word) {
        return Some(word.into());
    }
    let (sign, rest) = match word.strip_prefix('-') {
        Some(rest) => ("-", rest),
        None => ("", word.strip_prefix('+').unwrap_or(word)),
    };
    let (mantissa, exponent) = match rest.find(['e', 'E']) {
        Some(at) => rest.split_at(at),
        None => (rest, ""),
    };
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    if whole.is_empty() && fraction.is_empty() {
        return None;
    }
    let whole = whole.trim_start_matches('0');
    let whole = if whole.is_empty() { "0" } else { whole };
    let dot = if fraction.is_empty() { "" } else { "." };
    let number = format!("{sign}{whole}{dot}{fraction}{exponent}");
    is_number(&number).then(|| number.into())
}

/// Whether a text is a number of JSON (RFC 8259, section 6).
fn is_number(text: &str) -> bool {
    let digits = |text: &str| text.bytes().take_while(u8::is_ascii_digit).count();
    let rest = text.strip_prefix('-').unwrap_or(text);
    let whole = digits(rest);
    if whole == 0 || (whole > 1 && rest.starts_with('0')) {
        return false;
    }
    let mut rest = &rest[whole..];
    if let Some(fraction) = rest.strip_prefix('.') {
        let length = digits(fraction);
        if length == 0 {
            return false;
        }
        rest = &fraction[length..];
    }
    if let Some(exponent) = rest.strip_prefix(['e', 'E']) {
        let exponent = exponent.strip_prefix(['+', '-']).unwrap_or(exponent);
        let length = digits(exponent);
        return length > 0 && length == exponent.len();
    }
    rest.is_empty()
}
