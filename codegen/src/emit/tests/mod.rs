//! Small APIs as text.

pub(crate) mod pets;
pub(crate) mod sketch;

use super::{Emission, Layout, Options};
use crate::render::{Header, render};

/// Every file of the pets' API.
fn files() -> Vec<(String, String)> {
    let pets = pets::pets();
    let layout = Layout::Module {
        krate: "shop".to_owned(),
        name: "pets".to_owned(),
    };
    let header = Header {
        title: pets.api.title.clone(),
        version: pets.api.version.clone(),
        sha256: "0123".to_owned(),
        command: "cargo xtask generate".to_owned(),
    };
    let emission = Emission::new(&pets.api, &pets.names, Options { layout });
    let files = render(&emission, &header).expect("emitted code is Rust");
    files
        .into_iter()
        .map(|file| {
            (
                file.path,
                String::from_utf8(file.contents).expect("emitted code is UTF-8"),
            )
        })
        .collect()
}

#[test]
fn each_construct_is_emitted_as_it_is_reviewed() {
    for (path, text) in files() {
        insta::assert_snapshot!(path.replace(['/', '.'], "_"), text);
    }
}

#[test]
fn output_is_the_same_every_time() {
    assert_eq!(files(), files());
}

#[test]
fn every_operation_is_called_from_json_through_the_public_interface() {
    let pets = pets::pets();
    let layout = Layout::Module {
        krate: "shop".to_owned(),
        name: "pets".to_owned(),
    };
    let tokens = super::calls(&pets.api, &pets.names, &Options { layout });
    let text = crate::render::plain(tokens).expect("emitted code is Rust");
    for operation in &pets.api.operations {
        assert!(text.contains(&format!("{:?} =>", operation.id)), "{text}");
    }
    insta::assert_snapshot!("calls", text);
}
