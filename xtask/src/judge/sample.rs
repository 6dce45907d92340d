//! Random numbers from a seed, and strings that a pattern matches.

use regex_syntax::hir::{Class, Hir, HirKind};

/// A small generator of numbers (SplitMix64): the same for the same seed.
pub(super) struct Random(u64);

impl Random {
    pub(super) fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// A number below `bound`, which is not 0.
    pub(super) fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^= mixed >> 31;
        usize::try_from(mixed % bound.max(1) as u64).unwrap_or_default()
    }
}

/// A string that a pattern matches, with so many characters; none where that takes luck, or the pattern looks around.
pub(super) fn matching(
    pattern: &str,
    least: usize,
    greatest: usize,
    random: &mut Random,
) -> Option<String> {
    let hir = regex_syntax::parse(pattern).ok()?;
    (0..64).find_map(|attempt| {
        let mut text = String::new();
        // Later attempts repeat more often, for the sake of a least length.
        write(&hir, attempt * least / 16, random, &mut text)?;
        let count = text.chars().count();
        (least..=greatest).contains(&count).then_some(text)
    })
}

fn write(hir: &Hir, more: usize, random: &mut Random, out: &mut String) -> Option<()> {
    match hir.kind() {
        HirKind::Empty | HirKind::Look(_) => {}
        HirKind::Literal(literal) => out.push_str(std::str::from_utf8(&literal.0).ok()?),
        HirKind::Class(class) => out.push(one_of(class, random)?),
        HirKind::Repetition(repetition) => {
            let least = usize::try_from(repetition.min).ok()?;
            let greatest = repetition.max.and_then(|max| usize::try_from(max).ok());
            let usual = least + random.below(3) + more;
            for _ in 0..usual.min(greatest.unwrap_or(usize::MAX)) {
                write(&repetition.sub, more, random, out)?;
            }
        }
        HirKind::Capture(capture) => write(&capture.sub, more, random, out)?,
        HirKind::Concat(parts) => {
            for part in parts {
                write(part, more, random, out)?;
            }
        }
        HirKind::Alternation(choices) => {
            write(&choices[random.below(choices.len())], more, random, out)?;
        }
    }
    Some(())
}

/// A character of a class, a readable one where there is one.
fn one_of(class: &Class, random: &mut Random) -> Option<char> {
    let readable = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-. ";
    let holds = |wanted: char| match class {
        Class::Unicode(class) => class
            .iter()
            .any(|range| (range.start()..=range.end()).contains(&wanted)),
        Class::Bytes(class) => class
            .iter()
            .any(|range| (char::from(range.start())..=char::from(range.end())).contains(&wanted)),
    };
    let found: Vec<char> = readable.chars().filter(|c| holds(*c)).collect();
    if found.is_empty() {
        return match class {
            Class::Unicode(class) => class
                .iter()
                .next()
                .map(regex_syntax::hir::ClassUnicodeRange::start),
            Class::Bytes(class) => class.iter().next().map(|range| char::from(range.start())),
        };
    }
    found.get(random.below(found.len())).copied()
}

#[cfg(test)]
mod tests {
    use super::{Random, matching};

    #[test]
    fn samples_match_their_pattern_and_length() {
        let mut random = Random::new(7);
        let id = matching("^(0|[1-9][0-9]*)$", 5, 20, &mut random).unwrap();
        assert!(
            id.bytes().all(|byte| byte.is_ascii_digit()) && id.len() >= 5,
            "{id}"
        );
        let colour = matching("^#([0-9a-fA-F]{2}){3}$", 0, 7, &mut random).unwrap();
        assert!(colour.starts_with('#') && colour.len() == 7, "{colour}");
        assert_eq!(matching("(?=a)b", 0, 9, &mut random), None);
    }
}
