//! Path templates: what matches, what the variables are, and which of two matches is the more specific.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use super::request::{Pair, decode, decode_form, pairs};

const UNRESERVED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

#[derive(Debug, Clone, PartialEq, Eq)]
enum Piece {
    /// A literal, as written and percent-encoded.
    Literal(String, String),
    Variable(String),
}

/// A path template, cut into segments of literals and variables.
#[derive(Debug, Clone)]
pub(crate) struct Template {
    text: String,
    segments: Vec<Vec<Piece>>,
    /// The pairs a template like `/items?action=copy` asks for.
    query: Vec<Pair>,
}

/// The variables of a matched template: name and value, still percent-encoded.
pub(crate) type Variables = Vec<(String, String)>;

impl Template {
    pub(crate) fn new(text: &str) -> Self {
        let path = text.split('#').next().unwrap_or_default();
        let (path, query) = path.split_once('?').unwrap_or((path, ""));
        Self {
            text: text.to_owned(),
            segments: path.split('/').map(pieces).collect(),
            query: pairs(query),
        }
    }

    pub(crate) fn text(&self) -> &str {
        &self.text
    }

    /// The names of the query pairs that are part of the template.
    pub(crate) fn fixed_query(&self) -> impl Iterator<Item = &str> {
        self.query.iter().map(|pair| pair.name.as_str())
    }

    /// The variables, if the path (percent-encoded) and the query fit.
    pub(crate) fn matches(&self, path: &str, query: &[Pair]) -> Option<Variables> {
        let wanted = |pair: &Pair| {
            query.iter().any(|given| {
                given.name == pair.name
                    && (pair.raw.is_empty()
                        || pair.raw.starts_with('{')
                        || decode_form(&given.raw) == decode_form(&pair.raw))
            })
        };
        let segments: Vec<_> = path.split('/').collect();
        if segments.len() != self.segments.len() || !self.query.iter().all(wanted) {
            return None;
        }
        let mut variables = Vec::new();
        for (pieces, segment) in self.segments.iter().zip(segments) {
            if !fits(pieces, segment, &mut variables) {
                return None;
            }
        }
        Some(variables)
    }

    /// Greater is more specific: literal segments before mixed ones before variables, from the left.
    pub(crate) fn specificity(&self) -> (Vec<u8>, usize) {
        let rank = |pieces: &Vec<Piece>| match pieces.as_slice() {
            [] | [Piece::Literal(..)] => 2,
            [Piece::Variable(_)] => 0,
            _ => 1,
        };
        (self.segments.iter().map(rank).collect(), self.query.len())
    }

    /// How many leading segments of `path` are this template's; to name near misses.
    pub(crate) fn closeness(&self, path: &str) -> usize {
        let segments = path.split('/');
        let near = self.segments.iter().zip(segments);
        near.take_while(|(pieces, segment)| fits(pieces, segment, &mut Vec::new()))
            .count()
    }
}

fn pieces(segment: &str) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut rest = segment;
    let mut literal = String::new();
    let flush = |literal: &mut String, pieces: &mut Vec<Piece>| {
        if !literal.is_empty() {
            let encoded = utf8_percent_encode(&decode(literal), UNRESERVED).to_string();
            pieces.push(Piece::Literal(std::mem::take(literal), encoded));
        }
    };
    while let Some(start) = rest.find('{') {
        let Some(end) = rest[start..].find('}') else {
            break;
        };
        literal.push_str(&rest[..start]);
        flush(&mut literal, &mut pieces);
        pieces.push(Piece::Variable(rest[start + 1..start + end].to_owned()));
        rest = &rest[start + end + 1..];
    }
    literal.push_str(rest);
    flush(&mut literal, &mut pieces);
    pieces
}

/// Whether the text is spelled by the pieces; a variable takes at least one character, and as few as possible.
fn fits(pieces: &[Piece], text: &str, variables: &mut Variables) -> bool {
    match pieces {
        [] => text.is_empty(),
        [Piece::Literal(plain, encoded), rest @ ..] => [plain, encoded]
            .into_iter()
            .filter_map(|literal| text.strip_prefix(literal.as_str()))
            .any(|after| fits(rest, after, variables)),
        [Piece::Variable(name)] => {
            variables.push((name.clone(), text.to_owned()));
            !text.is_empty()
        }
        [Piece::Variable(name), rest @ ..] => {
            let before = variables.len();
            // The last possible cut first: `{name}.{extension}` of `a.b.c` is `a.b` and `c`.
            for (cut, _) in text.char_indices().rev().filter(|(cut, _)| *cut > 0) {
                variables.push((name.clone(), text[..cut].to_owned()));
                if fits(rest, &text[cut..], variables) {
                    return true;
                }
                variables.truncate(before);
            }
            false
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn variables(template: &str, path: &str) -> Option<Vec<(String, String)>> {
        Template::new(template).matches(path, &[])
    }

    fn pair(name: &str, value: &str) -> (String, String) {
        (name.to_owned(), value.to_owned())
    }

    #[test]
    fn variables_share_a_segment_with_literals() {
        assert_eq!(
            variables("/f/{name}.{extension}", "/f/a.b.c"),
            Some(vec![pair("name", "a.b"), pair("extension", "c")])
        );
        assert_eq!(
            variables("/f/{id}:cancel", "/f/7:cancel"),
            Some(vec![pair("id", "7")])
        );
        assert_eq!(
            variables("/f/{id}:cancel", "/f/7%3Acancel"),
            Some(vec![pair("id", "7")])
        );
        assert_eq!(variables("/f/{id}:cancel", "/f/:cancel"), None);
    }

    #[test]
    fn slashes_are_exact_and_empty_segments_match_no_variable() {
        assert_eq!(variables("/f/{id}/", "/f/7"), None);
        assert_eq!(variables("/f/{id}", "/f/7/"), None);
        assert_eq!(variables("/f/{id}", "/f/"), None);
        assert_eq!(
            variables("/f/{id}", "/f/a%2Fb"),
            Some(vec![pair("id", "a%2Fb")])
        );
    }

    #[test]
    fn literals_are_more_specific_than_variables() {
        let literal = Template::new("/f/me/{part}");
        let variable = Template::new("/f/{id}/part");
        assert!(literal.specificity() > variable.specificity());
    }

    #[test]
    fn a_query_in_the_template_selects() {
        let copy = Template::new("/f?action=copy");
        assert!(copy.matches("/f", &pairs("action=copy&x=1")).is_some());
        assert!(copy.matches("/f", &pairs("action=move")).is_none());
    }
}
