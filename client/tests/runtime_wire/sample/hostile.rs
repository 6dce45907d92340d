//! A document whose schemas are named as the prelude's items are: that this compiles is the test.

use crate::runtime;

macro_rules! schemas {
    ($($name:ident)*) => { $(#[doc = stringify!($name)] pub struct $name;)* };
}

schemas! {
    Option Some None Result Ok Err String Vec Box Into From Iterator IntoIterator Send Sync FnOnce Fn Drop Copy Default
    Future IntoFuture Duration Error Response Request Pending Call Core Value Map Settings Self_
}

/// A client.
#[derive(Clone, Debug)]
pub struct Client {
    core: runtime::Core,
}

runtime::client! { Client, ClientBuilder, super::API }

static LIST: runtime::Operation = runtime::Operation {
    id: "list",
    ..runtime::Operation::DEFAULT
};

/// A request.
pub type List = runtime::Request<ListEndpoint>;

impl Client {
    /// A list.
    pub fn list(&self) -> List {
        runtime::Request::new(runtime::Call::new(&self.core, &LIST))
    }
}

runtime::request! { List(ListEndpoint) => runtime::Value, runtime::decode::json }

impl runtime::Paginated for ListEndpoint {
    type Item = runtime::Value;
    const RULE: runtime::PageRule = runtime::PageRule::LinkHeader;

    fn items(page: runtime::Value) -> ::std::vec::Vec<runtime::Value> {
        ::std::vec::Vec::from([page])
    }

    fn facts(_: &runtime::Value) -> runtime::PageFacts {
        runtime::PageFacts {
            items: 1,
            ..runtime::PageFacts::default()
        }
    }
}
