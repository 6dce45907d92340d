//! Which files below a folder are documents; must not know what is done with them.

use std::path::{Path, PathBuf};

use serde::de::{Deserializer, IgnoredAny, MapAccess, Visitor};

use crate::failure::Failure;

/// A document on disk.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Found {
    /// Relative to the folder that was searched, with `/`.
    pub(super) name: String,
    /// The file.
    pub(super) path: PathBuf,
}

/// Every document at or below a folder, sorted by name. Links are not followed.
pub(super) fn documents(root: &Path, only: &[glob::Pattern]) -> Result<Vec<Found>, Failure> {
    let mut found = Vec::new();
    if root.is_file() {
        let name = root.file_name().unwrap_or_default();
        found.push(Found {
            name: name.to_string_lossy().into_owned(),
            path: root.to_path_buf(),
        });
        return Ok(found);
    }
    collect(root, "", only, &mut found)?;
    found.sort();
    Ok(found)
}

/// A pattern of the command line: a glob over the whole name, or a part of it.
pub(super) fn pattern(text: &str) -> Result<glob::Pattern, String> {
    let whole = text.contains(['*', '?', '[']);
    let text = if whole {
        text.to_owned()
    } else {
        format!("*{}*", glob::Pattern::escape(text))
    };
    glob::Pattern::new(&text).map_err(|error| error.to_string())
}

fn collect(
    folder: &Path,
    prefix: &str,
    only: &[glob::Pattern],
    found: &mut Vec<Found>,
) -> Result<(), Failure> {
    let failed = |error: std::io::Error| Failure::io("read", folder, &error);
    for entry in std::fs::read_dir(folder).map_err(failed)? {
        let entry = entry.map_err(failed)?;
        let kind = entry.file_type().map_err(failed)?;
        let path = entry.path();
        let name = format!("{prefix}{}", entry.file_name().to_string_lossy());
        if kind.is_dir() {
            collect(&path, &format!("{name}/"), only, found)?;
        } else if kind.is_file()
            && may_be_text(&path)
            && (only.is_empty() || only.iter().any(|pattern| pattern.matches(&name)))
        {
            let bytes = std::fs::read(&path).map_err(|error| Failure::io("read", &path, &error))?;
            if is_document(&bytes) {
                found.push(Found { name, path });
            }
        }
    }
    Ok(())
}

fn may_be_text(path: &Path) -> bool {
    let extension = path.extension().unwrap_or_default().to_ascii_lowercase();
    extension == "json" || extension == "yaml" || extension == "yml"
}

/// Whether the top level of a text has the key `openapi` or `swagger`.
fn is_document(bytes: &[u8]) -> bool {
    let text = String::from_utf8_lossy(bytes);
    let text = text.trim_start_matches('\u{feff}');
    // Most parts of a document name neither anywhere.
    if !text.contains("openapi") && !text.contains("swagger") {
        return false;
    }
    if !text.trim_start().starts_with('{') {
        return text.lines().any(is_key);
    }
    let mut json = serde_json::Deserializer::from_str(text);
    match json.deserialize_map(TopLevel) {
        Ok(said) => said,
        // The visitor stops at the key, which serde_json reports as a map that goes on.
        Err(error) if error.is_data() || said_so(&error) => true,
        Err(_) => serde_yaml::from_str::<serde_yaml::Mapping>(text)
            .is_ok_and(|map| map.contains_key("openapi") || map.contains_key("swagger")),
    }
}

/// In block style nothing but a top-level key begins a line: texts and inner keys are indented.
fn is_key(line: &str) -> bool {
    let quoted = line.strip_prefix(['"', '\'']);
    let name = quoted.unwrap_or(line);
    ["openapi", "swagger"].iter().any(|key| {
        name.strip_prefix(key).is_some_and(|rest| {
            let rest = match quoted {
                Some(_) => rest.strip_prefix(['"', '\'']),
                None => Some(rest),
            };
            rest.is_some_and(|rest| rest.trim_start().starts_with(':'))
        })
    })
}

/// What the visitor says when it has seen enough.
const SEEN: &str = "a document";

fn said_so(error: &serde_json::Error) -> bool {
    error.to_string().starts_with(SEEN)
}

/// Reads keys until one of the two comes.
struct TopLevel;

impl<'de> Visitor<'de> for TopLevel {
    type Value = bool;

    fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<bool, A::Error> {
        while let Some(key) = map.next_key::<std::borrow::Cow<'de, str>>()? {
            if key == "openapi" || key == "swagger" {
                return Err(serde::de::Error::custom(SEEN));
            }
            map.next_value::<IgnoredAny>()?;
        }
        Ok(false)
    }
}

#[cfg(test)]
mod tests {
    use super::{is_document, pattern};

    #[test]
    fn the_top_level_decides() {
        for text in [
            "openapi: 3.0.0\n",
            "# c\n---\n'swagger' : '2.0'\r\n",
            "\u{feff}{\"info\": {\"x\": [1, {}]}, \"openapi\": \"3.1.0\", broken",
            "{swagger: '2.0', paths: {}}",
            "{\n\t\"openapi\": 3}",
        ] {
            assert!(is_document(text.as_bytes()), "{text}");
        }
        for text in [
            "",
            "[1]",
            "info:\n  openapi: 3.0.0\n",
            "description: |\n  openapi: 3\n",
            "{\"info\": {\"openapi\": \"3.0.0\"}}",
            "{\"properties\": {\"swagger\": {}}, \"title\": \"openapi\"}",
            "openapi-version: 3\n",
            "- openapi: 3\n",
        ] {
            assert!(!is_document(text.as_bytes()), "{text}");
        }
    }

    #[test]
    fn a_pattern_is_a_part_or_a_glob() {
        assert!(pattern("git").unwrap().matches("a/github.json"));
        assert!(pattern("git*").unwrap().matches("github.json"));
        assert!(!pattern("git*").unwrap().matches("a/github.json"));
    }
}
