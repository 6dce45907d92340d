//! The tokens of Python and JavaScript samples, with their places; texts come with their put-in names.

use super::super::report::Position;
use super::code::{Dialect, Piece, Token};

/// Splits a sample; an error is the place of a text that is never closed.
pub(super) fn tokens(text: &str, dialect: Dialect) -> Result<Vec<(Token, Position)>, Position> {
    let mut reader = Reader {
        chars: text.chars().collect(),
        index: 0,
        line: 1,
        column: 1,
        dialect,
    };
    let mut tokens = Vec::new();
    while let Some(c) = reader.peek(0) {
        let at = Position::new(reader.line, reader.column);
        if c.is_whitespace() {
            reader.next();
        } else if reader.is_comment() {
            reader.skip_comment();
        } else if let Some(prefix) = reader.text_prefix() {
            let format = reader.chars[reader.index..reader.index + prefix]
                .iter()
                .any(|c| matches!(c, 'f' | 'F'));
            let raw = reader.chars[reader.index..reader.index + prefix]
                .iter()
                .any(|c| matches!(c, 'r' | 'R'));
            for _ in 0..prefix {
                reader.next();
            }
            tokens.push((Token::Text(reader.text(format, raw).ok_or(at)?), at));
        } else if c.is_alphabetic() || matches!(c, '_' | '$') {
            let name = reader.take(|c| c.is_alphanumeric() || matches!(c, '_' | '$'));
            tokens.push((Token::Name(name), at));
        } else if c.is_ascii_digit() {
            let number = reader.take(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '_'));
            tokens.push((Token::Number(number.replace('_', "")), at));
        } else {
            reader.next();
            tokens.push((Token::Mark(c), at));
        }
    }
    Ok(tokens)
}

struct Reader {
    chars: Vec<char>,
    index: usize,
    line: usize,
    column: usize,
    dialect: Dialect,
}

impl Reader {
    fn peek(&self, ahead: usize) -> Option<char> {
        self.chars.get(self.index + ahead).copied()
    }

    fn next(&mut self) -> Option<char> {
        let c = self.peek(0)?;
        self.index += 1;
        if c == '\n' {
            self.line += 1;
            self.column = 1;
        } else {
            self.column += 1;
        }
        Some(c)
    }

    fn take(&mut self, belongs: impl Fn(char) -> bool) -> String {
        let mut out = String::new();
        while self.peek(0).is_some_and(&belongs) {
            out.extend(self.next());
        }
        out
    }

    fn is_comment(&self) -> bool {
        match self.dialect {
            Dialect::Python => self.peek(0) == Some('#'),
            Dialect::JavaScript => {
                self.peek(0) == Some('/') && matches!(self.peek(1), Some('/' | '*'))
            }
        }
    }

    fn skip_comment(&mut self) {
        if self.peek(1) == Some('*') && self.dialect == Dialect::JavaScript {
            while self.peek(0).is_some()
                && !(self.peek(0) == Some('*') && self.peek(1) == Some('/'))
            {
                self.next();
            }
            self.next();
            self.next();
            return;
        }
        while self.peek(0).is_some_and(|c| c != '\n') {
            self.next();
        }
    }

    /// How many letters stand before a quote at the cursor; none where no text begins.
    fn text_prefix(&self) -> Option<usize> {
        let is_quote = |c: Option<char>| match self.dialect {
            Dialect::Python => matches!(c, Some('\'' | '"')),
            Dialect::JavaScript => matches!(c, Some('\'' | '"' | '`')),
        };
        let longest = if self.dialect == Dialect::Python {
            2
        } else {
            0
        };
        (0..=longest).find(|&length| {
            let letters = (0..length).all(|ahead| {
                matches!(
                    self.peek(ahead),
                    Some('f' | 'F' | 'r' | 'R' | 'b' | 'B' | 'u' | 'U')
                )
            });
            letters && is_quote(self.peek(length))
        })
    }

    /// The pieces of a text whose quote is at the cursor; none where it is never closed.
    fn text(&mut self, format: bool, raw: bool) -> Option<Vec<Piece>> {
        let quote = self.next()?;
        let triple = self.dialect == Dialect::Python
            && self.peek(0) == Some(quote)
            && self.peek(1) == Some(quote);
        if triple {
            self.next();
            self.next();
        }
        let (mut pieces, mut text) = (Vec::new(), String::new());
        loop {
            let c = self.next()?;
            if c == quote {
                if !triple {
                    break;
                }
                if self.peek(0) == Some(quote) && self.peek(1) == Some(quote) {
                    self.next();
                    self.next();
                    break;
                }
                text.push(c);
            } else if c == '\\' && !raw {
                text.push_str(&self.escape()?);
            } else if c == '\n' && !triple && quote != '`' {
                return None;
            } else if quote == '`' && c == '$' && self.peek(0) == Some('{') {
                self.next();
                self.put_in(&mut pieces, &mut text)?;
            } else if format && c == '{' && self.peek(0) != Some('{') {
                self.put_in(&mut pieces, &mut text)?;
            } else {
                if format && matches!(c, '{' | '}') && self.peek(0) == Some(c) {
                    self.next();
                }
                text.push(c);
            }
        }
        if !text.is_empty() {
            pieces.push(Piece::Text(text));
        }
        Some(pieces)
    }

    fn escape(&mut self) -> Option<String> {
        Some(match self.next()? {
            'n' => "\n".to_owned(),
            't' => "\t".to_owned(),
            'r' => "\r".to_owned(),
            '\n' => String::new(),
            other => other.to_string(),
        })
    }

    /// Reads to the brace that closes what is put in; its name is its last word.
    fn put_in(&mut self, pieces: &mut Vec<Piece>, text: &mut String) -> Option<()> {
        let (mut depth, mut inside) = (1_usize, String::new());
        loop {
            match self.next()? {
                '{' => depth += 1,
                '}' => depth -= 1,
                '\n' => return None,
                _ => {}
            }
            if depth == 0 {
                break;
            }
            inside.push(self.chars[self.index - 1]);
        }
        if !text.is_empty() {
            pieces.push(Piece::Text(std::mem::take(text)));
        }
        // A format such as `{id!r:>5}` is none of the name.
        let inside = inside.split(['!', ':']).next().unwrap_or_default();
        let name = inside
            .split(|c: char| !(c.is_alphanumeric() || matches!(c, '_' | '$')))
            .rfind(|word| !word.is_empty())
            .unwrap_or_default();
        pieces.push(Piece::Name(name.to_owned()));
        Some(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_come_in_pieces() {
        let text = |name: &str| Piece::Text(name.to_owned());
        let name = |name: &str| Piece::Name(name.to_owned());
        let python = tokens("f'a{x[\"k\"]!r}b{{c}}' # {", Dialect::Python).unwrap();
        assert_eq!(
            python[0].0,
            Token::Text(vec![text("a"), name("k"), text("b{c}")])
        );
        let js = tokens(
            "// '\n`a\n${encodeURIComponent(p.id)}`/* ` */ 1_0",
            Dialect::JavaScript,
        )
        .unwrap();
        assert_eq!(js[0].0, Token::Text(vec![text("a\n"), name("id")]));
        assert_eq!(
            js[1],
            (Token::Number("10".to_owned()), Position::new(3, 37))
        );
        assert_eq!(
            tokens("x = 'a\n'", Dialect::Python),
            Err(Position::new(1, 5))
        );
    }
}
