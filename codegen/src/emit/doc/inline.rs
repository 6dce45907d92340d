//! Running text: words, escaped so that only what was markup stays markup, and set in lines.

use std::borrow::Cow;

use super::markdown::web_target;

/// How many columns of text a line of documentation has.
pub(super) const WIDTH: usize = 92;

/// Running text as it will be written, word by word.
#[derive(Debug, Default, Clone)]
pub(super) struct Inline {
    words: Vec<Word>,
    /// Whether the next piece starts a new word.
    apart: bool,
    /// Whether this is the text of a link, in which brackets and addresses are just text.
    in_link: bool,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Word {
    Text(String),
    Break,
}

impl Inline {
    pub(super) fn in_link() -> Self {
        Self {
            in_link: true,
            ..Self::default()
        }
    }

    /// An empty text in the same place.
    pub(super) fn like(&self) -> Self {
        Self {
            in_link: self.in_link,
            ..Self::default()
        }
    }

    pub(super) fn is_in_link(&self) -> bool {
        self.in_link
    }

    pub(super) fn is_empty(&self) -> bool {
        self.words.iter().all(|word| *word == Word::Break)
    }

    pub(super) fn space(&mut self) {
        self.apart = true;
    }

    pub(super) fn hard_break(&mut self) {
        if !self.is_empty() && self.words.last() != Some(&Word::Break) {
            self.words.push(Word::Break);
        }
        self.apart = true;
    }

    /// Adds a piece of markup as it stands.
    pub(super) fn raw(&mut self, piece: &str) {
        match self.words.last_mut() {
            Some(Word::Text(word)) if !self.apart => word.push_str(piece),
            _ => self.words.push(Word::Text(piece.to_owned())),
        }
        self.apart = false;
    }

    /// Adds text, escaping what would be markup.
    pub(super) fn text(&mut self, text: &str) {
        let mut rest = text;
        while !rest.is_empty() {
            if let Some(after) = rest.strip_prefix(char::is_whitespace) {
                self.space();
                rest = after;
                continue;
            }
            let end = rest.find(char::is_whitespace).unwrap_or(rest.len());
            self.word(&rest[..end]);
            rest = &rest[end..];
        }
    }

    fn word(&mut self, word: &str) {
        if self.in_link {
            let escaped = escape(word, true);
            // An address in the text of a link is not linked again.
            self.raw(&escaped.replace("://", ":\\//"));
            return;
        }
        let mut rest = word;
        while let Some(start) = address_start(rest) {
            let end = address_end(&rest[start..]) + start;
            if start > 0 {
                self.raw(&escape(&rest[..start], false));
            }
            match web_target(&rest[start..end]) {
                Some(target) => self.raw(&format!("<{target}>")),
                None => self.raw(&escape(&rest[start..end], false)),
            }
            rest = &rest[end..];
        }
        if !rest.is_empty() {
            self.raw(&escape(rest, false));
        }
    }

    /// Adds a code span.
    pub(super) fn code(&mut self, code: &str) {
        if let Some(span) = code_span(code) {
            self.raw(&span);
        }
    }

    pub(super) fn append(&mut self, other: Self) {
        for (index, word) in other.words.into_iter().enumerate() {
            match word {
                Word::Break => self.hard_break(),
                Word::Text(text) => {
                    if index > 0 {
                        self.apart = true;
                    }
                    self.raw(&text);
                }
            }
        }
        self.apart |= other.apart;
    }

    /// Adds other text between marks.
    pub(super) fn enclose(&mut self, open: &str, inner: Self, close: &str) {
        let mut inner = inner;
        inner.words.retain(|word| *word != Word::Break);
        if let Some(Word::Text(first)) = inner.words.first_mut() {
            first.insert_str(0, open);
        }
        if let Some(Word::Text(last)) = inner.words.last_mut() {
            last.push_str(close);
        }
        inner.apart = false;
        self.append(inner);
    }

    /// The text on one line.
    pub(super) fn line(&self) -> String {
        let words: Vec<&str> = self.words.iter().filter_map(Word::as_text).collect();
        guarded(&words.join(" "))
    }

    /// The text without the escapes.
    pub(super) fn plain(&self) -> String {
        let words: Vec<&str> = self.words.iter().filter_map(Word::as_text).collect();
        words.join(" ").replace('\\', "")
    }

    /// The text in lines of at most `width` columns where words allow it; none where there is no word.
    pub(super) fn wrap(&self, width: usize) -> Option<Vec<String>> {
        let width = width.max(20);
        let mut lines = Vec::new();
        let mut line = String::new();
        let mut columns = 0;
        for (index, word) in self.words.iter().enumerate() {
            let Word::Text(text) = word else {
                if !line.is_empty() && index + 1 < self.words.len() {
                    line.push('\\');
                    lines.push(std::mem::take(&mut line));
                    columns = 0;
                }
                continue;
            };
            let size = text.chars().count();
            if !line.is_empty() {
                if columns + 1 + size > width && !starts_block(text) {
                    lines.push(std::mem::take(&mut line));
                    columns = 0;
                } else {
                    line.push(' ');
                    columns += 1;
                }
            }
            if line.is_empty() {
                line = guarded(text);
            } else {
                line.push_str(text);
            }
            columns += size;
        }
        if !line.is_empty() {
            lines.push(line);
        }
        (!lines.is_empty()).then_some(lines)
    }
}

impl Word {
    fn as_text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            Self::Break => None,
        }
    }
}

/// A code span of any text; none where nothing is left to show.
pub(super) fn code_span(code: &str) -> Option<String> {
    let mut text = code.split_whitespace().collect::<Vec<_>>().join(" ");
    for (entity, c) in [
        ("&lt;", "<"),
        ("&gt;", ">"),
        ("&quot;", "\""),
        ("&amp;", "&"),
    ] {
        if text.contains(entity) {
            text = text.replace(entity, c);
        }
    }
    if text.is_empty() {
        return None;
    }
    let longest = text.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    let ticks = "`".repeat(longest + 1);
    let pad = if text.starts_with('`') || text.ends_with('`') {
        " "
    } else {
        ""
    };
    Some(format!("{ticks}{pad}{text}{pad}{ticks}"))
}

/// Escapes what would be markup in a word without spaces.
fn escape(word: &str, in_link: bool) -> Cow<'_, str> {
    let is_mark = |byte| br"`[]|*_\<&~".contains(&byte);
    if !word.bytes().any(is_mark) {
        return Cow::Borrowed(word);
    }
    let mut out = String::with_capacity(word.len() + 4);
    let mut before = ' ';
    let mut chars = word.chars().peekable();
    while let Some(c) = chars.next() {
        let after = chars.peek().copied().unwrap_or(' ');
        let special = match c {
            '`' | '[' | '|' => true,
            ']' => in_link,
            '*' => before != ' ' || after != ' ',
            '_' => {
                !(before.is_alphanumeric() || before == '_')
                    || !(after.is_alphanumeric() || after == '_')
            }
            '\\' => after.is_ascii_punctuation() || after == ' ',
            '<' => after.is_ascii_alphabetic() || matches!(after, '/' | '!' | '?' | '\\'),
            '&' => after.is_ascii_alphabetic() || after == '#',
            '~' => before == '~' || after == '~' || before == ' ',
            _ => false,
        };
        if special {
            out.push('\\');
        }
        out.push(c);
        before = c;
    }
    Cow::Owned(out)
}

/// A word as the first of a line: what would open a block there is escaped.
fn guarded(word: &str) -> String {
    let first = word.split(' ').next().unwrap_or_default();
    if !starts_block(first) {
        return word.to_owned();
    }
    match first.find(['.', ')']) {
        Some(end) if first.starts_with(|c: char| c.is_ascii_digit()) => {
            format!("{}\\{}", &word[..end], &word[end..])
        }
        _ => format!("\\{word}"),
    }
}

/// Whether a word at the start of a line would open a block or underline a heading.
pub(super) fn starts_block(word: &str) -> bool {
    let number = word.trim_start_matches(|c: char| c.is_ascii_digit());
    (number.len() < word.len() && (number == "." || number == ")"))
        || matches!(word, "-" | "+" | "*")
        || word.starts_with('>')
        || word.starts_with("~~~")
        || (!word.is_empty() && word.len() <= 6 && word.chars().all(|c| c == '#'))
        || (!word.is_empty() && word.chars().all(|c| c == '='))
        || (!word.is_empty() && word.chars().all(|c| c == '-'))
        || (!word.is_empty() && word.chars().all(|c| c == '_'))
}

fn address_start(word: &str) -> Option<usize> {
    // Most words are none, which one character tells.
    word.find(':')?;
    match (word.find("https://"), word.find("http://")) {
        (Some(a), Some(b)) => Some(a.min(b)),
        (a, b) => a.or(b),
    }
}

/// Where an address ends: punctuation that closes a sentence or a bracket is not part of it.
fn address_end(text: &str) -> usize {
    let end = text
        .find(['<', '>', '"', '`', '\'', '|'])
        .unwrap_or(text.len());
    let address = &text[..end];
    let trimmed =
        address.trim_end_matches(['.', ',', ';', ':', '!', '?', '*', '_', ']', '}', '\\']);
    if trimmed.ends_with(')') && !trimmed.contains('(') {
        return trimmed.trim_end_matches([')', '.', ',']).len();
    }
    if trimmed.len() < "https://".len() {
        end
    } else {
        trimmed.len()
    }
}
