//! The page of supported constructs and the registry of codes say the same.

use std::collections::BTreeSet;

use callwright_codegen::diagnostic::Code;

const PAGE: &str = include_str!("../../docs/support.md");

#[test]
fn the_page_has_a_row_for_every_code() {
    let rows: Vec<String> = Code::TABLE
        .iter()
        .map(|entry| {
            let severity = entry.severity.as_str();
            format!(
                "| {} | {severity} | {} | {} |",
                entry.code, entry.title, entry.meaning
            )
        })
        .collect();
    let missing: Vec<&str> = rows
        .iter()
        .map(String::as_str)
        .filter(|row| !PAGE.lines().any(|line| line == *row))
        .collect();
    assert!(
        missing.is_empty(),
        "add to codegen/docs/support.md, under Codes:\n{}",
        missing.join("\n")
    );
}

#[test]
fn the_page_names_no_other_codes() {
    let known: BTreeSet<&str> = Code::TABLE
        .iter()
        .map(|entry| entry.code.as_str())
        .collect();
    for (start, _) in PAGE.match_indices("CW") {
        let code = &PAGE[start..(start + 6).min(PAGE.len())];
        assert!(
            known.contains(code),
            "{code} is on the page, but not in the registry"
        );
    }
}
