//! The types of the sample API.

use crate::runtime::{Maybe, Url};

/// A pet.
#[non_exhaustive]
pub struct Pet {
    /// The id.
    pub id: i64,
    /// The name.
    pub name: String,
}

/// A pet to be made.
pub struct NewPet {
    /// The name.
    pub name: String,
    /// The tag.
    pub tag: Maybe<String>,
}

/// A page of pets.
#[non_exhaustive]
pub struct PetPage {
    /// How many there are.
    pub count: i64,
    /// The next page.
    pub next: Option<Url>,
    /// The pets.
    pub results: Vec<Pet>,
}

/// What goes wrong.
#[non_exhaustive]
pub struct Problem {
    /// Why.
    pub message: String,
}

/// The errors of listing pets.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum ListPetsError {
    /// 400
    BadRequest(Problem),
    /// Any other status.
    Undocumented,
}
