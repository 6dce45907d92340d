//! A shell command's words with their places.
//!
//! Own code because shlex ends no command at a line's end or an operator and does not say where a word stands.

use super::super::report::Position;

/// A word of a command.
#[derive(Debug, PartialEq)]
pub(super) struct Word {
    pub(super) text: String,
    pub(super) at: Position,
}

/// The commands of a script; an error is the place of a quote that is never closed.
pub(super) fn commands(text: &str) -> Result<Vec<Vec<Word>>, Position> {
    let mut reader = Reader {
        chars: text.chars().collect(),
        index: 0,
        line: 1,
        column: 1,
    };
    let (mut commands, mut words) = (Vec::new(), Vec::new());
    while let Some(c) = reader.peek() {
        match c {
            '\n' | ';' | '|' | '&' => {
                reader.next();
                commands.push(std::mem::take(&mut words));
            }
            '\\' if reader.ends_line() => reader.skip_line(),
            '#' => {
                while reader.peek().is_some_and(|c| c != '\n') {
                    reader.next();
                }
            }
            c if c.is_whitespace() => {
                reader.next();
            }
            _ => words.push(reader.word()?),
        }
    }
    commands.push(words);
    commands.retain(|words| !words.is_empty());
    Ok(commands)
}

struct Reader {
    chars: Vec<char>,
    index: usize,
    line: usize,
    column: usize,
}

impl Reader {
    fn peek(&self) -> Option<char> {
        self.chars.get(self.index).copied()
    }

    fn next(&mut self) -> Option<char> {
        let c = self.peek()?;
        self.index += 1;
        if c == '\n' {
            self.line += 1;
            self.column = 1;
        } else {
            self.column += 1;
        }
        Some(c)
    }

    /// Whether a backslash is the line's last character but for blanks, which pages add by mistake.
    fn ends_line(&self) -> bool {
        let rest = self.chars[self.index + 1..].iter();
        rest.into_iter()
            .find(|c| !matches!(c, ' ' | '\t' | '\r'))
            .is_none_or(|c| *c == '\n')
    }

    fn skip_line(&mut self) {
        while self.next().is_some_and(|c| c != '\n') {}
    }

    fn word(&mut self) -> Result<Word, Position> {
        let at = Position::new(self.line, self.column);
        let mut text = String::new();
        while let Some(c) = self.peek() {
            match c {
                c if c.is_whitespace() || matches!(c, ';' | '|') => break,
                // Inside an unquoted URL it is meant as text, which a shell would not do.
                '&' if !text.contains('?') => break,
                '\'' | '"' => self.quoted(&mut text)?,
                '\\' if self.ends_line() => {
                    self.skip_line();
                    break;
                }
                '\\' => {
                    self.next();
                    text.extend(self.next());
                }
                '$' if self.chars.get(self.index + 1) == Some(&'\'') => {
                    self.next();
                    self.quoted(&mut text)?;
                }
                _ => text.extend(self.next()),
            }
        }
        Ok(Word { text, at })
    }

    fn quoted(&mut self, text: &mut String) -> Result<(), Position> {
        let at = Position::new(self.line, self.column);
        let quote = self.next();
        loop {
            match self.next() {
                None => return Err(at),
                c if c == quote => return Ok(()),
                Some('\\') if quote == Some('"') => match self.next() {
                    Some('\n') | None => {}
                    Some(c @ ('$' | '`' | '"' | '\\')) => text.push(c),
                    Some(c) => text.extend(['\\', c]),
                },
                Some(c) => text.push(c),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn splits_as_a_shell_does() {
        let text = "# c\nA=1\ncurl 'a b' \\\n  -H \"x: \\\"y\\\"\" \\ \n--url=z\\ w | jq .; echo";
        let commands = commands(text).unwrap();
        let words: Vec<Vec<&str>> = commands
            .iter()
            .map(|words| words.iter().map(|word| word.text.as_str()).collect())
            .collect();
        assert_eq!(
            words,
            [
                vec!["A=1"],
                vec!["curl", "a b", "-H", "x: \"y\"", "--url=z w"],
                vec!["jq", "."],
                vec!["echo"]
            ]
        );
        assert_eq!(commands[1][2].at, Position::new(4, 3));
        assert_eq!(super::commands("curl 'a\nb"), Err(Position::new(1, 6)));
    }
}
