//! Tokens read once, for printers that look at them several times; what they mean is for those.

use proc_macro2::{Delimiter, Group, Ident, Literal, Punct, Spacing, TokenStream, TokenTree};

/// A token; an operator of several characters is one.
pub(super) enum Tree {
    Ident(Ident),
    Literal(Literal),
    Operator(&'static str),
    Group(Delimiter, Vec<Tree>),
}

/// The characters of operators, the most frequent first.
const PUNCTUATION: &str = ",:&.<>=;#-'?!*+|/%$@^~_";

/// Reads tokens.
pub(super) fn trees(tokens: impl IntoIterator<Item = TokenTree>) -> Vec<Tree> {
    let tokens = tokens.into_iter();
    let mut trees: Vec<Tree> = Vec::with_capacity(tokens.size_hint().0);
    let mut joins = false;
    for token in tokens {
        let glued = std::mem::take(&mut joins);
        let tree = match token {
            TokenTree::Punct(punct) => {
                joins = punct.spacing() == Spacing::Joint;
                let longer = match trees.last() {
                    Some(Tree::Operator(before)) if glued => longer(before, punct.as_char()),
                    _ => None,
                };
                if longer.is_some() {
                    trees.pop();
                }
                Tree::Operator(longer.unwrap_or_else(|| operator(punct.as_char())))
            }
            TokenTree::Group(group) => {
                let (delimiter, stream) = (group.delimiter(), group.stream());
                // A stream that has one owner is read without a copy.
                drop(group);
                Tree::Group(delimiter, self::trees(stream))
            }
            TokenTree::Ident(ident) => Tree::Ident(ident),
            TokenTree::Literal(literal) => Tree::Literal(literal),
        };
        trees.push(tree);
    }
    trees
}

fn operator(c: char) -> &'static str {
    let at = PUNCTUATION.bytes().position(|known| char::from(known) == c);
    // Every character that a token may be is listed.
    at.and_then(|at| PUNCTUATION.get(at..=at))
        .unwrap_or_default()
}

/// The operator that a character makes of the one before it; `>>` ends two lists of generics.
fn longer(before: &str, next: char) -> Option<&'static str> {
    Some(match (before, next) {
        (":", ':') => "::",
        ("-", '>') => "->",
        ("=", '>') => "=>",
        ("=", '=') => "==",
        ("!", '=') => "!=",
        ("<", '=') => "<=",
        (">", '=') => ">=",
        ("&", '&') => "&&",
        ("|", '|') => "||",
        (".", '.') => "..",
        ("..", '=') => "..=",
        ("+", '=') => "+=",
        ("-", '=') => "-=",
        _ => return None,
    })
}

/// The tokens that were read.
pub(super) fn tokens(trees: &[Tree]) -> TokenStream {
    let mut tokens = Vec::with_capacity(trees.len());
    for tree in trees {
        match tree {
            Tree::Ident(ident) => tokens.push(TokenTree::Ident(ident.clone())),
            Tree::Literal(literal) => tokens.push(TokenTree::Literal(literal.clone())),
            Tree::Operator(operator) => {
                let last = operator.len() - 1;
                tokens.extend(operator.chars().enumerate().map(|(at, c)| {
                    // A lifetime is one of `'` and an identifier.
                    let is_joint = at < last || c == '\'';
                    let spacing = if is_joint {
                        Spacing::Joint
                    } else {
                        Spacing::Alone
                    };
                    TokenTree::Punct(Punct::new(c, spacing))
                }));
            }
            Tree::Group(delimiter, inner) => {
                tokens.push(TokenTree::Group(Group::new(
                    *delimiter,
                    self::tokens(inner),
                )));
            }
        }
    }
    tokens.into_iter().collect()
}

/// Whether a path in the tokens starts with a name.
pub(super) fn starts_path(trees: &[Tree], name: &Ident) -> bool {
    let mut behind = trees.iter().skip(1);
    trees.iter().any(|tree| {
        let next = behind.next();
        match tree {
            Tree::Ident(ident) => matches!(next, Some(Tree::Operator("::"))) && ident == name,
            Tree::Group(_, inner) => starts_path(inner, name),
            _ => false,
        }
    })
}

/// What stands between commas; those of generics are within.
pub(super) fn split(trees: &[Tree]) -> impl Iterator<Item = &[Tree]> {
    let mut depth = 0_usize;
    let elements = trees.split(move |tree| match tree {
        Tree::Operator("<") => {
            depth += 1;
            false
        }
        Tree::Operator(">") => {
            depth = depth.saturating_sub(1);
            false
        }
        Tree::Operator(",") => depth == 0,
        _ => false,
    });
    elements.filter(|element| !element.is_empty())
}

pub(super) fn brackets(delimiter: Delimiter) -> (&'static str, &'static str) {
    match delimiter {
        Delimiter::Brace => ("{", "}"),
        Delimiter::Bracket => ("[", "]"),
        Delimiter::Parenthesis => ("(", ")"),
        Delimiter::None => ("", ""),
    }
}

/// The items of a file, each with its attributes: an item ends with a semicolon or a block.
pub(super) fn items(trees: &[Tree]) -> impl Iterator<Item = &[Tree]> {
    let mut rest = trees;
    std::iter::from_fn(move || {
        let end = (0..rest.len()).find(|at| match &rest[*at] {
            Tree::Operator(";") => true,
            Tree::Group(Delimiter::Brace, _) => {
                !matches!(rest.get(at + 1), Some(Tree::Operator(";")))
            }
            _ => false,
        });
        let (item, after) = rest.split_at(end.map_or(rest.len(), |end| end + 1));
        rest = after;
        (!item.is_empty()).then_some(item)
    })
}
