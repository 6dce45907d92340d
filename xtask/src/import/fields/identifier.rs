//! Words to names: of schemas, tags and operations.

/// The words of a text: split at what is no letter or digit, and where `camelCase` begins a word.
pub(super) fn words(text: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let mut last: Option<char> = None;
    for c in text.chars() {
        if c.is_ascii_alphanumeric() {
            let begins = match last {
                None => true,
                Some(last) => {
                    c.is_ascii_uppercase() && (last.is_ascii_lowercase() || last.is_ascii_digit())
                }
            };
            if begins {
                words.push(String::new());
            }
            if let Some(word) = words.last_mut() {
                word.push(c);
            }
            last = Some(c);
        } else {
            last = None;
        }
    }
    words
}

fn capitalized(word: &str) -> String {
    let mut chars = word.chars();
    chars.next().map_or_else(String::new, |first| {
        first.to_ascii_uppercase().to_string() + chars.as_str()
    })
}

/// `link-sessions` is `LinkSessions`; a name never begins with a digit.
pub(super) fn pascal(text: &str) -> String {
    let name: String = words(text).iter().map(|word| capitalized(word)).collect();
    if name.starts_with(|c: char| c.is_ascii_digit()) {
        format!("N{name}")
    } else {
        name
    }
}

/// `link-sessions` is `Link Sessions`.
pub(super) fn title(text: &str) -> String {
    let words: Vec<String> = words(text).iter().map(|word| capitalized(word)).collect();
    words.join(" ")
}

/// The one of many, by English's regular endings: `sessions` is `session`, `status` and `address` stay.
pub(super) fn singular(text: &str) -> String {
    let lower = text.to_ascii_lowercase();
    if let Some(stem) = lower.strip_suffix("ies").filter(|stem| stem.len() > 1) {
        return format!("{}y", &text[..stem.len()]);
    }
    for ending in ["sses", "shes", "ches", "xes", "zes"] {
        if lower.ends_with(ending) {
            return text[..text.len() - 2].to_owned();
        }
    }
    let keeps = ["ss", "us", "is", "news", "series"]
        .iter()
        .any(|ending| lower.ends_with(ending));
    if lower.ends_with('s') && !keeps && lower.len() > 2 {
        return text[..text.len() - 1].to_owned();
    }
    text.to_owned()
}

/// Whether a word speaks of many.
pub(super) fn is_plural(text: &str) -> bool {
    singular(text) != text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn makes_names() {
        assert_eq!(pascal("fetch all linkSessions_2"), "FetchAllLinkSessions2");
        assert_eq!(pascal("2nd"), "N2nd");
        assert_eq!(title("link-sessions"), "Link Sessions");
        for (many, one) in [
            ("sessions", "session"),
            ("replies", "reply"),
            ("boxes", "box"),
            ("status", "status"),
            ("address", "address"),
            ("addresses", "address"),
            ("caches", "cach"),
        ] {
            assert_eq!(singular(many), one);
        }
    }
}
