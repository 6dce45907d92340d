//! An insertion-ordered map from strings: the form of objects whose keys are data. It knows nothing of named properties.

use std::fmt::{self, Debug, Formatter};
use std::{iter, ops, slice, vec};

use indexmap::IndexSet;

use super::json::{Decode, Encode, Fault, Reader, Rest, Writer, serde_bridge};

/// A map from strings that keeps the order of insertion; equality ignores it.
///
/// The keys are indexed apart from the values, so that a new type of value costs the compiler a vector and not a hash table.
#[derive(Clone)]
pub struct Map<T> {
    keys: IndexSet<String>,
    /// The value of the key at the same index.
    values: Vec<T>,
}

impl<T> Map<T> {
    /// An empty map.
    pub fn new() -> Self {
        Self {
            keys: IndexSet::new(),
            values: Vec::new(),
        }
    }

    /// Number of entries.
    pub fn len(&self) -> usize {
        self.values.len()
    }

    /// Whether there is no entry.
    pub fn is_empty(&self) -> bool {
        self.values.is_empty()
    }

    /// Whether there is an entry of this key.
    pub fn contains_key(&self, key: &str) -> bool {
        self.keys.contains(key)
    }

    /// The value of a key.
    pub fn get(&self, key: &str) -> Option<&T> {
        self.values.get(self.keys.get_index_of(key)?)
    }

    /// The value of a key, to change it.
    pub fn get_mut(&mut self, key: &str) -> Option<&mut T> {
        self.values.get_mut(self.keys.get_index_of(key)?)
    }

    /// Sets the value of a key and returns the one it had; a key that was there keeps its place.
    pub fn insert(&mut self, key: impl Into<String>, value: T) -> Option<T> {
        let (index, _) = self.keys.insert_full(key.into());
        if let Some(place) = self.values.get_mut(index) {
            return Some(std::mem::replace(place, value));
        }
        self.values.push(value);
        None
    }

    /// Removes an entry and returns its value; the others keep their order.
    pub fn remove(&mut self, key: &str) -> Option<T> {
        let (index, _) = self.keys.shift_remove_full(key)?;
        Some(self.values.remove(index))
    }

    /// Removes every entry.
    pub fn clear(&mut self) {
        self.keys.clear();
        self.values.clear();
    }

    /// The entries in their order.
    pub fn iter(&self) -> iter::Zip<indexmap::set::Iter<'_, String>, slice::Iter<'_, T>> {
        self.keys.iter().zip(&self.values)
    }

    /// The entries in their order, with values that can be changed.
    pub fn iter_mut(
        &mut self,
    ) -> iter::Zip<indexmap::set::Iter<'_, String>, slice::IterMut<'_, T>> {
        self.keys.iter().zip(&mut self.values)
    }

    /// The keys in their order.
    pub fn keys(&self) -> indexmap::set::Iter<'_, String> {
        self.keys.iter()
    }

    /// The values in their order.
    pub fn values(&self) -> slice::Iter<'_, T> {
        self.values.iter()
    }
}

impl<T> Default for Map<T> {
    fn default() -> Self {
        Self::new()
    }
}

impl<T: Debug> Debug for Map<T> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.debug_map().entries(self).finish()
    }
}

impl<T: PartialEq> PartialEq for Map<T> {
    fn eq(&self, other: &Self) -> bool {
        self.len() == other.len()
            && self
                .iter()
                .all(|(key, value)| other.get(key) == Some(value))
    }
}

impl<T: Eq> Eq for Map<T> {}

impl<T> ops::Index<&str> for Map<T> {
    type Output = T;

    /// # Panics
    /// Where the key is missing, as the standard maps do.
    fn index(&self, key: &str) -> &T {
        match self.get(key) {
            Some(value) => value,
            None => panic!("no entry of the key {key:?}"),
        }
    }
}

impl<K: Into<String>, T> Extend<(K, T)> for Map<T> {
    fn extend<I: IntoIterator<Item = (K, T)>>(&mut self, entries: I) {
        for (key, value) in entries {
            self.insert(key, value);
        }
    }
}

impl<K: Into<String>, T> FromIterator<(K, T)> for Map<T> {
    fn from_iter<I: IntoIterator<Item = (K, T)>>(entries: I) -> Self {
        let mut map = Self::new();
        map.extend(entries);
        map
    }
}

impl<K: Into<String>, T, const N: usize> From<[(K, T); N]> for Map<T> {
    fn from(entries: [(K, T); N]) -> Self {
        entries.into_iter().collect()
    }
}

impl<T> IntoIterator for Map<T> {
    type Item = (String, T);
    type IntoIter = iter::Zip<indexmap::set::IntoIter<String>, vec::IntoIter<T>>;

    fn into_iter(self) -> Self::IntoIter {
        self.keys.into_iter().zip(self.values)
    }
}

impl<'a, T> IntoIterator for &'a Map<T> {
    type Item = (&'a String, &'a T);
    type IntoIter = iter::Zip<indexmap::set::Iter<'a, String>, slice::Iter<'a, T>>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl<'a, T> IntoIterator for &'a mut Map<T> {
    type Item = (&'a String, &'a mut T);
    type IntoIter = iter::Zip<indexmap::set::Iter<'a, String>, slice::IterMut<'a, T>>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter_mut()
    }
}

impl<T: Decode> Decode for Map<T> {
    fn decode(input: &mut Reader<'_>) -> Result<Self, Fault> {
        let mut map = Self::new();
        input.entries(&mut |input, key| map.entry(key, input))?;
        Ok(map)
    }
}

impl<T: Decode> Rest for Map<T> {
    fn entry(
        &mut self,
        key: std::borrow::Cow<'_, str>,
        input: &mut Reader<'_>,
    ) -> Result<(), Fault> {
        let value = T::decode(input)?;
        self.insert(key, value);
        Ok(())
    }
}

impl<T: Encode> Encode for Map<T> {
    fn encode(&self, out: &mut Writer) {
        let mut mark = b'{';
        for (key, value) in self {
            out.key(mark, key);
            mark = b',';
            value.encode(out);
        }
        out.close_object(mark == b'{');
    }
}

serde_bridge! { Map<T> }
