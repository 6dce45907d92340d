//! Scopes: the only place that makes an identifier, so that two items of one scope never share a name.

use std::borrow::Cow;

use foldhash::{HashMap, HashSet};
use unicode_ident::{is_xid_continue, is_xid_start};

use super::ident::Ident;
use super::reserved;

/// A set of names of which no two are equal and none is reserved.
#[derive(Debug, Clone)]
pub(super) struct Scope<'a> {
    reserved: &'static [&'static str],
    /// Names of an enclosing scope that must not be hidden.
    outer: Option<&'a HashSet<String>>,
    keywords: Keywords,
    taken: HashSet<String>,
    /// By name that got a number: the next.
    numbers: HashMap<String, usize>,
}

/// What becomes of a keyword.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Keywords {
    /// It is written raw: `r#type`.
    Raw,
    /// It counts as reserved: file names know no `r#`.
    Reserved,
}

/// A wish for a name: the candidates in order of preference, and the rank among others (the lowest chooses first).
#[derive(Debug, Clone, Default)]
pub(super) struct Claim {
    pub(super) rank: u8,
    pub(super) candidates: Vec<String>,
}

impl Claim {
    pub(super) fn new(rank: u8, candidates: impl IntoIterator<Item = String>) -> Self {
        let mut claim = Self {
            rank,
            candidates: Vec::new(),
        };
        for candidate in candidates {
            if !claim.candidates.contains(&candidate) {
                claim.candidates.push(candidate);
            }
        }
        claim
    }
}

impl<'a> Scope<'a> {
    /// A scope in which `reserved` is taken.
    pub(super) fn new(reserved: &'static [&'static str]) -> Self {
        Self {
            reserved,
            outer: None,
            keywords: Keywords::Raw,
            taken: HashSet::default(),
            numbers: HashMap::default(),
        }
    }

    /// A scope of modules: case does not tell them apart, and keywords are reserved.
    pub(super) fn of_modules() -> Self {
        Self {
            keywords: Keywords::Reserved,
            ..Self::new(reserved::MODULES)
        }
    }

    /// A scope inside another, whose names it does not repeat.
    pub(super) fn inside(outer: &'a HashSet<String>, reserved: &'static [&'static str]) -> Self {
        Self {
            outer: Some(outer),
            ..Self::new(reserved)
        }
    }

    /// The names taken so far.
    pub(super) fn into_taken(self) -> HashSet<String> {
        self.taken
    }

    /// Takes a name that others decided.
    pub(super) fn reserve(&mut self, name: &str) {
        self.taken.insert(self.fold(name).into_owned());
    }

    fn fold<'n>(&self, name: &'n str) -> Cow<'n, str> {
        match self.keywords {
            Keywords::Raw => name.into(),
            Keywords::Reserved => name.to_lowercase().into(),
        }
    }

    fn is_free(&self, name: &str) -> bool {
        let folded = self.fold(name);
        is_identifier(name)
            && !self.reserved.contains(&&*folded)
            && (self.keywords == Keywords::Raw
                || !reserved::is_keyword(&folded) && !reserved::NEVER_RAW.contains(&&*folded))
            && !self.taken.contains(&*folded)
            && !self.outer.is_some_and(|outer| outer.contains(&*folded))
    }

    /// Takes the first candidate that is free, or the first with a number.
    pub(super) fn mint(&mut self, candidates: impl IntoIterator<Item = String>) -> Ident {
        let mut first = None;
        for candidate in candidates {
            if let Some(name) = self.try_take(&candidate) {
                return name;
            }
            first.get_or_insert(candidate);
        }
        self.number(&first.unwrap_or_default())
    }

    /// Gives every claim a name. Preferences count before rank: a claim's second choice never takes
    /// another's first. Equal ranks choose in their order.
    pub(super) fn settle(&mut self, claims: &[Claim]) -> Vec<Ident> {
        let first = |claim: &Claim| claim.candidates.first().cloned().unwrap_or_default();
        let firsts: Vec<_> = claims
            .iter()
            .map(|claim| (claim.rank, first(claim)))
            .collect();
        self.settle_firsts(&firsts, |index| {
            claims[index].candidates.iter().skip(1).cloned().collect()
        })
    }

    /// As [`Scope::settle`], of ranks with first choices; `others` gives the further ones of those who need them.
    pub(super) fn settle_firsts(
        &mut self,
        firsts: &[(u8, String)],
        mut others: impl FnMut(usize) -> Vec<String>,
    ) -> Vec<Ident> {
        let mut order: Vec<usize> = (0..firsts.len()).collect();
        order.sort_by_key(|&index| firsts[index].0);
        let mut names: Vec<Option<Ident>> = vec![None; firsts.len()];
        self.taken.reserve(firsts.len());
        order.retain(|&index| {
            names[index] = self.try_take(&firsts[index].1);
            names[index].is_none()
        });
        let mut left: Vec<(usize, Vec<String>)> = order
            .into_iter()
            .map(|index| (index, others(index)))
            .collect();
        let deepest = left
            .iter()
            .map(|(_, candidates)| candidates.len())
            .max()
            .unwrap_or(0);
        for level in 0..deepest {
            left.retain(|(index, candidates)| {
                names[*index] = candidates
                    .get(level)
                    .and_then(|candidate| self.try_take(candidate));
                names[*index].is_none()
            });
        }
        for (index, _) in left {
            names[index] = Some(self.number(&firsts[index].1));
        }
        // Every index was either named or numbered.
        names.into_iter().flatten().collect()
    }

    /// Takes a name where it is free.
    pub(super) fn try_take(&mut self, candidate: &str) -> Option<Ident> {
        let text = speakable(candidate);
        self.is_free(&text).then(|| self.take(&text))
    }

    fn number(&mut self, base: &str) -> Ident {
        let base = if is_identifier(base) { base } else { "unnamed" };
        let joint = if base.ends_with(|c: char| c.is_numeric()) {
            "_"
        } else {
            ""
        };
        let mut number = self.numbers.get(base).copied().unwrap_or(2);
        loop {
            let text = format!("{base}{joint}{number}");
            number += 1;
            if self.is_free(&text) {
                // What is taken is never given back.
                self.numbers.insert(base.to_owned(), number);
                return self.take(&text);
            }
        }
    }

    fn take(&mut self, text: &str) -> Ident {
        self.taken.insert(self.fold(text).into_owned());
        Ident::new(text)
    }
}

/// The candidate, or a near spelling where it is a word that no identifier may be.
fn speakable(candidate: &str) -> Cow<'_, str> {
    if reserved::NEVER_RAW.contains(&candidate) {
        format!("{candidate}_").into()
    } else {
        candidate.into()
    }
}

fn is_identifier(text: &str) -> bool {
    let mut characters = text.chars();
    characters
        .next()
        .is_some_and(|first| is_xid_start(first) || first == '_' && text.len() > 1)
        && characters.all(is_xid_continue)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(scope: &mut Scope<'_>, claims: &[(u8, &[&str])]) -> Vec<String> {
        let claims: Vec<Claim> = claims
            .iter()
            .map(|(rank, candidates)| Claim::new(*rank, candidates.iter().map(|c| (*c).to_owned())))
            .collect();
        scope
            .settle(&claims)
            .iter()
            .map(ToString::to_string)
            .collect()
    }

    #[test]
    fn keywords_are_raw_where_they_can_be() {
        let mut scope = Scope::new(&[]);
        let found = names(
            &mut scope,
            &[
                (0, &["type"]),
                (0, &["gen"]),
                (0, &["self"]),
                (0, &["Self"]),
                (0, &["crate"]),
            ],
        );
        assert_eq!(found, ["r#type", "r#gen", "self_", "Self_", "crate_"]);
    }

    #[test]
    fn a_second_choice_never_takes_a_first() {
        let mut scope = Scope::new(&[]);
        let found = names(
            &mut scope,
            &[(0, &["Foo"]), (0, &["Foo", "Bar"]), (1, &["Bar"])],
        );
        assert_eq!(found, ["Foo", "Foo2", "Bar"]);
    }

    #[test]
    fn rank_decides_and_order_after_it() {
        let mut scope = Scope::new(&[]);
        let found = names(
            &mut scope,
            &[
                (2, &["Foo", "InlineFoo"]),
                (1, &["Foo", "FooObject"]),
                (0, &["Foo"]),
            ],
        );
        assert_eq!(found, ["InlineFoo", "FooObject", "Foo"]);
    }

    #[test]
    fn modules_know_no_case_no_devices_and_no_keywords() {
        let mut scope = Scope::of_modules();
        let found = names(
            &mut scope,
            &[
                (0, &["con", "con_api"]),
                (0, &["type", "type_api"]),
                (0, &["Users"]),
                (0, &["users", "users_api"]),
            ],
        );
        assert_eq!(found, ["con_api", "type_api", "Users", "users_api"]);
    }

    #[test]
    fn whatever_is_asked_an_identifier_comes_out() {
        let mut scope = Scope::new(&["Option"]);
        let found = names(
            &mut scope,
            &[
                (0, &["a b"]),
                (0, &[""]),
                (0, &["Option"]),
                (0, &["x1"]),
                (0, &["x1"]),
            ],
        );
        assert_eq!(found, ["unnamed2", "unnamed3", "Option2", "x1", "x1_2"]);
    }
}
