//! Which of the types that are equal have one name that is readable and stays, and where it comes from.
//!
//! Wholes are decided before their parts: what stands inside of a shared type is named below it.

mod content;
mod place;
mod survey;
mod uses;

use std::collections::BTreeMap;

use foldhash::{HashMap, HashMapExt as _, HashSet};

use self::content::{by_values, constant, content};
use self::place::{
    Member, Place, Places, by_last_step, common_ending, common_last_words, common_prefix,
    common_steps, context, ending, have_owners, is_vague, parted,
};
pub(super) use self::survey::Survey;
use self::uses::{Counts, FURTHER};
use super::types::Namer;
use super::words::{self, Word, key, pascal};
use crate::ir::{Api, Classes, Holders, Origin, Shape, Sharing, TypeId};

/// Decides what is shared.
///
/// `reserved` are names that must stay free for what is no schema.
pub(super) fn shared(
    survey: Survey<'_>,
    classes: &Classes,
    reserved: impl IntoIterator<Item = String>,
) -> Vec<Sharing> {
    let order = order(&survey, classes);
    let mut sharer = Sharer::new(survey, classes);
    sharer.taken.extend(reserved);
    for class in order {
        sharer.decide(&class);
    }
    sharer.follow();
    sharer.shared
}

/// The classes with more than one member, or with a component of the same content, wholes first.
fn order(survey: &Survey<'_>, classes: &Classes) -> Vec<Vec<TypeId>> {
    let mut members: Vec<(usize, TypeId)> = survey
        .candidates
        .iter()
        .map(|id| (classes.of[id.index()], *id))
        .collect();
    members.sort_unstable();
    let spelled_out = spelled_out(classes);
    let of_class = members.chunk_by(|(one, _), (other, _)| one == other);
    let mut order: Vec<Vec<TypeId>> = of_class
        .filter(|members| members.len() > 1 || spelled_out.contains(&members[0].0))
        .map(|members| members.iter().map(|(_, id)| *id).collect())
        .collect();
    order.sort_by_key(|ids| (std::cmp::Reverse(survey.heights[ids[0].index()]), ids[0]));
    order
}

/// The classes of which there is a component with the same content.
fn spelled_out(classes: &Classes) -> HashSet<usize> {
    classes.spelled_out.iter().flatten().copied().collect()
}

struct Sharer<'a> {
    namer: &'a Namer<'a>,
    api: &'a Api,
    places: Places<'a>,
    classes: &'a Classes,
    counts: Counts,
    /// By type: the types that refer to it.
    holders: Holders,
    /// By type: whether an operation, a webhook or the application refers to it.
    roots: Vec<bool>,
    /// By component: what it is called.
    components: HashMap<String, TypeId>,
    spelled_out: HashSet<usize>,
    /// Names that are given.
    taken: HashSet<String>,
    /// By what inline schemas are called where nothing is shared: their class; none where there are several.
    plain: HashMap<String, Option<usize>>,
    /// By type: whether another stands for it.
    replaced: Vec<bool>,
    /// By type: whether it stands for others.
    kept: Vec<bool>,
    shared: Vec<Sharing>,
}

impl<'a> Sharer<'a> {
    fn new(survey: Survey<'a>, classes: &'a Classes) -> Self {
        let mut plain = HashMap::new();
        for (name, id) in survey.plain {
            let class = Some(classes.of[id.index()]);
            let known = plain.entry(name).or_insert(class);
            if *known != class {
                *known = None;
            }
        }
        Self {
            namer: survey.namer,
            api: survey.api,
            places: Places::new(survey.namer, survey.api, survey.places),
            classes,
            counts: survey.uses.counted(classes),
            holders: survey.holders,
            roots: survey.roots,
            components: survey.components,
            spelled_out: spelled_out(classes),
            taken: survey.names.into_iter().collect(),
            plain,
            replaced: vec![false; survey.api.types.len()],
            kept: vec![false; survey.api.types.len()],
            shared: Vec::new(),
        }
    }

    /// Whether something that stays refers to a type.
    fn is_alive(&self, id: TypeId, seen: &mut HashSet<TypeId>) -> bool {
        if self.replaced[id.index()] || !seen.insert(id) {
            return false;
        }
        self.roots[id.index()]
            || matches!(self.api.types[id].origin, Origin::Component(_))
            || self
                .holders
                .of(id)
                .iter()
                .any(|holder| self.is_alive(*holder, seen))
    }

    /// Decides what becomes of a class.
    fn decide(&mut self, class: &[TypeId]) {
        let mut members: Vec<Member<'_>> = class
            .iter()
            .filter(|id| self.is_alive(**id, &mut HashSet::default()))
            .filter_map(|&id| {
                let place = self.places.of(id)?;
                Some(Member { id, place })
            })
            .collect();
        let class = self.classes.of[class[0].index()];
        self.share_with_component(class, &mut members);
        if members.len() > 1
            && let Some(name) = content(self.namer, self.api, members[0].id)
            && self.counts.stands_out_by_content(class, &name)
            && self.is_free(std::slice::from_ref(&name), &members)
        {
            self.share(&members, vec![name]);
            return;
        }
        for group in by_last_step(&members) {
            if group.len() > 1 {
                self.name(&group);
            }
        }
        let is_left =
            |sharer: &Self, id: TypeId| !sharer.replaced[id.index()] && !sharer.kept[id.index()];
        members.retain(|it| is_left(self, it.id));
        self.name_siblings(&members);
        members.retain(|it| is_left(self, it.id));
        if members.len() >= MANY
            && let Some(name) = by_values(&self.api.types[members[0].id].shape)
            && self.counts.stands_out_by_content(class, &name)
            && self.is_free(std::slice::from_ref(&name), &members)
        {
            self.share(&members, vec![name]);
        }
    }

    /// Names what stands inside of shared types below them.
    fn follow(&mut self) {
        for (id, ty) in self.api.types.iter() {
            if self.kept[id.index()] || self.replaced[id.index()] {
                continue;
            }
            let Some(context) = context(ty).and_then(|it| self.places.moved(it)) else {
                continue;
            };
            let origin = match &ty.origin {
                Origin::Titled { title, .. } => Origin::Titled {
                    title: title.clone(),
                    context,
                },
                _ => Origin::Shared(context),
            };
            self.shared.push(Sharing {
                kept: id,
                others: Vec::new(),
                origin: Some(origin),
            });
        }
    }

    /// Lets the component stand for equal inline schemas that are called as it is.
    fn share_with_component(&mut self, class: usize, members: &mut Vec<Member<'_>>) {
        if !self.spelled_out.contains(&class) {
            return;
        }
        let mut found: BTreeMap<TypeId, Vec<TypeId>> = BTreeMap::new();
        members.retain(|member| {
            let called = self.components.get(&key(member.place.last()));
            let component = called
                .copied()
                .filter(|component| self.classes.spelled_out[component.index()] == Some(class));
            if let Some(component) = component.filter(|_| !member.place.is_root) {
                found.entry(component).or_default().push(member.id);
            }
            component.is_none() || member.place.is_root
        });
        for (kept, others) in found {
            self.replace_all(&others);
            self.shared.push(Sharing {
                kept,
                others,
                origin: None,
            });
        }
    }

    /// Names a group of equal types with one last step: whole, by what they stand in, or by what they belong to.
    fn name(&mut self, group: &[Member<'_>]) {
        if self.name_all(group) {
            return;
        }
        let mut left = Vec::new();
        for part in parted(group, |place| ending(place.parent())) {
            if part.len() == group.len() || !have_owners(&part) || !self.name_all(&part) {
                left.extend(part);
            }
        }
        for part in parted(&left, |place| place.owner_name.as_str()) {
            let names = self.names_of_owner(&part);
            if self.share_as(&part, names) {
                continue;
            }
            for part in parted(&part, |place| ending(place.parent())) {
                let names = self.names_of_owner(&part);
                self.share_as(&part, names);
            }
        }
    }

    /// Names what stands side by side under different names: by the words that these end with, or as values where they are
    /// at least half of what is there.
    fn name_siblings(&mut self, members: &[Member<'_>]) {
        let parents = |place: &Place<'_>| {
            let before: Vec<&[Word]> = place.before().iter().map(|step| &**step).collect();
            (place.owner_name.clone(), ending(&before.concat()))
        };
        for part in parted(members, parents) {
            let place = &part[0].place;
            if part.len() < 2 || place.titled {
                continue;
            }
            let last: Vec<&[Word]> = part.iter().map(|it| it.place.last()).collect();
            let common = common_last_words(&last);
            let word = if is_vague(common) {
                let of_parent = self
                    .holders
                    .of(part[0].id)
                    .first()
                    .map(|id| &self.api.types[*id].shape);
                match of_parent {
                    Some(Shape::Object(object))
                        if part.len() > 2 && part.len() * 2 >= object.fields.len() =>
                    {
                        "value".to_owned()
                    }
                    _ => continue,
                }
            } else {
                words::snake(common)
            };
            let mut name = vec![place.owner_name.clone()];
            name.extend(place.before().last().map(|step| words::snake(step)));
            name.push(word.clone());
            if self.have_one_holder(&part) {
                self.share_below(&part, &word);
            } else {
                self.share_as(&part, vec![name]);
            }
        }
    }

    fn have_one_holder(&self, group: &[Member<'_>]) -> bool {
        let first = self.holders.of(group[0].id);
        group.iter().all(|it| self.holders.of(it.id) == first)
    }

    /// Shares a type below what its uses stand in, whatever that is called.
    fn share_below(&mut self, group: &[Member<'_>], word: &str) {
        let Some(old) = context(&self.api.types[group[0].id]) else {
            return;
        };
        let moved = self.places.moved(old);
        let is_phrase = moved.is_some();
        let mut context = moved.unwrap_or_else(|| old.to_vec());
        context.pop();
        context.push(word.to_owned());
        let name = self.namer.place_name(&context, is_phrase);
        if self.taken.contains(&name) || self.plain.contains_key(&name) {
            return;
        }
        self.taken.insert(name);
        let origin = if is_phrase {
            Origin::Shared(context.clone())
        } else {
            Origin::Inline(context.clone())
        };
        self.replace(group, context, origin);
    }

    /// Names a group without its owners, or after what these have in common.
    fn name_all(&mut self, group: &[Member<'_>]) -> bool {
        let names = if have_owners(group) || group[0].place.titled {
            self.names_for_all(group)
        } else {
            self.names_of_owner(group)
        };
        self.share_as(group, names)
    }

    /// Shares a type under the first name that can be had.
    fn share_as(&mut self, group: &[Member<'_>], names: Vec<Vec<String>>) -> bool {
        if group.len() < 2 {
            return false;
        }
        let free = names.into_iter().find(|name| self.is_free(name, group));
        let found = free.is_some();
        if let Some(name) = free {
            self.share(group, name);
        }
        found
    }

    /// Whether a name is not given, and nothing else is called so.
    fn is_free(&self, context: &[String], group: &[Member<'_>]) -> bool {
        let name = name_of(context);
        let class = self.classes.of[group[0].id.index()];
        let is_own = |other: &Option<usize>| *other == Some(class);
        !self.taken.contains(&name) && self.plain.get(&name).is_none_or(is_own)
    }

    fn share(&mut self, group: &[Member<'_>], context: Vec<String>) {
        let group = self.of_different_unions(group);
        if group.len() < 2 {
            return;
        }
        self.taken.insert(name_of(&context));
        let group: Vec<Member<'_>> = group.into_iter().cloned().collect();
        self.replace(&group, context.clone(), Origin::Shared(context));
    }

    /// Lets the first of a group stand for all, at a new place.
    fn replace(&mut self, group: &[Member<'_>], context: Vec<String>, origin: Origin) {
        // The arena is in the document's order.
        let kept = group[0].id;
        let others: Vec<TypeId> = group[1..].iter().map(|member| member.id).collect();
        self.replace_all(&others);
        self.kept[kept.index()] = true;
        if matches!(origin, Origin::Shared(_)) {
            self.places.move_to(kept, context);
        }
        self.shared.push(Sharing {
            kept,
            others,
            origin: Some(origin),
        });
    }

    fn replace_all(&mut self, others: &[TypeId]) {
        for other in others {
            self.replaced[other.index()] = true;
        }
    }

    /// The members without those that stand in one union with another: two variants of one type could not be made of it
    /// with `into`.
    fn of_different_unions<'m, 'p>(&self, group: &'m [Member<'p>]) -> Vec<&'m Member<'p>> {
        let mut seen = HashSet::default();
        let mut is_first = |member: &Member<'_>| {
            let holders = self.holders.of(member.id).iter();
            let unions: Vec<TypeId> = holders
                .filter(|holder| matches!(self.api.types[**holder].shape, Shape::Union(_)))
                .copied()
                .collect();
            let is_alone = unions.iter().all(|union| !seen.contains(union));
            if is_alone {
                seen.extend(unions);
            }
            is_alone
        };
        group.iter().filter(|member| is_first(member)).collect()
    }

    /// Names that say nothing of an owner, or only what all owners have in common.
    fn names_for_all(&self, group: &[Member<'_>]) -> Vec<Vec<String>> {
        let place = &group[0].place;
        let class = self.classes.of[group[0].id.index()];
        let last = place.last();
        let mut names = Vec::new();
        let is_name = !is_vague(last) || constant(&self.api.types[group[0].id].shape).is_some();
        let stands_out =
            |words: &[Word], owner: &[Word]| self.counts.stands_out(class, words.iter(), owner);
        if (is_name || place.titled) && stands_out(last, &[]) {
            names.push(vec![words::snake(last)]);
            if self.is_sent_only(group) {
                names.push(vec![words::snake(last) + " input"]);
            }
        }
        let prefix = common_prefix(group);
        if !is_vague(prefix) && stands_out(last, prefix) {
            names.push(vec![words::snake(prefix), words::snake(last)]);
        }
        let common = common_ending(group).min(last.len() + FURTHER);
        if common > last.len() {
            let all = place.words();
            let ending = &all[all.len() - common..];
            if self.counts.stands_out(class, ending.iter().copied(), &[]) && !is_vague(ending) {
                names.push(vec![words::snake(ending)]);
            }
        }
        names
    }

    /// Names after the one owner of all.
    fn names_of_owner(&self, group: &[Member<'_>]) -> Vec<Vec<String>> {
        let Place {
            owner,
            owner_name,
            steps,
            ..
        } = &*group[0].place;
        let class = self.classes.of[group[0].id.index()];
        let last = &steps[steps.len() - common_steps(group).min(2)..];
        let words = last.iter().flat_map(|step| step.iter());
        if !self.counts.stands_out(class, words, owner) {
            return Vec::new();
        }
        let mut context = vec![owner_name.clone()];
        context.extend(last.iter().map(|step| words::snake(step)));
        let mut names = vec![context.clone()];
        if self.is_sent_only(group) && !group[0].place.is_root {
            context.push("input".to_owned());
            names.push(vec![context.join(" ")]);
        }
        names
    }

    fn is_sent_only(&self, group: &[Member<'_>]) -> bool {
        group.iter().all(|it| !self.api.types[it.id].usage.response)
    }
}

fn name_of(context: &[String]) -> String {
    let elements: Vec<Vec<Word>> = context.iter().map(|step| words::split(step)).collect();
    pascal(&super::types::joined(&elements))
}

/// Fewer uses of an enumeration are told more of by their places than by what it lists.
const MANY: usize = 4;
