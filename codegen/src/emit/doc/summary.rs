//! The first line of a doc comment, which rustdoc shows in lists.

use super::inline::{Inline, WIDTH};
use super::markdown::{self, Block};

/// A first paragraph longer than this gives its first sentence a paragraph of its own.
const LONG: usize = 200;

/// A title as a sentence.
pub(super) fn from_title(title: &str) -> Option<String> {
    let phrase = phrase(title);
    (!phrase.is_empty()).then(|| sentence(&phrase))
}

/// A text of the document on one line: its first paragraph.
pub(in crate::emit) fn phrase(text: &str) -> String {
    match markdown::blocks(text).into_iter().next() {
        Some(block) if is_paragraph(&block) => block
            .iter()
            .map(|line| line.trim_end_matches('\\'))
            .collect::<Vec<_>>()
            .join(" "),
        Some(_) => {
            let mut inline = Inline::default();
            inline.text(&markdown::clean(text));
            inline.line()
        }
        None => String::new(),
    }
}

/// Puts a summary before the body: the title, else the body's own first sentence, else the fallback.
pub(super) fn lead(title: Option<String>, body: Vec<Block>, fallback: &str) -> Vec<Block> {
    let mut blocks = Vec::with_capacity(body.len() + 1);
    let mut body = body.into_iter().peekable();
    let first = body
        .peek()
        .filter(|block| is_paragraph(block))
        .map(|block| block.join(" "));
    match (title, first) {
        (Some(title), Some(first)) if same(&title, &first) => {}
        (Some(title), _) => blocks.push(lines(&title)),
        (None, Some(first)) => {
            if first.chars().count() > LONG
                && let Some(end) = sentence_end(&first)
            {
                blocks.push(lines(&first[..end]));
                blocks.push(lines(first[end..].trim_start()));
                body.next();
            }
        }
        (None, None) => blocks.push(lines(fallback)),
    }
    blocks.extend(body);
    blocks
}

fn lines(text: &str) -> Block {
    super::fill(text, WIDTH)
}

/// Whether a block is running text: such a block never starts with an unescaped marker.
fn is_paragraph(block: &Block) -> bool {
    block.first().is_some_and(|line| {
        let number = line.trim_start_matches(|c: char| c.is_ascii_digit());
        !(line.starts_with("- ")
            || line.starts_with("> ")
            || line.starts_with('|')
            || line.starts_with('#')
            || line.starts_with("```")
            || (number.len() < line.len() && number.starts_with(". ")))
    })
}

fn same(a: &str, b: &str) -> bool {
    let plain = |text: &str| -> String {
        text.chars()
            .filter(|c| c.is_alphanumeric())
            .flat_map(char::to_lowercase)
            .collect()
    };
    plain(a) == plain(b)
}

/// A phrase with a capital and a full stop.
fn sentence(phrase: &str) -> String {
    let mut out = String::with_capacity(phrase.len() + 1);
    let first = phrase.split(' ').next().unwrap_or_default();
    if first.chars().all(|c| c.is_ascii_lowercase() || c == ',') {
        let mut chars = phrase.chars();
        out.extend(chars.next().map(|c| c.to_ascii_uppercase()));
        out.push_str(chars.as_str());
    } else {
        out.push_str(phrase);
    }
    if !out.ends_with(['.', '!', '?', ':', '…']) {
        out.push('.');
    }
    out
}

/// Where the first sentence ends: behind a stop that is followed by a capital, outside of any markup.
fn sentence_end(text: &str) -> Option<usize> {
    let mut in_code = false;
    let mut brackets = 0_i32;
    let mut stars = 0_usize;
    let chars = text.char_indices().peekable();
    for (index, c) in chars {
        match c {
            '`' => in_code = !in_code,
            '[' | '(' | '<' => brackets += 1,
            ']' | ')' | '>' => brackets -= 1,
            '*' => stars += 1,
            '.' | '!' | '?' if !in_code && brackets <= 0 && stars.is_multiple_of(2) => {
                let after = &text[index + 1..];
                let next = after.strip_prefix(' ').and_then(|rest| rest.chars().next());
                let capital = next.is_some_and(|c| c.is_uppercase() || c == '`' || c == '\\');
                if capital && index >= 20 && !abbreviation(&text[..index]) {
                    return Some(index + 1);
                }
            }
            _ => {}
        }
    }
    None
}

fn abbreviation(text: &str) -> bool {
    let word = text.rsplit([' ', '(']).next().unwrap_or_default();
    word.len() == 1 || matches!(word, "e.g" | "i.e" | "etc" | "vs" | "approx" | "No")
}
