//! UUIDs that keep the case of their letters: a client writes what it read. It knows no other format.
//! All of it is `#[inline]`, so that a client without UUIDs does not compile it.

use std::fmt::{self, Debug, Display, Formatter};
use std::hash::{Hash, Hasher};
use std::ops::Deref;
use std::str::FromStr;

use super::json::{Decode, Encode, Fault, Reader, Writer, serde_bridge};

/// A UUID in its form with hyphens. It derefs to a [`uuid::Uuid`] and compares by it; the case of its letters, which does not
/// count, is kept.
#[derive(Clone, Copy)]
pub struct Uuid {
    value: uuid::Uuid,
    /// Which of the 32 digits are capital letters, the first in the lowest bit.
    capitals: u32,
}

/// Characters of the form with hyphens.
const LENGTH: usize = 36;

impl Uuid {
    /// A UUID whose letters are small.
    pub const fn new(value: uuid::Uuid) -> Self {
        Self { value, capitals: 0 }
    }

    /// The UUID of zeros.
    pub const fn nil() -> Self {
        Self::new(uuid::Uuid::nil())
    }

    /// The UUID of a number.
    pub const fn from_u128(number: u128) -> Self {
        Self::new(uuid::Uuid::from_u128(number))
    }

    /// Reads the form with hyphens.
    ///
    /// # Errors
    /// A [`Fault`] for any other text.
    #[inline]
    pub fn parse_str(text: &str) -> Result<Self, Fault> {
        text.parse()
    }

    /// The value without the case of its letters.
    pub const fn into_inner(self) -> uuid::Uuid {
        self.value
    }

    #[inline]
    fn read(text: &str) -> Option<Self> {
        // `uuid` also reads braces, URN and no hyphens, which are other formats.
        if text.len() != LENGTH {
            return None;
        }
        let value = uuid::Uuid::try_parse(text).ok()?;
        let (mut capitals, mut place) = (0, 1_u32);
        for digit in text.bytes() {
            if digit.is_ascii_uppercase() {
                capitals |= place;
            }
            if digit != b'-' {
                place <<= 1;
            }
        }
        Some(Self { value, capitals })
    }

    fn write<'b>(&self, buffer: &'b mut [u8; LENGTH]) -> &'b str {
        self.value.hyphenated().encode_lower(buffer);
        if self.capitals != 0 {
            let mut capitals = self.capitals;
            for digit in buffer.iter_mut() {
                if *digit != b'-' {
                    if capitals & 1 == 1 {
                        digit.make_ascii_uppercase();
                    }
                    capitals >>= 1;
                }
            }
        }
        // The digits and hyphens of a UUID are ASCII.
        std::str::from_utf8(buffer).unwrap_or_default()
    }
}

impl Deref for Uuid {
    type Target = uuid::Uuid;

    fn deref(&self) -> &uuid::Uuid {
        &self.value
    }
}

impl AsRef<uuid::Uuid> for Uuid {
    fn as_ref(&self) -> &uuid::Uuid {
        &self.value
    }
}

impl From<uuid::Uuid> for Uuid {
    fn from(value: uuid::Uuid) -> Self {
        Self::new(value)
    }
}

impl From<Uuid> for uuid::Uuid {
    fn from(uuid: Uuid) -> Self {
        uuid.value
    }
}

impl FromStr for Uuid {
    type Err = Fault;

    #[inline]
    fn from_str(text: &str) -> Result<Self, Fault> {
        Self::read(text).ok_or_else(|| Fault::expected_text("a UUID", text))
    }
}

impl TryFrom<&str> for Uuid {
    type Error = Fault;

    fn try_from(text: &str) -> Result<Self, Fault> {
        text.parse()
    }
}

impl Display for Uuid {
    #[inline]
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.pad(self.write(&mut [0; LENGTH]))
    }
}

impl Debug for Uuid {
    #[inline]
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(self.write(&mut [0; LENGTH]))
    }
}

impl PartialEq for Uuid {
    #[inline]
    fn eq(&self, other: &Self) -> bool {
        self.value == other.value
    }
}

impl Eq for Uuid {}

impl PartialEq<uuid::Uuid> for Uuid {
    #[inline]
    fn eq(&self, other: &uuid::Uuid) -> bool {
        self.value == *other
    }
}

impl PartialOrd for Uuid {
    #[inline]
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Uuid {
    #[inline]
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.value.cmp(&other.value)
    }
}

impl Hash for Uuid {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.value.hash(state);
    }
}

impl Decode for Uuid {
    #[inline]
    fn decode(input: &mut Reader<'_>) -> Result<Self, Fault> {
        input.text("a UUID", Self::read)
    }
}

impl Encode for Uuid {
    #[inline]
    fn encode(&self, out: &mut Writer) {
        out.string(self.write(&mut [0; LENGTH]));
    }
}

serde_bridge! { Uuid }
