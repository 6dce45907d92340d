//! Words: how a name of a document is split, spelled and joined again; it must not know what the name is for.

use std::borrow::Cow;

use unicode_ident::{is_xid_continue, is_xid_start};
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// A word: lower-case, except where its usual spelling says otherwise (`OAuth2`, `WhatsApp`).
pub(super) type Word = String;

/// What happens to characters that no identifier may hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Symbols {
    /// They separate words.
    Separate,
    /// Those that carry meaning in a value are spelled (`+1`, `-created`, `>=`, `😀`); the others separate words.
    Meaning,
    /// All are spelled: what is left when two names differ in nothing else.
    Spell,
}

/// Longer names are cut, at a word where there is one: file systems and readers have limits.
const LONGEST: usize = 100;

/// Longer names of modules are cut.
const LONGEST_FILE: usize = 60;

/// Splits a name into words at separators and changes of case; never empty.
pub(super) fn split(text: &str) -> Vec<Word> {
    spell(text, Symbols::Separate)
}

/// Splits a name into words, with symbols treated as `symbols` says; never empty.
pub(super) fn spell(text: &str, symbols: Symbols) -> Vec<Word> {
    let mut words = Vec::new();
    // Most names are ASCII, which is its own normal form.
    let normal: Cow<'_, str> = if text.is_ascii() {
        text.into()
    } else {
        text.nfkc().collect()
    };
    let longest = LONGEST * 8;
    let mut further = normal.char_indices().skip(longest);
    let end = (normal.len() > longest).then(|| further.next()).flatten();
    let normal = &normal[..end.map_or(normal.len(), |(at, _)| at)];
    // Where the run of letters and digits starts that is being read.
    let mut run = None;
    for (at, character) in normal.char_indices() {
        if is_xid_continue(character) && character != '_' && !is_invisible(character) {
            run.get_or_insert(at);
            continue;
        }
        if let Some(start) = run.take() {
            split_case(&normal[start..at], &mut words);
        }
        // The first character alone tells a sign from a hyphen.
        words.extend(symbol(character, symbols, at == 0));
    }
    if let Some(start) = run {
        split_case(&normal[start..], &mut words);
    }
    if words.is_empty() {
        if text.is_empty() {
            return vec!["empty".to_owned()];
        }
        // `spell` gives at least one word for any character in this mode.
        return spell(text, Symbols::Spell);
    }
    shorten(words)
}

/// Characters that identifiers may hold but nobody can see.
fn is_invisible(character: char) -> bool {
    !character.is_ascii()
        && matches!(
            u32::from(character),
            0xAD | 0x34F | 0x61C | 0x115F..=0x1160 | 0x17B4..=0x17B5 | 0x180B..=0x180F | 0x200B..=0x200F
                | 0x202A..=0x202E | 0x2060..=0x206F | 0x3164 | 0xFE00..=0xFE0F | 0xFEFF | 0xFFA0
                | 0x1D173..=0x1D17A | 0xE0000..=0xE0FFF
        )
}

fn symbol(character: char, symbols: Symbols, first: bool) -> Option<Word> {
    let meaning = match character {
        '+' => "plus",
        '-' if first => "minus",
        '<' => "less",
        '>' => "greater",
        '=' => "equal",
        '*' => "star",
        '%' => "percent",
        '&' => "and",
        '!' => "not",
        _ => "",
    };
    match symbols {
        Symbols::Separate => None,
        Symbols::Meaning | Symbols::Spell if !meaning.is_empty() => Some(meaning.to_owned()),
        Symbols::Meaning => {
            let is_sign = !character.is_ascii()
                && !character.is_whitespace()
                && !is_invisible(character)
                && u32::from(character) >= 0x2190;
            is_sign.then(|| format!("u{:x}", u32::from(character)))
        }
        Symbols::Spell => Some(match character {
            '-' => "dash".to_owned(),
            '_' => "underscore".to_owned(),
            '.' => "dot".to_owned(),
            '/' => "slash".to_owned(),
            '\\' => "backslash".to_owned(),
            ':' => "colon".to_owned(),
            ';' => "semicolon".to_owned(),
            ',' => "comma".to_owned(),
            ' ' => "space".to_owned(),
            '@' => "at".to_owned(),
            '$' => "dollar".to_owned(),
            '#' => "hash".to_owned(),
            '?' => "question".to_owned(),
            '|' => "bar".to_owned(),
            '~' => "tilde".to_owned(),
            '^' => "caret".to_owned(),
            '(' | ')' => "parenthesis".to_owned(),
            '[' | ']' => "bracket".to_owned(),
            '{' | '}' => "brace".to_owned(),
            '"' | '\'' => "quote".to_owned(),
            '`' => "backtick".to_owned(),
            other => format!("u{:x}", u32::from(other)),
        }),
    }
}

/// Splits a run of letters and digits where its case changes.
fn split_case(run: &str, words: &mut Vec<Word>) {
    let (mut start, mut at) = (0, 0);
    let mut before = ' ';
    while let Some(here) = run[at..].chars().next() {
        let is_start = at == start;
        if is_start || here.is_uppercase() && is_boundary(&run[start..at], before, &run[at..]) {
            if !is_start {
                push(&run[start..at], words);
                start = at;
            }
            if let Some((length, word)) = known_spelling(&run[at..]) {
                words.push(word);
                at += length;
                start = at;
                continue;
            }
        }
        before = here;
        at += here.len_utf8();
    }
    if start < run.len() {
        push(&run[start..], words);
    }
}

fn push(run: &str, words: &mut Vec<Word>) {
    let mut word: Word = run.to_owned();
    word.make_ascii_lowercase();
    if !word.is_ascii() {
        word = word.to_lowercase();
    }
    // What the author wrote in lower case has no case of its own: `whatsapp` is `WhatsApp`, `Whatsapp` stays.
    let name = word.trim_end_matches(|c: char| c.is_ascii_digit());
    let mut known = spellings(name).iter();
    match known.find(|spelling| spelling.eq_ignore_ascii_case(name)) {
        Some(spelling) if !run.chars().any(char::is_uppercase) => {
            words.push(format!("{spelling}{}", &word[name.len()..]));
        }
        _ => words.push(word),
    }
}

/// Whether a word starts with the upper-case letter that `rest` begins with, after one that ends with `before` so far.
fn is_boundary(word: &str, before: char, rest: &str) -> bool {
    let mut rest = rest.chars().skip(1);
    let (after, then) = (rest.next(), rest.next());
    let is_lower = |c: Option<char>| c.is_some_and(char::is_lowercase);
    if before.is_numeric() {
        // `2FA` is one word, `20100401Call` and `OAuth2Token` are two.
        return !word.chars().all(char::is_numeric) || is_lower(after);
    }
    if before.is_uppercase() {
        // `URLPath` is two words, `IDs` is one.
        let plural = after == Some('s') && !is_lower(then);
        return is_lower(after) && !plural;
    }
    true
}

/// Words whose usual spelling hides their extent from the rule of upper and lower case, of those that start as a text does.
fn spellings(text: &str) -> &'static [&'static str] {
    match text.as_bytes().first().map(u8::to_ascii_lowercase) {
        Some(b'd') => &["DynamoDB"],
        Some(b'e') => &["ETag"],
        Some(b'g') => &["GitHub", "GitLab", "GraphQL"],
        Some(b'i') => &["IPv4", "IPv6", "iOS", "iPad", "iPhone"],
        Some(b'j') => &["JavaScript"],
        Some(b'l') => &["LinkedIn"],
        Some(b'm') => &["MongoDB", "MySQL", "macOS", "mTLS"],
        Some(b'o') => &["OAuth", "OpenAI", "OpenAPI", "OpenID"],
        Some(b'p') => &["PayPal", "PostgreSQL"],
        Some(b't') => &["TikTok", "TypeScript"],
        Some(b'w') => &["WebRTC", "WhatsApp"],
        Some(b'y') => &["YouTube"],
        _ => &[],
    }
}

/// The word of [`spellings`] that starts here, with the digits after it, and how many bytes it takes.
fn known_spelling(run: &str) -> Option<(usize, Word)> {
    spellings(run).iter().find_map(|spelling| {
        // The first letter has been compared, in any case.
        let rest = run[1..].strip_prefix(&spelling[1..])?;
        let after = rest.trim_start_matches(|c: char| c.is_ascii_digit());
        if after.starts_with(char::is_lowercase) {
            return None;
        }
        let digits = &rest[..rest.len() - after.len()];
        Some((run.len() - after.len(), format!("{spelling}{digits}")))
    })
}

/// Cuts words that would make a name longer than [`LONGEST`].
fn shorten(words: Vec<Word>) -> Vec<Word> {
    if words.iter().map(String::len).sum::<usize>() <= LONGEST {
        return words;
    }
    let mut length = 0;
    let mut kept = Vec::with_capacity(words.len());
    for mut word in words {
        length += word.chars().count();
        if length > LONGEST {
            if kept.is_empty() {
                word = word.chars().take(LONGEST).collect();
                kept.push(word);
            }
            break;
        }
        kept.push(word);
    }
    kept
}

/// The words in ASCII, accents removed; none where they are in another script.
pub(super) fn ascii(words: &[Word]) -> Option<Vec<Word>> {
    if words.iter().all(|word| word.is_ascii() && !word.is_empty()) {
        return Some(words.to_vec());
    }
    let plain = |word: &Word| -> Word { word.nfkd().filter(|c| !is_combining_mark(*c)).collect() };
    let words: Vec<Word> = words.iter().map(plain).collect();
    words
        .iter()
        .all(|word| word.is_ascii() && !word.is_empty())
        .then_some(words)
}

/// The words as the name of a file can hold them: rustc takes no other script for a module's file (E0754), and file
/// systems no long names.
pub(super) fn for_file(words: &[Word]) -> Vec<Word> {
    let hex = |word: &Word| -> Word {
        if word.is_ascii() {
            return word.clone();
        }
        let points: Vec<String> = word
            .chars()
            .map(|c| format!("u{:x}", u32::from(c)))
            .collect();
        points.concat()
    };
    let mut words = ascii(words).unwrap_or_else(|| words.iter().map(hex).collect());
    while words.len() > 1 && words.iter().map(|word| word.len() + 1).sum::<usize>() > LONGEST_FILE {
        words.pop();
    }
    if let [only] = words.as_mut_slice() {
        only.truncate(LONGEST_FILE);
    }
    words
}

/// `PascalCase`; a digit in front gets an `N`.
pub(super) fn pascal<W: AsRef<str>>(words: &[W]) -> String {
    let mut name = String::with_capacity(length(words));
    for word in words {
        let mut letters = word.as_ref().chars();
        let Some(first) = letters.next() else {
            continue;
        };
        if first.is_numeric() && name.ends_with(char::is_numeric) {
            name.push('_');
        }
        if first.is_ascii() {
            name.push(first.to_ascii_uppercase());
        } else {
            name.extend(first.to_uppercase());
        }
        name.push_str(letters.as_str());
    }
    guard(name, 'N')
}

/// `snake_case`; a digit in front gets an `n`.
pub(super) fn snake<W: AsRef<str>>(words: &[W]) -> String {
    let mut name = String::with_capacity(length(words));
    for word in words.iter().map(AsRef::as_ref) {
        if !name.is_empty() {
            name.push('_');
        }
        if word.is_ascii() {
            let start = name.len();
            name.push_str(word);
            name[start..].make_ascii_lowercase();
        } else {
            name.extend(word.chars().flat_map(char::to_lowercase));
        }
    }
    guard(name, 'n')
}

/// Whether a text is the [`snake`] of its own words.
pub(super) fn is_snake(text: &str) -> bool {
    let is_word = |word: &[u8]| {
        !word.is_empty()
            && word
                .iter()
                .all(|it| it.is_ascii_lowercase() || it.is_ascii_digit())
    };
    let is_short = text.len() <= LONGEST;
    is_short
        && text.starts_with(|first: char| first.is_ascii_lowercase())
        && text.as_bytes().split(|it| *it == b'_').all(is_word)
}

/// How long words are with something between them.
fn length<W: AsRef<str>>(words: &[W]) -> usize {
    words.iter().map(|word| word.as_ref().len() + 1).sum()
}

/// `SCREAMING_SNAKE_CASE`.
pub(super) fn screaming<W: AsRef<str>>(words: &[W]) -> String {
    snake(words).to_uppercase()
}

/// Makes a name start as an identifier must.
fn guard(name: String, prefix: char) -> String {
    match name.chars().next() {
        Some(first) if is_xid_start(first) => name,
        _ => format!("{prefix}{name}"),
    }
}

/// Words that look like plurals and are not, or are both.
#[rustfmt::skip]
const UNCHANGING: &[&str] = &[
    "analytics", "aws", "basis", "bus", "canvas", "chaos", "cors", "data", "dns", "gas", "https", "kubernetes",
    "lens", "media", "metadata", "mms", "news", "sms", "os", "redis", "series", "species", "tls", "https", "rss",
    "css", "js", "this", "was", "has", "is", "as", "us", "ids", "alias", "atlas", "bias", "pos", "ios", "macos",
    "acs", "sas", "aus", "gps", "vps", "ips", "saas", "paas", "ads", "s", "plus", "previous", "always", "less",
    "dress", "pass", "cross",
];

/// The singular of a word by the common rules of English, as how much of the word stays and what comes after that; a word
/// that is no plural stays.
fn parts_of_singular(word: &str) -> (usize, &'static str) {
    if !word.ends_with('s') {
        return match word {
            "people" => (0, "person"),
            "children" => (0, "child"),
            _ => (word.len(), ""),
        };
    }
    let irregular = match word {
        "indices" => "index",
        "vertices" => "vertex",
        "matrices" => "matrix",
        "movies" => "movie",
        "cookies" => "cookie",
        "statuses" => "status",
        "aliases" => "alias",
        "buses" => "bus",
        "canvases" => "canvas",
        "analyses" => "analysis",
        "quizzes" => "quiz",
        "ids" => "id",
        "ips" => "ip",
        "ads" => "ad",
        _ => "",
    };
    if !irregular.is_empty() {
        return (0, irregular);
    }
    let ends = |ends: &[&str]| ends.iter().any(|end| word.ends_with(end));
    if ends(&["ss", "us", "is"]) || word.len() < 3 || UNCHANGING.contains(&word) {
        (word.len(), "")
    } else if word.ends_with("ies") && word.len() > 4 {
        (word.len() - 3, "y")
    } else if ends(&["sses", "shes", "ches", "xes", "zzes"]) {
        (word.len() - 2, "")
    } else {
        (word.len() - 1, "")
    }
}

/// The singular of a word by the common rules of English; a word that is no plural stays.
pub(super) fn singular(word: &str) -> Cow<'_, str> {
    match parts_of_singular(word) {
        (length, "") => word[..length].into(),
        (0, irregular) => irregular.into(),
        (length, end) => [&word[..length], end].concat().into(),
    }
}

/// Adds the singular of a word in lower case to a text.
pub(super) fn push_singular(to: &mut String, word: &str) {
    let start = to.len();
    if word.is_ascii() {
        to.push_str(word);
        to[start..].make_ascii_lowercase();
    } else {
        to.push_str(&word.to_lowercase());
    }
    let (length, end) = parts_of_singular(&to[start..]);
    to.truncate(start + length);
    to.push_str(end);
}

/// Whether a word is a plural by [`singular`]'s rules.
pub(super) fn is_plural(word: &str) -> bool {
    matches!(word, "data" | "media" | "series" | "news")
        || parts_of_singular(word) != (word.len(), "")
}

/// The words with the last one in the singular.
pub(super) fn singular_phrase(words: &[Word]) -> Vec<Word> {
    let mut words = words.to_vec();
    if let Some(last) = words.last_mut() {
        let (length, end) = parts_of_singular(last);
        last.truncate(length);
        last.push_str(end);
    }
    words
}

/// The words as one string that tells neither case, separators nor a plural of the last word:
/// `replicasets` and `ReplicaSet` are the same.
pub(super) fn key<W: AsRef<str>>(words: &[W]) -> String {
    let mut text = String::with_capacity(length(words));
    let Some((last, before)) = words.split_last() else {
        return text;
    };
    text.extend(before.iter().map(AsRef::as_ref));
    if text.is_ascii() && last.as_ref().is_ascii() {
        text.make_ascii_lowercase();
    } else {
        // What a letter is in lower case may depend on the next.
        text.push_str(last.as_ref());
        text = text.to_lowercase();
        text.truncate(text.len() - last.as_ref().to_lowercase().len());
    }
    push_singular(&mut text, last.as_ref());
    text
}

/// Whether two phrases have one [`key`].
pub(super) fn same_key<V: AsRef<str>, W: AsRef<str>>(a: &[V], b: &[W]) -> bool {
    // The first letter is the same in every singular, and tells most phrases apart.
    let first = |word: Option<&str>| {
        let first = *word?.as_bytes().first()?;
        first.is_ascii().then_some(first.to_ascii_lowercase())
    };
    let letters = (
        first(a.first().map(AsRef::as_ref)),
        first(b.first().map(AsRef::as_ref)),
    );
    match letters {
        (Some(a), Some(b)) if a != b => false,
        _ => key(a) == key(b),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn splits_at_case_digits_and_separators() {
        for (text, expected) in [
            ("URLPath", "url path"),
            ("OAuth2Token", "OAuth2 token"),
            ("oauth_token", "OAuth token"),
            ("whatsapp-link", "WhatsApp link"),
            ("Whatsapp2Link", "whatsapp2 link"),
            ("WhatsAppLinkSession", "WhatsApp link session"),
            ("IDs", "ids"),
            ("userIDsByURL", "user ids by url"),
            ("iPhoneModel", "iPhone model"),
            ("v1alpha1Pod", "v1alpha1 pod"),
            ("Api20100401Call", "api20100401 call"),
            ("2FAToken", "2fa token"),
            ("EC2Instance", "ec2 instance"),
            ("X-Request-ID", "x request id"),
            ("page[number]", "page number"),
            ("DAGRun", "dag run"),
            ("größe", "größe"),
            ("ユーザー名", "ユーザー名"),
            ("", "empty"),
            ("@type", "type"),
            ("$", "dollar"),
            ("__", "underscore underscore"),
        ] {
            assert_eq!(split(text).join(" "), expected, "{text}");
        }
    }

    #[test]
    fn spells_what_carries_meaning() {
        for (text, expected) in [
            ("+1", "Plus1"),
            ("-1", "Minus1"),
            ("-created", "MinusCreated"),
            ("in-progress", "InProgress"),
            (">=", "GreaterEqual"),
            ("*", "Star"),
            ("😀", "U1f600"),
            ("❤\u{fe0f}", "U2764"),
            ("1024x1024", "N1024x1024"),
            ("1.5", "N1_5"),
            ("C++", "CPlusPlus"),
            ("text/plain", "TextPlain"),
            ("e\u{301}t\u{e9}", "Été"),
        ] {
            assert_eq!(pascal(&spell(text, Symbols::Meaning)), expected, "{text}");
        }
    }

    #[test]
    fn joins_with_digits_kept_apart() {
        assert_eq!(pascal(&split("OAuth2Token")), "OAuth2Token");
        assert_eq!(snake(&split("OAuth2Token")), "oauth2_token");
        assert_eq!(snake(&split("2fa")), "n2fa");
        assert_eq!(pascal(&split("s1-2")), "S1_2");
        assert_eq!(screaming(&split("api_v1")), "API_V1");
    }

    #[test]
    fn what_is_snake_case_stays() {
        for text in [
            "id",
            "oauth_token",
            "ipv4",
            "a_1",
            "v1alpha1_pod",
            "x__y",
            "_a",
            "1a",
            "aB",
            "é",
            "",
        ] {
            assert!(!is_snake(text) || snake(&split(text)) == text, "{text}");
        }
        assert!(is_snake("oauth2_token_1") && !is_snake("a__b") && !is_snake("1a"));
    }

    #[test]
    fn files_have_short_names_in_ascii() {
        let name = |text: &str| snake(&for_file(&split(text)));
        assert_eq!(name("Événements à venir"), "evenements_a_venir");
        assert_eq!(name("会話"), "u4f1au8a71");
        assert_eq!(ascii(&split("会話")), None);
        assert_eq!(name(&"word ".repeat(100)).len(), 59);
        assert_eq!(name(&"x".repeat(100)).len(), 60);
    }

    #[test]
    fn a_name_without_end_is_cut() {
        assert!(pascal(&split(&"x".repeat(10_000))).len() <= LONGEST);
        assert!(pascal(&split(&"ab_".repeat(10_000))).len() <= LONGEST + 1);
    }

    #[test]
    fn singulars_are_small_and_honest() {
        for (plural, expected) in [
            ("tags", "tag"),
            ("categories", "category"),
            ("addresses", "address"),
            ("statuses", "status"),
            ("status", "status"),
            ("databases", "database"),
            ("responses", "response"),
            ("boxes", "box"),
            ("batches", "batch"),
            ("people", "person"),
            ("series", "series"),
            ("access", "access"),
            ("analysis", "analysis"),
            ("sms", "sms"),
            ("keys", "key"),
            ("movies", "movie"),
            ("pin", "pin"),
        ] {
            assert_eq!(singular(plural), expected);
        }
        assert_eq!(key(&split("ReplicaSets")), key(&split("replicaset")));
    }
}
