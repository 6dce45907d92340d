//! `CommonMark` in, `CommonMark` out, of which rustdoc and clippy have nothing to say; it knows no documents.
//!
//! The text is parsed and written anew: what is left has one spelling of every construct, so that nothing
//! becomes a doctest, an intra-doc link, a stray tag or a lazily continued line by accident.

use std::cell::RefCell;
use std::collections::HashMap;
use std::collections::hash_map::{DefaultHasher, Entry};
use std::hash::{Hash as _, Hasher as _};
use std::iter::Peekable;

use pulldown_cmark::{
    Alignment, CodeBlockKind, CowStr, Event, HeadingLevel, LinkType, Options, Parser, Tag, TagEnd,
    TextMergeStream,
};

use super::html;
use super::inline::{Inline, WIDTH};

/// Containers nested deeper than this are written as one paragraph.
const DEPTH: usize = 24;

/// One block of text, line by line.
pub(super) type Block = Vec<String>;

/// The text as blocks, to be set apart by blank lines.
pub(super) fn blocks(source: &str) -> Vec<Block> {
    thread_local! {
        static KNOWN: RefCell<HashMap<u64, Known>> = RefCell::default();
    }
    if source.len() < LONG {
        return set(source);
    }
    KNOWN.with_borrow_mut(|known| {
        let mut hasher = DefaultHasher::new();
        source.hash(&mut hasher);
        match known.entry(hasher.finish()) {
            Entry::Vacant(entry) => {
                entry.insert(None);
                set(source)
            }
            Entry::Occupied(mut entry) => match entry.get() {
                Some((text, blocks)) if text == source => blocks.clone(),
                _ => {
                    let blocks = set(source);
                    entry.insert(Some((source.to_owned(), blocks.clone())));
                    blocks
                }
            },
        }
    })
}

/// What becomes of a long text that is said again and again, as those of parameters are; none where it was said once so far.
type Known = Option<(String, Vec<Block>)>;

/// In bytes: shorter texts are not worth remembering.
const LONG: usize = 100;

fn set(source: &str) -> Vec<Block> {
    if is_plain(source) {
        let mut inline = Inline::default();
        inline.text(source);
        inline.wrap(WIDTH).into_iter().collect()
    } else {
        marked_up(source)
    }
}

/// Whether a text is one paragraph without any markup, as most descriptions are: it is set in lines without being parsed.
fn is_plain(source: &str) -> bool {
    let source = source.trim_end_matches('\n');
    let (mut at_start, mut spaces) = (true, 0);
    !source.contains("://")
        && source.starts_with(|c: char| c.is_ascii_alphabetic())
        && source.bytes().all(|byte| {
            let before = std::mem::take(&mut spaces);
            match byte {
                b' ' => spaces = before + 1,
                // An empty line ends a paragraph, and spaces at the end of a line break it.
                b'\n' if at_start || before > 1 => return false,
                b'\n' => at_start = true,
                b'a'..=b'z' | b'A'..=b'Z' => at_start = false,
                b'0'..=b'9' => return !at_start,
                _ if br#".,;:?!()/-'"%"#.contains(&byte) => return !at_start,
                _ => return false,
            }
            true
        })
}

/// The blocks of a text that may be more than a paragraph.
fn marked_up(source: &str) -> Vec<Block> {
    let source = clean(source);
    if source.trim().is_empty() {
        return Vec::new();
    }
    let options = Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH;
    let source = html::to_markdown(&source, options);
    if too_deep(&source, options) {
        let mut inline = Inline::default();
        inline.text(&source);
        return inline.wrap(WIDTH).into_iter().collect();
    }
    let events = TextMergeStream::new(Parser::new_ext(&source, options));
    let mut writer = Writer {
        events: events.peekable(),
    };
    writer.blocks(WIDTH, false).0
}

/// Drops what must not reach a source file: control characters, the invisible and the ones that
/// change the direction of text.
pub(super) fn clean(source: &str) -> String {
    let mut out = String::with_capacity(source.len());
    for c in source.chars() {
        match c {
            '\n' | '\u{2028}' | '\u{2029}' => out.push('\n'),
            '\t' => out.push_str("    "),
            '\u{a0}' | '\u{2000}'..='\u{200a}' | '\u{202f}' | '\u{205f}' | '\u{3000}' => {
                out.push(' ');
            }
            '\u{ad}'
            | '\u{61c}'
            | '\u{180e}'
            | '\u{200b}'..='\u{200f}'
            | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}'
            | '\u{feff}'
            | '\u{fff9}'..='\u{fffb}'
            | '\u{e0000}'..='\u{e007f}' => {}
            c if c.is_control() => {}
            c => out.push(c),
        }
    }
    out
}

fn too_deep(source: &str, options: Options) -> bool {
    let mut depth = 0_usize;
    Parser::new_ext(source, options).any(|event| {
        match event {
            Event::Start(_) => depth += 1,
            Event::End(_) => depth -= 1,
            _ => {}
        }
        depth > DEPTH
    })
}

struct Writer<'a, I: Iterator<Item = Event<'a>>> {
    events: Peekable<I>,
}

impl<'a, I: Iterator<Item = Event<'a>>> Writer<'a, I> {
    /// The blocks up to the end of the container. Also says whether a paragraph stood among them: a
    /// list with paragraphs in its items is written loosely.
    fn blocks(&mut self, width: usize, in_item: bool) -> (Vec<Block>, bool) {
        let mut blocks = Vec::new();
        let mut loose = false;
        while let Some(event) = self.events.next() {
            match event {
                Event::End(_) => break,
                Event::Start(Tag::Paragraph) => {
                    loose = true;
                    blocks.extend(self.inline().wrap(width));
                }
                Event::Start(Tag::Heading { level, .. }) => blocks.extend(self.heading(level)),
                Event::Start(Tag::CodeBlock(kind)) => blocks.extend(self.code(&kind)),
                Event::Start(Tag::BlockQuote(_)) => {
                    let inner = self.blocks(width.saturating_sub(2), false).0;
                    blocks.extend(quote(inner));
                }
                Event::Start(Tag::List(first)) => blocks.extend(self.list(first, width)),
                Event::Start(Tag::Table(alignments)) => blocks.extend(self.table(&alignments)),
                Event::Start(Tag::HtmlBlock) => {
                    blocks.extend(self.inline().wrap(width));
                }
                Event::Start(tag) if !is_inline(&tag) => {
                    blocks.extend(self.blocks(width, in_item).0);
                }
                Event::Rule => {}
                // The items of a tight list hold their text without a paragraph.
                event => {
                    let mut inline = Inline::default();
                    self.run(&mut inline, event);
                    while let Some(event) = self.events.next_if(is_run) {
                        self.run(&mut inline, event);
                    }
                    blocks.extend(inline.wrap(width));
                }
            }
        }
        (blocks, loose && in_item)
    }

    fn inline(&mut self) -> Inline {
        self.inline_of(Inline::default())
    }

    /// Running text up to the end of its container, added to `inline`.
    fn inline_of(&mut self, mut inline: Inline) -> Inline {
        while let Some(event) = self.events.next() {
            if let Event::End(_) = event {
                break;
            }
            self.run(&mut inline, event);
        }
        inline
    }

    fn run(&mut self, inline: &mut Inline, event: Event<'a>) {
        match event {
            Event::Text(text) | Event::Html(text) | Event::InlineHtml(text) => inline.text(&text),
            Event::Code(code) => inline.code(&code),
            Event::SoftBreak | Event::Rule => inline.space(),
            Event::HardBreak => inline.hard_break(),
            Event::Start(Tag::Emphasis) => self.marked(inline, "*"),
            Event::Start(Tag::Strong) => self.marked(inline, "**"),
            Event::Start(Tag::Strikethrough) => self.marked(inline, "~~"),
            Event::Start(Tag::Link {
                link_type,
                dest_url,
                ..
            }) => {
                self.link(inline, link_type, &dest_url);
            }
            Event::Start(Tag::Image { dest_url, .. }) => {
                self.link(inline, LinkType::Inline, &dest_url);
            }
            Event::Start(_) => inline.append(self.inline_of(inline.like())),
            _ => {}
        }
    }

    fn marked(&mut self, inline: &mut Inline, mark: &str) {
        let inner = self.inline_of(inline.like());
        if !inner.is_empty() {
            inline.enclose(mark, inner, mark);
        }
    }

    fn link(&mut self, inline: &mut Inline, kind: LinkType, target: &CowStr<'_>) {
        let mut inner = Inline::in_link();
        while let Some(event) = self.events.next() {
            if let Event::End(TagEnd::Link | TagEnd::Image) = event {
                break;
            }
            self.run(&mut inner, event);
        }
        // A link inside of the text of a link, as badges have it, is none.
        let target = web_target(target).filter(|_| !inline.is_in_link());
        let Some(target) = target else {
            // A target inside the documentation's own site leads nowhere from here.
            inline.append(inner);
            return;
        };
        if inner.is_empty() || kind == LinkType::Autolink || inner.plain() == target {
            inline.raw(&format!("<{target}>"));
        } else {
            inline.enclose("[", inner, &format!("]({target})"));
        }
    }

    fn heading(&mut self, level: HeadingLevel) -> Option<Block> {
        let words = self.inline().line();
        // The first two levels belong to the sections that every item has.
        let level = (level as usize + 2).min(6);
        (!words.is_empty()).then(|| vec![format!("{} {words}", "#".repeat(level))])
    }

    fn code(&mut self, kind: &CodeBlockKind<'_>) -> Option<Block> {
        let mut text = String::new();
        for event in self.events.by_ref() {
            match event {
                Event::Text(part) => text.push_str(&part),
                Event::End(_) => break,
                _ => {}
            }
        }
        let text = text.trim_end();
        if text.trim().is_empty() {
            return None;
        }
        let longest = text.split(|c| c != '`').map(str::len).max().unwrap_or(0);
        let fence = "`".repeat(longest.max(2) + 1);
        let mut block = vec![format!("{fence}{}", language(kind))];
        block.extend(text.lines().map(|line| line.trim_end().to_owned()));
        block.push(fence);
        Some(block)
    }

    fn list(&mut self, first: Option<u64>, width: usize) -> Option<Block> {
        let mut number = first;
        let mut items = Vec::new();
        let mut loose = false;
        while let Some(event) = self.events.next() {
            match event {
                Event::End(TagEnd::List(_)) => break,
                Event::Start(Tag::Item) => {
                    let marker = match &mut number {
                        Some(number) => {
                            let marker = format!("{number}. ");
                            *number = number.saturating_add(1).min(999_999_999);
                            marker
                        }
                        None => "- ".to_owned(),
                    };
                    let (blocks, paragraphs) =
                        self.blocks(width.saturating_sub(marker.len()), true);
                    loose |= paragraphs && blocks.len() > 1;
                    if !blocks.is_empty() {
                        items.push((marker, blocks));
                    }
                }
                _ => {}
            }
        }
        let mut lines = Vec::new();
        for (marker, blocks) in items {
            if loose && !lines.is_empty() {
                lines.push(String::new());
            }
            item(&marker, blocks, loose, &mut lines);
        }
        (!lines.is_empty()).then_some(lines)
    }

    fn table(&mut self, alignments: &[Alignment]) -> Option<Block> {
        let mut lines = Vec::new();
        while let Some(event) = self.events.next() {
            match event {
                Event::End(TagEnd::Table) => break,
                Event::Start(Tag::TableHead | Tag::TableRow) => {
                    let mut line = "|".to_owned();
                    while let Some(Event::Start(_)) = self.events.next() {
                        let cell = self.inline().line().replace('|', "\\|");
                        line.push(' ');
                        line.push_str(&cell.replace("\\\\|", "\\|"));
                        line.push_str(" |");
                    }
                    lines.push(line);
                    if lines.len() == 1 {
                        lines.push(rule(alignments));
                    }
                }
                _ => {}
            }
        }
        (lines.len() > 1).then_some(lines)
    }
}

/// Whether an event belongs to running text.
fn is_run(event: &Event<'_>) -> bool {
    match event {
        Event::Start(tag) => is_inline(tag),
        Event::End(_) | Event::Rule => false,
        _ => true,
    }
}

fn is_inline(tag: &Tag<'_>) -> bool {
    matches!(
        tag,
        Tag::Emphasis | Tag::Strong | Tag::Strikethrough | Tag::Link { .. } | Tag::Image { .. }
    )
}

fn quote(inner: Vec<Block>) -> Option<Block> {
    let lines = join(inner);
    (!lines.is_empty()).then(|| {
        lines
            .iter()
            .map(|line| format!("> {line}").trim_end().to_owned())
            .collect()
    })
}

/// Joins blocks by blank lines.
pub(super) fn join(blocks: Vec<Block>) -> Vec<String> {
    let mut lines = Vec::new();
    for block in blocks {
        if !lines.is_empty() {
            lines.push(String::new());
        }
        lines.extend(block);
    }
    lines
}

fn item(marker: &str, blocks: Vec<Block>, loose: bool, lines: &mut Vec<String>) {
    let indent = " ".repeat(marker.len());
    for (index, block) in blocks.into_iter().enumerate() {
        // A table, or a list that starts late, cannot follow a text directly.
        let apart = block.first().is_some_and(|line| {
            line.starts_with('|')
                || (line.starts_with(|c: char| c.is_ascii_digit()) && !line.starts_with("1. "))
        });
        if index > 0 && (loose || apart) {
            lines.push(String::new());
        }
        for (row, line) in block.into_iter().enumerate() {
            lines.push(match (index, row) {
                (0, 0) => format!("{marker}{line}"),
                _ if line.is_empty() => line,
                _ => format!("{indent}{line}"),
            });
        }
    }
}

fn rule(alignments: &[Alignment]) -> String {
    let mut line = "|".to_owned();
    for alignment in alignments {
        line.push_str(match alignment {
            Alignment::None => " --- |",
            Alignment::Left => " :-- |",
            Alignment::Center => " :-: |",
            Alignment::Right => " --: |",
        });
    }
    line
}

/// The language of a code block, where it is one that rustdoc does not take for Rust.
fn language(kind: &CodeBlockKind<'_>) -> &'static str {
    const KNOWN: &[&str] = &[
        "bash",
        "csharp",
        "css",
        "csv",
        "curl",
        "diff",
        "go",
        "graphql",
        "html",
        "http",
        "ini",
        "java",
        "javascript",
        "js",
        "json",
        "json5",
        "jsonc",
        "kotlin",
        "lua",
        "markdown",
        "php",
        "plain",
        "powershell",
        "python",
        "ruby",
        "sh",
        "shell",
        "sql",
        "swift",
        "toml",
        "ts",
        "typescript",
        "xml",
        "yaml",
    ];
    let CodeBlockKind::Fenced(info) = kind else {
        return "text";
    };
    let word = info
        .split([' ', ',', '{', '\t'])
        .next()
        .unwrap_or_default()
        .to_ascii_lowercase();
    KNOWN
        .iter()
        .find(|known| **known == word)
        .copied()
        .unwrap_or("text")
}

/// The target of a link that leads somewhere from any page, percent-encoded where markdown would trip.
pub(super) fn web_target(target: &str) -> Option<String> {
    let known = ["https://", "http://", "mailto:"]
        .iter()
        .find(|s| target.starts_with(**s))?;
    if target.len() == known.len() {
        return None;
    }
    let mut out = String::with_capacity(target.len());
    for c in target.chars() {
        match c {
            ' ' => out.push_str("%20"),
            '(' => out.push_str("%28"),
            ')' => out.push_str("%29"),
            '<' => out.push_str("%3C"),
            '>' => out.push_str("%3E"),
            '[' => out.push_str("%5B"),
            ']' => out.push_str("%5D"),
            '\\' => out.push_str("%5C"),
            '`' => out.push_str("%60"),
            '|' => out.push_str("%7C"),
            '*' => out.push_str("%2A"),
            '"' => out.push_str("%22"),
            c if c.is_whitespace() => {}
            c => out.push(c),
        }
    }
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::{blocks, is_plain, marked_up};

    #[test]
    fn a_plain_text_is_what_the_parser_makes_of_it() {
        let plain = [
            "If 'true', then the output is pretty printed (at most 80 columns).",
            "The name of the pet, e.g. Rex.\nWhat it is called by its owner;\n  not by others: 1.5 or 2/3?\n",
            "Up to 50% - 60% of it!\n    Indented, which continues a paragraph\n",
            "A word  and another,   far apart: \"quoted\".",
            "x",
        ];
        for text in plain {
            assert!(is_plain(text), "{text}");
            assert_eq!(blocks(text), marked_up(text), "{text}");
        }
    }

    #[test]
    fn what_could_be_markup_is_parsed() {
        let marked = [
            "",
            "\n",
            "1. One",
            "- an item",
            " indented",
            "One\n\nTwo",
            "A break  \nhere",
            "Text\n- an item",
            "Text\n1. an item",
            "Title\n---",
            "See https://example.com",
            "a *word*",
            "a `word`",
            "a_b",
            "a < b",
            "one\ttwo",
            "one\r\ntwo",
            "café",
        ];
        for text in marked {
            assert!(!is_plain(text), "{text:?}");
        }
    }
}
