//! Doc comments: what a document says, made fit for rustdoc; it knows prose and no items.

mod html;
mod inline;
mod markdown;
mod notes;
mod summary;
#[cfg(test)]
mod tests;

use proc_macro2::{Literal, TokenStream};
use quote::{ToTokens, quote};

use self::inline::WIDTH;
pub(super) use self::notes::{code, notes};
pub(super) use self::summary::phrase;
use crate::ir::Doc;

/// A doc comment, block by block.
#[derive(Debug, Default, Clone)]
pub(super) struct Prose {
    blocks: Vec<Vec<String>>,
}

impl Prose {
    /// What a document says of a thing: its title as the summary, then its description. Where it says
    /// nothing, `fallback` is the summary.
    pub(super) fn of(doc: &Doc, fallback: &str) -> Self {
        let mut prose = Self::new(doc.title.as_deref(), doc.description.as_deref(), fallback);
        if let Some(url) = doc
            .url
            .as_deref()
            .and_then(|url| markdown::web_target(url.trim()))
        {
            prose.paragraph(&format!("See <{url}>."));
        }
        prose
    }

    /// As [`Prose::of`], from the parts.
    pub(super) fn new(title: Option<&str>, description: Option<&str>, fallback: &str) -> Self {
        let body = markdown::blocks(description.unwrap_or_default());
        let title = title.and_then(summary::from_title);
        Self {
            blocks: summary::lead(title, body, fallback),
        }
    }

    /// A doc comment of our own words, which may hold intra-doc links.
    pub(super) fn own(text: &str) -> Self {
        let mut prose = Self::default();
        prose.paragraph(text);
        prose
    }

    /// Adds a paragraph of our own words.
    pub(super) fn paragraph(&mut self, text: &str) {
        if !text.is_empty() {
            self.blocks.push(fill(text, WIDTH));
        }
    }

    /// Adds a section heading.
    pub(super) fn heading(&mut self, title: &str) {
        self.blocks.push(vec![format!("# {title}")]);
    }

    /// Adds what a document says, without making a summary of it.
    pub(super) fn described(&mut self, text: &str) {
        self.blocks.extend(markdown::blocks(text));
    }

    /// Adds a list: what leads each item in our words, then what the document says of it.
    pub(super) fn list(&mut self, items: impl IntoIterator<Item = (String, String)>) {
        let items = items
            .into_iter()
            .map(|(lead, said)| (lead, summary::phrase(&said)));
        self.entries(items.collect());
    }

    fn entries(&mut self, items: Vec<(String, String)>) {
        let mut lines = Vec::new();
        for (lead, said) in items {
            let text = if said.is_empty() {
                lead
            } else {
                format!("{lead}: {said}")
            };
            for (row, line) in fill(&text, WIDTH - 2).into_iter().enumerate() {
                lines.push(format!("{}{line}", if row == 0 { "- " } else { "  " }));
            }
        }
        if !lines.is_empty() {
            self.blocks.push(lines);
        }
    }

    /// Adds what is said of arguments: name, description, notes.
    pub(super) fn arguments(&mut self, items: Vec<(String, String, String)>) {
        let items = items.into_iter().map(|(lead, said, notes)| {
            let said = summary::phrase(&said);
            let stop = if said.is_empty() || said.ends_with(['.', '!', '?', ':']) {
                ""
            } else {
                "."
            };
            let text = [format!("{said}{stop}"), notes];
            let text: Vec<_> = text.into_iter().filter(|part| !part.is_empty()).collect();
            (lead, text.join(" "))
        });
        self.entries(items.collect());
    }

    /// Adds a block of Rust that is compiled with the crate's tests and not run.
    pub(super) fn example(&mut self, lines: impl IntoIterator<Item = String>) {
        let mut block = vec!["```no_run".to_owned()];
        block.extend(lines);
        block.push("```".to_owned());
        self.blocks.push(block);
    }

    /// The lines of the comment, without the slashes.
    pub(super) fn lines(&self) -> impl Iterator<Item = &str> {
        self.blocks.iter().enumerate().flat_map(|(index, block)| {
            (index > 0)
                .then_some("")
                .into_iter()
                .chain(block.iter().map(String::as_str))
        })
    }
}

/// Between the lines of a comment while it is a token: one attribute for all of them is a fifth of the tokens that one for
/// each would be. No document's text holds it, since control characters are dropped.
pub(crate) const LINE_END: char = '\u{1}';

impl ToTokens for Prose {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        let length = self.lines().map(|line| line.len() + 2).sum();
        let mut text = String::with_capacity(length);
        for (index, line) in self.lines().enumerate() {
            if index > 0 {
                text.push(LINE_END);
            }
            if !line.is_empty() {
                text.extend([" ", line]);
            }
        }
        if !self.blocks.is_empty() {
            let text = literal(&text);
            tokens.extend(quote!(#[doc = #text]));
        }
    }
}

/// A text as a literal that is spelled as the text is: to escape it, and to read it again, costs more.
fn literal(text: &str) -> Literal {
    let mut fence = String::new();
    let is_quoted = text.contains('"');
    while is_quoted && text.contains(&format!("\"{fence}")) {
        fence.push('#');
    }
    let raw = ["r", &fence, "\"", text, "\"", &fence].concat().parse();
    raw.unwrap_or_else(|_| Literal::string(text))
}

/// Sets our own words in lines; a code span is not broken.
fn fill(text: &str, width: usize) -> Vec<String> {
    let mut lines = Vec::new();
    let mut line = String::with_capacity(text.len().min(width));
    let mut columns = 0;
    let mut in_code = false;
    let ends_word = |c: char| {
        in_code ^= c == '`';
        c == ' ' && !in_code
    };
    let is_unclosed = text.matches('`').count() % 2 == 1;
    let mut words = text.split(ends_word).peekable();
    while let Some(word) = words.next() {
        if is_unclosed && words.peek().is_none() {
            line.push_str(word.trim_end());
            break;
        }
        let size = word.chars().count();
        if !line.is_empty() && columns + 1 + size > width && !inline::starts_block(word) {
            lines.push(std::mem::take(&mut line));
            columns = 0;
        }
        if !line.is_empty() {
            line.push(' ');
            columns += 1;
        }
        line.push_str(word);
        columns += size;
    }
    if !line.is_empty() {
        lines.push(line);
    }
    lines
}
