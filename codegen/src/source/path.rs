//! The way from a root to a value, kept on the stack of a walk so that it costs nothing until it is asked for.

use crate::diagnostic::Pointer;

/// Where a walk stands.
#[derive(Debug, Clone, Copy)]
pub enum Path<'a> {
    /// A place to start from.
    Base(&'a Pointer),
    /// A member of an object.
    Key(&'a Path<'a>, &'a str),
    /// An item of a list.
    Index(&'a Path<'a>, usize),
}

impl Path<'_> {
    /// One member deeper.
    pub fn key<'a>(&'a self, key: &'a str) -> Path<'a> {
        Path::Key(self, key)
    }

    /// One item deeper.
    pub fn index(&self, index: usize) -> Path<'_> {
        Path::Index(self, index)
    }

    /// The whole way, from the root of the value.
    pub fn pointer(&self) -> Pointer {
        match self {
            Path::Base(base) => (*base).clone(),
            Path::Key(parent, key) => {
                let mut pointer = parent.pointer();
                pointer.push(key);
                pointer
            }
            Path::Index(parent, index) => {
                let mut pointer = parent.pointer();
                pointer.push(index);
                pointer
            }
        }
    }
}
