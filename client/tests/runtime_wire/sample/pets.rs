//! Operations on pets.

use super::types::{NewPet, Pet, PetPage};
use crate::runtime;

/// Operations on pets.
#[derive(Clone, Copy, Debug)]
pub struct Pets<'c> {
    pub(super) core: &'c runtime::Core,
}

impl Pets<'_> {
    /// `GET /pets`
    pub fn list(&self) -> ListPets {
        runtime::Request::new(runtime::Call::new(self.core, &LIST))
    }

    /// `GET /pets/{id}`
    pub fn get(&self, id: impl Into<String>) -> GetPet {
        runtime::Request::new(runtime::Call::new(self.core, &GET).with(0, &id.into()))
    }

    /// `POST /pets`
    pub fn create(&self, body: NewPet) -> CreatePet {
        runtime::Request::new(
            runtime::Call::new(self.core, &CREATE).json("application/json", &body),
        )
    }

    /// `DELETE /pets/{id}`
    pub fn delete(&self, id: i64) -> DeletePet {
        runtime::Request::new(runtime::Call::new(self.core, &DELETE).with(0, &id))
    }

    /// `GET /pets/{id}/photo`
    pub fn photo(&self, id: i64) -> PetPhoto {
        runtime::Request::new(runtime::Call::new(self.core, &PHOTO).with(0, &id))
    }

    /// `GET /events`
    pub fn events(&self) -> PetEvents {
        runtime::Request::new(runtime::Call::new(self.core, &EVENTS))
    }

    /// `GET /lines`
    pub fn lines(&self) -> PetLines {
        runtime::Request::new(runtime::Call::new(self.core, &LINES))
    }
}

static LIST: runtime::Operation = runtime::Operation {
    id: "pets_list",
    path: "/pets",
    parameters: &[
        runtime::Parameter::query("limit"),
        runtime::Parameter::query("offset"),
        runtime::Parameter::query("name"),
    ],
    security: &[&[0], &[4], &[1], &[]],
    accept: "application/json",
    ..runtime::Operation::DEFAULT
};

static GET: runtime::Operation = runtime::Operation {
    id: "pets_get",
    path: "/pets/{id}",
    parameters: &[runtime::Parameter::path("id")],
    accept: "application/json",
    ..runtime::Operation::DEFAULT
};

static CREATE: runtime::Operation = runtime::Operation {
    id: "pets_create",
    method: runtime::Method::POST,
    path: "/pets",
    accept: "application/json",
    ..runtime::Operation::DEFAULT
};

static DELETE: runtime::Operation = runtime::Operation {
    id: "pets_delete",
    method: runtime::Method::DELETE,
    path: "/pets/{id}",
    parameters: &[runtime::Parameter::path("id")],
    security: &[&[0]],
    ..runtime::Operation::DEFAULT
};

static PHOTO: runtime::Operation = runtime::Operation {
    id: "pets_photo",
    path: "/pets/{id}/photo",
    parameters: &[runtime::Parameter::path("id")],
    accept: "image/*",
    streaming: true,
    ..runtime::Operation::DEFAULT
};

static EVENTS: runtime::Operation = runtime::Operation {
    id: "pets_events",
    path: "/events",
    accept: "text/event-stream",
    streaming: true,
    ..runtime::Operation::DEFAULT
};

static LINES: runtime::Operation = runtime::Operation {
    id: "pets_lines",
    path: "/lines",
    accept: "application/x-ndjson",
    streaming: true,
    ..runtime::Operation::DEFAULT
};

/// The request of [`Pets::list`].
pub type ListPets = runtime::Request<ListPetsEndpoint>;

impl ListPets {
    /// The most pets on a page.
    pub fn limit(mut self, limit: i64) -> Self {
        self.call.set(0, &limit);
        self
    }

    /// The pets to leave out.
    pub fn offset(mut self, offset: i64) -> Self {
        self.call.set(1, &offset);
        self
    }

    /// The name.
    pub fn name(mut self, name: impl Into<String>) -> Self {
        self.call.set(2, &name.into());
        self
    }
}

runtime::request! { ListPets(ListPetsEndpoint) => PetPage, runtime::decode::json }

impl runtime::Paginated for ListPetsEndpoint {
    type Item = Pet;
    const RULE: runtime::PageRule = runtime::PageRule::Offset {
        offset: 1,
        limit: Some(0),
    };

    fn items(page: Self::Output) -> Vec<Self::Item> {
        page.results
    }

    fn facts(page: &Self::Output) -> runtime::PageFacts {
        runtime::PageFacts {
            items: page.results.len(),
            total: u64::try_from(page.count).ok(),
            next: runtime::Next::link(page.next.as_ref()),
            ..runtime::PageFacts::default()
        }
    }
}

/// The documented headers of the replies to [`Pets::list`].
#[derive(Clone, Debug, PartialEq)]
pub struct ListPetsHeaders {
    /// Required, a number.
    pub x_total: i64,
    /// A list of texts.
    pub x_tags: Option<Vec<String>>,
    /// When.
    pub last_modified: Option<runtime::DateTime>,
    /// An exploded object.
    pub x_limits: Option<runtime::Map<runtime::Value>>,
    /// All headers of a prefix.
    pub x_meta: Option<runtime::Map<String>>,
}

runtime::headers! { ListPetsHeaders {
    x_total: "X-Total" Bare,
    x_tags?: "X-Tags" List(&runtime::HeaderForm::Text),
    last_modified?: "Last-Modified" Date,
    x_limits?: "X-Limits" Object(true, &[("left", runtime::HeaderForm::Bare)], &runtime::HeaderForm::Text),
    x_meta?: "X-Meta-" Prefix(&runtime::HeaderForm::Text),
} }

/// The request of [`Pets::get`].
pub type GetPet = runtime::Request<GetPetEndpoint>;

runtime::request! { GetPet(GetPetEndpoint) => Pet, runtime::decode::json }

/// The request of [`Pets::create`].
pub type CreatePet = runtime::Request<CreatePetEndpoint>;

runtime::request! { CreatePet(CreatePetEndpoint) => Pet, runtime::decode::json }

/// The request of [`Pets::delete`].
pub type DeletePet = runtime::Request<DeletePetEndpoint>;

runtime::request! { DeletePet(DeletePetEndpoint) => (), runtime::decode::empty }

/// The request of [`Pets::photo`].
pub type PetPhoto = runtime::Request<PetPhotoEndpoint>;

runtime::request! { PetPhoto(PetPhotoEndpoint) => runtime::Download, runtime::decode::download }

/// The request of [`Pets::events`].
pub type PetEvents = runtime::Request<PetEventsEndpoint>;

runtime::request! { PetEvents(PetEventsEndpoint) => runtime::EventStream<Pet>, runtime::decode::events }

/// The request of [`Pets::lines`].
pub type PetLines = runtime::Request<PetLinesEndpoint>;

runtime::request! { PetLines(PetLinesEndpoint) => runtime::LineStream<Pet>, runtime::decode::lines }
