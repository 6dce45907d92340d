//! A macro call as text, a line per entry; prettyplease leaves the tokens of macros as they come.

use std::fmt::Write as _;

use proc_macro2::Delimiter;

use super::tree::{Tree, brackets};

/// The column that a line keeps to where it can.
const WIDTH: usize = 100;

/// The text of an item that is a call with braces, `path! { … }`; none for anything else. A comment in it is an attribute with its line ends
/// escaped.
pub(super) fn text(item: &[Tree]) -> Option<String> {
    let [
        path @ ..,
        Tree::Operator("!"),
        Tree::Group(Delimiter::Brace, inner),
    ] = item
    else {
        return None;
    };
    let is_path = |tree: &Tree| matches!(tree, Tree::Ident(_) | Tree::Operator("::"));
    if !matches!(path, [Tree::Ident(_), ..]) || !path.iter().all(is_path) {
        return None;
    }
    let path = line(&item[..=path.len()]);
    let one = format!("{path} {{ {} }}", line(inner));
    let mut out = if fits(&one, 0) && !inner.iter().any(is_block) {
        one + "\n"
    } else {
        let mut out = format!("{path} {{\n");
        entries(inner, 1, &mut out);
        out.push_str("}\n");
        out
    };
    if out.contains("\\u{1}") {
        out = out.replace("\\u{1}", "\\n");
    }
    Some(out)
}

fn fits(text: &str, depth: usize) -> bool {
    text.chars().count() + depth * 4 <= WIDTH
}

fn is_block(tree: &Tree) -> bool {
    matches!(tree, Tree::Group(Delimiter::Brace, _))
}

fn is_comma(tree: &Tree) -> bool {
    matches!(tree, Tree::Operator(","))
}

/// Writes entries, each up to its comma, semicolon or block, a line each.
fn entries(trees: &[Tree], depth: usize, out: &mut String) {
    let ends = |tree: &Tree| matches!(tree, Tree::Operator("," | ";"));
    for entry in trees.split_inclusive(ends) {
        write_entry(entry, depth, out);
    }
}

fn write_entry(entry: &[Tree], depth: usize, out: &mut String) {
    let indent = "    ".repeat(depth);
    let one = line(entry);
    let group = entry
        .iter()
        .position(|tree| matches!(tree, Tree::Group(..)));
    let nested = group.filter(|_| !fits(&one, depth) || (depth == 1 && ends_in_block(entry)));
    let Some((at, Tree::Group(delimiter, inner))) = nested.map(|at| (at, &entry[at])) else {
        out.extend([indent.as_str(), &one, "\n"]);
        return;
    };
    let (open, close) = brackets(*delimiter);
    let before = line(&entry[..at]);
    let apart = !before.is_empty() && *delimiter != Delimiter::Parenthesis;
    let space = if apart { " " } else { "" };
    out.extend([indent.as_str(), &before, space, open, "\n"]);
    if *delimiter == Delimiter::Brace {
        entries(inner, depth + 1, out);
    } else {
        filled(inner, depth + 1, out);
    }
    let after = line(&entry[at + 1..]);
    out.extend([indent.as_str(), close, &after, "\n"]);
}

fn ends_in_block(entry: &[Tree]) -> bool {
    entry
        .iter()
        .any(|tree| matches!(tree, Tree::Group(Delimiter::Brace, inner) if !inner.is_empty()))
}

/// Writes a list of short things, as many to a line as fit.
fn filled(trees: &[Tree], depth: usize, out: &mut String) {
    let indent = "    ".repeat(depth);
    let mut current = String::new();
    for piece in trees.split_inclusive(is_comma) {
        let mut piece = line(piece);
        if !piece.ends_with(',') {
            piece.push(',');
        }
        if !current.is_empty() && !fits(&format!("{current} {piece}"), depth) {
            out.extend([indent.as_str(), &current, "\n"]);
            current.clear();
        }
        if !current.is_empty() {
            current.push(' ');
        }
        current.push_str(&piece);
    }
    if !current.is_empty() {
        out.extend([indent.as_str(), &current, "\n"]);
    }
}

/// Tokens on one line, spaced as a reader expects.
fn line(trees: &[Tree]) -> String {
    let mut line = Line::default();
    line.trees(trees);
    line.text
}

/// A line that grows piece by piece: words, operators, brackets.
#[derive(Default)]
struct Line {
    text: String,
    /// Where the last piece begins.
    last: usize,
}

impl Line {
    fn trees(&mut self, trees: &[Tree]) {
        for tree in trees {
            match tree {
                Tree::Ident(ident) => self.word(ident),
                Tree::Literal(literal) => self.word(literal),
                Tree::Operator(text) => self.piece(text),
                Tree::Group(delimiter, inner) => {
                    let (open, close) = brackets(*delimiter);
                    self.piece(open);
                    self.trees(inner);
                    self.piece(close);
                }
            }
        }
    }

    fn word(&mut self, word: &impl std::fmt::Display) {
        if apart(&self.text[self.last..], "a") {
            self.text.push(' ');
        }
        self.last = self.text.len();
        // A text takes whatever is written.
        let _ = write!(self.text, "{word}");
    }

    fn piece(&mut self, piece: &str) {
        if apart(&self.text[self.last..], piece) {
            self.text.push(' ');
        }
        self.last = self.text.len();
        self.text.push_str(piece);
    }
}

/// Whether two pieces stand apart.
fn apart(before: &str, piece: &str) -> bool {
    match (before, piece) {
        ("" | "(" | "[" | "<" | "&" | "::" | "!", _)
        | ("{", "}")
        | (_, "" | "," | ";" | ")" | "]" | "::" | ":" | "?" | "?:" | "~" | "~:" | "<" | "!") => {
            false
        }
        (_, "(" | "[") => matches!(
            before,
            "," | ":" | ";" | "=" | "=>" | "->" | "|" | "?:" | "~:" | "{"
        ),
        (_, piece) => !piece.starts_with('>'),
    }
}
