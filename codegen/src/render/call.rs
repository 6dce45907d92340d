//! A macro call as text, a line per entry; prettyplease leaves the tokens of macros as they come.

use proc_macro2::{Delimiter, Spacing, TokenStream, TokenTree};
use quote::ToTokens;

/// The column that a line keeps to where it can.
const WIDTH: usize = 100;

/// The text of a call with braces, in item position. A comment in it is an attribute with its line ends escaped.
pub(super) fn text(mac: &syn::Macro) -> String {
    call(mac).replace("\\u{1}", "\\n")
}

fn call(mac: &syn::Macro) -> String {
    let path = line(mac.path.to_token_stream());
    let inner = line(mac.tokens.clone());
    let one = format!("{path}! {{ {inner} }}");
    if fits(&one, 0) && !has_block(&mac.tokens) {
        return one + "\n";
    }
    let mut out = format!("{path}! {{\n");
    entries(mac.tokens.clone(), 1, &mut out);
    out.push_str("}\n");
    out
}

fn fits(text: &str, depth: usize) -> bool {
    text.chars().count() + depth * 4 <= WIDTH
}

fn has_block(tokens: &TokenStream) -> bool {
    tokens.clone().into_iter().any(
        |token| matches!(token, TokenTree::Group(group) if group.delimiter() == Delimiter::Brace),
    )
}

/// Writes entries, each up to its comma, semicolon or block, a line each.
fn entries(tokens: TokenStream, depth: usize, out: &mut String) {
    let mut entry: Vec<TokenTree> = Vec::new();
    let mut tokens = tokens.into_iter().peekable();
    while let Some(token) = tokens.next() {
        let ends = match &token {
            TokenTree::Punct(punct) => matches!(punct.as_char(), ',' | ';'),
            _ => tokens.peek().is_none(),
        };
        entry.push(token);
        if ends {
            write_entry(&entry, depth, out);
            entry.clear();
        }
    }
    if !entry.is_empty() {
        write_entry(&entry, depth, out);
    }
}

fn write_entry(entry: &[TokenTree], depth: usize, out: &mut String) {
    let indent = "    ".repeat(depth);
    let one = line(entry.iter().cloned().collect());
    let group = entry
        .iter()
        .position(|token| matches!(token, TokenTree::Group(_)));
    let nested = group.filter(|_| !fits(&one, depth) || (depth == 1 && ends_in_block(entry)));
    let Some(at) = nested else {
        out.push_str(&indent);
        out.push_str(&one);
        out.push('\n');
        return;
    };
    let TokenTree::Group(group) = &entry[at] else {
        return;
    };
    let (open, close) = match group.delimiter() {
        Delimiter::Brace => ("{", "}"),
        Delimiter::Bracket => ("[", "]"),
        _ => ("(", ")"),
    };
    let before = line(entry[..at].iter().cloned().collect());
    let space = if before.is_empty() || group.delimiter() == Delimiter::Parenthesis {
        ""
    } else {
        " "
    };
    out.extend([indent.as_str(), &before, space, open, "\n"]);
    if group.delimiter() == Delimiter::Brace {
        entries(group.stream(), depth + 1, out);
    } else {
        filled(group.stream(), depth + 1, out);
    }
    let after = line(entry[at + 1..].iter().cloned().collect());
    out.extend([indent.as_str(), close, &after, "\n"]);
}

fn ends_in_block(entry: &[TokenTree]) -> bool {
    entry.iter().any(|token| {
        matches!(token, TokenTree::Group(group)
            if group.delimiter() == Delimiter::Brace && !group.stream().is_empty())
    })
}

/// Writes a list of short things, as many to a line as fit.
fn filled(tokens: TokenStream, depth: usize, out: &mut String) {
    let indent = "    ".repeat(depth);
    let mut current = String::new();
    let mut piece: Vec<TokenTree> = Vec::new();
    let mut pieces: Vec<String> = Vec::new();
    for token in tokens {
        let ends = matches!(&token, TokenTree::Punct(punct) if punct.as_char() == ',');
        piece.push(token);
        if ends {
            pieces.push(line(std::mem::take(&mut piece).into_iter().collect()));
        }
    }
    if !piece.is_empty() {
        pieces.push(line(piece.into_iter().collect()) + ",");
    }
    for piece in pieces {
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
fn line(tokens: TokenStream) -> String {
    let mut pieces = Vec::new();
    flatten(tokens, &mut pieces);
    let mut out = String::new();
    let mut before = "";
    for piece in &pieces {
        if apart(before, piece) {
            out.push(' ');
        }
        out.push_str(piece);
        before = piece;
    }
    out
}

/// Cuts tokens into pieces: words, operators of several characters, brackets.
fn flatten(tokens: TokenStream, pieces: &mut Vec<String>) {
    let mut joins = false;
    for token in tokens {
        let glued = std::mem::take(&mut joins);
        match token {
            TokenTree::Punct(punct) => {
                joins = punct.spacing() == Spacing::Joint;
                match pieces.last_mut() {
                    Some(operator) if glued => operator.push(punct.as_char()),
                    _ => pieces.push(punct.as_char().to_string()),
                }
            }
            TokenTree::Group(group) => {
                let (open, close) = match group.delimiter() {
                    Delimiter::Brace => ("{", "}"),
                    Delimiter::Bracket => ("[", "]"),
                    Delimiter::Parenthesis => ("(", ")"),
                    Delimiter::None => ("", ""),
                };
                pieces.push(open.to_owned());
                flatten(group.stream(), pieces);
                pieces.push(close.to_owned());
            }
            other => pieces.push(other.to_string()),
        }
    }
}

/// Whether two pieces stand apart.
fn apart(before: &str, piece: &str) -> bool {
    let after_separator = matches!(before, "," | ":" | ";" | "=" | "=>" | "->" | "|" | "?:");
    match (before, piece) {
        ("" | "(" | "[" | "<" | "&" | "::" | "!", _)
        | ("{", "}")
        | (_, "" | "," | ";" | ")" | "]" | "::" | ":" | "?" | "?:" | "<" | "!") => false,
        (_, "(" | "[") => after_separator || before == "{",
        (_, piece) => !piece.starts_with('>'),
    }
}
