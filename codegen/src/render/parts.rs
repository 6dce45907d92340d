//! The parts of the runtime that not every API needs: which of them a client names, and a runtime without their gates.
//!
//! It must not know what is emitted for what: what a client needs is what its text names, but for tuples, which have no name.

use super::File;
use crate::ir::{Api, Shape};
use crate::parallel;

/// A part is a feature of the client's crate, and its names in the runtime.
const PARTS: &[(&str, &[&str])] = &[
    ("base64-strings", &["Base64"]),
    ("dates", &["Date", "DateTime", "IsoDuration", "Time"]),
    ("decimals", &["Decimal"]),
    (
        "downloads",
        // What streams has to read as it arrives, too.
        &["Download", "Event", "EventStream", "LineStream", "Lines"],
    ),
    (
        "file-bodies",
        // Whatever sends bytes takes a body, parts are made of bodies, and lines are sent as they come.
        &[
            "Body",
            "Event",
            "EventStream",
            "File",
            "Form",
            "LineStream",
            "Lines",
            "Part",
        ],
    ),
    (
        "headers",
        &["DocumentedHeaders", "Headed", "HeaderForm", "headers"],
    ),
    ("multipart", &["File", "Form", "Part"]),
    ("oauth", &["ClientAuth", "ClientCredentials"]),
    (
        "pages",
        &[
            "Items",
            "Next",
            "PageFacts",
            "PageRule",
            "Pages",
            "Paginated",
        ],
    ),
    ("streams", &["Event", "EventStream", "LineStream", "Lines"]),
    (TUPLES, &[]),
    ("unions", &["union"]),
    ("uuids", &["Uuid"]),
];

/// Reading and writing tuples.
const TUPLES: &str = "tuples";

/// The features of the parts, in the order of their names.
pub fn parts() -> impl Iterator<Item = &'static str> {
    PARTS.iter().map(|(feature, _)| *feature)
}

/// The features of the parts that a client of this API with these files needs.
pub(crate) fn needed_parts(api: &Api, files: &[File]) -> Vec<&'static str> {
    let named = parallel::in_order(files.len(), |index| {
        names_of_parts(&String::from_utf8_lossy(&files[index].contents))
    });
    // That of nothing is `()`, which is always there.
    let is_tuple = |shape: &Shape| matches!(shape, Shape::Tuple(items) if !items.is_empty());
    let tuples = api.types.iter().any(|(_, ty)| is_tuple(&ty.shape));
    let needed = |&(index, part): &(usize, &'static str)| {
        named.iter().any(|named| named[index]) || (tuples && part == TUPLES)
    };
    parts()
        .enumerate()
        .filter(needed)
        .map(|(_, part)| part)
        .collect()
}

/// Which of the parts a text names.
fn names_of_parts(text: &str) -> [bool; PARTS.len()] {
    let mut named = [false; PARTS.len()];
    for name in names_of_runtime(text) {
        for ((_, names), named) in PARTS.iter().zip(&mut named) {
            *named |= names.contains(&name);
        }
    }
    named
}

/// What stands behind `runtime::`, also in comments, whose links have to lead somewhere.
fn names_of_runtime(text: &str) -> impl Iterator<Item = &str> {
    text.split("runtime").skip(1).filter_map(|rest| {
        // Tokens in macro calls may stand apart.
        let rest = rest.trim_start().strip_prefix("::")?.trim_start();
        let end = rest.find(|c: char| !c.is_alphanumeric() && c != '_');
        rest.get(..end.unwrap_or(rest.len()))
    })
}

/// A file of the runtime in which these parts are always there: their gates, which have lines of their own, are taken out.
///
/// A feature would do too, but for users without default features.
pub(super) fn ungated(contents: &[u8], needed: &[&str]) -> Vec<u8> {
    let gates: Vec<String> = needed
        .iter()
        .map(|part| format!("#[cfg(feature = \"{part}\")]"))
        .collect();
    let is_gate = |line: &&[u8]| {
        let line = line.trim_ascii();
        line.starts_with(b"#") && gates.iter().any(|gate| gate.as_bytes() == line)
    };
    let lines = contents.split_inclusive(|&byte| byte == b'\n');
    let left: Vec<&[u8]> = lines.filter(|line| !is_gate(line)).collect();
    left.concat()
}

#[cfg(test)]
mod tests {
    use super::{File, PARTS, needed_parts, ungated};
    use crate::emit::tests::sketch::Sketch;
    use crate::ir::{Api, Shape};

    fn file(text: &str) -> File {
        File {
            path: "pets.rs".to_owned(),
            contents: text.as_bytes().to_vec(),
        }
    }

    #[test]
    fn what_is_named_is_needed() {
        let needed = |texts: &[&str]| {
            let files: Vec<_> = texts.iter().map(|text| file(text)).collect();
            needed_parts(&Api::default(), &files)
        };
        let pages = "impl runtime::Paginated for X {}";
        let form = "runtime :: object! {}\nfn f(form: crate::runtime::Form) {}";
        assert_eq!(
            needed(&[pages, form]),
            ["file-bodies", "multipart", "pages"]
        );
        let others = "struct Form; use x::File; runtime::Formula; runtime::decode::json";
        assert!(needed(&[others]).is_empty());
        assert_eq!(
            needed(&["-> runtime::\n    EventStream<T>"]),
            ["downloads", "file-bodies", "streams"]
        );
    }

    #[test]
    fn tuples_are_a_part_although_they_have_no_name() {
        let mut pairs = Sketch::new("Pairs");
        pairs.inline(Shape::Tuple(Vec::new()));
        assert!(needed_parts(&pairs.api, &[]).is_empty());
        let number = pairs.inline(Shape::Double);
        pairs.inline(Shape::Tuple(vec![number, number]));
        assert_eq!(needed_parts(&pairs.api, &[]), ["tuples"]);
    }

    #[test]
    fn gates_of_needed_parts_go_and_others_stay() {
        let text = b"#[cfg(feature = \"pages\")]\nmod a;\n    #[cfg(feature = \"file-bodies\")]\n#[cfg(feature = \"xml\")]\n    #[cfg(feature = \"streams\")]\nmod b;";
        let lean = ungated(text, &["file-bodies", "pages"]);
        assert_eq!(
            String::from_utf8(lean).expect("UTF-8"),
            "mod a;\n#[cfg(feature = \"xml\")]\n    #[cfg(feature = \"streams\")]\nmod b;"
        );
        assert_eq!(ungated(text, &[]), text);
    }

    #[test]
    fn every_part_is_a_feature_of_the_client_and_brings_those_that_it_needs() {
        let manifest = include_str!("../../../client/Cargo.toml");
        for (part, names) in PARTS {
            let head = format!("\n{part} = [");
            let (_, list) = manifest.split_once(&head).expect(part);
            let (list, _) = list.split_once(']').expect(part);
            let turned_on = |(other, _): &&(&str, _)| list.contains(&format!("\"{other}\""));
            for (other, its_names) in PARTS.iter().filter(turned_on) {
                let missing = names.iter().find(|name| !its_names.contains(name));
                assert_eq!(missing, None, "{part} needs {other}");
            }
        }
    }
}
