//! The tags of a page to a tree with places; it knows how tags are written, not what they mean.
//!
//! Own code because pages are neither HTML nor valid MDX as served: a library would accept what must be an error, or
//! reject the prose around the tags.

use super::page::Page;
use super::report::{Position, Problem};

/// The tags that carry an operation; others, such as `<Note>`, only frame text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Tag {
    ParamField,
    ResponseField,
    Expandable,
    RequestExample,
    ResponseExample,
}

impl Tag {
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::ParamField => "ParamField",
            Self::ResponseField => "ResponseField",
            Self::Expandable => "Expandable",
            Self::RequestExample => "RequestExample",
            Self::ResponseExample => "ResponseExample",
        }
    }

    fn named(name: &str) -> Option<Self> {
        [
            Self::ParamField,
            Self::ResponseField,
            Self::Expandable,
            Self::RequestExample,
            Self::ResponseExample,
        ]
        .into_iter()
        .find(|tag| tag.name() == name)
    }
}

/// What an attribute is given.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Given {
    /// The attribute's name alone.
    Nothing,
    Text(String),
    /// What stands between braces.
    Braces(String),
}

#[derive(Clone, Debug, PartialEq)]
pub(super) struct Attribute {
    pub(super) name: String,
    pub(super) given: Given,
    pub(super) at: Position,
}

/// A tag with what is inside of it.
#[derive(Debug)]
pub(super) struct Element {
    pub(super) tag: Tag,
    pub(super) at: Position,
    pub(super) attributes: Vec<Attribute>,
    pub(super) children: Vec<Element>,
    /// The text directly inside, raw.
    pub(super) text: String,
    /// Indexes of the lines of its opening and closing tags.
    pub(super) lines: (usize, usize),
}

/// More levels than any page has; a page cannot exhaust the stack.
const DEEPEST: usize = 32;

/// Reads all tags outside of fenced blocks.
pub(super) fn parse(page: &Page) -> Result<Vec<Element>, Vec<Problem>> {
    let mut chars = Vec::new();
    for (index, line) in page.lines.iter().enumerate() {
        if !page.in_fence(index) {
            chars.extend(line.chars());
        }
        chars.push('\n');
    }
    let mut reader = Reader {
        page,
        chars,
        index: 0,
        line: 1,
        column: 1,
        open: Vec::new(),
        done: Vec::new(),
        problems: Vec::new(),
    };
    reader.read();
    if reader.problems.is_empty() {
        Ok(reader.done)
    } else {
        Err(reader.problems)
    }
}

struct Reader<'p> {
    page: &'p Page,
    chars: Vec<char>,
    index: usize,
    line: usize,
    column: usize,
    open: Vec<Element>,
    done: Vec<Element>,
    problems: Vec<Problem>,
}

impl Reader<'_> {
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

    fn position(&self) -> Position {
        Position::new(self.line, self.column)
    }

    fn starts_with(&self, text: &str) -> bool {
        text.chars()
            .enumerate()
            .all(|(ahead, c)| self.peek(ahead) == Some(c))
    }

    fn problem(&mut self, at: Position, message: String, help: &str) {
        self.problems
            .push(Problem::error(message, self.page.place(at)).help(help));
    }

    fn text(&mut self, c: char) {
        if let Some(element) = self.open.last_mut() {
            element.text.push(c);
        }
    }

    fn read(&mut self) {
        while let Some(c) = self.peek(0) {
            match c {
                '`' => self.code_span(),
                '{' if self.starts_with("{/*") => self.skip_past("*/}"),
                '<' if self.starts_with("<!--") => self.skip_past("-->"),
                '<' if self.peek(1).is_some_and(|c| c.is_ascii_uppercase()) => self.opening(),
                '<' if self.peek(1) == Some('/')
                    && self.peek(2).is_some_and(|c| c.is_ascii_uppercase()) =>
                {
                    self.closing();
                }
                c => {
                    self.text(c);
                    self.next();
                }
            }
        }
        while let Some(element) = self.open.pop() {
            self.never_closed(&element, "the page's end");
        }
    }

    /// Code on one line is text whatever is in it; a lone backtick is itself.
    fn code_span(&mut self) {
        let run = self.chars[self.index..]
            .iter()
            .take_while(|c| **c == '`')
            .count();
        let rest = &self.chars[self.index + run..];
        let line = rest.iter().position(|c| *c == '\n').unwrap_or(rest.len());
        let mark = vec!['`'; run];
        let close = rest[..line].windows(run).position(|window| window == mark);
        let length = close.map_or(run, |close| run + close + run);
        for _ in 0..length {
            if let Some(c) = self.next() {
                self.text(c);
            }
        }
    }

    fn skip_past(&mut self, end: &str) {
        while self.peek(0).is_some() && !self.starts_with(end) {
            self.next();
        }
        for _ in end.chars() {
            self.next();
        }
    }

    fn name(&mut self) -> String {
        let mut name = String::new();
        while let Some(c) = self
            .peek(0)
            .filter(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '-' | ':'))
        {
            name.push(c);
            self.next();
        }
        name
    }

    fn opening(&mut self) {
        let (at, first) = (self.position(), self.line - 1);
        self.next();
        let name = self.name();
        let Some(tag) = Tag::named(&name) else {
            // The frame goes, the text in it stays.
            while self.peek(0).is_some_and(|c| c != '>' && c != '\n') {
                self.next();
            }
            self.next();
            return;
        };
        let Some((attributes, is_empty)) = self.attributes(tag) else {
            self.recover();
            return;
        };
        let element = Element {
            tag,
            at,
            attributes,
            children: Vec::new(),
            text: String::new(),
            lines: (first, self.line - 1),
        };
        if is_empty {
            self.add(element);
        } else if self.open.len() < DEEPEST {
            self.open.push(element);
        } else {
            self.problem(
                at,
                format!("tags are nested more than {DEEPEST} deep"),
                "simplify the saved page",
            );
        }
    }

    /// After a broken tag reading goes on behind it, so that the rest of the page is checked too.
    fn recover(&mut self) {
        while self.peek(0).is_some_and(|c| !matches!(c, '>' | '\n')) {
            self.next();
        }
    }

    fn add(&mut self, element: Element) {
        match self.open.last_mut() {
            Some(parent) => parent.children.push(element),
            None => self.done.push(element),
        }
    }

    /// The attributes up to the tag's end, and whether the tag has no content; none after a problem.
    fn attributes(&mut self, tag: Tag) -> Option<(Vec<Attribute>, bool)> {
        let mut attributes: Vec<Attribute> = Vec::new();
        loop {
            while self.peek(0).is_some_and(char::is_whitespace) {
                self.next();
            }
            let at = self.position();
            match self.peek(0) {
                Some('>') => {
                    self.next();
                    return Some((attributes, false));
                }
                Some('/') if self.peek(1) == Some('>') => {
                    self.next();
                    self.next();
                    return Some((attributes, true));
                }
                Some(c) if c.is_ascii_alphabetic() || c == '_' => {
                    let name = self.name();
                    let given = self.given(tag, &name)?;
                    if attributes.iter().any(|old| old.name == name) {
                        self.problem(
                            at,
                            format!("<{}> has `{name}` twice", tag.name()),
                            "keep one of them",
                        );
                        return None;
                    }
                    attributes.push(Attribute { name, given, at });
                }
                found => {
                    let what = found
                        .map_or_else(|| "the page ends".to_owned(), |c| format!("{c:?} stands"));
                    self.problem(
                        at,
                        format!(
                            "the tag <{}> is broken: {what} where an attribute or > is expected",
                            tag.name()
                        ),
                        "write name=\"value\", name={value} or name, and end the tag with > or />",
                    );
                    return None;
                }
            }
        }
    }

    fn given(&mut self, tag: Tag, name: &str) -> Option<Given> {
        if self.peek(0) != Some('=') {
            return Some(Given::Nothing);
        }
        self.next();
        let opened = self.position();
        let broken = |reader: &mut Self, why: &str| {
            reader.problem(
                opened,
                format!("the attribute `{name}` of <{}> {why}", tag.name()),
                "write its value as \"…\" or {…}, closed on the same line",
            );
            None
        };
        match self.peek(0) {
            Some(quote @ ('"' | '\'')) => {
                self.next();
                let mut text = String::new();
                loop {
                    match self.peek(0) {
                        None | Some('\n') => return broken(self, "is never closed"),
                        Some(c) if c == quote => break,
                        Some(c) => text.push(c),
                    }
                    self.next();
                }
                self.next();
                // The next quote closes nothing when a name follows at once: it was meant to open another value.
                if self
                    .peek(0)
                    .is_some_and(|c| !c.is_whitespace() && !matches!(c, '>' | '/'))
                {
                    return broken(self, "is never closed");
                }
                Some(Given::Text(unescape(&text)))
            }
            Some('{') => match self.braces() {
                Some(inner) => Some(Given::Braces(inner)),
                None => broken(self, "is never closed"),
            },
            _ => broken(self, "has a value without quotes"),
        }
    }

    /// What is between balanced braces, with quotes respected.
    fn braces(&mut self) -> Option<String> {
        let (mut depth, mut quote, mut inner) = (0_usize, None, String::new());
        loop {
            let c = self.next()?;
            match (quote, c) {
                (Some(open), c) if c == open => quote = None,
                (Some(_), '\n') => return None,
                (None, '"' | '\'' | '`') => quote = Some(c),
                (None, '{') => depth += 1,
                (None, '}') => depth -= 1,
                _ => {}
            }
            inner.push(c);
            if depth == 0 {
                // Both braces are one byte.
                return Some(inner[1..inner.len() - 1].trim().to_owned());
            }
        }
    }

    fn closing(&mut self) {
        let at = self.position();
        self.next();
        self.next();
        let name = self.name();
        while self.peek(0).is_some_and(char::is_whitespace) {
            self.next();
        }
        let Some(tag) = Tag::named(&name) else {
            self.recover();
            self.next();
            return;
        };
        if self.peek(0) == Some('>') {
            self.next();
        } else {
            self.problem(
                at,
                format!("the closing tag </{name}> has no >"),
                "end it with >",
            );
        }
        let Some(depth) = self.open.iter().rposition(|element| element.tag == tag) else {
            self.problem(
                at,
                format!("</{name}> closes a tag that is not open"),
                "remove it, or open the tag before it",
            );
            return;
        };
        while self.open.len() > depth + 1 {
            if let Some(inner) = self.open.pop() {
                self.never_closed(&inner, &format!("</{name}> at {}:{}", at.line, at.column));
            }
        }
        if let Some(mut element) = self.open.pop() {
            element.lines.1 = at.line - 1;
            self.add(element);
        }
    }

    fn never_closed(&mut self, element: &Element, before: &str) {
        let name = element.tag.name();
        self.problem(
            element.at,
            format!("<{name}> is not closed before {before}"),
            &format!("add </{name}>, or end the tag with />"),
        );
    }
}

/// The entities that JSX knows in quoted values, as far as pages use them.
fn unescape(text: &str) -> String {
    text.replace("&quot;", "\"")
        .replace("&#39;", "'")
        .replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&amp;", "&")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(text: &str) -> Page {
        Page::parse("p.md", text).unwrap()
    }

    #[test]
    fn reads_tags_attributes_and_text() {
        let text = "a < b <b>x</b>\n<ParamField\n  query=\"q[]\" type='string | null' default={ {\"a\": \"}\"} } required>\n  Says `<Expandable>` <Note>and</Note>\n  more.{/* </ParamField> */}\n  <Expandable title=\"a &quot;b&quot;\">\n```\n</ParamField>\n```\n<ResponseField name=\"\"/></Expandable>\n</ParamField>\n";
        let elements = parse(&page(text)).unwrap();
        assert_eq!(elements.len(), 1);
        let field = &elements[0];
        assert_eq!(
            (field.tag, field.at, field.lines),
            (Tag::ParamField, Position::new(2, 1), (1, 10))
        );
        let given: Vec<_> = field
            .attributes
            .iter()
            .map(|a| (a.name.as_str(), a.given.clone()))
            .collect();
        assert_eq!(
            given,
            [
                ("query", Given::Text("q[]".to_owned())),
                ("type", Given::Text("string | null".to_owned())),
                ("default", Given::Braces("{\"a\": \"}\"}".to_owned())),
                ("required", Given::Nothing),
            ]
        );
        assert_eq!(
            field.text.split_whitespace().collect::<Vec<_>>().join(" "),
            "Says `<Expandable>` and more."
        );
        assert_eq!(
            field.children[0].attributes[0].given,
            Given::Text("a \"b\"".to_owned())
        );
        assert_eq!(field.children[0].children[0].tag, Tag::ResponseField);
    }

    #[test]
    fn broken_tags_are_told_at_their_places() {
        for (text, message, at) in [
            (
                "<ParamField path=\"a\">\nx\n",
                "<ParamField> is not closed before the page's end",
                (1, 1),
            ),
            (
                "<ResponseField name=\"a\">\n <Expandable>\n</ResponseField>",
                "<Expandable> is not closed before </ResponseField> at 3:1",
                (2, 2),
            ),
            (
                "x\n </Expandable>",
                "</Expandable> closes a tag that is not open",
                (2, 2),
            ),
            (
                "<ParamField path=\"a type=\"string\" />",
                "the attribute `path` of <ParamField> is never closed",
                (1, 18),
            ),
            (
                "<ParamField path=\"a\n/>",
                "the attribute `path` of <ParamField> is never closed",
                (1, 18),
            ),
            (
                "<ParamField path=a />",
                "the attribute `path` of <ParamField> has a value without quotes",
                (1, 18),
            ),
            (
                "<ParamField path={a />",
                "the attribute `path` of <ParamField> is never closed",
                (1, 18),
            ),
            (
                "<ParamField {...a} />",
                "the tag <ParamField> is broken: '{' stands where an attribute or > is expected",
                (1, 13),
            ),
            ("<ParamField a a />", "<ParamField> has `a` twice", (1, 15)),
        ] {
            let problems = parse(&page(text)).unwrap_err();
            assert_eq!(problems[0].message, message);
            let (line, column) = at;
            let place = Some(Position::new(line, column));
            assert_eq!(problems[0].places[0].position, place, "{text}");
            assert!(problems[0].help.is_some());
        }
    }
}
