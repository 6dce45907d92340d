//! Chance from a seed, the same for the same number.

#[path = "../judge/sample.rs"]
mod sample;

use self::sample::{Random, matching};
use super::instance::Chance;

/// Numbers and texts from a seed.
pub(crate) struct Seeded(Random);

impl Seeded {
    pub(crate) fn new(seed: u64) -> Self {
        Self(Random::new(seed))
    }

    /// For the same seed another one for each name, so that one document more or less changes nothing in the others.
    pub(crate) fn named(seed: u64, name: &str) -> Self {
        // FNV-1a.
        let hash = name.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
        });
        Self::new(seed ^ hash)
    }
}

impl Chance for Seeded {
    fn below(&mut self, bound: usize) -> usize {
        self.0.below(bound)
    }

    fn matching(&mut self, pattern: &str, least: usize, greatest: usize) -> Option<String> {
        matching(pattern, least, greatest, &mut self.0)
    }
}
