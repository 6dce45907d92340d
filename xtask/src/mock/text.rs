//! Strings for a schema's `format`, `pattern` and lengths. Must not know of documents.

use base64::{Engine as _, prelude::BASE64_STANDARD};
use rand::{SeedableRng, distr::Distribution, rngs::StdRng};

/// A hash that is the same on every machine (FNV-1a).
pub(crate) fn seed(parts: &[&str]) -> u64 {
    let bytes = parts.iter().flat_map(|part| part.bytes().chain([0]));
    bytes.fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    })
}

/// A version 4 UUID made of the seed.
pub(crate) fn uuid(seed: u64) -> String {
    let high = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ (seed >> 29);
    let low = high.wrapping_mul(0xbf58_476d_1ce4_e5b9) ^ seed;
    format!(
        "{:08x}-{:04x}-4{:03x}-8{:03x}-{:012x}",
        high >> 32,
        (high >> 16) & 0xffff,
        high & 0xfff,
        low >> 52,
        low & 0xffff_ffff_ffff
    )
}

/// A value of the format; nothing for formats that do not shape a string.
pub(crate) fn of_format(format: &str, name: &str, seed: u64) -> Option<String> {
    let slug = slug(name);
    Some(match format {
        "date-time" => "2026-01-15T09:30:00Z".to_owned(),
        "date" => "2026-01-15".to_owned(),
        "time" => "09:30:00Z".to_owned(),
        "duration" => "PT1H30M".to_owned(),
        "uuid" | "guid" => uuid(seed),
        "email" | "idn-email" => "user@example.com".to_owned(),
        "hostname" | "idn-hostname" => "example.com".to_owned(),
        "ipv4" | "ip" | "ip-address" => "192.0.2.10".to_owned(),
        "ipv6" => "2001:db8::10".to_owned(),
        "uri" | "url" | "iri" | "URL" => format!("https://example.com/{slug}"),
        "uri-reference" | "iri-reference" | "json-pointer" => format!("/{slug}"),
        "uri-template" => format!("https://example.com/{slug}/{{id}}"),
        "byte" | "base64" | "base64url" => BASE64_STANDARD.encode(name),
        "decimal" => "12.50".to_owned(),
        "int32" | "int64" | "integer" => "42".to_owned(),
        "float" | "double" | "number" => "42.5".to_owned(),
        "regex" => "^.*$".to_owned(),
        "phone" | "e164" => "+12025550123".to_owned(),
        _ => return None,
    })
}

/// A value a name alone suggests: many documents leave out the format.
pub(crate) fn of_name(name: &str, seed: u64) -> Option<String> {
    let slug = slug(name);
    let format = match slug.rsplit('-').next()? {
        "url" | "uri" | "link" | "href" => "url",
        "email" => "email",
        "phone" => "phone",
        "uuid" | "guid" => "uuid",
        "at" if slug.contains('-') => "date-time",
        _ if slug.contains("phone-number") => "phone",
        _ => return None,
    };
    of_format(format, name, seed)
}

/// The words of a property's name, for a string without further meaning.
pub(crate) fn words(name: &str) -> String {
    let words = slug(name).replace('-', " ");
    if words.is_empty() {
        "text".to_owned()
    } else {
        words
    }
}

fn slug(name: &str) -> String {
    let mut slug = String::new();
    for character in name.chars() {
        if character.is_ascii_uppercase() && !slug.is_empty() && !slug.ends_with('-') {
            slug.push('-');
        }
        if character.is_ascii_alphanumeric() {
            slug.push(character.to_ascii_lowercase());
        } else if !slug.is_empty() && !slug.ends_with('-') {
            slug.push('-');
        }
    }
    slug.trim_end_matches('-').to_owned()
}

/// Cuts or repeats the text until its length is in bounds.
pub(crate) fn fit(text: String, least: usize, greatest: usize) -> String {
    let length = text.chars().count();
    if length > greatest {
        let cut: String = text.chars().take(greatest).collect();
        // A blank at the end is a poor sample.
        return if cut.ends_with(' ') {
            cut.trim_end().to_owned() + "x"
        } else {
            cut
        };
    }
    let filler = if text.is_empty() { "x" } else { text.as_str() };
    let missing = least.saturating_sub(length);
    let filling: String = filler.chars().cycle().take(missing).collect();
    text + &filling
}

/// A string the pattern matches, with a length in bounds, if one is found in a few tries.
pub(crate) fn of_pattern(
    pattern: &str,
    least: usize,
    greatest: usize,
    seed: u64,
) -> Option<String> {
    let judge = fancy_regex::Regex::new(pattern).ok()?;
    let repeats = u32::try_from(least.clamp(8, 200)).unwrap_or(8);
    let generator = rand_regex::Regex::compile(&printable(pattern), repeats).ok()?;
    let mut random = StdRng::seed_from_u64(seed);
    (0..64)
        .map(|_| Distribution::<String>::sample(&generator, &mut random))
        .find(|text| {
            judge.is_match(text).unwrap_or(false)
                && (least..=greatest).contains(&text.chars().count())
        })
}

/// The pattern without anchors, its open classes narrowed to printable ASCII, so that samples are readable.
fn printable(pattern: &str) -> String {
    let mut out = String::new();
    let pattern = without_lookaround(pattern);
    let mut characters = pattern.chars().peekable();
    let mut in_class = false;
    let mut is_negated = false;
    while let Some(character) = characters.next() {
        match character {
            '\\' => {
                let escaped = characters.next().unwrap_or('\\');
                let class = match escaped {
                    'd' => Some("0-9"),
                    'w' => Some("0-9A-Za-z_"),
                    's' => Some(" "),
                    _ => None,
                };
                match class {
                    Some(class) if in_class => out.push_str(class),
                    Some(class) => out.extend(["[", class, "]"]),
                    None if matches!(escaped, 'A' | 'z' | 'Z' | 'b' | 'B') && !in_class => {}
                    None => out.extend(['\\', escaped]),
                }
            }
            '[' if !in_class => {
                in_class = true;
                is_negated = characters.peek() == Some(&'^');
                out.push_str(if is_negated { "[ -~&&[" } else { "[" });
            }
            ']' if in_class => {
                in_class = false;
                out.push_str(if is_negated { "]]" } else { "]" });
            }
            '^' | '$' if !in_class => {}
            '.' if !in_class => out.push_str("[0-9a-z]"),
            '[' => out.push_str("\\["),
            other => out.push(other),
        }
    }
    out
}

/// The pattern without groups that look around: they say what not to be, and a judge sees to that.
fn without_lookaround(pattern: &str) -> String {
    let mut out = String::new();
    let mut depth = 0_usize;
    let mut rest = pattern;
    while let Some(character) = rest.chars().next() {
        let starts = ["(?!", "(?=", "(?<!", "(?<="]
            .iter()
            .any(|group| rest.starts_with(group));
        let escaped = if character == '\\' {
            rest.chars().nth(1).map_or(0, char::len_utf8)
        } else {
            0
        };
        let (step, after) = rest.split_at(character.len_utf8() + escaped);
        if depth == 0 && !starts {
            out.push_str(step);
        } else {
            match character {
                '(' => depth += 1,
                ')' => depth -= 1,
                _ => {}
            }
        }
        rest = after;
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_yield_readable_matches() {
        for pattern in [
            r"^\d{4}-\w+$",
            r"^[^/]+/[^/]+$",
            r"^sk_(live|test)_[0-9a-zA-Z]{24}$",
            "^.*$",
            r"[\w.-]+@\w+",
        ] {
            let text = of_pattern(pattern, 0, usize::MAX, 7)
                .unwrap_or_else(|| panic!("nothing for {pattern}"));
            assert!(text.is_ascii(), "{pattern} gave {text}");
        }
        let named = of_pattern("^(?![0-9]{3}$)^[a-z][a-z0-9-]*[a-z0-9]$", 0, 63, 7);
        assert!(
            named.is_some_and(|name| name.starts_with(|first: char| first.is_ascii_lowercase()))
        );
        assert_eq!(of_pattern("^(?=x)y$", 0, 10, 7), None);
    }

    #[test]
    fn lengths_are_met() {
        assert_eq!(fit("ab".to_owned(), 5, 9), "ababa");
        assert_eq!(fit("abcdef".to_owned(), 0, 3), "abc");
        assert_eq!(fit(String::new(), 2, 9), "xx");
    }
}
