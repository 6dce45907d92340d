//! What there is to say about a document, and where in its author's own text; knows files and pointers, nothing of OpenAPI.

mod code;
mod files;
mod locate;
mod pointer;
mod render;

pub use code::{Code, Entry};
pub use files::{File, FileId, Files, Syntax};
pub use locate::Location;
pub use pointer::Pointer;
pub use render::{Record, Style, record, render};

/// How much a diagnostic weighs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// Something of the document is not in the output, or the output would be wrong.
    Error,
    /// The output is usable, but less exact than the author may expect.
    Warning,
    /// Worth knowing; nothing to do.
    Note,
}

impl Severity {
    /// The word printed before the code, and the one in machine-readable output.
    pub fn as_str(self) -> &'static str {
        match self {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Note => "note",
        }
    }
}

/// One thing to tell the author of a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostic {
    /// Which rule speaks; stable across releases.
    pub code: Code,
    /// Usually the severity of the code.
    pub severity: Severity,
    /// One sentence without a final stop, naming the offending thing.
    pub message: String,
    /// The file the pointer is in.
    pub file: FileId,
    /// Where, in that file as its author wrote it.
    pub pointer: Pointer,
    /// What the author can do about it.
    pub remedy: Option<String>,
    /// A few words beside the marked text.
    pub label: Option<String>,
    /// Line and column (1-based, in characters) where no pointer can say it: a syntax error has no value to point at.
    pub at: Option<(usize, usize)>,
}

impl Diagnostic {
    /// A diagnostic with the severity of its code, at the root of the entry file.
    pub fn new(code: Code, message: impl Into<String>) -> Self {
        Self {
            code,
            severity: code.severity(),
            message: message.into(),
            file: FileId::ENTRY,
            pointer: Pointer::root(),
            remedy: None,
            label: None,
            at: None,
        }
    }

    /// Places it at a value of a file, as `Origins::author` or `Lowered::author` returned it.
    #[must_use]
    pub fn at(mut self, (file, pointer): (FileId, Pointer)) -> Self {
        self.file = file;
        self.pointer = pointer;
        self
    }

    /// Places it at a line and column (1-based, in characters) of a file.
    #[must_use]
    pub fn at_line(mut self, file: FileId, line: usize, column: usize) -> Self {
        self.file = file;
        self.at = Some((line, column));
        self
    }

    /// Says what to do about it.
    #[must_use]
    pub fn remedy(mut self, remedy: impl Into<String>) -> Self {
        self.remedy = Some(remedy.into());
        self
    }

    /// Adds a few words beside the marked text.
    #[must_use]
    pub fn label(mut self, label: impl Into<String>) -> Self {
        self.label = Some(label.into());
        self
    }

    /// Overrides the severity of the code.
    #[must_use]
    pub fn severity(mut self, severity: Severity) -> Self {
        self.severity = severity;
        self
    }

    /// File, line and column in the author's text.
    pub fn location(&self, files: &Files) -> Location {
        match self.at {
            Some((line, column)) => Location {
                file: files.get(self.file).name().to_owned(),
                line,
                column,
            },
            None => files.locate(self.file, &self.pointer),
        }
    }
}
