//! Types that are equal, and which of them become one.

use super::{Origin, TypeId};

/// Which types are structurally equal: the same shape, wire names, limits and words, all the way down.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Classes {
    /// By type: its class.
    pub of: Vec<usize>,
    /// By type: the class of the inline schemas that say what this component says; none for other types.
    pub spelled_out: Vec<Option<usize>>,
}

/// Equal types of which one is kept.
#[derive(Debug, Clone, PartialEq)]
pub struct Sharing {
    /// The type that stays.
    pub kept: TypeId,
    /// The types that it stands for from now on.
    pub others: Vec<TypeId>,
    /// Where the name of the type that stays comes from, where that is not the place of its first use.
    pub origin: Option<Origin>,
}
