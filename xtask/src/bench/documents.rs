//! Which documents are measured, and how many operations they have.

use std::path::{Path, PathBuf};

use callwright_codegen::Config;
use callwright_codegen::source::{Input, Limits, LoadError};

use super::arguments::Arguments;

/// A document to be measured.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Source {
    pub(super) name: String,
    pub(super) path: PathBuf,
}

/// The documents of the corpus that are measured by default.
const DEFAULT: &[(&str, &str)] = &[
    ("Stripe", "stripe.com.json"),
    ("GitHub", "github.json"),
    ("Discord", "discord.json"),
    ("Box", "box.json"),
    ("OpenAI", "openai.yaml"),
    ("Kubernetes", "kubernetes.io.json"),
    ("Twilio", "twilio_api_v2010.yaml"),
];

/// The documents asked for that are there, and what is to be said of the others.
pub(super) fn sources(arguments: &Arguments) -> Result<(Vec<Source>, Vec<String>), String> {
    let mut asked = Vec::new();
    if arguments.documents.is_empty() {
        asked.extend(
            DEFAULT
                .iter()
                .map(|known| of_corpus(known, &arguments.corpus)),
        );
    }
    for word in &arguments.documents {
        let part = word.to_lowercase();
        let known: Vec<_> = DEFAULT
            .iter()
            .filter(|(name, _)| name.to_lowercase().contains(&part))
            .collect();
        let file = Path::new(word);
        if file.is_file() {
            asked.push(Source {
                name: file
                    .file_stem()
                    .map_or_else(|| word.clone(), |stem| stem.to_string_lossy().into_owned()),
                path: file.to_path_buf(),
            });
        } else if known.is_empty() {
            let names: Vec<_> = DEFAULT.iter().map(|(name, _)| *name).collect();
            return Err(format!(
                "`{word}` is neither a file nor one of {}",
                names.join(", ")
            ));
        } else {
            asked.extend(
                known
                    .into_iter()
                    .map(|known| of_corpus(known, &arguments.corpus)),
            );
        }
    }
    let (there, missing): (Vec<_>, Vec<_>) =
        asked.into_iter().partition(|source| source.path.is_file());
    let missing = missing.into_iter();
    let missing = missing
        .map(|source| format!("{}: `{}` is not there", source.name, source.path.display()))
        .collect();
    Ok((there, missing))
}

fn of_corpus((name, file): &(&str, &str), corpus: &Path) -> Source {
    Source {
        name: (*name).to_owned(),
        path: corpus.join(file),
    }
}

/// The operations of a document.
pub(super) fn operations(text: &[u8]) -> usize {
    let input = Input {
        name: "document",
        bytes: text,
        // Operations stand in the entry file.
        loader: &|_| Err(LoadError::Missing),
        overlays: Vec::new(),
        limits: Limits::default(),
    };
    let output = callwright_codegen::generate(&input, Config::default());
    output.client.map_or(0, |client| client.operations)
}

#[cfg(test)]
mod tests {
    use super::operations;

    #[test]
    fn operations_are_methods_of_paths() {
        let yaml = "openapi: 3.1.0\ninfo: {title: A, version: '1'}\npaths:\n  /a: {get: {responses: {200: {description: ok}}}, parameters: []}\n  /b: {delete: {responses: {204: {description: ok}}}}\n";
        assert_eq!(operations(yaml.as_bytes()), 2);
        assert_eq!(operations(b"nothing"), 0);
    }
}
