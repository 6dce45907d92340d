//! An ordered value to readable YAML that every reader of YAML 1.1 or 1.2 understands alike; it knows nothing of OpenAPI.
//!
//! Own code because `yaml_serde` leaves dates, sexagesimals and `1_000` unquoted, which YAML 1.1 does not read as
//! text, and cannot fold a long line.

use std::fmt::Write as _;

use serde_json::{Map, Number, Value};

const WIDTH: usize = 100;

/// Writes a value as a block of YAML that ends with a line break.
pub(super) fn write(value: &Value) -> String {
    let mut out = String::new();
    match value {
        Value::Object(map) if !map.is_empty() => mapping(&mut out, map, 0),
        Value::Array(items) if !items.is_empty() => sequence(&mut out, items, 0),
        other => {
            out.push_str(&inline(other, 0));
            out.push('\n');
        }
    }
    out
}

/// Writes the entries; the cursor stands where the first key belongs.
fn mapping(out: &mut String, map: &Map<String, Value>, indent: usize) {
    for (index, (key, value)) in map.iter().enumerate() {
        if index > 0 {
            pad(out, indent);
        }
        out.push_str(&one_line(key));
        out.push(':');
        match value {
            Value::Object(inner) if !inner.is_empty() => {
                out.push('\n');
                pad(out, indent + 2);
                mapping(out, inner, indent + 2);
            }
            Value::Array(items) if !items.is_empty() => {
                out.push('\n');
                pad(out, indent + 2);
                sequence(out, items, indent + 2);
            }
            other => {
                out.push(' ');
                out.push_str(&inline(other, indent + 2));
                out.push('\n');
            }
        }
    }
}

fn sequence(out: &mut String, items: &[Value], indent: usize) {
    for (index, item) in items.iter().enumerate() {
        if index > 0 {
            pad(out, indent);
        }
        out.push_str("- ");
        match item {
            Value::Object(inner) if !inner.is_empty() => mapping(out, inner, indent + 2),
            Value::Array(inner) if !inner.is_empty() => sequence(out, inner, indent + 2),
            other => {
                out.push_str(&inline(other, indent + 2));
                out.push('\n');
            }
        }
    }
}

fn pad(out: &mut String, indent: usize) {
    out.extend(std::iter::repeat_n(' ', indent));
}

/// A scalar or an empty collection; a block of text continues at `indent`.
fn inline(value: &Value, indent: usize) -> String {
    match value {
        Value::Null => "null".to_owned(),
        Value::Bool(flag) => flag.to_string(),
        Value::Number(number) => number_text(number),
        Value::String(text) => block(text, indent).unwrap_or_else(|| one_line(text)),
        Value::Array(_) => "[]".to_owned(),
        Value::Object(_) => "{}".to_owned(),
    }
}

/// YAML 1.1 wants a point in every float and a sign in every exponent.
fn number_text(number: &Number) -> String {
    let text = number.to_string();
    if let Some(double) = number
        .as_f64()
        .filter(|double| number.is_f64() && double.abs() < 1e21)
    {
        // A whole number beyond 64 bits is read as a double; written out it stays whole to readers that can hold it.
        let digits = double.to_string();
        let is_small =
            digits.contains('.') || digits.parse::<i64>().is_ok() || digits.parse::<u64>().is_ok();
        if !is_small {
            return digits;
        }
    }
    let Some((mantissa, exponent)) = text.split_once(['e', 'E']) else {
        return text;
    };
    let point = if mantissa.contains('.') { "" } else { ".0" };
    let sign = if exponent.starts_with(['-', '+']) {
        ""
    } else {
        "+"
    };
    format!("{mantissa}{point}e{sign}{exponent}")
}

/// Text of several lines as a literal block, a long line as a folded one; none where neither is exact.
fn block(text: &str, indent: usize) -> Option<String> {
    if text.starts_with([' ', '\t']) || !text.chars().all(|c| c == '\n' || is_plain_char(c)) {
        return None;
    }
    if !text.contains('\n') {
        let foldable =
            text.chars().count() + indent > WIDTH && !text.ends_with(' ') && !text.contains("  ");
        return foldable.then(|| folded(text, indent));
    }
    // Without an indentation indicator the first line of text sets the indentation.
    let first = text.lines().find(|line| !line.is_empty())?;
    if first.starts_with([' ', '\t']) {
        return None;
    }
    let chomp = match text.len() - text.trim_end_matches('\n').len() {
        0 => "-",
        1 => "",
        _ => "+",
    };
    let mut out = format!("|{chomp}");
    let body = text.strip_suffix('\n').unwrap_or(text);
    for line in body.split('\n') {
        out.push('\n');
        if !line.is_empty() {
            pad(&mut out, indent);
            out.push_str(line);
        }
    }
    Some(out)
}

fn folded(text: &str, indent: usize) -> String {
    let room = WIDTH.saturating_sub(indent).max(40);
    let mut out = String::from(">-");
    let mut used = room;
    for word in text.split(' ') {
        let length = word.chars().count();
        if used + 1 + length > room {
            out.push('\n');
            pad(&mut out, indent);
            used = length;
        } else {
            out.push(' ');
            used += 1 + length;
        }
        out.push_str(word);
    }
    out
}

fn one_line(text: &str) -> String {
    if !text.chars().all(is_plain_char) {
        return double_quoted(text);
    }
    if is_plain(text) {
        return text.to_owned();
    }
    format!("'{}'", text.replace('\'', "''"))
}

/// Characters that need no escape and that no YAML reader takes for a line break.
fn is_plain_char(c: char) -> bool {
    !c.is_control()
        && !matches!(
            c,
            '\u{2028}' | '\u{2029}' | '\u{feff}' | '\u{fffe}' | '\u{ffff}'
        )
}

fn double_quoted(text: &str) -> String {
    let mut out = String::from('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            '\r' => out.push_str("\\r"),
            c if is_plain_char(c) => out.push(c),
            c => {
                // Writing to a String does not fail. Every such character lies in the basic plane.
                let _ = write!(out, "\\u{:04X}", u32::from(c));
            }
        }
    }
    out.push('"');
    out
}

/// Whether text can stand without quotes: no indicator, and nothing that a schema of YAML 1.1 or 1.2 resolves to
/// another kind than text.
fn is_plain(text: &str) -> bool {
    let Some(first) = text.chars().next() else {
        return false;
    };
    let indicator = matches!(
        first,
        '-' | '?'
            | ':'
            | ','
            | '['
            | ']'
            | '{'
            | '}'
            | '#'
            | '&'
            | '*'
            | '!'
            | '|'
            | '>'
            | '\''
            | '"'
            | '%'
            | '@'
            | '`'
            | '='
            | '<'
    );
    !indicator
        && !first.is_whitespace()
        && !text.ends_with(char::is_whitespace)
        && !text.contains(": ")
        && !text.contains(" #")
        && !text.ends_with(':')
        && !is_word_of_another_kind(text)
        && !is_like_a_number(text)
}

fn is_word_of_another_kind(text: &str) -> bool {
    const WORDS: [&str; 10] = [
        "null", "~", "true", "false", "yes", "no", "on", "off", "y", "n",
    ];
    WORDS.iter().any(|word| text.eq_ignore_ascii_case(word))
}

/// Numbers, dates and times in any of YAML's notations, and what looks like them.
fn is_like_a_number(text: &str) -> bool {
    if is_release(text) {
        return false;
    }
    let rest = text.trim_start_matches(['+', '-']);
    let starts =
        rest.starts_with(|c: char| c.is_ascii_digit() || c == '.') || rest.len() < text.len();
    let of_numbers = |c: char| {
        c.is_ascii_hexdigit()
            || matches!(
                c,
                '.' | '_' | ':' | '+' | '-' | 'x' | 'X' | 'o' | 'O' | 'T' | 't' | 'Z' | 'z' | ' '
            )
    };
    let special = rest.eq_ignore_ascii_case(".inf") || rest.eq_ignore_ascii_case(".nan");
    special || (starts && rest.chars().all(of_numbers))
}

/// `3.0.3`: three numbers are text to every reader, and documents write them so.
fn is_release(text: &str) -> bool {
    let mut parts = 0;
    text.split('.').all(|part| {
        parts += 1;
        !part.is_empty() && part.chars().all(|c| c.is_ascii_digit())
    }) && parts == 3
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::yaml::parse_yaml;
    use super::*;

    #[test]
    fn comes_back_as_it_was() {
        let value = json!({
            "200": {"a b": [[], {}, [[1, [2]]], {"x": [{"y": "z", "w": null}]}]},
            "texts": [
                "", " ", "a: b", "a #b", "x:", "- a", "-", "'", "\"", "it's", "yes", "No", "~", "null", "1.0", "3.0.3",
                "0x1F", "017", "1_000", "12:30:45", "2026-04-20", "2026-04-20T09:00:00Z", "1e3", ".5", ".inf", "-1",
                "+", "=", "<<", "*a", "&a", "!a", "%a", "@a", "`a`", "|", ">", "?", "[a", "{a}", "# a", "tab\there",
                "\u{0}\u{7}\u{85}\u{2028}\u{feff}", "grüß 😀", "a\\b", "trailing ", "...", "---", "key: |\n  x"
            ],
            "lines": [
                "one\ntwo", "one\ntwo\n", "one\n\n\n", "\n\none", "  lead\nx", "x\n  deeper\n\n# no comment\n", "\n", "\n\n",
                "a \nb", "a\n   \nb", "\ttab\nx", "x\n\ttab", "a\r\nb"
            ],
            "numbers": [0, -1, u64::MAX, i64::MIN, 1.0, 1e21, 1.5e-9, 0.1, -9_223_372_036_854_776_000.0, 1e20],
            "yes": true, "a: b": 1, "long": "word ".repeat(60).trim(), "long double": format!("{}  end", "x ".repeat(90)),
            "nested": {"deep": {"long": "lorem # ipsum: ".repeat(20).trim(), "text": ["a\nb", {"c": "d\ne\n"}]}},
        });
        let text = write(&value);
        assert_eq!(parse_yaml(&text).unwrap(), value, "{text}");
        assert!(
            text.contains("- '2026-04-20'\n")
                && text.contains("- 'yes'\n")
                && text.contains("- 3.0.3\n")
        );
        assert!(text.lines().all(|line| line.chars().count() < 200));
    }
}
