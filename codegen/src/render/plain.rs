//! Items that are plain: declarations, data, and functions of short statements. Most of what is emitted is, and prettyplease has
//! no choice in it, so that it is written without a syntax tree, which takes a third of the time of a run. All else is left to
//! prettyplease; what is written here is what prettyplease would write, by which tests judge it.

use proc_macro2::{Delimiter, Literal};
use quote::quote;

use super::line::{Line, Plain, Stop};
use super::tree::{self, Tree, split};
use crate::emit::LINE_END;

/// Writes an item, and says whether it did.
pub(super) fn write(item: &[Tree], out: &mut String) -> bool {
    let start = out.len();
    let written = Line::new(out).item(item).is_ok();
    if !written {
        out.truncate(start);
    }
    written
}

impl Line<'_> {
    fn item(&mut self, item: &[Tree]) -> Plain {
        match self.attributes(item, 0)? {
            [inner @ .., Tree::Operator(";")] => self.declaration(inner, 0),
            [head @ .., Tree::Group(Delimiter::Brace, members)] if !members.is_empty() => {
                match head
                    .iter()
                    .find_map(|tree| one_of(tree, &["struct", "enum", "impl", "fn"]))
                {
                    Some("fn") => return self.function(head, members, 0),
                    Some("impl") => {
                        self.implementation(head)?;
                        self.associated(members)?;
                    }
                    Some(keyword) => {
                        self.begin(0);
                        self.unbroken(head)?;
                        self.finish(" {");
                        if keyword == "struct" {
                            self.fields(members)?;
                        } else {
                            self.variants(members)?;
                        }
                    }
                    None => return Err(Stop::Other),
                }
                self.finish("}");
                Ok(())
            }
            _ => Err(Stop::Other),
        }
    }

    /// A static, a constant, or a name for a type.
    fn declaration(&mut self, item: &[Tree], indent: usize) -> Plain {
        let keyword = item
            .iter()
            .find_map(|tree| one_of(tree, &["static", "const", "type", "use", "mod"]));
        if let Some("use" | "mod") = keyword {
            self.begin(indent);
            self.tokens(item)?;
            self.fits(1)?;
            self.finish(";");
            return Ok(());
        }
        let equals = item
            .iter()
            .position(|tree| matches!(tree, Tree::Operator("=")));
        let (Some(keyword), Some(equals)) = (keyword, equals) else {
            return Err(Stop::Other);
        };
        let (declared, value) = (&item[..equals], &item[equals + 1..]);
        if declared
            .iter()
            .any(|tree| matches!(tree, Tree::Operator("<")))
        {
            return Err(Stop::Other);
        }
        self.begin(indent);
        self.unbroken(declared)?;
        self.tight(" = ");
        if keyword == "type" {
            self.typed(value, indent, 1)?;
        } else {
            self.value(value, indent, 1)?;
        }
        self.finish(";");
        Ok(())
    }

    fn fields(&mut self, fields: &[Tree]) -> Plain {
        for (place, field) in split(fields).enumerate() {
            let field = self.introduced(field, place)?;
            self.begin(4);
            self.typed(field, 4, 1)?;
            self.finish(",");
        }
        Ok(())
    }

    fn variants(&mut self, variants: &[Tree]) -> Plain {
        for (place, variant) in split(variants).enumerate() {
            let variant = self.introduced(variant, place)?;
            self.begin(4);
            self.tokens(variant)?;
            self.fits(1)?;
            self.finish(",");
        }
        Ok(())
    }

    /// The head of an `impl`, on two lines where it is too long for one.
    fn implementation(&mut self, head: &[Tree]) -> Plain {
        let start = self.out.len();
        self.begin(0);
        let flat = self.tokens(head);
        match flat.and_then(|()| self.fits(2)) {
            Err(Stop::Wide) => self.out.truncate(start),
            result => {
                self.finish(" {");
                return result;
            }
        }
        let target = head
            .iter()
            .position(|tree| one_of(tree, &["for"]).is_some());
        let (trait_, target) = head.split_at(target.ok_or(Stop::Other)?);
        for (part, end) in [(trait_, ""), (target, " {")] {
            self.begin(0);
            self.tokens(part)?;
            self.fits(end.len())?;
            self.finish(end);
        }
        Ok(())
    }

    /// What is in an `impl`; prettyplease writes what of it is not plain.
    fn associated(&mut self, members: &[Tree]) -> Plain {
        for (place, member) in tree::items(members).enumerate() {
            let start = self.out.len();
            if self.member(member, place).is_ok() {
                continue;
            }
            self.out.truncate(start);
            let member = tree::tokens(member);
            let item = super::pretty(quote!(impl A { #member })).map_err(|_| Stop::Other)?;
            let member = item
                .strip_prefix("impl A {\n")
                .and_then(|item| item.strip_suffix("}\n"));
            let member = member.ok_or(Stop::Other)?;
            let first = member.trim_start();
            if place > 0 && (super::starts_item(first) || super::starts_member(first)) {
                self.finish("");
            }
            self.out.push_str(member);
        }
        Ok(())
    }

    fn member(&mut self, member: &[Tree], place: usize) -> Plain {
        let plain = self.introduced(member, place)?;
        match plain {
            [inner @ .., Tree::Operator(";")] => self.declaration(inner, 4),
            [head @ .., Tree::Group(Delimiter::Brace, body)] if !body.is_empty() => {
                let words = head.iter().take(2).map(|tree| one_of(tree, &["pub", "fn"]));
                let is_function = words.flatten().any(|word| word == "fn");
                if place > 0 && plain.len() == member.len() && is_function {
                    self.finish("");
                }
                self.function(head, body, 4)
            }
            _ => Err(Stop::Other),
        }
    }

    fn function(&mut self, head: &[Tree], body: &[Tree], indent: usize) -> Plain {
        self.signature(head, indent)?;
        for statement in body.split_inclusive(|tree| matches!(tree, Tree::Operator(";"))) {
            self.begin(indent + 4);
            let (statement, end) = match statement {
                [statement @ .., Tree::Operator(";")] => (statement, ";"),
                value => (value, ""),
            };
            let equals = statement
                .iter()
                .position(|tree| matches!(tree, Tree::Operator("=")));
            let (place, value) = statement.split_at(equals.map_or(0, |equals| equals + 1));
            if let [place @ .., _] = place {
                self.tokens(place)?;
                self.tight(" = ");
            }
            self.value(value, indent + 4, end.len())?;
            self.finish(end);
        }
        self.begin(indent);
        self.finish("}");
        Ok(())
    }

    /// The head of a function, with an argument per line where they are too long for one.
    fn signature(&mut self, head: &[Tree], indent: usize) -> Plain {
        let is_list = |tree: &Tree| matches!(tree, Tree::Group(Delimiter::Parenthesis, _));
        let function = head
            .iter()
            .position(|tree| one_of(tree, &["fn"]).is_some())
            .ok_or(Stop::Other)?;
        let list = function
            + head[function..]
                .iter()
                .position(is_list)
                .ok_or(Stop::Other)?;
        let (name, after) = (&head[..list], &head[list + 1..]);
        let Tree::Group(delimiter, arguments) = &head[list] else {
            return Err(Stop::Other);
        };
        if name.iter().any(|tree| matches!(tree, Tree::Operator("<"))) {
            return Err(Stop::Other);
        }
        self.begin(indent);
        self.unbroken(name)?;
        let opened = self.out.len();
        let flat = self.group(*delimiter, arguments, name);
        let flat = flat.and_then(|()| self.tokens(after));
        match flat.and_then(|()| self.fits(2)) {
            Err(Stop::Wide) => {
                self.out.truncate(opened);
                self.finish("(");
                self.listed(arguments, indent, |line, argument, behind| {
                    line.typed(argument, indent + 4, behind)
                })?;
                self.begin(indent);
                self.close(")");
                if after
                    .iter()
                    .any(|tree| matches!(tree, Tree::Operator("<") | Tree::Group(..)))
                {
                    self.tokens(after)?;
                    self.fits(2)?;
                } else {
                    self.unbroken(after)?;
                }
            }
            result => result?,
        }
        self.finish(" {");
        Ok(())
    }

    /// What stands before a member: its comment and attributes, apart from the member before. Gives the rest.
    fn introduced<'t>(&mut self, member: &'t [Tree], place: usize) -> Result<&'t [Tree], Stop> {
        if place > 0 && matches!(member.first(), Some(Tree::Operator("#"))) {
            self.finish("");
        }
        self.attributes(member, 4)
    }

    /// Comments and attributes. Gives the rest.
    fn attributes<'t>(&mut self, mut item: &'t [Tree], indent: usize) -> Result<&'t [Tree], Stop> {
        while let [
            Tree::Operator("#"),
            Tree::Group(Delimiter::Bracket, inner),
            rest @ ..,
        ] = item
        {
            item = rest;
            match inner.as_slice() {
                [Tree::Ident(doc), Tree::Operator("="), Tree::Literal(text)] if doc == "doc" => {
                    self.comment(&text_of(text)?, indent)?;
                }
                attribute => {
                    self.begin(indent);
                    self.tight("#[");
                    self.tokens(attribute)?;
                    self.fits(1)?;
                    self.finish("]");
                }
            }
        }
        Ok(item)
    }

    fn comment(&mut self, text: &str, indent: usize) -> Plain {
        if text.contains('\n') || text.starts_with('/') {
            return Err(Stop::Other);
        }
        for line in text.split(LINE_END) {
            self.begin(indent);
            self.out.push_str("///");
            self.finish(line.trim_end_matches(' '));
        }
        Ok(())
    }
}

/// The word of a list that a token is.
fn one_of(tree: &Tree, words: &[&'static str]) -> Option<&'static str> {
    match tree {
        Tree::Ident(ident) => words.iter().find(|word| ident == **word).copied(),
        _ => None,
    }
}

/// The text of a string literal.
fn text_of(literal: &Literal) -> Result<String, Stop> {
    let text = literal.to_string();
    if let Some(raw) = text.strip_prefix('r') {
        let inner = raw.trim_matches('#');
        let inner = inner
            .strip_prefix('"')
            .and_then(|inner| inner.strip_suffix('"'));
        return inner.map(str::to_owned).ok_or(Stop::Other);
    }
    match syn::Lit::new(literal.clone()) {
        syn::Lit::Str(text) => Ok(text.value()),
        _ => Err(Stop::Other),
    }
}
