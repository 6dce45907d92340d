//! Patterns of strings: ECMA-262, as JSON Schema has them.

/// Checks that a pattern is one that the runtime can hold, which has the same engine.
///
/// # Errors
///
/// Why it is none.
pub fn pattern(text: &str) -> Result<(), String> {
    // Other dialects' words: ECMA-262 reads them as letters, which nobody means.
    let foreign = [
        ("\\A", "`\\A` is `^` in ECMA-262"),
        ("\\Z", "`\\Z` is `$` in ECMA-262"),
        ("\\z", "`\\z` is `$` in ECMA-262"),
        ("\\Q", "`\\Q` has no meaning in ECMA-262"),
        ("\\h", "`\\h` has no meaning in ECMA-262"),
        ("[[:", "ECMA-262 has no POSIX classes"),
    ];
    for (word, why) in foreign {
        if holds(text, word) {
            return Err(why.to_owned());
        }
    }
    let (text, flags) = match text.strip_prefix("(?i)") {
        Some(rest) => (rest, "i"),
        None => (text, ""),
    };
    let unicode = regress::Regex::with_flags(text, format!("u{flags}").as_str());
    unicode
        .or_else(|_| regress::Regex::with_flags(text, flags))
        .map(|_| ())
        .map_err(|error| error.text)
}

/// Whether a word stands in a pattern where its backslash is not itself escaped.
fn holds(text: &str, word: &str) -> bool {
    text.match_indices(word).any(|(at, _)| {
        let before = text[..at].bytes().rev().take_while(|byte| *byte == b'\\');
        before.count() % 2 == 0
    })
}

#[cfg(test)]
mod tests {
    use super::pattern;

    #[test]
    fn ecma_262_is_what_counts() {
        for text in [
            r"^[\w.-]+@[\w-]+\.[a-z]{2,}$",
            r"^(?=.*\d)(?!.*\s).{8,}$",
            r"^\/a\-b$",
            r"^\p{L}+$",
            r"(a)\1",
            "(?i)^abc$",
            "",
            r"\\Abc",
        ] {
            assert_eq!(pattern(text), Ok(()), "{text}");
        }
        for text in ["(", "[", "a**", r"\Aabc\z", "[[:alpha:]]+", "(?P<name>a)"] {
            assert!(pattern(text).is_err(), "{text}");
        }
    }
}
