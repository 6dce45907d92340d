//! What there is to say of a document, and how it is printed. It must not know how it was found.

use std::collections::BTreeMap;

use anstream::println;

use super::faults::Excuse;
use super::verdict::Reply;

/// What one judge found in the calls of a document.
#[derive(Default)]
pub(super) struct Findings {
    pub(super) calls: usize,
    pub(super) right: usize,
    pub(super) wrong: Vec<String>,
    pub(super) undecodable: Vec<String>,
    /// Replies that decoded, by who checked them and as what.
    decoded: BTreeMap<(&'static str, Reply), usize>,
    /// Calls that a known fault explains, each with what was said.
    excused: BTreeMap<Excuse, Vec<String>>,
}

impl Findings {
    pub(super) fn decoded(&mut self, by: &'static str, reply: Reply) {
        self.right += 1;
        *self.decoded.entry((by, reply)).or_default() += 1;
    }

    pub(super) fn excused(&mut self, excuse: Excuse, said: String) {
        self.excused.entry(excuse).or_default().push(said);
    }

    /// Prints the findings; returns whether there is something wrong.
    pub(super) fn told(&self, document: &str, judge: &str, excused: bool) -> bool {
        println!(
            "{document}, {judge}: {} calls, {} right, {} excused, {} wrong, {} replies that do not decode",
            self.calls,
            self.right,
            self.excused.values().map(Vec::len).sum::<usize>(),
            self.wrong.len(),
            self.undecodable.len()
        );
        for ((by, reply), count) in &self.decoded {
            let what = match reply {
                Reply::Success => "decoded as the documented success",
                Reply::Error => "decoded as a documented error",
                Reply::Empty => "without a body",
                Reply::Undocumented => "of a status without documented content",
            };
            println!("  {count} replies {what}, {by}");
        }
        for reason in self.wrong.iter().chain(&self.undecodable) {
            println!("    {reason}");
        }
        for (excuse, said) in &self.excused {
            println!("  {} excused by {}", said.len(), excuse.said());
            for said in said.iter().filter(|_| excused) {
                println!("    {said}");
            }
        }
        !self.wrong.is_empty() || !self.undecodable.is_empty()
    }
}
