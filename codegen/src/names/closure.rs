//! Which users a type is compiled for: those that reach it, or some more, so that types stand in few groups.
//!
//! Whatever a type refers to is there wherever the type is. Users and types are numbers here; it must not know more of them.

use std::collections::BTreeSet;

use foldhash::{HashMap, HashMapExt as _};

/// A condition names so many users at most.
pub(super) const MOST: usize = 4;

/// More users than [`MOST`] have a group of types of their own from about these lines on: it needs a name.
const LARGE: usize = 1_000;

/// Types that several users have in common are a group of their own from about these lines on.
const FEW: usize = 150;

/// The users that a type is there for, in order; none where it is always there.
pub(super) type Gate = Option<Vec<usize>>;

/// Finds the gates of types, of which `reached` says which of so many users reach them, in order. `sizes` has the lines of the
/// types that are items.
pub(super) fn gates(
    users: usize,
    reached: &[Vec<usize>],
    references: &[Vec<usize>],
    sizes: &[(usize, usize)],
) -> Vec<Gate> {
    let mut lines = vec![None; reached.len()];
    for (id, size) in sizes {
        lines[*id] = Some(*size);
    }
    let all: Vec<usize> = (0..users).collect();
    let mut closure = Closure {
        users,
        all: Set::of(users, &all),
        sets: reached.iter().map(|set| Set::of(users, set)).collect(),
        references,
        lines,
    };
    for (id, others) in references.iter().enumerate() {
        let set = closure.sets[id].clone();
        for other in std::iter::once(&id).chain(others) {
            closure.raise(*other, &set);
        }
    }
    while closure.merge() {}
    let gates = closure.sets.iter().map(|set| {
        let some = set.len() < users || users <= 1;
        some.then(|| set.users())
    });
    gates.collect()
}

/// Users, a bit each.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
struct Set(Vec<u64>);

impl Set {
    fn of(users: usize, members: &[usize]) -> Self {
        let mut bits = vec![0; users.div_ceil(64)];
        for user in members {
            bits[user / 64] |= 1 << (user % 64);
        }
        Self(bits)
    }

    fn users(&self) -> Vec<usize> {
        let mut users = Vec::with_capacity(self.len());
        for (index, bits) in self.0.iter().enumerate() {
            let of_these = (0..64).skip(bits.trailing_zeros() as usize);
            let of_these = of_these.filter(|user| bits >> user & 1 == 1);
            users.extend(of_these.map(|user| index * 64 + user));
        }
        users
    }

    fn holds(&self, other: &Self) -> bool {
        let mut bits = self.0.iter().zip(&other.0);
        bits.all(|(one, other)| one | other == *one)
    }

    fn len(&self) -> usize {
        self.0.iter().map(|bits| bits.count_ones() as usize).sum()
    }

    fn union(&self, other: &Self) -> Self {
        let bits = self.0.iter().zip(&other.0);
        Self(bits.map(|(one, other)| one | other).collect())
    }

    fn size_of_union(&self, other: &Self) -> usize {
        let bits = self.0.iter().zip(&other.0);
        bits.map(|(one, other)| (one | other).count_ones() as usize)
            .sum()
    }
}

/// Types with the users that they are there for: what a type refers to has them, too.
struct Closure<'a> {
    users: usize,
    /// All users.
    all: Set,
    sets: Vec<Set>,
    references: &'a [Vec<usize>],
    /// By type that is an item.
    lines: Vec<Option<usize>>,
}

/// Types of one set of users.
#[derive(Default)]
struct Group {
    lines: usize,
    /// Whether some are items.
    is_emitted: bool,
    types: Vec<usize>,
    /// The groups that they refer to.
    references: BTreeSet<usize>,
}

impl Closure<'_> {
    /// Has a type there for further users, and with it what it refers to. What nearly all need is there for all.
    fn raise(&mut self, id: usize, set: &Set) {
        let mut open = Vec::new();
        if self.grow(id, set) {
            open.push(id);
        }
        while let Some(id) = open.pop() {
            let set = self.sets[id].clone();
            for other in &self.references[id] {
                if self.grow(*other, &set) {
                    open.push(*other);
                }
            }
        }
    }

    /// As [`Closure::raise`], of a type alone; says whether it is there for more.
    fn grow(&mut self, id: usize, set: &Set) -> bool {
        let own = &self.sets[id];
        let count = own.size_of_union(set);
        let rounded = self.rounded(count);
        if own.holds(set) && rounded == count {
            return false;
        }
        let union = if rounded == self.users {
            self.all.clone()
        } else {
            own.union(set)
        };
        let grows = union != *own;
        self.sets[id] = union;
        grows
    }

    /// How many users types are there for that so many need.
    fn rounded(&self, count: usize) -> usize {
        if count > MOST && count > self.users * 3 / 4 {
            self.users
        } else {
            count
        }
    }

    /// The types that some and not all users need, by these, with what they refer to.
    fn groups(&self) -> Vec<(&Set, Group)> {
        let mut positions: HashMap<&Set, usize> = HashMap::new();
        let mut groups: Vec<(&Set, Group)> = Vec::new();
        let position = |set| {
            let next = positions.len();
            *positions.entry(set).or_insert(next)
        };
        let of: Vec<usize> = self.sets.iter().map(position).collect();
        let mut order: Vec<(&Set, usize)> = positions.into_iter().collect();
        order.sort_by_key(|(_, position)| *position);
        groups.extend(order.into_iter().map(|(set, _)| (set, Group::default())));
        for (id, position) in of.iter().enumerate() {
            let group = &mut groups[*position].1;
            group.types.push(id);
            group.lines += self.lines[id].unwrap_or_default();
            group.is_emitted |= self.lines[id].is_some();
            let references = self.references[id].iter().map(|other| of[*other]);
            group.references.extend(references);
        }
        groups
    }

    /// Joins each small group of types that several users have in common with the one that costs the least lines to compile
    /// where they are not needed; says whether there was any.
    fn merge(&mut self) -> bool {
        let groups = self.groups();
        let is_shared = |set: &Set| (2..self.users).contains(&set.len());
        let mut small: Vec<usize> = (0..groups.len())
            .filter(|index| {
                let (set, group) = &groups[*index];
                let least = if set.len() <= MOST { FEW } else { LARGE };
                group.is_emitted && is_shared(set) && group.lines < least
            })
            .collect();
        small.sort_by_key(|index| (groups[*index].1.lines, groups[*index].0));
        let reached: Vec<Vec<usize>> = (0..groups.len())
            .map(|index| reached(&groups, index))
            .collect();
        // What a group and those that it refers to cost more where all of them are there for further users.
        let cost = |index: usize, more: &Set| -> usize {
            let reached = reached[index].iter().map(|other| &groups[*other]);
            reached
                .map(|(set, group)| {
                    group.lines * (self.rounded(set.size_of_union(more)) - set.len())
                })
                .sum()
        };
        let all = &self.all;
        let mut touched: BTreeSet<usize> = BTreeSet::new();
        let mut raised: Vec<(Vec<usize>, Set)> = Vec::new();
        for index in &small {
            if touched.contains(index) {
                continue;
            }
            let (set, group) = &groups[*index];
            let mut best = (cost(*index, all), None);
            let mut others: Vec<(usize, usize)> = (0..groups.len())
                .filter(|other| other != index && !touched.contains(other))
                .filter(|other| is_shared(groups[*other].0) && groups[*other].1.is_emitted)
                .filter_map(|other| {
                    let (set_of_other, group_of_other) = &groups[other];
                    let union = self.rounded(set.size_of_union(set_of_other));
                    let own = group.lines * (union - set.len());
                    let of_other = group_of_other.lines * (union - set_of_other.len());
                    // A group that would be too small again helps nobody.
                    let lasts = union <= MOST || group.lines + group_of_other.lines >= LARGE;
                    lasts.then_some((own + of_other, other))
                })
                .collect();
            others.sort_unstable();
            for (least, other) in others {
                if least >= best.0 {
                    break;
                }
                let union = set.union(groups[other].0);
                let found = cost(*index, &union) + cost(other, &union);
                if found < best.0 {
                    best = (found, Some(other));
                }
            }
            let joined = best.1;
            let union = joined.map_or_else(|| all.clone(), |other| set.union(groups[other].0));
            for index in std::iter::once(*index).chain(joined) {
                touched.extend(&reached[index]);
                raised.push((groups[index].1.types.clone(), union.clone()));
            }
        }
        drop(groups);
        for (types, set) in &raised {
            for id in types {
                self.raise(*id, set);
            }
        }
        !raised.is_empty()
    }
}

/// A group and those that it refers to, itself or through others.
fn reached(groups: &[(&Set, Group)], index: usize) -> Vec<usize> {
    let mut seen = vec![false; groups.len()];
    let mut reached = Vec::new();
    let mut open = vec![index];
    while let Some(index) = open.pop() {
        if !std::mem::replace(&mut seen[index], true) {
            reached.push(index);
            open.extend(&groups[index].1.references);
        }
    }
    reached
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

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
            // Some graphs are of long types, so that many users have some in common.
            let longest = [60, 900][number(2)];
            let sizes: Vec<_> = (0..types).map(|id| (id, number(longest))).collect();
            let gates = gates(owners, &users, &references, &sizes);
            let covers = |one: &Gate, other: &[usize]| {
                one.as_ref()
                    .is_none_or(|one| other.iter().all(|it| one.contains(it)))
            };
            let mut lines: BTreeMap<&Vec<usize>, usize> = BTreeMap::new();
            for id in 0..types {
                assert!(covers(&gates[id], &users[id]), "{seed}");
                for other in &references[id] {
                    let holds = match &gates[id] {
                        None => gates[*other].is_none(),
                        Some(gate) => covers(&gates[*other], gate),
                    };
                    assert!(holds, "{seed}: {id} refers to {other}");
                }
                if let Some(gate) = gates[id].as_ref().filter(|gate| gate.len() > 1) {
                    *lines.entry(gate).or_default() += sizes[id].1;
                }
            }
            for (gate, lines) in lines {
                let least = if gate.len() <= MOST { FEW } else { LARGE };
                assert!(lines >= least, "{seed}");
                large += usize::from(gate.len() > MOST);
            }
        }
        assert!(large > 10, "{large}");
    }
}
