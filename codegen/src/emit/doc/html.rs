//! HTML inside `CommonMark`, rewritten as `CommonMark`; it knows tags and no documents.

use std::fmt::Write as _;
use std::ops::Range;

use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};

/// Replaces the tags that browsers know by their markdown, and escapes the others: `<token>` in a
/// description is a word of its author, not markup.
pub(super) fn to_markdown(source: &str, options: Options) -> String {
    let ranges = html_ranges(source, options);
    if ranges.is_empty() {
        return source.to_owned();
    }
    let mut out = String::with_capacity(source.len());
    let mut rewriter = Rewriter::default();
    let mut done = 0;
    for (range, place) in ranges {
        // Ranges of one parse neither overlap nor go backwards; a guard costs nothing.
        if range.start < done {
            continue;
        }
        out.push_str(&source[done..range.start]);
        rewriter.rewrite(&source[range.clone()], place, &mut out);
        done = range.end;
    }
    out.push_str(&source[done..]);
    out
}

/// Where a piece of HTML stands.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    /// A block of its own: line starts are free.
    Block,
    /// In a paragraph.
    Inline,
    /// In a cell of a table, which is one line.
    Cell,
}

fn html_ranges(source: &str, options: Options) -> Vec<(Range<usize>, Place)> {
    let mut ranges = Vec::new();
    let mut cells = 0_usize;
    for (event, range) in Parser::new_ext(source, options).into_offset_iter() {
        match event {
            Event::Start(Tag::TableCell) => cells += 1,
            Event::End(TagEnd::TableCell) => cells -= 1,
            Event::Html(_) => ranges.push((range, Place::Block)),
            Event::InlineHtml(_) if cells > 0 => ranges.push((range, Place::Cell)),
            Event::InlineHtml(_) => ranges.push((range, Place::Inline)),
            _ => {}
        }
    }
    ranges
}

/// Carries what an opening tag leaves for its closing tag.
#[derive(Default)]
struct Rewriter {
    /// The targets of open links; empty where the tag has none.
    links: Vec<String>,
    /// The tag whose content is skipped: `script` or `style`.
    skipping: Option<&'static str>,
    /// Whether a comment is open.
    comment: bool,
    /// Whether the text is preformatted.
    preformatted: bool,
}

impl Rewriter {
    fn rewrite(&mut self, html: &str, place: Place, out: &mut String) {
        let mut rest = html;
        while !rest.is_empty() {
            if self.comment {
                let Some(end) = rest.find("-->") else { return };
                self.comment = false;
                rest = &rest[end + 3..];
                continue;
            }
            let Some(open) = rest.find('<') else {
                self.text(rest, place, out);
                return;
            };
            self.text(&rest[..open], place, out);
            rest = &rest[open..];
            if let Some(after) = rest.strip_prefix("<!--") {
                self.comment = true;
                rest = after;
            } else if let Some(tag) = Tagged::at(rest) {
                self.tag(&tag, place, out);
                rest = &rest[tag.length..];
            } else {
                self.text("\\<", place, out);
                rest = &rest[1..];
            }
        }
    }

    fn text(&self, text: &str, place: Place, out: &mut String) {
        if self.skipping.is_some() {
            return;
        }
        if place != Place::Block || self.preformatted {
            out.push_str(text);
            return;
        }
        // The indentation of HTML means nothing; that of markdown would make it code.
        let mut lines = text.split('\n');
        let first = lines.next().unwrap_or_default();
        out.push_str(if out.ends_with('\n') {
            first.trim_start()
        } else {
            first
        });
        for line in lines {
            out.push('\n');
            out.push_str(line.trim_start());
        }
    }

    fn tag(&mut self, tag: &Tagged<'_>, place: Place, out: &mut String) {
        if let Some(name) = self.skipping {
            if tag.closing && tag.is(name) {
                self.skipping = None;
            }
            return;
        }
        let block = if place == Place::Cell { " " } else { "\n\n" };
        match tag.name.to_ascii_lowercase().as_str() {
            "br" => out.push_str(if place == Place::Cell { " " } else { "\\\n" }),
            "p" | "div" | "section" | "article" | "ul" | "ol" | "dl" | "dt" | "dd" | "table"
            | "thead" | "tbody" | "tr" | "hr" | "details" | "summary" | "blockquote" | "center"
            | "header" | "footer" | "figure" | "aside" | "main" | "nav" => out.push_str(block),
            "td" | "th" => out.push(' '),
            "li" if tag.closing => {}
            "li" => out.push_str(if place == Place::Cell { " " } else { "\n- " }),
            "b" | "strong" => out.push_str("**"),
            "i" | "em" => out.push('*'),
            "code" | "tt" | "kbd" | "samp" if !self.preformatted => out.push('`'),
            "pre" if place == Place::Block => {
                self.preformatted = !tag.closing;
                out.push_str(if tag.closing {
                    "\n```\n\n"
                } else {
                    "\n\n```text\n"
                });
            }
            "a" => self.link(tag, out),
            "h1" | "h2" | "h3" | "h4" | "h5" | "h6" if place != Place::Cell => {
                out.push_str(if tag.closing { "\n\n" } else { "\n\n### " });
            }
            "script" if !tag.closing => self.skipping = Some("script"),
            "style" if !tag.closing => self.skipping = Some("style"),
            "img" => out.push_str(&tag.attribute("alt").unwrap_or_default()),
            "span" | "u" | "sup" | "sub" | "small" | "font" | "big" | "mark" | "s" | "del"
            | "ins" | "abbr" | "cite" | "q" | "var" | "label" | "colgroup" | "col" | "caption"
            | "tfoot" | "pre" | "code" | "tt" | "kbd" | "samp" | "script" | "style" | "picture"
            | "source" | "svg" | "path" | "iframe" | "video" | "wbr" | "nobr" | "html" | "body"
            | "head" | "meta" | "button" | "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => {}
            _ => {
                let _ = write!(out, "\\{}", tag.text);
            }
        }
    }

    fn link(&mut self, tag: &Tagged<'_>, out: &mut String) {
        if !tag.closing {
            let target = tag.attribute("href").unwrap_or_default();
            if !target.is_empty() {
                out.push('[');
            }
            self.links.push(target);
        } else if let Some(target) = self.links.pop()
            && !target.is_empty()
        {
            let target: String = target
                .chars()
                .filter(|c| !c.is_whitespace() && !matches!(c, '<' | '>' | '(' | ')' | '\\'))
                .collect();
            let _ = write!(out, "]({target})");
        }
    }
}

/// A tag at the start of a text.
struct Tagged<'a> {
    name: &'a str,
    closing: bool,
    attributes: &'a str,
    text: &'a str,
    length: usize,
}

impl<'a> Tagged<'a> {
    fn at(html: &'a str) -> Option<Self> {
        let end = html.find('>')?;
        let inner = &html[1..end];
        if inner.contains('<') {
            return None;
        }
        let (closing, inner) = match inner.strip_prefix('/') {
            Some(inner) => (true, inner),
            None => (false, inner),
        };
        let length = inner
            .find(|c: char| !c.is_ascii_alphanumeric() && c != '-' && c != '_')
            .unwrap_or(inner.len());
        let name = &inner[..length];
        name.starts_with(|c: char| c.is_ascii_alphabetic())
            .then_some(Self {
                name,
                closing,
                attributes: &inner[length..],
                text: &html[..=end],
                length: end + 1,
            })
    }

    fn is(&self, name: &str) -> bool {
        self.name.eq_ignore_ascii_case(name)
    }

    fn attribute(&self, name: &str) -> Option<String> {
        let lower = self.attributes.to_ascii_lowercase();
        let start = lower.find(&format!("{name}="))? + name.len() + 1;
        let value = &self.attributes[start..];
        let value = match value.chars().next()? {
            quote @ ('"' | '\'') => value[1..].split(quote).next()?,
            _ => value.split([' ', '\t', '\n', '/']).next()?,
        };
        Some(value.replace("&amp;", "&"))
    }
}
