//! What is done with the member that a union holds besides reading it, once for all unions: writing, showing and comparing.

use std::fmt::{self, Formatter};

use super::properties::Property;
use super::reader::{Kind, Reader};
use super::union::Union;
use super::writer::Writer;

/// The place of the member that a union holds, and its value. A value that is no member has a place behind the last.
pub type Held<'u> = (usize, &'u dyn Property);

impl Union {
    /// `Debug` of a union, as it would be derived.
    ///
    /// # Errors
    ///
    /// What `f` says.
    pub fn debug(&self, (place, member): Held<'_>, f: &mut Formatter<'_>) -> fmt::Result {
        let name = self.members.get(place).map_or("Unknown", |of| of.name);
        f.debug_tuple(name).field(&member).finish()
    }
}

/// Whether two unions of one type hold the same member with equal values.
pub fn same_member(one: Held<'_>, other: Held<'_>) -> bool {
    one.0 == other.0 && one.1.equals(other.1)
}

impl Writer {
    /// Writes the member that a value is.
    pub fn member(&mut self, union: &Union, (place, member): Held<'_>) {
        match (union.tag, union.members.get(place).and_then(|of| of.inject)) {
            (Some(tag), Some(value)) => self.tagged(tag, value, member),
            _ => member.encode(self),
        }
    }

    /// Writes a member whose type does not have the union's tag property, with that property in front.
    fn tagged(&mut self, tag: &str, value: &str, member: &dyn Property) {
        let start = self.len();
        member.encode(self);
        let written = self
            .bytes()
            .get(start..)
            .and_then(|bytes| std::str::from_utf8(bytes).ok())
            .unwrap_or_default();
        // A member that keeps unknown keys may hold the tag already.
        let mut inspection = Reader::over(written);
        if !matches!(inspection.peek(), Ok(Kind::Object))
            || matches!(inspection.tag(tag), Ok(Some(_)))
        {
            return;
        }
        let separator = if written == "{}" { "" } else { "," };
        let mut head = Self::new();
        head.string(tag);
        head.punctuation(b':');
        head.string(value);
        head.raw(separator);
        let head = std::mem::take(head.bytes_mut());
        self.bytes_mut().splice(start + 1..=start, head);
    }
}

/// Implements `Debug`, `PartialEq` and the codec of a union, whose last variant is `Unknown(Value)`; the rules are those of the runtime's `json::union`.
///
/// A member has its index, from 0, and lists what tells it apart: `tags`, `kinds`, `required`, `known`, `constants`, `ranges`, `empty`, `closed`, all optional and in this order;
/// `any;` in front says that a value may be several members at once;
/// `fallback: true` where it takes what no tag names; `inject: "tag"` where its type does not have the tag property itself.
macro_rules! union {
    ($name:ident { tag $tag:literal; $($members:tt)+ }) => {
        $crate::runtime::union! { @ $name Some($tag), false; $($members)+ }
    };
    ($name:ident { any; $($members:tt)+ }) => {
        $crate::runtime::union! { @ $name None, true; $($members)+ }
    };
    (@ $name:ident $tag:expr, $any:literal;
        $($variant:ident = $index:literal {
            $(tags: [$($tags:literal),* $(,)?] $(,)?)?
            $(kinds: $($kind:ident)|+ $(,)?)?
            $(required: [$($required:literal),* $(,)?] $(,)?)?
            $(known: [$($known:literal),* $(,)?] $(,)?)?
            $(constants: [$(($key:literal, $constant:literal)),* $(,)?] $(,)?)?
            $(ranges: [$(($number:literal, $low:literal, $high:literal)),* $(,)?] $(,)?)?
            $(empty: $empty:literal $(,)?)?
            $(closed: $closed:literal $(,)?)?
            $(fallback: $fallback:literal $(,)?)?
            $(inject: $inject:literal $(,)?)?
        }),+ $(,)?
    ) => {
        impl $name {
            pub(crate) const UNION: &'static $crate::runtime::json::Union = &$crate::runtime::json::Union {
                tag: $tag,
                any: $any,
                members: &[$($crate::runtime::json::Member {
                    name: stringify!($variant),
                    $(tags: &[$($tags),*],)?
                    $(kinds: $($crate::runtime::json::kinds::$kind)|+,)?
                    $(required: &[$($required),*],)?
                    $(known: &[$($known),*],)?
                    $(constants: &[$(($key, $constant)),*],)?
                    $(ranges: &[$(($number, $low, $high)),*],)?
                    $(empty: $empty,)?
                    $(closed: $closed,)?
                    $(fallback: $fallback,)?
                    $(inject: Some($inject),)?
                    ..$crate::runtime::json::Member::ANY
                }),+],
            };

            #[inline]
            fn member(input: &mut $crate::runtime::Reader<'_>, index: usize) -> Result<Self, $crate::runtime::Fault> {
                match index {
                    $($index => $crate::runtime::json::member(input, Self::$variant),)+
                    _ => Err(input.no_such_member(index)),
                }
            }

            #[inline]
            fn held(&self) -> $crate::runtime::json::Held<'_> {
                match self {
                    $(Self::$variant(member) => ($index, member),)+
                    Self::Unknown(value) => (usize::MAX, value),
                }
            }
        }
        impl $crate::runtime::Decode for $name {
            #[inline]
            fn decode(input: &mut $crate::runtime::Reader<'_>) -> Result<Self, $crate::runtime::Fault> {
                input.union(Self::UNION, Self::member, Self::Unknown)
            }
        }
        impl $crate::runtime::Encode for $name {
            #[inline]
            fn encode(&self, out: &mut $crate::runtime::Writer) {
                out.member(Self::UNION, self.held());
            }
        }
        impl std::fmt::Debug for $name {
            #[inline]
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                Self::UNION.debug(self.held(), f)
            }
        }
        impl PartialEq for $name {
            #[inline]
            fn eq(&self, other: &Self) -> bool {
                $crate::runtime::json::same_member(self.held(), other.held())
            }
        }
        $crate::runtime::serde_bridge! { $name }
    };
    ($name:ident { $($members:tt)+ }) => {
        $crate::runtime::union! { @ $name None, false; $($members)+ }
    };
}
pub(crate) use union;
