//! Which users a type is compiled for: those that reach it, or some more, so that types stand in few groups.
//!
//! Whatever a type refers to is there wherever the type is. Users and types are numbers here; it must not know more of them.

use std::collections::{BTreeMap, BTreeSet};

/// A condition names so many users at most.
pub(super) const MOST: usize = 4;

/// More users than [`MOST`] have types of their own in common from about these lines on; such a group has a name.
const LARGE: usize = 1_000;

/// Types that several users have in common are a group of their own from about these lines on.
const FEW: usize = 150;

/// The users that a type is there for, in order; none where it is always there.
pub(super) type Gate = Option<Vec<usize>>;

/// Types with their gates.
pub(super) struct Closure {
    users: usize,
    pub(super) gates: Vec<Gate>,
    references: Vec<Vec<usize>>,
    /// The sets of more than [`MOST`] users that are gates, too.
    large: BTreeSet<Vec<usize>>,
}

/// Types of one gate.
#[derive(Default)]
struct Group {
    lines: usize,
    types: Vec<usize>,
}

impl Closure {
    /// Finds the gates of types, of which `reached` says which of so many users reach them. `sizes` has the lines of the
    /// types that are items.
    pub(super) fn of(
        users: usize,
        reached: Vec<Vec<usize>>,
        references: Vec<Vec<usize>>,
        sizes: &[(usize, usize)],
    ) -> Self {
        let mut lines: BTreeMap<&Vec<usize>, usize> = BTreeMap::new();
        for (id, size) in sizes {
            *lines.entry(&reached[*id]).or_default() += size;
        }
        // What nearly all reach is always there.
        let is_large = |(set, lines): &(&Vec<usize>, usize)| {
            set.len() > MOST && set.len() <= users * 3 / 4 && *lines >= LARGE
        };
        let large = lines.into_iter().filter(is_large);
        let mut closure = Self {
            users,
            large: large.map(|(set, _)| set.clone()).collect(),
            gates: Vec::new(),
            references,
        };
        closure.gates = reached
            .into_iter()
            .map(|set| closure.bounded(set))
            .collect();
        for id in 0..closure.gates.len() {
            let gate = closure.gates[id].clone();
            for other in closure.references[id].clone() {
                closure.raise(other, &gate);
            }
        }
        while closure.merge(sizes) {}
        closure
    }

    /// The least gate for some users.
    fn bounded(&self, set: Vec<usize>) -> Gate {
        if set.len() <= MOST {
            return Some(set);
        }
        let holding = self.large.iter().filter(|large| holds(large, &set));
        holding.min_by_key(|large| large.len()).cloned()
    }

    fn joined(&self, one: &[usize], other: &[usize]) -> Gate {
        let all: BTreeSet<usize> = one.iter().chain(other).copied().collect();
        self.bounded(all.into_iter().collect())
    }

    /// Has a type there for further users, and with it what it refers to.
    fn raise(&mut self, id: usize, gate: &Gate) {
        let mut open = vec![(id, gate.clone())];
        while let Some((id, gate)) = open.pop() {
            let joined = match (&self.gates[id], &gate) {
                (Some(own), Some(more)) if holds(own, more) => continue,
                (Some(own), Some(more)) => self.joined(own, more),
                _ => None,
            };
            if joined != self.gates[id] {
                let references = self.references[id].iter();
                open.extend(references.map(|other| (*other, joined.clone())));
                self.gates[id] = joined;
            }
        }
    }

    /// Joins each small group of types that several users have in common with the one that costs the least lines to compile
    /// where they are not needed; says whether there was any.
    fn merge(&mut self, sizes: &[(usize, usize)]) -> bool {
        let mut groups: BTreeMap<Vec<usize>, Group> = BTreeMap::new();
        for (id, lines) in sizes {
            if let Some(gate) = self.gates[*id].as_ref().filter(|gate| gate.len() > 1) {
                let group = groups.entry(gate.clone()).or_default();
                group.lines += lines;
                group.types.push(*id);
            }
        }
        let mut small: Vec<(&Vec<usize>, &Group)> = groups
            .iter()
            .filter(|(_, group)| group.lines < FEW)
            .collect();
        small.sort_by_key(|(gate, group)| (group.lines, *gate));
        let mut touched: BTreeSet<&Vec<usize>> = BTreeSet::new();
        for (gate, group) in &small {
            if touched.contains(gate) {
                continue;
            }
            let always = (group.lines * (self.users - gate.len()), None);
            let others = groups
                .iter()
                .filter(|(other, _)| *other != *gate && !touched.contains(other));
            let joinable = others.filter_map(|(other, group_of_other)| {
                let union = size_of_union(gate, other);
                let cost = group.lines * (union - gate.len())
                    + group_of_other.lines * (union - other.len());
                (union <= MOST.max(other.len())).then_some((cost, Some((other, group_of_other))))
            });
            let (_, best) = joinable.fold(
                always,
                |best, next| {
                    if next.0 < best.0 { next } else { best }
                },
            );
            touched.insert(gate);
            let (union, types) = match best {
                None => (None, group.types.clone()),
                Some((other, group_of_other)) => {
                    touched.insert(other);
                    let types = group.types.iter().chain(&group_of_other.types);
                    (self.joined(gate, other), types.copied().collect())
                }
            };
            for id in types {
                self.raise(id, &union);
            }
        }
        !small.is_empty()
    }
}

/// Whether a set holds another; both are in order.
fn holds(set: &[usize], other: &[usize]) -> bool {
    other.iter().all(|user| set.binary_search(user).is_ok())
}

fn size_of_union(one: &[usize], other: &[usize]) -> usize {
    let common = one.iter().filter(|user| other.binary_search(user).is_ok());
    one.len() + other.len() - common.count()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Numbers that look random and are the same in every run.
    fn numbers(seed: u64) -> impl FnMut(usize) -> usize {
        let mut state = seed;
        move |below| {
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1);
            usize::try_from(state >> 33).unwrap() % below
        }
    }

    #[test]
    fn whatever_a_type_refers_to_is_there_wherever_it_is() {
        let mut large = 0;
        for seed in 0..300 {
            let mut number = numbers(seed);
            let (types, owners) = (1 + number(80), 1 + number(12));
            let references: Vec<Vec<usize>> = (0..types)
                .map(|_| (0..number(4)).map(|_| number(types)).collect())
                .collect();
            let mut users = vec![Vec::new(); types];
            for owner in 0..owners {
                let root = number(types);
                let mut open = vec![root];
                while let Some(id) = open.pop() {
                    if users[id].last() != Some(&owner) {
                        users[id].push(owner);
                        open.extend(&references[id]);
                    }
                }
            }
            let wanted = users.clone();
            // Some graphs are of long types, so that many users have some in common.
            let longest = [60, 900][number(2)];
            let sizes: Vec<_> = (0..types).map(|id| (id, number(longest))).collect();
            let closure = Closure::of(owners, users, references.clone(), &sizes);
            large += closure.large.len();
            let covers = |one: &Gate, other: &[usize]| {
                one.as_ref()
                    .is_none_or(|one| other.iter().all(|it| one.contains(it)))
            };
            let mut lines: BTreeMap<&Vec<usize>, usize> = BTreeMap::new();
            for id in 0..types {
                assert!(covers(&closure.gates[id], &wanted[id]), "{seed}");
                for other in &references[id] {
                    let holds = match &closure.gates[id] {
                        None => closure.gates[*other].is_none(),
                        Some(gate) => covers(&closure.gates[*other], gate),
                    };
                    assert!(holds, "{seed}: {id} refers to {other}");
                }
                if let Some(gate) = closure.gates[id].as_ref().filter(|gate| gate.len() > 1) {
                    *lines.entry(gate).or_default() += sizes[id].1;
                }
            }
            assert!(lines.values().all(|lines| *lines >= FEW), "{seed}");
        }
        assert!(large > 10);
    }
}
