//! A long text read as two halves at once: cut by its lines between two members of an object, and put together again.
//! Knows how lines of YAML and of printed JSON are indented, and no keyword.
//!
//! Indentation may deceive (in a text of several lines): what is cut wrongly is no grammar, or is not the object by whose keys
//! it was cut, and then the text is read as a whole. So is what a diagnostic stops or an alias reaches across the halves for.

use std::borrow::Cow;
use std::cell::Cell;

use serde_json::{Map, Value};

use super::Limits;
use super::parse::{self, Parsed, Piece};
use crate::diagnostic::{FileId, Pointer, Syntax};
use crate::parallel;

/// What is shorter is read as soon as it is cut.
const LONG: usize = 128 << 10;
/// Objects that a cut may go through below the root: `paths`, or `components` and `schemas`.
const DEEPEST: usize = 2;

/// Reads a text in two halves; nothing where it is short, cannot be cut, or is to be read as a whole for any other reason.
pub(super) fn read(
    text: &str,
    file: FileId,
    limits: &Limits,
    spent: &Cell<usize>,
) -> Option<Parsed> {
    (text.len() >= LONG).then(|| in_halves(text, file, limits, spent))?
}

fn in_halves(text: &str, file: FileId, limits: &Limits, spent: &Cell<usize>) -> Option<Parsed> {
    let syntax = if text.trim_start().starts_with('{') {
        Syntax::Json
    } else {
        Syntax::Yaml
    };
    let Cut { keys, first, rest } = cut(text, syntax)?;
    let pointers: Vec<Pointer> = (0..=keys.len())
        .map(|depth| {
            let mut pointer = Pointer::root();
            keys[..depth].iter().for_each(|key| pointer.push(key));
            pointer
        })
        .collect();
    let piece = |text: Cow<'_, str>, depth: usize| {
        let place = (&pointers[depth], depth);
        parse::piece(&text, syntax, file, limits, place)
    };
    let closed = |text, ends: &str| match syntax {
        Syntax::Json => Cow::Owned([text, ends].concat()),
        Syntax::Yaml => Cow::Borrowed(text),
    };
    let opened = |text| match syntax {
        Syntax::Json => Cow::Owned(["{", text, "}"].concat()),
        Syntax::Yaml => Cow::Borrowed(text),
    };
    let (first, rest) = parallel::both(
        || piece(closed(first, &"}".repeat(pointers.len())), 0),
        || {
            let rest = rest.into_iter();
            let rest = rest.map(|(depth, text)| Some((depth, piece(opened(text), depth)?)));
            rest.collect::<Option<Vec<_>>>()
        },
    );
    let (mut whole, rest) = (first?, rest?);
    for (depth, more) in rest {
        let object = inner(&mut whole.object, &keys[..depth])?;
        for (key, value) in more.object {
            if object.insert(key, value).is_some() {
                return None;
            }
        }
        // The object itself was counted in the first half.
        whole.values += more.values - 1;
        whole.diagnostics.extend(more.diagnostics);
    }
    let Piece {
        object,
        values,
        diagnostics,
    } = whole;
    if spent.get() + values > limits.values {
        return None;
    }
    spent.set(spent.get() + values);
    Some(Parsed {
        value: Some(Value::Object(object)),
        syntax,
        diagnostics,
    })
}

/// The object under keys of which each is the last of its object.
fn inner<'v>(
    object: &'v mut Map<String, Value>,
    keys: &[String],
) -> Option<&'v mut Map<String, Value>> {
    let Some((key, deeper)) = keys.split_first() else {
        return Some(object);
    };
    match object.iter_mut().next_back()? {
        (last, Value::Object(object)) if last == key => inner(object, deeper),
        _ => None,
    }
}

/// A text in two halves, the second of them in pieces.
#[derive(Debug, PartialEq)]
struct Cut<'t> {
    /// The keys from the root to the object that the cut goes through.
    keys: Vec<String>,
    /// All before the cut; in JSON, without the comma there and what closes the objects.
    first: &'t str,
    /// The further members of that object, and of those that it is in, with how deep each of these objects is.
    rest: Vec<(usize, &'t str)>,
}

/// A line that says something: where it starts, how it is indented, and what it says.
struct Line<'t> {
    start: usize,
    indent: usize,
    whole: &'t str,
}

impl<'t> Line<'t> {
    fn end(&self) -> usize {
        self.start + self.whole.len()
    }

    fn text(&self) -> &'t str {
        self.whole[self.indent..].trim_end()
    }

    /// Whether it parts documents of YAML, instructs the reader, or merges mappings, which goes beyond its half.
    fn is_special(&self) -> bool {
        let text = self.text();
        let mark = ["---", "...", "%"];
        self.indent == 0 && mark.iter().any(|mark| text.starts_with(mark))
            || text.trim_start_matches(['"', '\'']).starts_with("<<")
    }
}

/// The lines of a text from a place on, but for empty ones and comments.
fn lines(text: &str, from: usize, syntax: Syntax) -> impl Iterator<Item = Line<'_>> {
    let mut end = from;
    let lines = text[from..].split_inclusive('\n').map(move |whole| {
        let start = end;
        end += whole.len();
        // JSON may be indented with tabs.
        let is_indent = |byte: &u8| *byte == b' ' || *byte == b'\t' && syntax == Syntax::Json;
        Line {
            start,
            indent: whole.bytes().take_while(is_indent).count(),
            whole,
        }
    });
    lines.filter(move |line| match line.whole.as_bytes().get(line.indent) {
        None | Some(b'\n' | b'\r') => false,
        Some(b'#') => syntax == Syntax::Json,
        Some(_) => true,
    })
}

/// A line that what follows stands below.
struct Open<'t> {
    line: Line<'t>,
    /// The indentation of its first member.
    members: Option<usize>,
}

/// Cuts a text at the first line of its second half that is a member of an object near the root.
fn cut(text: &str, syntax: Syntax) -> Option<Cut<'_>> {
    // The brace that opens the root of JSON is on a line of its own.
    let root = usize::from(syntax == Syntax::Json);
    let mut open: Vec<Open<'_>> = Vec::new();
    for line in lines(text, 0, syntax) {
        let is_within = |above: &Open<'_>| above.line.indent < line.indent;
        if open.is_empty() && line.indent > 0 {
            return None;
        }
        if open.len() > root + DEEPEST && open.last().is_some_and(is_within) {
            continue;
        }
        if syntax == Syntax::Yaml && line.is_special() {
            if open.is_empty() && line.text() == "---" {
                continue;
            }
            return None;
        }
        while open.last().is_some_and(|above| !is_within(above)) {
            open.pop();
        }
        if let Some(above) = open.last_mut() {
            above.members.get_or_insert(line.indent);
        }
        if line.start >= text.len() / 2
            && open.len() <= root + DEEPEST
            && let Some(keys) = keys(&open, &line, syntax)
        {
            match syntax {
                Syntax::Yaml => return yaml_halves(text, &line, keys, &open),
                Syntax::Json => {
                    // After a brace it is the first member, before which there is nothing to cut.
                    if let Some(first) = text[..line.start].trim_end().strip_suffix(',') {
                        let rest = json_members(text, line.start, &open)?;
                        return Some(Cut { keys, first, rest });
                    }
                }
            }
        }
        let members = None;
        open.push(Open { line, members });
    }
    None
}

/// The keys of the objects that a member is in; nothing where they are not plainly objects, or it is no member of the last.
fn keys(open: &[Open<'_>], line: &Line<'_>, syntax: Syntax) -> Option<Vec<String>> {
    let aligned = |above: &Open<'_>| above.members == Some(line.indent);
    if !is_member(line.text(), syntax) || !open.last().is_none_or(aligned) {
        return None;
    }
    let above = match (syntax, open.split_first()) {
        (Syntax::Yaml, _) => open,
        (Syntax::Json, Some((root, above))) if root.line.text() == "{" => above,
        (Syntax::Json, _) => return None,
    };
    let keys = above.iter().map(|above| key(above.line.text(), syntax));
    keys.collect()
}

/// The key of a line that opens an object.
fn key(line: &str, syntax: Syntax) -> Option<String> {
    if !is_member(line, syntax) {
        return None;
    }
    match syntax {
        Syntax::Json => {
            let key = line.strip_suffix('{')?.trim_end().strip_suffix(':')?;
            serde_json::from_str(key.trim_end()).ok()
        }
        Syntax::Yaml => {
            let key = line.strip_suffix(':')?;
            let quoted = |quote| key.strip_prefix(quote)?.strip_suffix(quote);
            let bare = quoted('"').or_else(|| quoted('\'')).unwrap_or(key);
            Some(bare.to_owned())
        }
    }
}

/// Whether a line starts with a key: in YAML, with none of what has a meaning there.
fn is_member(line: &str, syntax: Syntax) -> bool {
    match syntax {
        Syntax::Json => line.starts_with('"'),
        Syntax::Yaml => line.starts_with(|first: char| {
            first.is_ascii_alphanumeric() || matches!(first, '/' | '_' | '$' | '"' | '\'')
        }),
    }
}

/// The halves of a text that is cut before a line: in YAML, the objects end where a line is indented less.
fn yaml_halves<'t>(
    text: &'t str,
    line: &Line<'t>,
    keys: Vec<String>,
    open: &[Open<'_>],
) -> Option<Cut<'t>> {
    let members = open.iter().filter_map(|above| above.members);
    let levels: Vec<usize> = std::iter::once(0).chain(members).collect();
    let mut rest = Vec::new();
    let (mut from, mut depth) = (line.start, keys.len());
    for line in lines(text, from, Syntax::Yaml) {
        if line.indent > levels[depth] {
            continue;
        }
        if line.is_special() {
            return None;
        }
        if line.indent < levels[depth] {
            if !is_member(line.text(), Syntax::Yaml) {
                return None;
            }
            rest.push((depth, &text[from..line.start]));
            depth = levels.iter().position(|level| *level == line.indent)?;
            from = line.start;
        }
    }
    rest.push((depth, &text[from..]));
    let first = &text[..line.start];
    Some(Cut { keys, first, rest })
}

/// The members from `start` on: in JSON, each object ends with a brace on a line of its own.
fn json_members<'t>(
    text: &'t str,
    start: usize,
    open: &[Open<'_>],
) -> Option<Vec<(usize, &'t str)>> {
    let mut rest = Vec::new();
    let mut from = start;
    // After a comma there are further members, and after none there are none.
    let mut more = true;
    let mut lines = lines(text, start, Syntax::Json);
    for (depth, object) in open.iter().enumerate().rev() {
        let end = lines.find(|line| Some(line.indent) < object.members)?;
        let members = text[from..end.start].trim();
        if members.is_empty() == more {
            return None;
        }
        if more {
            rest.push((depth, members));
        }
        more = match end.text() {
            "}," => true,
            "}" => false,
            _ => return None,
        };
        from = end.end();
    }
    (!more && text[from..].trim().is_empty()).then_some(rest)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn halved(text: &str) -> Option<Parsed> {
        in_halves(text, FileId::ENTRY, &Limits::default(), &Cell::new(0))
    }

    /// That halves, if they are read at all, are what the whole is.
    fn agree(text: &str) -> bool {
        let (halved_values, whole_values) = (Cell::new(0), Cell::new(0));
        let limits = Limits::default();
        let Some(halved) = in_halves(text, FileId::ENTRY, &limits, &halved_values) else {
            return false;
        };
        let whole = parse::whole(text, FileId::ENTRY, &limits, &whole_values);
        let shown = |value: Option<Value>| value.map(|value| value.to_string());
        assert_eq!(shown(halved.value), shown(whole.value), "{text}");
        assert_eq!(halved.diagnostics, whole.diagnostics, "{text}");
        assert_eq!(halved.syntax, whole.syntax, "{text}");
        assert_eq!(halved_values, whole_values, "{text}");
        true
    }

    #[test]
    fn a_cut_goes_through_objects_near_the_root() {
        let yaml = "---\nopenapi: 3.1.0\ncomponents:\n  # named\n  schemas:\n    'A':\n      - x\n    B: {a: 1}\n\n    C: |\n      C:\n    C2: 1\n    C2: 2\n  headers:\n    D: 1\npaths:\n- 1\n";
        let Cut { keys, rest, .. } = cut(yaml, Syntax::Yaml).expect("a member in the second half");
        assert_eq!(keys, ["components", "schemas"]);
        let depths: Vec<usize> = rest.iter().map(|(depth, _)| *depth).collect();
        assert_eq!(depths, [2, 1, 0]);
        assert!(agree(yaml));
        let json = "{\n\t\"openapi\": \"3.1.0\",\n\t\"paths\": {\n\t\t\"/a\": {\n\t\t\t\"get\": []\n\t\t},\n\t\t\"/b\": {},\n\t\t\"/c\": {}\n\t},\n\t\"x\": 1\n}\n";
        let Cut { keys, rest, .. } = cut(json, Syntax::Json).expect("a member in the second half");
        assert_eq!((keys, rest.len()), (vec!["paths".to_owned()], 2));
        assert!(agree(json));
    }

    #[test]
    fn what_only_the_whole_tells_is_read_as_a_whole() {
        for text in [
            // The same key in both halves, an alias across, a text that looks like members, and a merge.
            "paths:\n  /a: 1\n  /b: 2\n  /a: 3\n",
            "a: &x {b: 1}\nc:\n  d: 1\n  e: *x\n",
            "a: |\n  b:\n  c: 1\n  d: 1\n  e: 1\n",
            "a: \"b\n  c: 1\n  d: 1\n  e: 1\"\n",
            "a:\n  b: 1\n  <<: {c: 1}\n  d: 1\n  e: 1\n",
            "a: 1\n---\nb: 1\nc: 2\n",
            "{\n \"a\": {\n  \"b\": 1,\n  \"c\": 1\n }\n \"d\": 1\n}\n",
            "{\n \"a\": {\n  \"b\": 1,\n  \"c\": 1\n },\n}\n",
        ] {
            assert!(halved(text).is_none(), "{text}");
        }
    }

    proptest! {
        #[test]
        fn halves_are_what_the_whole_is(
            lines in prop::collection::vec(
                (
                    prop::sample::select(vec![0, 0, 1, 2, 2, 2, 4, 4, 6]),
                    prop::sample::select(vec![
                        "a:", "b: 1", "c:", "'d':", "\"e\": x", "f: |", "g: >-", "text", "h:", "- i", "- j: 1", "k: \"l",
                        "m\"", "n: {", "}", "# o", "", "<<: {p: 1}", "q: &r 1", "s: *r", "---", "...", "? t", ": u", "v: 'w",
                        "x'", "y: z:", "!a b: 1", "c: [", "]", "\"m:\"", "h: &r", "%YAML 1.2",
                    ]),
                ),
                3..16,
            ),
        ) {
            let lines = lines.iter().map(|(indent, line)| format!("{}{line}\n", " ".repeat(*indent)));
            agree(&lines.collect::<String>());
        }
    }
}
