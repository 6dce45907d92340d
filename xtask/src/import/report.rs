//! What import tells a person: problems with their places and the remedy; it knows no page format.

use std::fmt::{self, Write as _};

/// A line and a column, both from 1; columns count characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Position {
    pub(super) line: usize,
    pub(super) column: usize,
}

impl Position {
    pub(super) const START: Self = Self { line: 1, column: 1 };

    pub(super) fn new(line: usize, column: usize) -> Self {
        Self { line, column }
    }
}

/// A place in a file as the user named it, with what stands there where that helps.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Place {
    pub(super) file: String,
    pub(super) position: Option<Position>,
    pub(super) note: Option<String>,
}

impl Place {
    pub(super) fn file(file: &str) -> Self {
        Self {
            file: file.to_owned(),
            position: None,
            note: None,
        }
    }

    pub(super) fn at(file: &str, position: Position) -> Self {
        Self {
            position: Some(position),
            ..Self::file(file)
        }
    }

    pub(super) fn saying(mut self, note: impl Into<String>) -> Self {
        self.note = Some(note.into());
        self
    }
}

/// Whether a problem stops the import.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Severity {
    Error,
    Warning,
}

/// One thing that is wrong, where, and what to do about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Problem {
    pub(super) severity: Severity,
    pub(super) message: String,
    pub(super) places: Vec<Place>,
    pub(super) help: Option<String>,
}

impl Problem {
    pub(super) fn error(message: impl Into<String>, place: Place) -> Self {
        Self {
            severity: Severity::Error,
            message: message.into(),
            places: vec![place],
            help: None,
        }
    }

    pub(super) fn warning(message: impl Into<String>, place: Place) -> Self {
        Self {
            severity: Severity::Warning,
            ..Self::error(message, place)
        }
    }

    pub(super) fn and(mut self, place: Place) -> Self {
        self.places.push(place);
        self
    }

    pub(super) fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    pub(super) fn is_error(&self) -> bool {
        self.severity == Severity::Error
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (color, word) = match self.severity {
            Severity::Error => ("\x1b[1;31m", "error"),
            Severity::Warning => ("\x1b[1;33m", "warning"),
        };
        writeln!(
            f,
            "{color}{word}\x1b[0m\x1b[1m: {}\x1b[0m",
            printable(&self.message)
        )?;
        for place in &self.places {
            write!(f, "  \x1b[1;34m-->\x1b[0m {}", printable(&place.file))?;
            if let Some(Position { line, column }) = place.position {
                write!(f, ":{line}:{column}")?;
            }
            match &place.note {
                Some(note) => writeln!(f, ": {}", printable(note))?,
                None => writeln!(f)?,
            }
        }
        if let Some(help) = &self.help {
            writeln!(f, "  \x1b[1;36mhelp\x1b[0m: {}", printable(help))?;
        }
        Ok(())
    }
}

/// A page is untrusted: what it says reaches the terminal without control characters.
fn printable(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if c.is_control() {
            // Writing to a String does not fail.
            let _ = write!(out, "{}", c.escape_default());
        } else {
            out.push(c);
        }
    }
    out
}

/// A value on one line, shortened for a message.
pub(super) fn short(text: &str) -> String {
    const LONGEST: usize = 80;
    if text.chars().count() <= LONGEST {
        return text.to_owned();
    }
    let kept: String = text.chars().take(LONGEST - 1).collect();
    format!("{kept}…")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shows_message_places_and_help_without_control_characters() {
        let problem = Problem::error("a\u{1b}[2Jb", Place::at("p.md", Position::new(3, 4)))
            .and(Place::file("q.md").saying("x"))
            .help("do this");
        let text = anstream::adapter::strip_str(&problem.to_string()).to_string();
        assert_eq!(
            text,
            "error: a\\u{1b}[2Jb\n  --> p.md:3:4\n  --> q.md: x\n  help: do this\n"
        );
    }
}
