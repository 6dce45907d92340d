//! Whether a value is what the schema of a document says, asked of ajv. It must not know who is in doubt, nor why.

use std::io::{BufRead as _, BufReader, Write as _};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use serde_json::Value;

use crate::failure::Failure;

/// A running validator of one document.
pub(super) struct Schemas {
    child: Child,
    input: Option<ChildStdin>,
    output: BufReader<ChildStdout>,
}

/// Something that a schema has against a value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Fault {
    /// The JSON Pointer of the value.
    pub(super) path: String,
    /// The keyword that says it.
    pub(super) keyword: String,
    /// The property that is missing, where it is required and not listed; empty where no value can be right at the place,
    /// since no value of its enumeration is of its type.
    pub(super) missing: Option<String>,
}

impl Schemas {
    pub(super) fn start(document: &Path, script: &Path, modules: &Path) -> Result<Self, Failure> {
        let mut child = Command::new("node")
            .arg(script)
            .arg(document)
            .arg(modules)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .map_err(|error| Failure::io("start", script, &error))?;
        let (Some(input), Some(output)) = (child.stdin.take(), child.stdout.take()) else {
            return Err(Failure::new(
                "the validator of schemas has no standard streams",
            ));
        };
        Ok(Self {
            child,
            input: Some(input),
            output: BufReader::new(output),
        })
    }

    /// What the schema at a place has against a value; `None` where there is no such schema. The place is an object with
    /// the `pointer` of the operation, the `media` type, and for a reply the `status`; the value is its member `value`.
    pub(super) fn faults(&mut self, place: &Value) -> Result<Option<Vec<Fault>>, Failure> {
        let lost = |error: std::io::Error| {
            Failure::new(format!("the validator of schemas is gone: {error}"))
        };
        if let Some(input) = &mut self.input {
            writeln!(input, "{place}")
                .and_then(|()| input.flush())
                .map_err(lost)?;
        }
        let mut line = String::new();
        self.output.read_line(&mut line).map_err(lost)?;
        let said: Value = serde_json::from_str(&line).map_err(|error| {
            Failure::new(format!("the validator of schemas said `{line}`: {error}"))
        })?;
        let faults = said.get("faults").and_then(Value::as_array);
        Ok(faults.map(|faults| faults.iter().map(fault).collect()))
    }
}

fn fault(said: &Value) -> Fault {
    let text = |key: &str| said[key].as_str().unwrap_or_default().to_owned();
    Fault {
        path: text("path"),
        keyword: text("keyword"),
        missing: said["missing"].as_str().map(str::to_owned),
    }
}

/// Whether a fault is one of the value at a path, which is written `a[0].b`, of what holds it, or of what it holds.
pub(super) fn concerns(fault: &Fault, path: &str) -> bool {
    let pointer = pointer(path);
    let inside = |outer: &str, inner: &str| {
        !outer.is_empty()
            && inner
                .strip_prefix(outer)
                .is_some_and(|rest| rest.starts_with('/'))
    };
    fault.path == pointer || inside(&fault.path, &pointer) || inside(&pointer, &fault.path)
}

/// `a[0].b` as `/a/0/b`, and the root, which is `$`, as nothing.
fn pointer(path: &str) -> String {
    let path = path.strip_prefix("$").unwrap_or(path);
    let plain = path.replace('[', ".").replace(']', "");
    let steps = plain.split('.').filter(|step| !step.is_empty());
    steps
        .flat_map(|step| ["/".to_owned(), step.replace('~', "~0").replace('/', "~1")])
        .collect()
}

impl Drop for Schemas {
    fn drop(&mut self) {
        // The end of its input ends it.
        self.input = None;
        let _ = self.child.wait();
    }
}

#[cfg(test)]
mod tests {
    use super::{Fault, concerns};

    #[test]
    fn a_fault_concerns_what_stands_above_and_below_it() {
        let fault = |path: &str| Fault {
            path: path.to_owned(),
            keyword: "type".to_owned(),
            missing: None,
        };
        assert!(concerns(&fault("/entries/0/owner"), "entries[0].owner"));
        assert!(concerns(&fault("/entries/0"), "entries[0].owner.id"));
        assert!(concerns(&fault("/entries/0/owner/id"), "entries[0].owner"));
        assert!(!concerns(&fault("/entries/1/owner"), "entries[0].owner"));
        assert!(!concerns(&fault("/own"), "owner"));
        assert!(!concerns(&fault(""), "owner"));
        assert!(concerns(&fault(""), "$"));
        assert!(!concerns(&fault("/a"), "$"));
    }
}
