//! `specs/callwright.toml` as text to text: import's own keys are set, everything else stays as a person wrote it.

use toml_edit::{Array, DocumentMut, Item, Table, TomlError, Value, value};

const HEADER: &str = "\
# The APIs that `cargo xtask generate` emits, each with its vendored document.
# `cargo xtask import` writes document, sha256 and origin; other keys, such as overlay, are yours and stay.

";

/// The manifest while it is edited.
pub(super) struct Manifest {
    document: DocumentMut,
    is_new: bool,
}

/// What the manifest says of one API.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Entry {
    pub(super) document: Option<String>,
    pub(super) sha256: Option<String>,
    pub(super) origin: Vec<String>,
}

/// Why a manifest cannot be used.
#[derive(Debug)]
pub(super) struct Fault {
    pub(super) message: String,
    /// Byte offset in the text.
    pub(super) offset: Option<usize>,
}

impl Manifest {
    /// Reads a manifest; none is an empty one.
    pub(super) fn parse(text: Option<&str>) -> Result<Self, Fault> {
        let document: DocumentMut =
            text.unwrap_or_default()
                .parse()
                .map_err(|error: TomlError| Fault {
                    message: error.message().to_owned(),
                    offset: error.span().map(|span| span.start),
                })?;
        let manifest = Self {
            is_new: text.is_none_or(|text| text.trim().is_empty()),
            document,
        };
        let fault = |message: &str| Fault {
            message: message.to_owned(),
            offset: None,
        };
        match manifest.document.get("api") {
            None | Some(Item::ArrayOfTables(_)) => {}
            Some(_) => return Err(fault("`api` must be written as `[[api]]` tables")),
        }
        for table in manifest.tables() {
            if name(table).is_none() {
                return Err(fault("an `[[api]]` table has no `name`"));
            }
            for (key, is_right) in [
                ("document", table.get("document").is_none_or(Item::is_str)),
                ("sha256", table.get("sha256").is_none_or(Item::is_str)),
                ("origin", table.get("origin").is_none_or(Item::is_array)),
            ] {
                if !is_right {
                    return Err(fault(&format!("`{key}` has a wrong type")));
                }
            }
        }
        Ok(manifest)
    }

    fn tables(&self) -> impl Iterator<Item = &Table> {
        self.document
            .get("api")
            .and_then(Item::as_array_of_tables)
            .into_iter()
            .flatten()
    }

    /// The names of all APIs.
    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        self.tables().filter_map(name)
    }

    pub(super) fn entry(&self, api: &str) -> Entry {
        let Some(table) = self.tables().find(|table| name(table) == Some(api)) else {
            return Entry::default();
        };
        let text = |key: &str| table.get(key).and_then(Item::as_str).map(str::to_owned);
        let origin = table
            .get("origin")
            .and_then(Item::as_array)
            .into_iter()
            .flatten();
        Entry {
            document: text("document"),
            sha256: text("sha256"),
            origin: origin
                .filter_map(Value::as_str)
                .map(str::to_owned)
                .collect(),
        }
    }

    /// Records an API; a new one takes its place by name.
    pub(super) fn record(&mut self, api: &str, entry: &Entry) {
        if self.entry(api) == *entry {
            return;
        }
        // Taken and put back in place: a key inserted anew would move behind other tables.
        let slot = self.document.entry("api").or_insert(Item::None);
        let mut tables: Vec<Table> = match std::mem::take(slot) {
            Item::ArrayOfTables(tables) => tables.into_iter().collect(),
            _ => Vec::new(),
        };
        let index = match tables.iter().position(|table| name(table) == Some(api)) {
            Some(index) => index,
            None => self.insert(&mut tables, api),
        };
        set(&mut tables[index], entry);
        self.document["api"] = Item::ArrayOfTables(tables.into_iter().collect());
    }

    fn insert(&mut self, tables: &mut Vec<Table>, api: &str) -> usize {
        let index = tables.partition_point(|table| name(table).is_some_and(|name| name < api));
        let mut table = Table::new();
        table.insert("name", value(api));
        let first = std::mem::take(&mut self.is_new);
        let mut before = if first {
            HEADER.to_owned()
        } else {
            "\n".to_owned()
        };
        if index == 0
            && let Some(next) = tables.first_mut()
        {
            // The comment that opens the file is the first table's prefix: it stays on top.
            let prefix = next
                .decor()
                .prefix()
                .and_then(|raw| raw.as_str())
                .unwrap_or_default()
                .to_owned();
            let header = prefix.rfind("\n\n").map_or(0, |end| end + 2);
            prefix[..header].clone_into(&mut before);
            next.decor_mut()
                .set_prefix(format!("\n{}", &prefix[header..]));
        }
        table.decor_mut().set_prefix(before);
        tables.insert(index, table);
        index
    }
}

impl std::fmt::Display for Manifest {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.document.fmt(f)
    }
}

fn name(table: &Table) -> Option<&str> {
    table.get("name").and_then(Item::as_str)
}

fn set(table: &mut Table, entry: &Entry) {
    for (key, text) in [("document", &entry.document), ("sha256", &entry.sha256)] {
        let Some(text) = text else { continue };
        // Replacing the text alone keeps a comment behind it.
        match table.get_mut(key).and_then(Item::as_value_mut) {
            Some(old) if old.as_str() == Some(text) => {}
            Some(old) => {
                let decor = old.decor().clone();
                *old = Value::from(text);
                *old.decor_mut() = decor;
            }
            None => {
                table.insert(key, value(text));
            }
        }
    }
    let mut origin = Array::new();
    for line in &entry.origin {
        let mut line = Value::from(line);
        line.decor_mut().set_prefix("\n    ");
        origin.push_formatted(line);
    }
    origin.set_trailing("\n");
    origin.set_trailing_comma(true);
    table.insert("origin", value(origin));
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(sha256: &str) -> Entry {
        Entry {
            document: Some("x/openapi.yaml".to_owned()),
            sha256: Some(sha256.to_owned()),
            origin: vec!["o GET /a".to_owned()],
        }
    }

    #[test]
    fn the_order_of_recording_does_not_matter() {
        let record = |names: &[&str]| {
            let mut text = None;
            for name in names {
                let mut manifest = Manifest::parse(text.as_deref()).unwrap();
                manifest.record(name, &entry("1"));
                text = Some(manifest.to_string());
            }
            text.unwrap()
        };
        let text = record(&["a", "b", "c"]);
        for order in [["b", "a", "c"], ["c", "b", "a"], ["c", "a", "b"]] {
            assert_eq!(record(&order), text);
        }
        assert!(text.starts_with(HEADER));
        assert_eq!(
            text[HEADER.len()..].split("\n\n").next(),
            Some(
                "[[api]]\nname = \"a\"\ndocument = \"x/openapi.yaml\"\nsha256 = \"1\"\norigin = [\n    \"o GET /a\",\n]"
            )
        );
    }

    #[test]
    fn what_a_person_wrote_stays() {
        let text = "# mine\n\n# about b\n[[api]]\nname = \"b\"\nsha256 = \"0\" # why\noverlay = 'o'\n\n[api.options]\nx = 1 # y\n\n[other]\nz = 2\n";
        let mut manifest = Manifest::parse(Some(text)).unwrap();
        manifest.record("b", &entry("1"));
        manifest.record("c", &entry("2"));
        manifest.record("a", &entry("3"));
        let out = manifest.to_string();
        for kept in [
            "sha256 = \"1\" # why\noverlay = 'o'\n",
            "[api.options]\nx = 1 # y\n",
            "[other]\nz = 2\n",
            "\n# about b\n[[api]]\nname = \"b\"",
        ] {
            assert!(out.contains(kept), "{out}");
        }
        assert!(out.starts_with("# mine\n\n[[api]]\nname = \"a\""), "{out}");
        let again = Manifest::parse(Some(&out)).unwrap();
        assert_eq!(again.names().collect::<Vec<_>>(), ["a", "b", "c"]);
        assert_eq!(again.entry("c"), entry("2"));
    }

    #[test]
    fn a_broken_manifest_is_a_fault() {
        let fault = Manifest::parse(Some("a = 1\nb = [")).err().unwrap();
        assert!(fault.offset.is_some());
        assert!(Manifest::parse(Some("api = 1")).is_err());
        assert!(Manifest::parse(Some("[[api]]\nx = 1")).is_err());
    }
}
