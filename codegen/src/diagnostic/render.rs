//! Diagnostics as text for a terminal and as records for machines; writes nothing itself.

use std::ops::Range;

use annotate_snippets::{AnnotationKind, Group, Level, Origin, Renderer, Snippet};
use serde::Serialize;

use super::locate::line_column;
use super::{Code, Diagnostic, FileId, Files, Pointer, Severity};

/// Whether text carries ANSI colours.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Style {
    /// Characters alone.
    Plain,
    /// With ANSI escapes, for a terminal.
    Coloured,
}

/// A diagnostic as one object of machine-readable output.
#[derive(Debug, Clone, Serialize)]
pub struct Record<'a> {
    /// `CW` and four digits.
    pub code: Code,
    /// `error`, `warning` or `note`.
    pub severity: &'static str,
    /// The sentence.
    pub message: &'a str,
    /// A JSON Pointer into `file`; empty for its root.
    pub pointer: &'a str,
    /// The name of the file as shown to the user.
    pub file: String,
    /// 1-based.
    pub line: usize,
    /// 1-based, in characters.
    pub column: usize,
    /// What to do about it.
    pub remedy: Option<&'a str>,
}

/// The machine-readable form of a diagnostic.
pub fn record<'a>(diagnostic: &'a Diagnostic, files: &Files) -> Record<'a> {
    let location = diagnostic.location(files);
    Record {
        code: diagnostic.code,
        severity: diagnostic.severity.as_str(),
        message: &diagnostic.message,
        pointer: diagnostic.pointer.as_str(),
        file: location.file,
        line: location.line,
        column: location.column,
        remedy: diagnostic.remedy.as_deref(),
    }
}

/// Diagnostics as rustc prints its own, each followed by an empty line; empty when there are none.
///
/// Control characters of the document are replaced, so that a hostile text cannot drive the terminal.
pub fn render(diagnostics: &[Diagnostic], files: &Files, style: Style) -> String {
    let renderer = match style {
        Style::Plain => Renderer::plain(),
        Style::Coloured => Renderer::styled(),
    };
    let mut text = String::new();
    for diagnostic in diagnostics {
        text.push_str(&one(diagnostic, files, &renderer));
        text.push_str("\n\n");
    }
    text
}

/// A line longer than this, as minified JSON has, is not quoted.
const LONGEST_QUOTED_LINE: usize = 2_000;

fn one(diagnostic: &Diagnostic, files: &Files, renderer: &Renderer) -> String {
    let level = match diagnostic.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
        Severity::Note => Level::NOTE,
    };
    let file = files.get(diagnostic.file);
    let excerpt = Excerpt::of(diagnostic, files);
    let message = visible(&diagnostic.message);
    let mut group: Group<'_> = level
        .primary_title(message)
        .id(diagnostic.code.as_str())
        .elements(Vec::<Snippet<'_, annotate_snippets::Annotation<'_>>>::new());
    group = match &excerpt.quoted {
        Some((line, mark)) => {
            let mut annotation = AnnotationKind::Primary.span(mark.clone());
            if let Some(label) = &diagnostic.label {
                annotation = annotation.label(visible(label));
            }
            group.element(
                Snippet::source(*line)
                    .line_start(excerpt.line)
                    .path(file.name())
                    .annotation(annotation),
            )
        }
        None => group.element(
            Origin::path(file.name())
                .line(excerpt.line)
                .char_column(excerpt.column),
        ),
    };
    if diagnostic.pointer != Pointer::root() {
        let pointer = shortened(format!("#{}", diagnostic.pointer));
        let pointer = visible(&pointer);
        group = group.element(Level::NOTE.with_name("at").message(pointer));
    }
    if let Some(remedy) = &diagnostic.remedy {
        let remedy = visible(remedy);
        group = group.element(Level::HELP.message(remedy));
    }
    renderer.render(&[group])
}

/// A text of the document on one line, without what drives a terminal.
fn visible(text: &str) -> String {
    let line = text.replace('\n', "␊");
    annotate_snippets::normalize_untrusted_str(&line)
}

/// The most characters of a pointer that are shown to a person.
const LONGEST_POINTER: usize = 300;

/// A pointer with its middle left out where it is too long to read.
fn shortened(pointer: String) -> String {
    let count = pointer.chars().count();
    if count <= LONGEST_POINTER {
        return pointer;
    }
    let half = LONGEST_POINTER / 2;
    let start: String = pointer.chars().take(half).collect();
    let end: String = pointer.chars().skip(count - half).collect();
    format!("{start}…{end}")
}

/// The line a diagnostic is about and the bytes of it to mark.
struct Excerpt<'a> {
    line: usize,
    column: usize,
    quoted: Option<(&'a str, Range<usize>)>,
}

impl<'a> Excerpt<'a> {
    fn of(diagnostic: &Diagnostic, files: &'a Files) -> Self {
        let text = files.get(diagnostic.file).text();
        let mark = match diagnostic.at {
            Some((line, column)) => {
                let start = offset(text, line, column);
                start..start + text[start..].chars().next().map_or(0, char::len_utf8)
            }
            None => mark(diagnostic.file, &diagnostic.pointer, files),
        };
        let (line, column) = diagnostic
            .at
            .unwrap_or_else(|| line_column(text, mark.start));
        let start = text[..mark.start]
            .rfind('\n')
            .map_or(0, |newline| newline + 1);
        let end = text[mark.start..]
            .find(['\n', '\r'])
            .map_or(text.len(), |length| mark.start + length);
        let quoted = (end - start <= LONGEST_QUOTED_LINE).then(|| {
            let marked =
                mark.start - start..mark.end.clamp(mark.start, end.max(mark.start)) - start;
            (&text[start..end], marked)
        });
        Self {
            line,
            column,
            quoted,
        }
    }
}

fn mark(file: FileId, pointer: &Pointer, files: &Files) -> Range<usize> {
    let file = files.get(file);
    file.index().spot(file.text(), pointer).mark
}

/// The byte offset of a line and column, or the end of the text where it is shorter.
fn offset(text: &str, line: usize, column: usize) -> usize {
    let mut start = 0;
    for _ in 1..line {
        match text[start..].find('\n') {
            Some(newline) => start += newline + 1,
            None => return text.len(),
        }
    }
    text[start..]
        .char_indices()
        .nth(column.saturating_sub(1))
        .map_or(text.len(), |(byte, _)| start + byte)
}

#[cfg(test)]
mod tests {
    use super::super::{File, Syntax};
    use super::*;

    #[test]
    fn a_diagnostic_reads_like_one_of_rustc() {
        let files = Files::new(vec![File::new(
            "specs/x/openapi.yaml",
            "paths:\n  /x:\n    get: 7\n",
            Syntax::Yaml,
        )]);
        let diagnostic = Diagnostic::new(Code::DROPPED, "an operation is an object")
            .at((FileId::ENTRY, Pointer::from("/paths/~1x/get")))
            .label("this is a number")
            .remedy("write an operation");
        let text = render(&[diagnostic], &files, Style::Plain);
        let expected = "\
error[CW0203]: an operation is an object
 --> specs/x/openapi.yaml:3:10
  |
3 |     get: 7
  |          ^ this is a number
  |
  = at: #/paths/~1x/get
  = help: write an operation

";
        assert_eq!(text, expected);
    }

    #[test]
    fn a_line_too_long_to_quote_is_named() {
        let text = format!("{{\"a\": \"{}\", \"b\": 1}}", "x".repeat(5_000));
        let files = Files::new(vec![File::new("x.json", text, Syntax::Json)]);
        let diagnostic =
            Diagnostic::new(Code::DROPPED, "no").at((FileId::ENTRY, Pointer::from("/b")));
        let text = render(&[diagnostic], &files, Style::Plain);
        assert!(text.contains("x.json:1:5016"), "{text}");
    }

    #[test]
    fn terminal_escapes_of_a_document_are_defused() {
        let files = Files::new(vec![File::new("x", "a: \"\u{1b}[31m\"\n", Syntax::Yaml)]);
        let diagnostic = Diagnostic::new(Code::DROPPED, "\u{1b}]0;owned\u{7}")
            .at((FileId::ENTRY, Pointer::from("/a")))
            .remedy("\u{1b}[2J");
        let text = render(&[diagnostic], &files, Style::Plain);
        assert!(!text.contains(['\u{1b}', '\u{7}']), "{text:?}");
    }
}
