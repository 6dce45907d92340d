//! Where a value of the lowered document stood when its author wrote it; knows pointers, not what they point at.

use std::collections::HashMap;

use crate::diagnostic::{FileId, Pointer};

/// Moves of subtrees, from which the author's place of any pointer follows.
///
/// A move is recorded in the author's own coordinates: "what now stands at this place of this file came from that
/// place". Nothing is stored for values that stay where they are.
#[derive(Debug, Clone, Default)]
pub struct Origins {
    moves: HashMap<FileId, HashMap<String, (FileId, Pointer)>>,
}

impl Origins {
    /// The file and pointer under which the author finds what `pointer` leads to in the bundled or lowered value.
    pub fn author(&self, pointer: &Pointer) -> (FileId, Pointer) {
        self.trace(FileId::ENTRY, pointer)
    }

    /// The same for a pointer into any file of the document.
    pub fn trace(&self, file: FileId, pointer: &Pointer) -> (FileId, Pointer) {
        if self.moves.is_empty() {
            return (file, pointer.clone());
        }
        let mut file = file;
        let mut place = String::with_capacity(pointer.as_str().len());
        let mut tokens = pointer.as_str().split('/');
        // What comes before the first slash is no token.
        tokens.next();
        for token in tokens {
            place.push('/');
            place.push_str(token);
            let origin = self.moves.get(&file).and_then(|moves| moves.get(&place));
            if let Some((origin_file, origin)) = origin {
                file = *origin_file;
                place.clear();
                place.push_str(origin.as_str());
            }
        }
        (file, Pointer::from(place))
    }

    /// Records that what stands at `now` came from `before`; both in the author's coordinates.
    pub fn record(&mut self, now: &(FileId, Pointer), before: (FileId, Pointer)) {
        if *now != before {
            self.moves
                .entry(now.0)
                .or_default()
                .insert(String::from(now.1.as_str()), before);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(file: usize, pointer: &str) -> (FileId, Pointer) {
        (FileId(file), Pointer::from(pointer))
    }

    #[test]
    fn moves_nest() {
        let mut origins = Origins::default();
        // A file mounted in the bundle, in which a body was made of the second parameter.
        origins.record(&at(0, "/x-callwright-files/1"), at(1, ""));
        origins.record(&at(1, "/get/requestBody"), at(1, "/get/parameters/1"));
        origins.record(
            &at(1, "/get/parameters/1/content/json/schema"),
            at(1, "/get/parameters/1/schema"),
        );
        let lowered =
            Pointer::from("/x-callwright-files/1/get/requestBody/content/json/schema/items");
        assert_eq!(
            origins.author(&lowered),
            at(1, "/get/parameters/1/schema/items")
        );
        assert_eq!(origins.author(&Pointer::from("/info")), at(0, "/info"));
    }

    #[test]
    fn swapped_neighbours_do_not_chase_each_other() {
        let mut origins = Origins::default();
        origins.record(&at(0, "/parameters/0"), at(0, "/parameters/1"));
        origins.record(&at(0, "/parameters/1"), at(0, "/parameters/0"));
        assert_eq!(
            origins.author(&Pointer::from("/parameters/0/name")),
            at(0, "/parameters/1/name")
        );
        assert_eq!(
            origins.author(&Pointer::from("/parameters/1/name")),
            at(0, "/parameters/0/name")
        );
    }
}
