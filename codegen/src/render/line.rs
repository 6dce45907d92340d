//! Tokens on a line as prettyplease sets them, up to the column that it keeps to. It knows no items, and gives up where tokens
//! are more than names, types, calls and small structs.

use std::fmt::{Display, Write as _};

use proc_macro2::Delimiter;

use super::tree::{Tree, brackets, split};

/// The column that prettyplease keeps to, and what it leaves for a line that begins far to the right.
const WIDTH: usize = 89;
const LEAST: usize = 60;

/// The width up to which prettyplease sets a struct on one line.
const SHORT: usize = 34;

/// What stands apart from a bracket, and is no name.
const APART: &[&str] = &[
    "as", "dyn", "else", "if", "in", "let", "match", "move", "mut", "return", "while",
];

/// Why a line is none.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Stop {
    /// It is too long.
    Wide,
    /// It is for prettyplease to say what becomes of it.
    Other,
}

pub(super) type Plain = Result<(), Stop>;

/// What the next token stands behind.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Before {
    /// The start of the line, or what nothing is set apart from.
    Tight,
    /// `::`, behind which the names of an import may stand in braces.
    Path,
    /// What everything is set apart from.
    Apart,
    /// An identifier or a literal that begins here.
    Word(usize),
    /// A closing bracket.
    Close,
}

/// The end of a text, where lines are written.
pub(super) struct Line<'a> {
    pub(super) out: &'a mut String,
    /// How long the text may become.
    limit: usize,
    before: Before,
}

impl<'a> Line<'a> {
    pub(super) fn new(out: &'a mut String) -> Self {
        Self {
            out,
            limit: usize::MAX,
            before: Before::Tight,
        }
    }

    /// Begins a line.
    pub(super) fn begin(&mut self, indent: usize) {
        self.out.extend(std::iter::repeat_n(' ', indent));
        self.limit = self.out.len() + WIDTH.saturating_sub(indent).max(LEAST);
        self.before = Before::Tight;
    }

    /// Ends a line.
    pub(super) fn finish(&mut self, end: &str) {
        self.out.extend([end, "\n"]);
    }

    /// Adds what the next token stands at once behind.
    pub(super) fn tight(&mut self, text: &str) {
        self.out.push_str(text);
        self.before = Before::Tight;
    }

    /// Adds a closing bracket.
    pub(super) fn close(&mut self, text: &str) {
        self.out.push_str(text);
        self.before = Before::Close;
    }

    /// Whether all that has been written is within the line, with as many characters behind it.
    pub(super) fn fits(&self, behind: usize) -> Plain {
        if self.out.len().saturating_add(behind) > self.limit {
            return Err(Stop::Wide);
        }
        Ok(())
    }

    fn is_tight(&self) -> bool {
        matches!(self.before, Before::Tight | Before::Path)
    }

    /// Adds tokens.
    pub(super) fn tokens(&mut self, trees: &[Tree]) -> Plain {
        for (place, tree) in trees.iter().enumerate() {
            match tree {
                Tree::Ident(ident) => self.word(ident)?,
                Tree::Literal(literal) => self.word(literal)?,
                Tree::Operator(operator) => self.operator(operator)?,
                Tree::Group(delimiter, inner) => self.group(*delimiter, inner, &trees[..place])?,
            }
        }
        Ok(())
    }

    /// Adds tokens that stand in one line however long they are.
    pub(super) fn unbroken(&mut self, trees: &[Tree]) -> Plain {
        let limit = std::mem::replace(&mut self.limit, usize::MAX);
        self.tokens(trees)?;
        self.limit = limit;
        Ok(())
    }

    /// Adds brackets and what is in them, behind what has been written of the tokens before.
    pub(super) fn group(&mut self, delimiter: Delimiter, inner: &[Tree], before: &[Tree]) -> Plain {
        if delimiter == Delimiter::Brace
            && self.before == Before::Path
            && split(inner).nth(1).is_none()
        {
            // Imports of one name have no braces.
            return match inner {
                [Tree::Ident(name)] if name != "self" => self.word(name),
                _ => Err(Stop::Other),
            };
        }
        let (open, close) = brackets(delimiter);
        let is_struct = match delimiter {
            Delimiter::Brace => self.before != Before::Path,
            Delimiter::None => return Err(Stop::Other),
            Delimiter::Parenthesis | Delimiter::Bracket => false,
        };
        let start = if is_struct {
            self.start_of_struct(before)?
        } else {
            0
        };
        match self.before {
            Before::Word(word) if APART.contains(&&self.out[word..]) => return Err(Stop::Other),
            _ if is_struct => self.tight(" { "),
            Before::Apart => {
                self.tight(" ");
                self.tight(open);
            }
            _ => self.tight(open),
        }
        let mut elements = split(inner).peekable();
        while let Some(element) = elements.next() {
            match element {
                [Tree::Operator(".."), rest @ ..] if is_struct => {
                    self.tight("..");
                    self.tokens(rest)?;
                }
                element => self.tokens(element)?,
            }
            if elements.peek().is_some() {
                self.tight(", ");
            } else if matches!(inner, [_, Tree::Operator(",")]) {
                // It may be a tuple.
                return Err(Stop::Other);
            }
        }
        if is_struct {
            self.tight(" ");
            if inner.is_empty() {
                return Err(Stop::Other);
            }
            if self.out.len() - start > SHORT {
                return Err(Stop::Wide);
            }
        }
        self.close(close);
        self.fits(0)
    }

    /// Where a struct begins in the text, of which the path has just been written.
    fn start_of_struct(&self, before: &[Tree]) -> Result<usize, Stop> {
        let is_of_path = |tree: &&Tree| matches!(tree, Tree::Ident(_) | Tree::Operator("::"));
        let path = before.iter().rev().take_while(is_of_path).count();
        let path = &before[before.len() - path..];
        let Before::Word(last) = self.before else {
            return Err(Stop::Other);
        };
        // `if x {` is no struct.
        let two_words = |pair: &[Tree]| matches!(pair, [Tree::Ident(_), Tree::Ident(_)]);
        if path.windows(2).any(two_words) || !self.out[last..].starts_with(char::is_uppercase) {
            return Err(Stop::Other);
        }
        let of_path = |c: char| c.is_alphanumeric() || matches!(c, '_' | ':' | '#');
        Ok(self.out.trim_end_matches(of_path).len())
    }

    fn word(&mut self, word: &impl Display) -> Plain {
        if !self.is_tight() {
            self.out.push(' ');
        }
        self.before = Before::Word(self.out.len());
        write!(self.out, "{word}").map_err(|_| Stop::Other)?;
        self.fits(0)
    }

    fn operator(&mut self, operator: &'static str) -> Plain {
        let is_after_value = matches!(self.before, Before::Word(_) | Before::Close);
        let (text, after) = match operator {
            "," | ":" | ";" if is_after_value => (operator, Before::Apart),
            "::" if is_after_value => (operator, Before::Path),
            "." if is_after_value => (operator, Before::Tight),
            "*" if self.before == Before::Path => (operator, Before::Close),
            ">" | "?" if is_after_value => (operator, Before::Close),
            "=" if is_after_value => (" =", Before::Apart),
            "=>" if is_after_value => (" =>", Before::Apart),
            "->" if is_after_value => (" ->", Before::Apart),
            "+" if is_after_value => (" +", Before::Apart),
            "&" if !is_after_value => (
                if self.before == Before::Apart {
                    " &"
                } else {
                    "&"
                },
                Before::Tight,
            ),
            "'" => (if self.is_tight() { "'" } else { " '" }, Before::Tight),
            "<" if self.opens_generics() => ("<", Before::Tight),
            "<" if self.before == Before::Apart => (" <", Before::Tight),
            _ => return Err(Stop::Other),
        };
        self.out.push_str(text);
        self.before = after;
        self.fits(0)
    }

    /// Whether a `<` is no comparison: it stands behind a type, `impl` or `::`.
    fn opens_generics(&self) -> bool {
        match self.before {
            Before::Tight | Before::Path => true,
            Before::Word(word) => {
                let word = &self.out[word..];
                word.starts_with(char::is_uppercase) || word == "impl"
            }
            Before::Apart | Before::Close => false,
        }
    }
}
