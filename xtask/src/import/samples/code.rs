//! As much of Python's and JavaScript's expressions as request samples use; what is beyond it is skipped, never guessed.

use std::collections::BTreeMap;

use super::super::report::Position;

/// How the two languages differ for the reader.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Dialect {
    Python,
    JavaScript,
}

/// A part of a text: written out, or the name of what is put in.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Piece {
    Text(String),
    Name(String),
}

#[derive(Clone, Debug, PartialEq)]
pub(super) enum Token {
    Text(Vec<Piece>),
    Name(String),
    Number(String),
    Mark(char),
}

/// An expression as far as it is understood.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Expr {
    Text(Vec<Piece>),
    Number(String),
    Bool(bool),
    Null,
    List(Vec<Expr>),
    Dict(Vec<(String, Expr)>),
    /// A name, with its owners before dots.
    Name(String),
    Call {
        name: String,
        args: Vec<Expr>,
        named: Vec<(String, Expr)>,
    },
    Concat(Vec<Expr>),
    Other,
}

/// A call that a sample makes.
#[derive(Debug)]
pub(super) struct Call {
    pub(super) at: Position,
    pub(super) name: String,
    pub(super) args: Vec<Expr>,
    pub(super) named: Vec<(String, Expr)>,
}

/// A sample's assignments and calls.
#[derive(Debug)]
pub(super) struct Program {
    pub(super) variables: BTreeMap<String, Expr>,
    pub(super) calls: Vec<Call>,
}

/// Reads a sample; an error is the place of a text that is never closed.
pub(super) fn read(text: &str, dialect: Dialect) -> Result<Program, Position> {
    let tokens = super::tokens::tokens(text, dialect)?;
    let mut parser = Parser {
        tokens: &tokens,
        index: 0,
        dialect,
        depth: 0,
    };
    let mut program = Program {
        variables: BTreeMap::new(),
        calls: Vec::new(),
    };
    let mut depth = 0_usize;
    while let Some((token, at)) = tokens.get(parser.index) {
        let start = parser.index;
        match token {
            Token::Mark('(' | '[') => depth += 1,
            Token::Mark(')' | ']') => depth = depth.saturating_sub(1),
            Token::Name(name) if start == 0 || tokens[start - 1].0 != Token::Mark('.') => {
                // Inside parentheses `name=` is an argument.
                if depth == 0 && parser.is_assignment() {
                    parser.index = start + 2;
                    let value = parser.expression();
                    program.variables.insert(name.clone(), value);
                } else if let Some((name, (args, named))) = parser.call() {
                    program.calls.push(Call {
                        at: *at,
                        name,
                        args,
                        named,
                    });
                }
                // Calls inside of what was just read are calls too.
                parser.index = start;
            }
            _ => {}
        }
        parser.index += 1;
    }
    Ok(program)
}

struct Parser<'t> {
    tokens: &'t [(Token, Position)],
    index: usize,
    dialect: Dialect,
    depth: usize,
}

/// Those by position and those by name.
type Arguments = (Vec<Expr>, Vec<(String, Expr)>);

/// Deeper than any sample; a page cannot exhaust the stack.
const DEEPEST: usize = 64;

impl Parser<'_> {
    fn peek(&self) -> Option<&Token> {
        self.tokens.get(self.index).map(|(token, _)| token)
    }

    fn at(&self, ahead: usize) -> Option<&Token> {
        self.tokens.get(self.index + ahead).map(|(token, _)| token)
    }

    fn eat(&mut self, mark: char) -> bool {
        let found = self.peek() == Some(&Token::Mark(mark));
        self.index += usize::from(found);
        found
    }

    fn is_assignment(&self) -> bool {
        self.at(1) == Some(&Token::Mark('=')) && !matches!(self.at(2), Some(Token::Mark('=' | '>')))
    }

    /// A call at the cursor: a dotted name and its arguments.
    fn call(&mut self) -> Option<(String, Arguments)> {
        let name = self.dotted()?;
        if !self.eat('(') {
            return None;
        }
        Some((name, self.arguments()))
    }

    fn dotted(&mut self) -> Option<String> {
        let Some(Token::Name(first)) = self.peek() else {
            return None;
        };
        let mut name = first.clone();
        self.index += 1;
        loop {
            // `a?.b` and `a!.b` are `a.b` here.
            let gap = usize::from(matches!(self.peek(), Some(Token::Mark('?' | '!'))));
            match (self.at(gap), self.at(gap + 1)) {
                (Some(Token::Mark('.')), Some(Token::Name(next))) => {
                    name = format!("{name}.{next}");
                    self.index += gap + 2;
                }
                _ => return Some(name),
            }
        }
    }

    /// Arguments up to and with the closing parenthesis.
    fn arguments(&mut self) -> Arguments {
        let (mut args, mut named) = (Vec::new(), Vec::new());
        while self.peek().is_some() && !self.eat(')') {
            if self.eat(',') {
                continue;
            }
            let name = match self.peek() {
                Some(Token::Name(name))
                    if self.dialect == Dialect::Python && self.is_assignment() =>
                {
                    Some(name.clone())
                }
                _ => None,
            };
            if name.is_some() {
                self.index += 2;
            }
            let value = self.whole(&[',', ')']);
            match name {
                Some(name) => named.push((name, value)),
                None => args.push(value),
            }
        }
        (args, named)
    }

    /// An expression that ends at one of the marks; what is not understood up to there makes it another one.
    fn whole(&mut self, ends: &[char]) -> Expr {
        let start = self.index;
        let value = self.expression();
        let is_end = |token: Option<&Token>| {
            matches!(token, None | Some(Token::Mark(_)))
                && match token {
                    Some(Token::Mark(mark)) => ends.contains(mark),
                    _ => true,
                }
        };
        if is_end(self.peek()) && self.index > start {
            return value;
        }
        self.index = start;
        let mut depth = 0_usize;
        while let Some(token) = self.peek() {
            match token {
                Token::Mark(mark) if depth == 0 && ends.contains(mark) => break,
                Token::Mark('(' | '[' | '{') => depth += 1,
                Token::Mark(')' | ']' | '}') => depth = depth.saturating_sub(1),
                _ => {}
            }
            self.index += 1;
        }
        Expr::Other
    }

    fn expression(&mut self) -> Expr {
        let first = self.operand();
        if self.peek() != Some(&Token::Mark('+')) {
            return first;
        }
        let mut parts = vec![first];
        while self.eat('+') {
            parts.push(self.operand());
        }
        Expr::Concat(parts)
    }

    fn operand(&mut self) -> Expr {
        if self.depth >= DEEPEST {
            return Expr::Other;
        }
        self.depth += 1;
        let value = self.shallow_operand();
        self.depth -= 1;
        value
    }

    fn shallow_operand(&mut self) -> Expr {
        let Some((token, _)) = self.tokens.get(self.index) else {
            return Expr::Other;
        };
        let value = match token {
            Token::Text(pieces) => {
                self.index += 1;
                let mut pieces = pieces.clone();
                while let (Dialect::Python, Some(Token::Text(more))) = (self.dialect, self.peek()) {
                    pieces.extend(more.clone());
                    self.index += 1;
                }
                Expr::Text(pieces)
            }
            Token::Number(number) => {
                let number = number.clone();
                self.index += 1;
                Expr::Number(number)
            }
            Token::Name(name) => self.named_operand(&name.clone()),
            Token::Mark('(') => {
                self.index += 1;
                let inner = self.whole(&[')', ',']);
                if self.eat(')') {
                    inner
                } else {
                    self.tuple(inner)
                }
            }
            Token::Mark('[') => {
                self.index += 1;
                Expr::List(self.items(']'))
            }
            Token::Mark('{') => {
                self.index += 1;
                self.dict()
            }
            Token::Mark('-') => {
                self.index += 1;
                match self.operand() {
                    Expr::Number(number) => Expr::Number(format!("-{number}")),
                    _ => Expr::Other,
                }
            }
            Token::Mark(_) => Expr::Other,
        };
        self.suffix(value)
    }

    fn named_operand(&mut self, name: &str) -> Expr {
        let keyword = match name {
            "True" | "true" => Some(Expr::Bool(true)),
            "False" | "false" => Some(Expr::Bool(false)),
            "None" | "null" | "undefined" => Some(Expr::Null),
            _ => None,
        };
        if let Some(value) = keyword {
            self.index += 1;
            return value;
        }
        if matches!(name, "new" | "await") && matches!(self.at(1), Some(Token::Name(_))) {
            self.index += 1;
        }
        let Some(name) = self.dotted() else {
            return Expr::Other;
        };
        if self.eat('(') {
            let (args, named) = self.arguments();
            return Expr::Call { name, args, named };
        }
        Expr::Name(name)
    }

    /// What may follow a value: an index names it anew, a method of a text keeps the text, others are not understood.
    fn suffix(&mut self, mut value: Expr) -> Expr {
        loop {
            if self.peek() == Some(&Token::Mark('[')) && matches!(value, Expr::Name(_)) {
                self.index += 1;
                let items = self.items(']');
                value = match items.as_slice() {
                    [Expr::Text(pieces)] => match pieces.as_slice() {
                        [Piece::Text(name)] => Expr::Name(name.clone()),
                        _ => Expr::Other,
                    },
                    _ => Expr::Other,
                };
            } else if self.peek() == Some(&Token::Mark('.'))
                && matches!(self.at(1), Some(Token::Name(_)))
            {
                let is_format =
                    matches!(self.at(1), Some(Token::Name(method)) if method == "format");
                let is_text = matches!(value, Expr::Text(_));
                self.index += 2;
                if self.eat('(') {
                    self.arguments();
                }
                // The fields of the text are the placeholders already.
                if !(is_text && is_format) {
                    value = Expr::Other;
                }
            } else {
                return value;
            }
        }
    }

    fn tuple(&mut self, first: Expr) -> Expr {
        let mut items = vec![first];
        items.extend(self.items(')'));
        Expr::List(items)
    }

    fn items(&mut self, end: char) -> Vec<Expr> {
        let mut items = Vec::new();
        while self.peek().is_some() && !self.eat(end) {
            if !self.eat(',') {
                items.push(self.whole(&[',', end]));
            }
        }
        items
    }

    fn dict(&mut self) -> Expr {
        let mut entries = Vec::new();
        while self.peek().is_some() && !self.eat('}') {
            if self.eat(',') {
                continue;
            }
            let key = match self.peek() {
                Some(Token::Name(name)) => Some(name.clone()),
                Some(Token::Text(pieces)) => match pieces.as_slice() {
                    [] => Some(String::new()),
                    [Piece::Text(text)] => Some(text.clone()),
                    _ => None,
                },
                _ => None,
            };
            match (key, self.at(1)) {
                (Some(key), Some(Token::Mark(':'))) => {
                    self.index += 2;
                    let value = self.whole(&[',', '}']);
                    entries.push((key, value));
                }
                (Some(key), Some(Token::Mark(',' | '}'))) => {
                    self.index += 1;
                    entries.push((key.clone(), Expr::Name(key)));
                }
                _ => {
                    self.whole(&[',', '}']);
                }
            }
        }
        Expr::Dict(entries)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn follows_names_templates_and_concatenations() {
        let program = read(
            "base = 'https://x.dev'\nid = '<id>'\nurl = f\"{base}/a/{id}/b\" '?c=1'\nother = base + '/a/' + str(id)\n\
             plain = '{}/{id}'.format(1)\nkey = os.environ['KEY']\nprint(url, other)",
            Dialect::Python,
        )
        .unwrap();
        let text = |name: &str| program.text(&Expr::Name(name.to_owned())).unwrap();
        assert_eq!(text("url"), "https://x.dev/a/{id}/b?c=1");
        assert_eq!(text("other"), "https://x.dev/a/{id}");
        assert_eq!(text("plain"), "{}/{id}");
        assert_eq!(text("key"), "{KEY}");
        assert_eq!(program.texts()["id"], "<id>");
        assert_eq!(program.calls.last().unwrap().name, "print");
    }

    #[test]
    fn reads_around_what_it_does_not_understand() {
        let program = read(
            "const f = async () => { const r = await a.b(`x${y.z}`, { ...rest, headers, n: -1.5, t: [true, null], g: (q) => { q(); } }, x ? 1 : 2); };",
            Dialect::JavaScript,
        )
        .unwrap();
        let call = program
            .calls
            .iter()
            .find(|call| call.name == "a.b")
            .unwrap();
        assert_eq!(program.text(&call.args[0]).unwrap(), "x{z}");
        assert_eq!(
            program
                .json(program.entry(&call.args[1], "t").unwrap())
                .unwrap()
                .to_string(),
            "[true,null]"
        );
        assert_eq!(
            program.entry(&call.args[1], "n"),
            Some(&Expr::Number("-1.5".to_owned()))
        );
        assert_eq!(program.entry(&call.args[1], "g"), Some(&Expr::Other));
        assert_eq!(call.args[2], Expr::Other);
        assert_eq!(
            program.pairs(&call.args[1])[0],
            ("headers".to_owned(), "{headers}".to_owned())
        );
    }

    #[test]
    fn depth_is_bounded() {
        let text = format!("f({}", "[(-{a:".repeat(20_000));
        assert_eq!(read(&text, Dialect::JavaScript).unwrap().calls.len(), 1);
    }

    #[test]
    fn names_that_stand_for_each_other_end() {
        let program = read("a = b\nb = a\n", Dialect::Python).unwrap();
        assert!(program.text(&Expr::Name("a".to_owned())).is_some());
    }
}
