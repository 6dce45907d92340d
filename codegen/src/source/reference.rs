//! `$ref` as text taken apart: which file, which place in it (RFC 3986, RFC 6901); looks nothing up.

use percent_encoding::{AsciiSet, CONTROLS, percent_decode_str, utf8_percent_encode};

use crate::diagnostic::Pointer;

/// Where a reference leads within its file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Fragment {
    Pointer(Pointer),
    Anchor(String),
}

/// Where a reference leads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Target {
    /// A place in the file that holds the reference.
    Here(Fragment),
    /// A place in a file, by its path relative to the entry's folder.
    File(String, Fragment),
    /// A URL.
    Remote,
    /// A file outside the entry's folder.
    Outside,
    /// No URI reference at all.
    Malformed,
}

/// Takes a reference apart; `base` is the path of the file that holds it, relative to the entry's folder.
pub(super) fn parse(reference: &str, base: &str) -> Target {
    let (file, fragment) = reference.split_once('#').unwrap_or((reference, ""));
    let Some(fragment) = fragment_of(fragment) else {
        return Target::Malformed;
    };
    if file.is_empty() {
        return Target::Here(fragment);
    }
    if file.starts_with("//") || has_scheme(file) {
        return Target::Remote;
    }
    let Ok(file) = percent_decode_str(file).decode_utf8() else {
        return Target::Malformed;
    };
    // Windows separators are no part of URIs, but of many documents.
    let file = file.replace('\\', "/");
    if file.starts_with('/') || file.as_bytes().get(1) == Some(&b':') {
        return Target::Outside;
    }
    let mut segments: Vec<&str> = base.split('/').collect();
    segments.pop();
    for segment in file.split('/') {
        match segment {
            ".." if segments.pop().is_none() => return Target::Outside,
            "" | "." | ".." => {}
            name if name.contains('\0') => return Target::Malformed,
            name => segments.push(name),
        }
    }
    Target::File(segments.join("/"), fragment)
}

fn fragment_of(fragment: &str) -> Option<Fragment> {
    let fragment = percent_decode_str(fragment).decode_utf8().ok()?;
    Some(if fragment.is_empty() || fragment.starts_with('/') {
        Fragment::Pointer(Pointer::from(fragment.as_ref()))
    } else if fragment.contains('/') {
        // A pointer that has lost its first slash.
        Fragment::Pointer(Pointer::from(format!("/{fragment}")))
    } else {
        Fragment::Anchor(fragment.into_owned())
    })
}

fn has_scheme(file: &str) -> bool {
    file.split_once(':').is_some_and(|(scheme, _)| {
        // One letter is a drive.
        scheme.len() > 1
            && scheme.starts_with(|first: char| first.is_ascii_alphabetic())
            && scheme
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte))
    })
}

/// A local reference to a pointer; what a URI fragment cannot hold is percent-encoded.
pub(super) fn local(mount: &str, pointer: &Pointer) -> String {
    const ENCODED: &AsciiSet = &CONTROLS
        .add(b'%')
        .add(b' ')
        .add(b'"')
        .add(b'<')
        .add(b'>')
        .add(b'#')
        .add(b'`');
    format!("#{mount}{}", utf8_percent_encode(pointer.as_str(), ENCODED))
}

/// Whether a text that may be a name (a discriminator's mapping) is a reference to a file.
pub(super) fn names_a_file(text: &str) -> bool {
    let file = text.split('#').next().unwrap_or_default();
    !file.is_empty()
        && (text.contains('#')
            || file.contains('/')
            || [".json", ".yaml", ".yml"]
                .iter()
                .any(|end| file.ends_with(end)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_are_taken_apart() {
        let file = |path: &str, pointer: &str| {
            Target::File(path.to_owned(), Fragment::Pointer(Pointer::from(pointer)))
        };
        let here = |pointer: &str| Target::Here(Fragment::Pointer(Pointer::from(pointer)));
        for (reference, expected) in [
            ("#/a~1b/c%20d", here("/a~1b/c d")),
            ("#", here("")),
            ("#definitions/A", here("/definitions/A")),
            ("#node", Target::Here(Fragment::Anchor("node".to_owned()))),
            ("x.yml", file("r/x.yml", "")),
            ("./x%20y.yml#/a", file("r/x y.yml", "/a")),
            ("../y//z.json#/a/0", file("y/z.json", "/a/0")),
            ("s\\x.yml", file("r/s/x.yml", "")),
            ("../../x.yml", Target::Outside),
            ("%2e%2e/%2e%2e/x.yml", Target::Outside),
            ("/etc/passwd", Target::Outside),
            ("C:\\x.yml", Target::Outside),
            ("https://example.com/x.yml#/a", Target::Remote),
            ("//example.com/x.yml", Target::Remote),
            ("file:///etc/passwd", Target::Remote),
            ("x.yml#/%ff", Target::Malformed),
        ] {
            assert_eq!(parse(reference, "r/base.yml"), expected, "{reference}");
        }
        assert_eq!(local("/x", &Pointer::from("/a b%/~1")), "#/x/a%20b%25/~1");
    }

    #[test]
    fn mappings_name_schemas_or_files() {
        assert!(!names_a_file("Dog"));
        assert!(!names_a_file("com.example.Dog"));
        assert!(!names_a_file("#/components/schemas/Dog"));
        assert!(names_a_file("dog.yml"));
        assert!(names_a_file("./models/Dog"));
        assert!(names_a_file("models.json#/Dog"));
    }
}
