//! The texts a document was read from, kept for positions and excerpts; knows no paths on disk, only the names shown to the user.

use std::fmt;
use std::sync::{Arc, OnceLock};

use super::locate::Index;

/// Which file of a document; the entry is the first.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FileId(pub usize);

impl FileId {
    /// The file the user named.
    pub const ENTRY: FileId = FileId(0);
}

/// The grammar a text was read with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Syntax {
    /// RFC 8259.
    Json,
    /// YAML 1.2, core schema.
    Yaml,
}

/// One text, with an index of positions that is made when first asked for.
pub struct File {
    name: String,
    text: String,
    syntax: Syntax,
    index: OnceLock<Index>,
}

impl File {
    /// A file under the name shown to the user.
    pub fn new(name: impl Into<String>, text: impl Into<String>, syntax: Syntax) -> Self {
        Self {
            name: name.into(),
            text: text.into(),
            syntax,
            index: OnceLock::new(),
        }
    }

    /// The name shown to the user.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The whole text, decoded; without its byte order mark.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// How the text was read.
    pub fn syntax(&self) -> Syntax {
        self.syntax
    }

    pub(super) fn index(&self) -> &Index {
        self.index
            .get_or_init(|| Index::new(&self.text, self.syntax))
    }
}

impl fmt::Debug for File {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("File")
            .field("name", &self.name)
            .finish_non_exhaustive()
    }
}

/// All files of one document; cloning shares them.
#[derive(Debug, Clone)]
pub struct Files(Arc<Vec<File>>);

impl Files {
    /// The files in the order of their [`FileId`]s, the entry first; at least one.
    ///
    /// # Panics
    /// Without any file.
    pub fn new(files: Vec<File>) -> Self {
        assert!(!files.is_empty(), "a document has an entry file");
        Self(Arc::new(files))
    }

    /// The file of an id made for these files; the entry for any other.
    pub fn get(&self, id: FileId) -> &File {
        self.0.get(id.0).unwrap_or(&self.0[0])
    }

    /// All files with their ids.
    pub fn iter(&self) -> impl Iterator<Item = (FileId, &File)> {
        self.0
            .iter()
            .enumerate()
            .map(|(id, file)| (FileId(id), file))
    }
}
