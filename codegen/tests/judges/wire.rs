//! Clients of fixtures, called on the wire: `tests/wire/NAME.rs` drives that of `fixtures/NAME.yaml` against a local
//! server and asserts what goes out and what comes of the answers.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::Path;
use std::process::Command;

use super::compiled::{standalone, sweep, write};
use super::{documents, root, text};

/// What the tests use beside what the clients do; the versions are those of the workspace's lock file.
const DEVELOPMENT: &str = r#"[dev-dependencies]
futures-util = { version = "0.3", default-features = false }
tokio = { version = "1", default-features = false, features = ["macros", "net", "rt", "rt-multi-thread"] }
tokio-rustls = { version = "0.26", default-features = false, features = ["ring", "tls12"] }

[workspace]
"#;

#[test]
fn emitted_clients_do_on_the_wire_what_documents_say() {
    let tests = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/wire");
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("wire");
    let mut belongs = BTreeSet::new();
    let mut put = |path: String, contents: &[u8]| {
        write(&folder.join(&path), contents);
        belongs.insert(path);
    };
    for file in standalone() {
        if file.path == "Cargo.toml" {
            let manifest = text(&file).split("[dev-dependencies]").next().unwrap();
            put(
                file.path.clone(),
                format!("{manifest}{DEVELOPMENT}").as_bytes(),
            );
        } else {
            put(file.path, &file.contents);
        }
    }
    let mut library = "//! Fixtures that are called.\n\npub mod runtime;\n".to_owned();
    let mut main = "#[allow(dead_code)]\nmod server;\n".to_owned();
    for document in documents("fixtures") {
        let Ok(test) = std::fs::read(tests.join(format!("{}.rs", document.name))) else {
            continue;
        };
        put(format!("tests/wire/{}.rs", document.name), &test);
        let _ = writeln!(library, "pub mod {};", document.name);
        let _ = writeln!(main, "mod {};", document.name);
        for file in document.generate().client.unwrap().files {
            let contents = text(&file).as_bytes().to_vec();
            put(format!("src/{}/{}", document.name, file.path), &contents);
        }
    }
    put("src/lib.rs".to_owned(), library.as_bytes());
    put("tests/wire/main.rs".to_owned(), main.as_bytes());
    let server = root().join("client/tests/runtime_wire/server.rs");
    put(
        "tests/wire/server.rs".to_owned(),
        &std::fs::read(server).unwrap(),
    );
    sweep(&folder.join("src"), "src/", &belongs);
    sweep(&folder.join("tests"), "tests/", &belongs);
    std::fs::copy(root().join("Cargo.lock"), folder.join("Cargo.lock")).unwrap();

    let mut outcome = run(&folder, true);
    if !outcome.0 && outcome.1.contains("--offline") {
        outcome = run(&folder, false);
    }
    assert!(outcome.0, "{}", outcome.1);
}

/// Runs the tests in the target folder that standalone crates share.
fn run(folder: &Path, offline: bool) -> (bool, String) {
    let target = Path::new(env!("CARGO_TARGET_TMPDIR"))
        .parent()
        .unwrap()
        .join("standalone");
    let mut command = Command::new(env!("CARGO"));
    command
        .args(["test", "--quiet", "--test", "wire", "--features"])
        // Codings that a crate may turn on.
        .arg("xml,brotli,zstd")
        .args(offline.then_some("--offline"))
        .current_dir(folder)
        .env("CARGO_TARGET_DIR", target)
        .env("CARGO_INCREMENTAL", "0")
        .env("CARGO_PROFILE_DEV_DEBUG", "false")
        .env("CARGO_TERM_COLOR", "never")
        .env("RUSTFLAGS", "--deny warnings");
    let output = command.output().unwrap();
    let said = [output.stdout, output.stderr].concat();
    (
        output.status.success(),
        String::from_utf8_lossy(&said).into_owned(),
    )
}
