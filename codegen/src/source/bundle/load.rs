//! Other files of a document, each read once and within the limits.

use serde_json::Value;

use super::Bundle;
use crate::diagnostic::{Code, Diagnostic, File, FileId, Syntax};
use crate::source::{LoadError, read_file};

impl Bundle<'_> {
    /// The id of a file, which is read when first asked for.
    pub(super) fn load(&mut self, path: &str) -> Result<FileId, Box<Diagnostic>> {
        if let Some(id) = self.ids.get(path) {
            return Ok(*id);
        }
        let bytes = self.fetch(path)?;
        let slash = self.input.name.rfind(['/', '\\']);
        let folder = slash.map_or("", |slash| &self.input.name[..=slash]);
        let name = format!("{folder}{path}");
        let id = FileId(self.files.len());
        let prose = [".md", ".markdown", ".txt", ".html"];
        let (value, file) = if prose.iter().any(|end| path.ends_with(end)) {
            let text = String::from_utf8_lossy(&bytes).into_owned();
            let value = Value::from(text.as_str());
            (Some(value), File::new(name, text, Syntax::Yaml))
        } else {
            let limits = &self.input.limits;
            read_file(&name, &bytes, id, limits, self.spent, &mut self.diagnostics)
        };
        if value.is_none() {
            self.unread.insert(id);
        }
        Ok(self.add(path.to_owned(), file, value.unwrap_or_default()))
    }

    fn fetch(&mut self, path: &str) -> Result<Vec<u8>, Box<Diagnostic>> {
        let fail = |code, message, remedy: String| {
            let diagnostic = Diagnostic::new(code, message);
            Err(Box::new(diagnostic.remedy(remedy)))
        };
        let limits = &self.input.limits;
        if self.files.len() >= limits.files {
            let message = format!("`{path}` is one file too many");
            let remedy = format!("up to {} files are read", limits.files);
            return fail(Code::TOO_MANY_FILES, message, remedy);
        }
        let bytes = match (self.input.loader)(path) {
            Ok(bytes) => bytes,
            Err(LoadError::Missing) => {
                let message = format!("there is no file `{path}`");
                return fail(
                    Code::MISSING_FILE,
                    message,
                    "check the reference, or add the file".to_owned(),
                );
            }
            Err(LoadError::Unreadable(why)) => {
                let message = format!("`{path}` cannot be read: {why}");
                return fail(
                    Code::MISSING_FILE,
                    message,
                    "check the file and its permissions".to_owned(),
                );
            }
        };
        self.bytes += bytes.len();
        if self.bytes > limits.bytes {
            let message = format!("with `{path}` the document is too large");
            let remedy = format!("up to {} bytes are read over all files", limits.bytes);
            return fail(Code::TOO_LARGE, message, remedy);
        }
        Ok(bytes)
    }
}
