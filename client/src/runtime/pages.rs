//! Paginated operations: the public streams of pages and of items.
//! It must not know how the next page is found: the pager does.

use std::collections::VecDeque;
use std::fmt;
use std::marker::PhantomData;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use futures_core::Stream;

use super::call::Call;
use super::endpoint::{Endpoint, Request};
use super::error::Error;
use super::execute::{Start, start};
use super::pager::Pager;

/// An operation whose result comes in pages: its output is one.
pub trait Paginated: Endpoint {
    /// What the pages hold.
    type Item;
    /// How the next page is asked for.
    const RULE: PageRule;
    /// The items of a page.
    fn items(page: Self::Output) -> Vec<Self::Item>;
    /// What a page says of itself and of the next one.
    fn facts(page: &Self::Output) -> PageFacts;
}

/// How the next page is asked for. Parameters are named by their position in the operation.
///
/// The first page is asked for with the caller's own arguments, and only the parameter of the rule changes afterwards. A
/// stream of pages ends with
/// - a page that says so: `next` is null, `has_more` is false, the total or the last page is reached;
/// - an empty page, unless a cursor or link to another one comes with it (at most 100 empty ones in a row);
/// - a page that repeats the one before it, or names a cursor or link that was followed already;
/// - a page shorter than the limit asked for, where nothing else tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum PageRule {
    /// The number of items to leave out, advanced by the items received.
    Offset {
        /// The parameter of the offset.
        offset: usize,
        /// The parameter of the page size.
        limit: Option<usize>,
    },
    /// The number of the page.
    Page {
        /// The parameter of the page number.
        page: usize,
        /// The parameter of the page size.
        size: Option<usize>,
        /// The number of the first page, 0 or 1.
        first: u64,
    },
    /// A cursor that the page gives: [`Next::Cursor`].
    Cursor {
        /// The parameter of the cursor.
        cursor: usize,
    },
    /// The id of the last item: [`PageFacts::last_item`].
    LastItem {
        /// The parameter of the id.
        cursor: usize,
        /// The parameter of the page size.
        limit: Option<usize>,
    },
    /// A URL in the page: [`Next::Link`]. Only its query is used.
    NextLink,
    /// The URL of `rel="next"` in the `Link` header (RFC 8288). Only its query is used.
    LinkHeader,
    /// A URL in another header. Only its query is used.
    NextHeader {
        /// The header.
        name: &'static str,
    },
    /// What a parameter takes for the next page, in a header: a cursor, or the number of a page.
    CursorHeader {
        /// The header.
        name: &'static str,
        /// The parameter.
        cursor: usize,
    },
}

/// What a page says of itself and of the next one.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct PageFacts {
    /// The items on it.
    pub items: usize,
    /// The items on all pages.
    pub total: Option<u64>,
    /// The number of pages, or the number of the last one where pages count from 1.
    pub pages: Option<u64>,
    /// Whether there is another page.
    pub has_more: Option<bool>,
    /// Where the next page is.
    pub next: Next,
    /// The id of the last item, for [`PageRule::LastItem`].
    pub last_item: Option<String>,
}

/// The number of items on a page that may be without a list.
#[allow(clippy::ref_option, reason = "a property is handed on as it is")]
pub fn count<T>(items: &Option<Vec<T>>) -> usize {
    items.as_ref().map_or(0, Vec::len)
}

/// What a page says of the next one.
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub enum Next {
    /// Pages of this kind do not say.
    #[default]
    Unknown,
    /// There is none: the field is null, empty or left out.
    End,
    /// A URL.
    Link(String),
    /// A cursor.
    Cursor(String),
}

impl Next {
    /// The `next` field of pages that hold a URL there.
    pub fn link(field: Option<impl fmt::Display>) -> Self {
        Self::text(field.map(|link| link.to_string()), Self::Link)
    }

    /// The field of pages that hold a cursor.
    pub fn cursor(field: Option<impl fmt::Display>) -> Self {
        Self::text(field.map(|cursor| cursor.to_string()), Self::Cursor)
    }

    fn text(text: Option<String>, kind: fn(String) -> Self) -> Self {
        text.filter(|text| !text.is_empty()).map_or(Self::End, kind)
    }
}

/// A `Stream` of the pages of an operation, each with the retries and the time of a call.
///
/// It ends after an error. What has not been polled is not asked for.
#[must_use = "a stream does nothing until it is polled"]
pub struct Pages<E: Paginated> {
    pager: Pager<Start>,
    endpoint: PhantomData<fn() -> E>,
}

impl<E: Paginated> Pages<E> {
    pub(super) fn new(call: Call) -> Self {
        Self {
            pager: Pager::new(start, call, E::RULE),
            endpoint: PhantomData,
        }
    }

    /// Ends after this many pages. Without it, more than 10,000 pages are an error, since that is a loop.
    pub fn max_pages(mut self, pages: u64) -> Self {
        self.pager.max_pages(pages);
        self
    }

    /// The next page; `None` after the last one.
    pub async fn try_next(&mut self) -> Result<Option<E::Output>, Error> {
        std::future::poll_fn(|cx| self.poll_page(cx))
            .await
            .transpose()
    }

    /// All pages.
    pub async fn try_collect(mut self) -> Result<Vec<E::Output>, Error> {
        let mut all = Vec::new();
        while let Some(page) = self.try_next().await? {
            all.push(page);
        }
        Ok(all)
    }

    /// The items of all pages.
    pub fn items(self) -> Items<E> {
        Items {
            pages: self,
            ready: VecDeque::new(),
        }
    }

    fn poll_page(&mut self, cx: &mut Context<'_>) -> Poll<Option<Result<E::Output, Error>>> {
        let reply = match ready!(self.pager.poll_reply(cx)) {
            None => return Poll::Ready(None),
            Some(Err(error)) => return Poll::Ready(Some(Err(error))),
            Some(Ok(reply)) => reply,
        };
        let page = E::DECODE(self.pager.operation(), reply);
        match &page {
            Ok(page) => self.pager.advance(&E::facts(page)),
            Err(_) => self.pager.end(),
        }
        Poll::Ready(Some(page))
    }
}

impl<E: Paginated> Stream for Pages<E> {
    type Item = Result<E::Output, Error>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.poll_page(cx)
    }
}

impl<E: Paginated> fmt::Debug for Pages<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pages")
            .field("operation", &self.pager.operation().id)
            .finish_non_exhaustive()
    }
}

/// A `Stream` of the items of all pages. It ends after an error.
#[must_use = "a stream does nothing until it is polled"]
pub struct Items<E: Paginated> {
    pages: Pages<E>,
    ready: VecDeque<E::Item>,
}

impl<E: Paginated> Items<E> {
    /// Ends after this many pages. Without it, more than 10,000 pages are an error, since that is a loop.
    pub fn max_pages(mut self, pages: u64) -> Self {
        self.pages = self.pages.max_pages(pages);
        self
    }

    /// The next item; `None` after the last one.
    pub async fn try_next(&mut self) -> Result<Option<E::Item>, Error> {
        std::future::poll_fn(|cx| self.poll_item(cx))
            .await
            .transpose()
    }

    /// All items.
    pub async fn try_collect(mut self) -> Result<Vec<E::Item>, Error> {
        let mut all = Vec::new();
        while let Some(item) = self.try_next().await? {
            all.push(item);
        }
        Ok(all)
    }

    fn poll_item(&mut self, cx: &mut Context<'_>) -> Poll<Option<Result<E::Item, Error>>> {
        loop {
            if let Some(item) = self.ready.pop_front() {
                return Poll::Ready(Some(Ok(item)));
            }
            match ready!(self.pages.poll_page(cx)) {
                None => return Poll::Ready(None),
                Some(Err(error)) => return Poll::Ready(Some(Err(error))),
                Some(Ok(page)) => self.ready = E::items(page).into(),
            }
        }
    }
}

// Items are handed out, never pinned.
impl<E: Paginated> Unpin for Items<E> {}

impl<E: Paginated> Stream for Items<E> {
    type Item = Result<E::Item, Error>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.poll_item(cx)
    }
}

impl<E: Paginated> fmt::Debug for Items<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Items")
            .field("operation", &self.pages.pager.operation().id)
            .finish_non_exhaustive()
    }
}

impl<E: Paginated> Request<E> {
    /// The pages from the one described here on, as a stream.
    pub fn pages(self) -> Pages<E> {
        Pages::new(self.call)
    }

    /// The items of all pages from the one described here on, as a stream.
    pub fn items(self) -> Items<E> {
        self.pages().items()
    }
}
