//! What one page adds to an API's document, and where its parts stand; both kinds of page end here.

use serde_json::Value;

use super::page::Fence;
use super::report::Position;
use super::yaml::locate;

/// A page's document with its origin.
#[derive(Debug)]
pub(super) struct Contribution {
    pub(super) page: String,
    /// The name that the page suggests for its API.
    pub(super) api: Option<String>,
    /// Where the operations come from, as the manifest records it.
    pub(super) origin: Vec<String>,
    pub(super) document: Value,
    pub(super) places: Places,
}

/// How to find a pointer's place.
#[derive(Debug)]
pub(super) enum Places {
    /// In a block of the page.
    Block(Fence),
    /// Derived from the whole page: its heading stands for all.
    Page(Position),
    /// In a document of its own.
    Text(String),
}

impl Places {
    pub(super) fn find(&self, pointer: &[String]) -> Option<Position> {
        match self {
            Self::Block(fence) => locate(&fence.text, pointer).map(|inside| fence.on_page(inside)),
            Self::Page(position) => Some(*position),
            Self::Text(text) => locate(text, pointer),
        }
    }
}
