//! Types and expressions that may be longer than a line: in brackets, an element per line; of a chain of calls, a call per line.

use proc_macro2::Delimiter;

use super::line::{Line, Plain, Stop};
use super::tree::{Tree, brackets, split};

impl Line<'_> {
    /// Adds an expression where the line has come to; as many characters follow on its last line.
    pub(super) fn value(&mut self, value: &[Tree], indent: usize, behind: usize) -> Plain {
        let start = self.out.len();
        let Some((Tree::Group(delimiter, inner), path)) = value.split_last() else {
            if is_path(value) || value.len() == 1 {
                return self.unbroken(value);
            }
            self.tokens(value)?;
            return self.fits(behind);
        };
        if matches!(path, [Tree::Ident(keyword), ..] if keyword == "match") {
            self.tokens(path)?;
            return self.arms(inner, indent);
        }
        if is_path(path) {
            self.unbroken(path)?;
            let opened = self.out.len();
            let flat = self.group(*delimiter, inner, path);
            return match flat.and_then(|()| self.fits(behind)) {
                Err(Stop::Wide) => {
                    self.out.truncate(opened);
                    self.elements(path, *delimiter, inner, indent)
                }
                result => result,
            };
        }
        let flat = self.tokens(value);
        match flat.and_then(|()| self.fits(behind)) {
            Err(Stop::Wide) => {
                self.out.truncate(start);
                self.tight("");
                self.chain(value, indent, behind)
            }
            result => result,
        }
    }

    /// Adds brackets with an element per line.
    fn elements(
        &mut self,
        path: &[Tree],
        delimiter: Delimiter,
        inner: &[Tree],
        indent: usize,
    ) -> Plain {
        if is_special(path, delimiter, inner) {
            return Err(Stop::Other);
        }
        let is_struct = delimiter == Delimiter::Brace;
        let (open, close) = brackets(delimiter);
        self.finish(if is_struct { " {" } else { open });
        self.listed(inner, indent, |line, element, behind| match element {
            [Tree::Operator(".."), rest @ ..] if is_struct => {
                line.tight("..");
                line.value(rest, indent + 4, 0)
            }
            [name, Tree::Operator(":"), value @ ..] if is_struct => {
                line.unbroken(std::slice::from_ref(name))?;
                line.tight(": ");
                line.value(value, indent + 4, behind)
            }
            element => line.value(element, indent + 4, behind),
        })?;
        self.begin(indent);
        self.close(close);
        Ok(())
    }

    /// Adds lines for what stands between commas. The last comma is not there when prettyplease looks for the end of the line.
    pub(super) fn listed(
        &mut self,
        inner: &[Tree],
        indent: usize,
        add: impl Fn(&mut Self, &[Tree], usize) -> Plain,
    ) -> Plain {
        let mut elements = split(inner).peekable();
        while let Some(element) = elements.next() {
            self.begin(indent + 4);
            add(self, element, usize::from(elements.peek().is_some()))?;
            self.finish(if matches!(element, [Tree::Operator(".."), ..]) {
                ""
            } else {
                ","
            });
        }
        Ok(())
    }

    /// Adds the arms of a `match`, each of which is a line.
    fn arms(&mut self, arms: &[Tree], indent: usize) -> Plain {
        self.fits(2)?;
        self.finish(" {");
        for arm in split(arms) {
            self.begin(indent + 4);
            self.tokens(arm)?;
            self.fits(1)?;
            self.finish(",");
        }
        self.begin(indent);
        self.close("}");
        Ok(())
    }

    /// Adds a call with calls of methods behind it, each on a line.
    fn chain(&mut self, value: &[Tree], indent: usize, behind: usize) -> Plain {
        let first = value
            .iter()
            .position(|tree| matches!(tree, Tree::Group(..)));
        let Some((head, methods)) = first.map(|first| value.split_at(first + 1)) else {
            return Err(Stop::Other);
        };
        let is_call =
            |call: &[Tree]| matches!(call, [Tree::Operator("."), Tree::Ident(_), Tree::Group(..)]);
        if methods.is_empty()
            || !is_path(&head[..head.len() - 1])
            || !methods.chunks(3).all(is_call)
        {
            return Err(Stop::Other);
        }
        self.tokens(head)?;
        for call in methods.chunks(3) {
            self.finish("");
            self.begin(indent + 4);
            self.tight(".");
            self.tokens(&call[1..])?;
        }
        self.fits(behind)
    }

    /// Adds a type, or what ends with one: generics may have a line each.
    pub(super) fn typed(&mut self, ty: &[Tree], indent: usize, behind: usize) -> Plain {
        let start = self.out.len();
        let is_open = |tree: &Tree| matches!(tree, Tree::Operator("<"));
        let open = ty.iter().position(is_open);
        let Some(open) = open else {
            if !ty.iter().any(|tree| matches!(tree, Tree::Group(..))) {
                return self.unbroken(ty);
            }
            self.tokens(ty)?;
            return self.fits(behind);
        };
        let flat = self.tokens(ty);
        match flat.and_then(|()| self.fits(behind)) {
            Err(Stop::Wide) => self.out.truncate(start),
            result => return result,
        }
        let [Tree::Operator("<"), arguments @ .., Tree::Operator(">")] = &ty[open..] else {
            return Err(Stop::Other);
        };
        if closes_before_end(&ty[open..]) {
            return Err(Stop::Other);
        }
        self.tight("");
        self.unbroken(&ty[..open])?;
        self.finish("<");
        self.listed(arguments, indent, |line, argument, behind| {
            line.typed(argument, indent + 4, behind)
        })?;
        self.begin(indent);
        self.close(">");
        Ok(())
    }
}

/// Whether a list of generics is closed before the last token.
fn closes_before_end(list: &[Tree]) -> bool {
    let mut depth = 0_usize;
    list[..list.len() - 1].iter().any(|tree| {
        match tree {
            Tree::Operator("<") => depth += 1,
            Tree::Operator(">") => depth = depth.saturating_sub(1),
            _ => {}
        }
        depth == 0
    })
}

/// A path, behind any `&`: what stands before the brackets of data.
fn is_path(path: &[Tree]) -> bool {
    path.iter()
        .skip_while(|tree| matches!(tree, Tree::Operator("&")))
        .all(|tree| matches!(tree, Tree::Ident(_) | Tree::Operator("::")))
}

/// Lists that prettyplease sets in ways of their own: of numbers, in parentheses alone, and a call with a list, a tuple or a struct.
fn is_special(path: &[Tree], delimiter: Delimiter, inner: &[Tree]) -> bool {
    let is_one = split(inner).nth(1).is_none();
    let is_number = |element: &[Tree]| match element {
        [Tree::Literal(literal)] => !literal.to_string().starts_with('"'),
        [Tree::Ident(word)] => word == "true" || word == "false",
        _ => false,
    };
    match delimiter {
        Delimiter::Parenthesis if is_one => {
            let is_call = matches!(path, [.., Tree::Ident(_)]);
            let is_block = matches!(
                inner,
                [Tree::Group(..), ..] | [.., Tree::Group(Delimiter::Brace, _)]
            );
            !is_call || is_block
        }
        Delimiter::Bracket => split(inner).all(is_number),
        _ => false,
    }
}
