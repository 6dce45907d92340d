//! The surface of large public documents, as a summary that a person can judge; skipped where they are not at hand.

use super::{Document, corpus, each};

const DOCUMENTS: [(&str, &str); 5] = [
    ("github", "github.json"),
    ("stripe", "stripe.com.json"),
    ("kubernetes", "kubernetes.io.json"),
    ("twilio", "twilio_api_v2010.yaml"),
    ("discord", "discord.json"),
];

#[test]
fn large_documents_keep_their_surface() {
    let Some(folder) = corpus() else {
        eprintln!(
            "skipped: the surfaces of github, stripe, kubernetes, twilio and discord: ../shared/corpus is not there"
        );
        return;
    };
    let documents = DOCUMENTS.map(|(name, file)| Document {
        name: name.to_owned(),
        path: folder.join(file),
    });
    each(&documents, |document| {
        let outline = document.outline().outline.unwrap();
        super::assert_snapshot(&format!("surface_{}", document.name), &outline.summary());
    });
}
