//! What is wrong with a value: every limit that it does not keep, and where.

use std::error::Error;
use std::fmt::{self, Display, Formatter};

/// A limit that a value does not keep.
///
/// `Display` reads `at items[2].name: has 12 characters (maxLength: 10)`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Violation {
    path: String,
    rule: &'static str,
    limit: String,
    message: String,
}

impl Violation {
    pub(super) fn new(path: String, rule: &'static str, limit: String, message: String) -> Self {
        Self {
            path,
            rule,
            limit,
            message,
        }
    }

    /// Where the value is, as errors of decoding have it: `items[2]["odd key"].name`, `$` for the value itself. In a request, a
    /// parameter is below its place (`query.limit`) and the body below `body`.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// The keyword of JSON Schema that sets the limit: `maxLength`. `type` where a value has no JSON at all.
    pub fn rule(&self) -> &'static str {
        self.rule
    }

    /// The limit, as a text: `10`.
    pub fn limit(&self) -> &str {
        &self.limit
    }

    /// What was found: `has 12 characters`. It repeats numbers and values of enumerations, never other texts.
    pub fn message(&self) -> &str {
        &self.message
    }
}

impl Display for Violation {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let Self {
            path,
            rule,
            limit,
            message,
        } = self;
        write!(f, "at {path}: {message} ({rule}: {limit})")
    }
}

/// All limits that a value does not keep, in the order of the value; one at least.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Violations(Vec<Violation>);

impl Violations {
    pub(super) fn of(violations: Vec<Violation>) -> Result<(), Self> {
        if violations.is_empty() {
            Ok(())
        } else {
            Err(Self(violations))
        }
    }

    /// Each of them.
    pub fn iter(&self) -> std::slice::Iter<'_, Violation> {
        self.0.iter()
    }

    /// How many there are.
    #[allow(clippy::len_without_is_empty, reason = "there is one at least")]
    pub fn len(&self) -> usize {
        self.0.len()
    }
}

impl AsRef<[Violation]> for Violations {
    fn as_ref(&self) -> &[Violation] {
        &self.0
    }
}

impl IntoIterator for Violations {
    type Item = Violation;
    type IntoIter = std::vec::IntoIter<Violation>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

impl<'a> IntoIterator for &'a Violations {
    type Item = &'a Violation;
    type IntoIter = std::slice::Iter<'a, Violation>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl Display for Violations {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        for (index, violation) in self.0.iter().enumerate() {
            if index > 0 {
                f.write_str("; ")?;
            }
            write!(f, "{violation}")?;
        }
        Ok(())
    }
}

impl Error for Violations {}
