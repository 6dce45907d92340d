//! What `generate` tells: diagnostics, what changed, a line of figures an API.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::process::ExitCode;

use anstream::{eprint, eprintln, println};
use callwright_codegen::diagnostic::{self, Severity, Style};
use callwright_codegen::{Client, Output};
use similar::TextDiff;

use super::Mode;
use super::files::Change;

/// How diagnostics are printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Format {
    /// For people, on stderr.
    Text,
    /// One JSON object a line, on stdout.
    Json,
}

/// Lines of difference shown of one file, and files of which any are shown.
const MAX_LINES: usize = 20;
const MAX_FILES: usize = 5;
/// Changed files that are named.
const MAX_LISTED: usize = 12;

/// Prints and keeps what decides the exit status.
pub(crate) struct Report {
    format: Format,
    verbose: bool,
    errors: usize,
    /// Documents of which nothing could be generated.
    unread: usize,
    stale: bool,
}

impl Report {
    pub(crate) fn new(format: Format, verbose: bool) -> Self {
        Self {
            format,
            verbose,
            errors: 0,
            unread: 0,
            stale: false,
        }
    }

    /// Prints the diagnostics of one document.
    pub(crate) fn diagnostics(&mut self, output: &Output) {
        let shown: Vec<_> = output
            .diagnostics
            .iter()
            .filter(|diagnostic| {
                self.verbose || self.format == Format::Json || diagnostic.severity != Severity::Note
            })
            .cloned()
            .collect();
        match self.format {
            Format::Text => eprint!(
                "{}",
                diagnostic::render(&shown, &output.sources, Style::Coloured)
            ),
            Format::Json => {
                for diagnostic in &shown {
                    match serde_json::to_string(&diagnostic::record(diagnostic, &output.sources)) {
                        Ok(line) => println!("{line}"),
                        Err(error) => eprintln!("error: a diagnostic cannot be printed: {error}"),
                    }
                }
            }
        }
        self.errors += output
            .diagnostics
            .iter()
            .filter(|diagnostic| diagnostic.severity == Severity::Error)
            .count();
        self.unread += usize::from(output.client.is_none());
    }

    /// What changed, or is stale.
    pub(crate) fn changes(&mut self, changes: &[Change], mode: Mode, repair: &str) {
        if changes.is_empty() {
            eprintln!("everything is up to date");
            return;
        }
        if mode == Mode::Write && changes.len() > MAX_LISTED {
            // A crate that is new: what is in it tells nobody anything.
            let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
            for change in changes {
                *counts.entry(verb(change, mode)).or_default() += 1;
            }
            for (verb, count) in counts {
                eprintln!("{verb:>9}  {count} file{}", plural(count));
            }
            return;
        }
        for change in changes.iter().take(MAX_LISTED) {
            eprintln!("{:>9}  {}", verb(change, mode), change.path.display());
        }
        if changes.len() > MAX_LISTED {
            eprintln!("{:>9}  and {} more files", "…", changes.len() - MAX_LISTED);
        }
        if mode == Mode::Check {
            self.stale = true;
            for change in changes.iter().take(MAX_FILES) {
                difference(change);
            }
            let (count, are) = (changes.len(), if changes.len() == 1 { "is" } else { "are" });
            eprintln!(
                "error: {count} generated file{} {are} not what would be generated\n  help: run `{repair}`; \
                 what is to stay different belongs into the document's overlay",
                plural(count)
            );
        }
    }

    /// The exit status.
    pub(crate) fn finish(self) -> ExitCode {
        let count = self.errors;
        if self.unread > 0 {
            eprintln!(
                "error: nothing was generated from a document that cannot be read as a whole"
            );
        } else if count > 0 {
            let what = if count == 1 { "it names" } else { "they name" };
            eprintln!(
                "error: {count} error{}; what {what} was left out",
                plural(count)
            );
        }
        ExitCode::from(u8::from(self.errors > 0 || self.stale))
    }
}

/// A line of figures.
pub(super) fn summary(document: &str, client: &Client) {
    let (title, version) = (printable(&client.title), printable(&client.version));
    let title = format!("{title} {version}");
    let title = match title.trim() {
        "" => "untitled",
        title => title,
    };
    let mut line = format!(
        "{document}: {title}, {} of {} operations, {} types",
        client.emitted, client.operations, client.types
    );
    if client.untyped > 0 {
        let _ = write!(line, ", {} untyped", client.untyped);
    }
    eprintln!("{line}");
}

/// What the user may want to do now.
pub(super) fn next(command: &str) {
    eprintln!("next: {command}");
}

fn verb(change: &Change, mode: Mode) -> &'static str {
    match (mode, &change.old, &change.new) {
        (Mode::Write, _, None) => "removed",
        (Mode::Write, None, _) => "created",
        (Mode::Write, ..) => "updated",
        (Mode::Check, None, _) => "missing",
        (Mode::Check, _, None) => "left over",
        (Mode::Check, ..) => "stale",
    }
}

fn plural(count: usize) -> &'static str {
    if count == 1 { "" } else { "s" }
}

/// Prints the first lines of the difference of a changed file.
fn difference(change: &Change) {
    let (Some(old), Some(new)) = (&change.old, &change.new) else {
        return;
    };
    let (old, new) = (String::from_utf8_lossy(old), String::from_utf8_lossy(new));
    let difference = TextDiff::from_lines(&old, &new);
    let name = change.path.display().to_string();
    let text = difference
        .unified_diff()
        .context_radius(1)
        .header(&name, "generated")
        .to_string();
    let lines: Vec<&str> = text.lines().collect();
    for line in lines.iter().take(MAX_LINES) {
        eprintln!("{}", coloured(line));
    }
    if lines.len() > MAX_LINES {
        eprintln!("… {} more lines", lines.len() - MAX_LINES);
    }
}

/// A text of the document without what would drive the terminal or turn its text around.
fn printable(text: &str) -> String {
    text.chars()
        .filter(|c| !matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}'))
        .map(|c| if c.is_control() || c.is_whitespace() { ' ' } else { c })
        .take(80)
        .collect()
}

fn coloured(line: &str) -> String {
    let style = match line.as_bytes().first() {
        Some(b'+') => anstyle::AnsiColor::Green.on_default(),
        Some(b'-') => anstyle::AnsiColor::Red.on_default(),
        _ => anstyle::Style::new(),
    };
    format!("{style}{line}{style:#}")
}
