//! From the facts of a page to the call of the next one, and when there is none.
//! It must not know the types of pages or items.

use std::collections::HashSet;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::task::{Context, Poll};

use reqwest::header::{HeaderMap, LINK};
use url::form_urlencoded;

use super::argument::{Shape, quoted};
use super::call::Call;
use super::cut::cut;
use super::error::Error;
use super::execute::InFlight;
use super::operation::Operation;
use super::pages::{Next, PageFacts, PageRule};
use super::reply::Reply;
use super::trace;

/// More pages than this are a loop, unless the caller sets a number.
const MOST_PAGES: u64 = 10_000;
/// More empty pages in a row than this are a loop.
const MOST_EMPTY: u32 = 100;

/// Generic over what makes a call, so that it is compiled with programs that ask for pages and not with each client.
pub(super) struct Pager<S> {
    /// What makes a call.
    start: S,
    /// The call of the last page asked for.
    call: Call,
    rule: PageRule,
    state: State,
    /// The cursors and links followed.
    seen: HashSet<String>,
    fingerprint: Option<u64>,
    /// What the last reply's header says of the next page.
    link: Option<String>,
    pages: u64,
    items: u64,
    empty: u32,
    max_pages: Option<u64>,
}

enum State {
    /// The call is the one of the next page.
    Due,
    InFlight(InFlight),
    /// The caller has a page, whose facts come next.
    Delivered,
    Failed(Box<Error>),
    Ended,
}

impl<S: Fn(Call) -> InFlight> Pager<S> {
    pub(super) fn new(start: S, call: Call, rule: PageRule) -> Self {
        Self {
            start,
            call,
            rule,
            state: State::Due,
            seen: HashSet::new(),
            fingerprint: None,
            link: None,
            pages: 0,
            items: 0,
            empty: 0,
            max_pages: None,
        }
    }

    pub(super) fn operation(&self) -> &'static Operation {
        self.call.operation
    }

    pub(super) fn max_pages(&mut self, pages: u64) {
        self.max_pages = Some(pages);
    }

    pub(super) fn end(&mut self) {
        self.state = State::Ended;
    }

    /// The reply of the next page; `None` when there is none.
    pub(super) fn poll_reply(
        &mut self,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Reply, Error>>> {
        loop {
            match std::mem::replace(&mut self.state, State::Ended) {
                State::Ended | State::Delivered => return Poll::Ready(None),
                State::Failed(error) => return Poll::Ready(Some(Err(*error))),
                State::Due => match self.max_pages {
                    Some(most) if self.pages >= most => return Poll::Ready(None),
                    None if self.pages >= MOST_PAGES => {
                        return Poll::Ready(Some(
                            Err(self.endless(&format!("{MOST_PAGES} pages"))),
                        ));
                    }
                    _ => self.state = State::InFlight((self.start)(self.call.clone())),
                },
                State::InFlight(mut future) => {
                    let Poll::Ready(reply) = future.as_mut().poll(cx) else {
                        self.state = State::InFlight(future);
                        return Poll::Pending;
                    };
                    let Ok(reply) = reply else {
                        return Poll::Ready(Some(reply));
                    };
                    if self.repeats(&reply) {
                        trace::repeated_page(self.call.operation.id);
                        return Poll::Ready(None);
                    }
                    self.pages += 1;
                    self.state = State::Delivered;
                    return Poll::Ready(Some(Ok(reply)));
                }
            }
        }
    }

    /// Whether the reply is the one before it over again.
    fn repeats(&mut self, reply: &Reply) -> bool {
        self.link = match self.rule {
            PageRule::LinkHeader => next_link(reply.headers()),
            PageRule::NextHeader { name } | PageRule::CursorHeader { name, .. } => reply
                .headers()
                .get(name)
                .and_then(|next| next.to_str().ok())
                .map(|next| next.trim().to_owned())
                .filter(|next| !next.is_empty() && next != "null"),
            _ => None,
        };
        let mut hasher = DefaultHasher::new();
        reply.read().hash(&mut hasher);
        self.link.hash(&mut hasher);
        let fingerprint = hasher.finish();
        self.fingerprint.replace(fingerprint) == Some(fingerprint)
    }

    /// Puts together the call of the page after the one with these facts.
    pub(super) fn advance(&mut self, facts: &PageFacts) {
        self.items += facts.items as u64;
        self.empty = if facts.items == 0 { self.empty + 1 } else { 0 };
        self.state = State::Ended;
        if facts.has_more == Some(false) || facts.next == Next::End {
            return;
        }
        let due = match self.rule {
            PageRule::Offset { offset, limit } => self.by_offset(offset, limit, facts),
            PageRule::Page { page, size, first } => self.by_page(page, size, first, facts),
            PageRule::Cursor { cursor } => match &facts.next {
                Next::Cursor(next) => self.by_cursor(cursor, next),
                _ => false,
            },
            PageRule::LastItem { cursor, limit } => match &facts.last_item {
                Some(id) if facts.items > 0 && !self.is_short(limit, facts) => {
                    self.by_cursor(cursor, id)
                }
                _ => false,
            },
            PageRule::NextLink => match &facts.next {
                Next::Link(link) => self.by_link(link),
                _ => false,
            },
            PageRule::LinkHeader | PageRule::NextHeader { .. } => match self.link.take() {
                Some(link) => self.by_link(&link),
                None => false,
            },
            PageRule::CursorHeader { cursor, .. } => match self.link.take() {
                Some(link) if is_link(&link) => self.by_link(&link),
                Some(next) => self.by_cursor(cursor, &next),
                None => false,
            },
        };
        if due && self.empty >= MOST_EMPTY {
            self.state =
                State::Failed(Box::new(self.endless(&format!("{MOST_EMPTY} empty pages"))));
        } else if due {
            self.state = State::Due;
        }
    }

    fn by_offset(&mut self, offset: usize, limit: Option<usize>, facts: &PageFacts) -> bool {
        let at = self
            .number(Some(offset))
            .unwrap_or(0)
            .saturating_add(facts.items as u64);
        if facts.items == 0 || facts.total.is_some_and(|total| at >= total) {
            return false;
        }
        if self.is_short(limit, facts) || self.repeats_link(facts) {
            return false;
        }
        self.set(offset, at.to_string());
        true
    }

    fn by_page(&mut self, page: usize, size: Option<usize>, first: u64, facts: &PageFacts) -> bool {
        let at = self.number(Some(page)).unwrap_or(first);
        if facts.items == 0 || self.is_short(size, facts) || self.repeats_link(facts) {
            return false;
        }
        // Pages before this one: of those in the stream the items are counted, the others are full.
        let before = (at.saturating_sub(first) + 1).saturating_sub(self.pages);
        let skipped = before.saturating_mul(self.number(size).unwrap_or(facts.items as u64));
        if facts
            .total
            .is_some_and(|total| self.items.saturating_add(skipped) >= total)
        {
            return false;
        }
        if facts
            .pages
            .is_some_and(|pages| at.saturating_sub(first) + 1 >= pages)
        {
            return false;
        }
        self.set(page, at.saturating_add(1).to_string());
        true
    }

    fn by_cursor(&mut self, parameter: usize, cursor: &str) -> bool {
        if cursor.is_empty() || !self.is_new(cursor) {
            return false;
        }
        self.set(parameter, quoted(cursor));
        true
    }

    /// Takes over the query of a link. A link without one cannot be followed, and saying nothing would lose its items.
    fn by_link(&mut self, link: &str) -> bool {
        let (link, _) = cut(link, '#');
        let query = cut(link, '?').1.unwrap_or_default();
        if query.is_empty() {
            let message = "has a page whose link to the next one has no query: only the query of a link is followed";
            self.state = State::Failed(Box::new(Error::build(
                Some(self.call.operation.id),
                message,
            )));
            return false;
        }
        if !self.is_new(query) {
            return false;
        }
        self.call.changes.query = form_urlencoded::parse(query.as_bytes())
            .into_owned()
            .collect();
        true
    }

    /// Whether a link that comes with numbered pages is the one that came before.
    fn repeats_link(&mut self, facts: &PageFacts) -> bool {
        match &facts.next {
            Next::Link(link) => !self.is_new(link),
            _ => false,
        }
    }

    fn is_new(&mut self, place: &str) -> bool {
        let new = self.seen.insert(place.to_owned());
        if !new {
            trace::repeated_page(self.call.operation.id);
        }
        new
    }

    /// Whether the page has fewer items than were asked for, and nothing better tells whether it is the last.
    fn is_short(&self, limit: Option<usize>, facts: &PageFacts) -> bool {
        let told = facts.total.is_some()
            || facts.pages.is_some()
            || facts.has_more.is_some()
            || facts.next != Next::Unknown;
        !told
            && self
                .number(limit)
                .is_some_and(|limit| (facts.items as u64) < limit)
    }

    /// The number that the call has as an argument.
    fn number(&self, parameter: Option<usize>) -> Option<u64> {
        let json = self.call.arguments.get(parameter?)?.as_deref()?;
        Shape::of(json).ok()?.text().parse().ok()
    }

    fn set(&mut self, parameter: usize, json: String) {
        if let Some(argument) = self.call.arguments.get_mut(parameter) {
            *argument = Some(json);
        }
    }

    fn endless(&self, what: &str) -> Error {
        let message = format!("did not end after {what}: set `max_pages` if that is right");
        Error::build(Some(self.call.operation.id), message)
    }
}

/// Whether what a header holds is a URL after all, which documents do not always say.
#[inline]
fn is_link(text: &str) -> bool {
    let (scheme, rest) = cut(text, ':');
    let is_target = matches!(scheme.as_bytes().first(), Some(b'/' | b'?'))
        || rest.is_some_and(|rest| rest.starts_with("//"));
    is_target && text.as_bytes().contains(&b'?')
}

/// The target of `rel="next"` in the `Link` headers (RFC 8288 section 3).
#[inline]
fn next_link(headers: &HeaderMap) -> Option<String> {
    for value in headers.get_all(LINK) {
        let mut rest = value.to_str().unwrap_or_default();
        while let (_, Some(after)) = cut(rest, '<') {
            let (target, after) = cut(after, '>');
            // The parameters end where the next target begins.
            let (parameters, _) = cut(after.unwrap_or_default(), '<');
            if is_next(parameters) {
                return Some(target.to_owned());
            }
            rest = after.unwrap_or_default();
        }
    }
    None
}

#[inline]
fn is_next(parameters: &str) -> bool {
    let mut rest = Some(parameters);
    while let Some(parameters) = rest {
        let (parameter, others) = cut(parameters, ';');
        rest = others;
        let (name, value) = cut(parameter, '=');
        let value = value.unwrap_or_default().trim();
        let value = value.trim_end_matches(',').trim().trim_matches('"');
        let mut relations = value.split_ascii_whitespace();
        if name.trim().eq_ignore_ascii_case("rel")
            && relations.any(|relation| relation.eq_ignore_ascii_case("next"))
        {
            return true;
        }
    }
    false
}
