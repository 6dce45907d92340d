//! How many types of which classes stand at places that end in the same words, or hold the same.

use foldhash::HashMap;

use super::super::words::{self, Word};
use super::place::Place;
use crate::ir::{Classes, TypeId};

/// How many words before the last step may tell it from others.
pub(super) const FURTHER: usize = 6;

/// What several types may be called: the last words of their places, or what they hold.
#[derive(Default)]
struct Endings {
    /// By singular: its number.
    words: HashMap<String, usize>,
    /// By ending, and the word before it: the longer ending. That of no words is 0.
    longer: HashMap<(usize, usize), usize>,
    contents: HashMap<String, usize>,
    /// The last number that was given.
    last: usize,
    /// Room for a word.
    text: String,
}

impl Endings {
    fn longer(&mut self, ending: usize, word: &str) -> usize {
        self.text.clear();
        words::push_singular(&mut self.text, word);
        let word = numbered(&mut self.words, &self.text);
        let last = &mut self.last;
        *self.longer.entry((ending, word)).or_insert_with(|| {
            *last += 1;
            *last
        })
    }

    fn content(&mut self, name: String) -> usize {
        let last = &mut self.last;
        *self.contents.entry(name).or_insert_with(|| {
            *last += 1;
            *last
        })
    }

    /// What words are that a place may end with, from the last word on.
    fn find(&self, words: impl Iterator<Item: AsRef<str>>) -> Option<usize> {
        let mut ending = 0;
        for word in words {
            let mut singular = String::new();
            words::push_singular(&mut singular, word.as_ref());
            let word = *self.words.get(&singular)?;
            ending = *self.longer.get(&(ending, word))?;
        }
        Some(ending)
    }
}

/// The number of a text, which is the next where it is new.
fn numbered(numbers: &mut HashMap<String, usize>, text: &str) -> usize {
    if let Some(number) = numbers.get(text) {
        return *number;
    }
    let next = numbers.len();
    numbers.insert(text.to_owned(), next);
    next
}

/// The uses of inline schemas.
#[derive(Default)]
pub(super) struct Uses {
    endings: Endings,
    /// By owner: its number.
    owners: HashMap<String, usize>,
    /// An ending, what stands there, and its owner.
    all: Vec<(usize, TypeId, usize)>,
}

impl Uses {
    /// Adds a type at its place, with what it is called after what it holds.
    pub(super) fn add(
        &mut self,
        id: TypeId,
        place: &Place<'_>,
        contents: impl Iterator<Item = String>,
    ) {
        let owner = numbered(&mut self.owners, &place.owner_name);
        let shortest = place.last().len();
        let mut ending = 0;
        let words = place.words();
        let words = words.iter().rev().take(shortest + FURTHER);
        for (before, word) in words.enumerate() {
            ending = self.endings.longer(ending, word);
            if before + 1 >= shortest {
                self.all.push((ending, id, owner));
            }
        }
        for content in contents {
            self.all.push((self.endings.content(content), id, owner));
        }
    }

    /// Counts the uses of each class.
    pub(super) fn counted(self, classes: &Classes) -> Counts {
        let owners = self.owners.into_iter();
        let mut owners: Vec<_> = owners
            .map(|(owner, number)| (spaced(&owner), number))
            .collect();
        owners.sort_unstable();
        let mut positions = vec![0; owners.len()];
        for (position, (_, number)) in owners.iter().enumerate() {
            positions[*number] = position;
        }
        let by_class = self.all.into_iter();
        let mut by_class: Vec<_> = by_class
            .map(|(ending, id, owner)| (ending, classes.of[id.index()], positions[owner]))
            .collect();
        by_class.sort_unstable();
        let mut distinct = by_class.clone();
        distinct.dedup();
        let by_owner = by_class.iter();
        let mut by_owner: Vec<_> = by_owner
            .map(|(ending, _, owner)| (*ending, *owner))
            .collect();
        by_owner.sort_unstable();
        Counts {
            endings: self.endings,
            owners: owners.into_iter().map(|(owner, _)| owner).collect(),
            by_class,
            distinct,
            by_owner,
        }
    }
}

/// The uses of classes, counted where they are asked for.
pub(super) struct Counts {
    endings: Endings,
    /// With spaces, in order.
    owners: Vec<String>,
    /// The uses by ending, class and owner.
    by_class: Vec<(usize, usize, usize)>,
    /// The same, without those that are equal.
    distinct: Vec<(usize, usize, usize)>,
    /// The uses by ending and owner.
    by_owner: Vec<(usize, usize)>,
}

impl Counts {
    /// Whether more than half of what stands at places that end so, of owners that begin with some words, is of one class.
    pub(super) fn stands_out(
        &self,
        class: usize,
        ending: impl DoubleEndedIterator<Item: AsRef<str>>,
        owner: &[Word],
    ) -> bool {
        self.endings
            .find(ending.rev())
            .is_some_and(|ending| self.is_most(class, ending, owner))
    }

    /// Whether more than half of what holds the same is of one class.
    pub(super) fn stands_out_by_content(&self, class: usize, name: &str) -> bool {
        let ending = self.endings.contents.get(name);
        ending.is_some_and(|ending| self.is_most(class, *ending, &[]))
    }

    fn is_most(&self, class: usize, ending: usize, owner: &[Word]) -> bool {
        // Copies for the operations of one resource count once, unless it is about that resource.
        let (own, all) = if owner.is_empty() {
            let count = |from, to| between(&self.distinct, &from, &to);
            (
                count((ending, class, 0), (ending, class + 1, 0)),
                count((ending, 0, 0), (ending + 1, 0, 0)),
            )
        } else {
            let (from, to) = self.owners_within(&spaced(&words::snake(owner)));
            (
                between(&self.by_class, &(ending, class, from), &(ending, class, to)),
                between(&self.by_owner, &(ending, from), &(ending, to)),
            )
        };
        own * 2 > all
    }

    /// The positions of the owners that begin with the words of another.
    fn owners_within(&self, owner: &str) -> (usize, usize) {
        let is_before = |other: &String| other.as_str() < owner;
        let is_within = |other: &String| {
            let rest = other.strip_prefix(owner);
            rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(' '))
        };
        let from = self.owners.partition_point(is_before);
        let length = self.owners[from..].partition_point(is_within);
        (from, from + length)
    }
}

/// A name with spaces between its words, which come before all letters and digits: names that begin with one name stand
/// together when they are sorted.
fn spaced(name: &str) -> String {
    name.replace('_', " ")
}

/// How many of what is sorted stand from one on before another.
fn between<T: Ord>(sorted: &[T], from: &T, to: &T) -> usize {
    sorted.partition_point(|it| it < to) - sorted.partition_point(|it| it < from)
}
