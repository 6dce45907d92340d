//! The plumbing of the sample's types.

use super::types::{ListPetsError, NewPet, Pet, PetPage, Problem};
use crate::runtime;

runtime::object! { Pet { id!: "id", name!: "name" } }
runtime::object! { NewPet { name!: "name", tag~: "tag" } }
runtime::object! { PetPage { count!: "count", next!: "next", results!: "results" } }
runtime::object! { Problem { message!: "message" } }

impl runtime::ErrorBody for ListPetsError {
    fn decode(status: u16, body: &[u8]) -> Result<Self, runtime::Fault> {
        match status {
            400 => runtime::from_slice(body).map(Self::BadRequest),
            _ => Ok(Self::Undocumented),
        }
    }
}
