//! A documentation page as served: its title, summary, site and fenced blocks; it knows neither OpenAPI nor tags.

use super::report::{Place, Position, Problem};

/// A page of text with what every kind of page has.
#[derive(Debug)]
pub(super) struct Page {
    /// The page as the user named it.
    pub(super) name: String,
    pub(super) lines: Vec<String>,
    pub(super) fences: Vec<Fence>,
    pub(super) title: Option<String>,
    /// The blockquote below the title.
    pub(super) summary: Option<String>,
    /// The folder of the documentation site's index, ending with a slash.
    pub(super) site: Option<String>,
}

/// A fenced block and where its lines stand on the page.
#[derive(Clone, Debug)]
pub(super) struct Fence {
    pub(super) info: String,
    /// Where the info string begins.
    pub(super) at: Position,
    /// Index of the opening line.
    pub(super) open: usize,
    /// Index of the line that closes the block.
    pub(super) close: usize,
    /// The content, without the fence's own indentation.
    pub(super) text: String,
    /// How many characters of indentation each line of `text` lost.
    shifts: Vec<usize>,
}

impl Fence {
    /// The words of the info string.
    pub(super) fn words(&self) -> Vec<&str> {
        self.info.split_whitespace().collect()
    }

    /// The block's language in lower case, empty where it names none.
    pub(super) fn language(&self) -> String {
        self.words()
            .first()
            .map(|word| word.to_ascii_lowercase())
            .unwrap_or_default()
    }

    /// Where a place of `text` stands on the page.
    pub(super) fn on_page(&self, inside: Position) -> Position {
        let shift = self.shifts.get(inside.line - 1).copied().unwrap_or(0);
        Position::new(self.open + 1 + inside.line, inside.column + shift)
    }
}

impl Page {
    /// Reads a page's text; a fence that is never closed means that the page is cut off.
    pub(super) fn parse(name: &str, text: &str) -> Result<Self, Problem> {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        if text.trim().is_empty() {
            return Err(Problem::error(
                "the page is empty",
                Place::at(name, Position::START),
            )
            .help("save the page's Markdown again; sites serve it when `.md` is added to its address"));
        }
        let lines: Vec<String> = text.lines().map(str::to_owned).collect();
        let fences = fences(name, &lines)?;
        let mut page = Self {
            name: name.to_owned(),
            lines,
            fences,
            title: None,
            summary: None,
            site: None,
        };
        page.read_front_matter();
        page.read_heading();
        let site = page.prose().find_map(|(_, line)| site(line));
        page.site = site;
        Ok(page)
    }

    pub(super) fn place(&self, position: Position) -> Place {
        Place::at(&self.name, position)
    }

    /// The lines outside of fenced blocks, with their indexes.
    fn prose(&self) -> impl Iterator<Item = (usize, &str)> {
        self.lines
            .iter()
            .enumerate()
            .filter(|(index, _)| !self.in_fence(*index))
            .map(|(index, line)| (index, line.as_str()))
    }

    /// Whether the line of this index belongs to a fenced block.
    pub(super) fn in_fence(&self, index: usize) -> bool {
        let after = self.fences.partition_point(|fence| fence.open <= index);
        after > 0 && index <= self.fences[after - 1].close
    }

    /// Pages saved from a repository begin with their title and summary between `---` lines.
    fn read_front_matter(&mut self) {
        let mut lines = self.lines.iter().map(|line| line.trim_end());
        if lines.next() != Some("---") {
            return;
        }
        let matter: Vec<&str> = lines.take_while(|line| *line != "---").collect();
        let value = |key: &str| {
            let value = matter
                .iter()
                .find_map(|line| line.strip_prefix(key)?.strip_prefix(':'))?;
            let value = value.trim().trim_matches(['"', '\'']).to_owned();
            (!value.is_empty()).then_some(value)
        };
        let found = (value("title"), value("description"));
        (self.title, self.summary) = found;
    }

    /// A heading and the quote below it say it better than the front matter.
    fn read_heading(&mut self) {
        let Some((index, title)) = self.prose().find_map(|(index, line)| {
            let title = line.strip_prefix("# ")?.trim().trim_end_matches('#').trim();
            (!title.is_empty()).then(|| (index, title.to_owned()))
        }) else {
            return;
        };
        let quote: Vec<&str> = self.lines[index + 1..]
            .iter()
            .map(|line| line.trim())
            .skip_while(|line| line.is_empty())
            .map_while(|line| line.strip_prefix('>'))
            .map(str::trim)
            .collect();
        let summary = quote.join(" ").trim().to_owned();
        self.title = Some(title);
        if !summary.is_empty() {
            self.summary = Some(summary);
        }
    }
}

/// The folder of the index that a page points to, from a line such as `… https://docs.example.com/llms.txt`.
fn site(line: &str) -> Option<String> {
    let end = line.find("/llms.txt")?;
    let start = line[..end]
        .rfind("https://")
        .or_else(|| line[..end].rfind("http://"))?;
    let folder = &line[start..end];
    (!folder.contains(char::is_whitespace)).then(|| format!("{folder}/"))
}

fn fences(name: &str, lines: &[String]) -> Result<Vec<Fence>, Problem> {
    let mut fences = Vec::new();
    let mut index = 0;
    while index < lines.len() {
        let Some(opening) = Opening::parse(&lines[index]) else {
            index += 1;
            continue;
        };
        let Some(close) =
            (index + 1..lines.len()).find(|&later| opening.is_closed_by(&lines[later]))
        else {
            let at = Position::new(index + 1, opening.indent + 1);
            return Err(Problem::error(
                format!(
                    "this block opens with {} and is never closed",
                    opening.marker()
                ),
                Place::at(name, at),
            )
            .help("the page looks cut off: save it again, to its end"));
        };
        fences.push(opening.fence(index, close, &lines[index + 1..close]));
        index = close + 1;
    }
    Ok(fences)
}

/// A line that opens a block: three or more backticks or tildes (`CommonMark` 0.31, section 4.5), at any indentation
/// because pages indent blocks inside their tags.
struct Opening<'a> {
    indent: usize,
    mark: char,
    length: usize,
    info: &'a str,
}

impl<'a> Opening<'a> {
    fn parse(line: &'a str) -> Option<Self> {
        let rest = line.trim_start_matches([' ', '\t']);
        let mark = rest.chars().next().filter(|c| matches!(c, '`' | '~'))?;
        let length = rest.chars().take_while(|&c| c == mark).count();
        let info = &rest[length..];
        // Backticks after the fence make it inline code.
        let inline = mark == '`' && info.contains('`');
        (length >= 3 && !inline).then(|| Self {
            indent: line.chars().count() - rest.chars().count(),
            mark,
            length,
            info,
        })
    }

    fn marker(&self) -> String {
        self.mark.to_string().repeat(self.length)
    }

    fn is_closed_by(&self, line: &str) -> bool {
        let line = line.trim();
        line.chars().count() >= self.length && line.chars().all(|c| c == self.mark)
    }

    fn fence(&self, open: usize, close: usize, content: &[String]) -> Fence {
        let (mut text, mut shifts) = (String::new(), Vec::with_capacity(content.len()));
        for line in content {
            let blank = line
                .chars()
                .take(self.indent)
                .take_while(|c| matches!(c, ' ' | '\t'))
                .count();
            shifts.push(blank);
            // Blanks are one byte each.
            text.push_str(&line[blank..]);
            text.push('\n');
        }
        let lead = self.info.chars().take_while(|c| c.is_whitespace()).count();
        Fence {
            info: self.info.trim().to_owned(),
            at: Position::new(open + 1, self.indent + self.length + lead + 1),
            open,
            close,
            text,
            shifts,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_title_summary_site_and_blocks_with_windows_line_ends() {
        let text = "\u{feff}> ## Index\r\n> see: https://docs.example.com/v2/llms.txt\r\n\r\n# List Pets\r\n\r\n> All of\r\n> them\r\n\r\n  ~~~~yaml a b\r\n  x: 1\r\n ~~~\r\n  ~~~~~\r\n";
        let page = Page::parse("p.md", text).unwrap();
        assert_eq!(page.title.as_deref(), Some("List Pets"));
        assert_eq!(page.summary.as_deref(), Some("All of them"));
        assert_eq!(page.site.as_deref(), Some("https://docs.example.com/v2/"));
        assert_eq!(page.fences.len(), 1);
        let fence = &page.fences[0];
        assert_eq!(fence.text, "x: 1\n~~~\n");
        assert_eq!(fence.words(), ["yaml", "a", "b"]);
        assert_eq!(fence.at, Position::new(9, 7));
        assert_eq!(fence.on_page(Position::new(1, 4)), Position::new(10, 6));
        assert_eq!(fence.on_page(Position::new(2, 1)), Position::new(11, 2));
    }

    #[test]
    fn front_matter_names_a_page_without_a_heading() {
        let page = Page::parse(
            "p.md",
            "---\ntitle: \"List Pets\"\ndescription: All\n---\ntext\n",
        )
        .unwrap();
        assert_eq!(
            (page.title.as_deref(), page.summary.as_deref()),
            (Some("List Pets"), Some("All"))
        );
    }

    #[test]
    fn an_open_block_is_an_error_at_its_fence() {
        let problem = Page::parse("p.md", "# T\n\n ```yaml\nx\n").unwrap_err();
        assert_eq!(problem.places, [Place::at("p.md", Position::new(3, 2))]);
    }
}
