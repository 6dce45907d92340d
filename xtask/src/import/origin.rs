//! Where an operation comes from, in the words of the manifest: `DOCUMENT METHOD PATH`, never a path of this machine.

/// The origin of an operation: its document, made absolute where the page names its site.
pub(super) fn entry(site: Option<&str>, document: &str, method: &str, path: &str) -> String {
    format!(
        "{} {} {path}",
        absolute(site, document),
        method.to_uppercase()
    )
}

/// The document of an entry.
pub(super) fn document(entry: &str) -> &str {
    entry.split(' ').next().unwrap_or(entry)
}

fn absolute(site: Option<&str>, document: &str) -> String {
    if document.starts_with("https://") || document.starts_with("http://") {
        return document.to_owned();
    }
    // What names a file of someone's machine keeps its last segment alone.
    let drive = document
        .get(1..3)
        .is_some_and(|mark| mark == ":\\" || mark == ":/");
    let document = if document.starts_with("file:") || drive {
        document.rsplit(['/', '\\']).next().unwrap_or(document)
    } else {
        document
    };
    let Some(site) = site else {
        return document.to_owned();
    };
    if document.starts_with('/') {
        let host_end = site.find("://").map_or(0, |at| at + 3);
        let root = site[host_end..]
            .find('/')
            .map_or(site.len(), |at| host_end + at);
        return format!("{}{document}", &site[..root]);
    }
    format!("{site}{}", document.trim_start_matches("./"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_the_document_and_no_local_path() {
        let site = Some("https://docs.x.dev/v2/");
        let of = |site, document| entry(site, document, "get", "/a");
        assert_eq!(
            of(site, "ref/o.json"),
            "https://docs.x.dev/v2/ref/o.json GET /a"
        );
        assert_eq!(of(site, "/o.json"), "https://docs.x.dev/o.json GET /a");
        assert_eq!(
            of(site, "https://y.dev/o.json"),
            "https://y.dev/o.json GET /a"
        );
        assert_eq!(of(None, "ref/o.json"), "ref/o.json GET /a");
        assert_eq!(of(None, "file:///home/me/o.json"), "o.json GET /a");
        assert_eq!(of(None, "C:\\me\\o.json"), "o.json GET /a");
        assert_eq!(
            document("https://y.dev/o.json GET /a"),
            "https://y.dev/o.json"
        );
    }
}
