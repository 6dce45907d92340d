//! Words that say what an operation does; it must not know where they came from.

/// Verbs that operations start or end with. Words that are nouns at least as often (`order`, `comment`) are left out.
#[rustfmt::skip]
const VERBS: &[&str] = &[
    "abort", "accept", "acknowledge", "acquire", "activate", "add", "adjust", "advance", "aggregate", "allocate",
    "allow", "analyze", "annotate", "answer", "append", "apply", "approve", "archive", "assign", "associate",
    "attach", "authenticate", "authorize", "ban", "begin", "bind", "block", "build", "calculate", "cancel", "capture",
    "change", "check", "claim", "classify", "clear", "clone", "close", "collect", "commit", "compare", "complete",
    "compute", "configure", "confirm", "connect", "consume", "convert", "copy", "count", "create", "deactivate",
    "decline", "decrease", "decrypt", "delete", "deliver", "demote", "deny", "deploy", "deprecate", "deregister",
    "describe", "destroy", "detach", "detect", "disable", "disassociate", "discard", "disconnect", "dismiss",
    "dispatch", "distribute", "download", "drain", "duplicate", "edit", "enable", "encrypt", "end", "enqueue",
    "enroll", "ensure", "estimate", "evaluate", "exclude", "execute", "expand", "expire", "export", "extend", "fail",
    "fetch", "finalize", "find", "finish", "fire", "flush", "follow", "force", "forward", "freeze", "fulfill",
    "generate", "get", "grant", "head", "hide", "import", "include", "increase", "increment", "index", "ingest",
    "init", "initialize", "initiate", "insert", "inspect", "install", "interrupt", "invalidate", "invite", "invoke",
    "issue", "join", "kick", "kill", "launch", "leave", "link", "list", "load", "lock", "login", "logout", "lookup",
    "mark", "match", "merge", "migrate", "modify", "move", "mute", "notify", "obtain", "open", "override",
    "overwrite", "parse", "patch", "pause", "pay", "perform", "permit", "persist", "pin", "ping", "play", "poll",
    "post", "prepare", "preview", "process", "promote", "propose", "provision", "prune", "publish", "pull", "purge",
    "push", "put", "quarantine", "query", "reactivate", "read", "reassign", "reboot", "rebuild", "receive", "reclaim",
    "reconcile", "record", "recover", "redact", "redeem", "redeliver", "redeploy", "redirect", "refresh", "refund",
    "regenerate", "register", "reindex", "reinstate", "reject", "release", "reload", "remind", "remove", "rename",
    "render", "renew", "reopen", "reorder", "repair", "replace", "replicate", "reply", "report", "reprocess",
    "request", "rerun", "rescan", "reschedule", "resend", "reserve", "reset", "resize", "resolve", "restart",
    "restore", "restrict", "resubmit", "resume", "resync", "retest", "retrieve", "retry", "return", "reverse",
    "revert", "review", "revoke", "rollback", "rotate", "run", "save", "scan", "schedule", "search", "seek", "select",
    "send", "set", "settle", "share", "ship", "show", "shutdown", "sign", "signal", "signin", "signout", "signup",
    "simulate", "skip", "snooze", "sort", "split", "squash", "star", "start", "stop", "store", "stream", "submit",
    "subscribe", "succeed", "summarize", "suspend", "swap", "switch", "sync", "synchronize", "tag", "terminate",
    "test", "toggle", "tokenize", "touch", "track", "transcribe", "transfer", "transform", "transition", "translate",
    "trigger", "truncate", "unapprove", "unarchive", "unassign", "unban", "unbind", "unblock", "undo", "unenroll",
    "unfollow", "unfreeze", "unhide", "uninstall", "unlike", "unlink", "unlock", "unmark", "unmerge", "unmute",
    "unpin", "unpublish", "unregister", "unset", "unshare", "unstar", "unsubscribe", "unsuspend", "untag", "unwatch",
    "update", "upgrade", "upload", "upsert", "validate", "verify", "view", "void", "vote", "wait", "warn", "watch",
    "wipe", "withdraw", "write",
];

/// Verbs that move to the front of an id that ends with them (`account_change_create`).
#[rustfmt::skip]
const TRAILING: &[&str] = &[
    "add", "all", "apply", "approve", "attach", "cancel", "check", "clear", "clone", "close", "confirm", "copy",
    "create", "deactivate", "activate", "delete", "deploy", "destroy", "detach", "disable", "download", "edit",
    "enable", "execute", "export", "fetch", "find", "generate", "get", "import", "insert", "install", "invite",
    "kill", "list", "lookup", "merge", "modify", "move", "patch", "pause", "ping", "post", "prune", "publish", "put",
    "query", "read", "refresh", "register", "reject", "remove", "rename", "replace", "reset", "resize", "restart",
    "restore", "resume", "retrieve", "retry", "revoke", "run", "save", "search", "send", "set", "start", "stop",
    "submit", "subscribe", "suspend", "sync", "trigger", "unlock", "unset", "update", "upload", "upsert", "validate",
    "verify", "view",
];

/// Verbs of a GET that a path may end with.
#[rustfmt::skip]
const READING: &[&str] = &[
    "check", "compare", "count", "download", "export", "find", "lookup", "ping", "query", "search", "validate",
    "verify",
];

#[rustfmt::skip]
const PREPOSITIONS: &[&str] = &[
    "about", "after", "as", "at", "before", "between", "by", "for", "from", "in", "into", "of", "on", "onto", "per",
    "through", "to", "under", "using", "via", "with", "within", "without",
];

/// Whether a word is a verb.
pub(super) fn is_verb(word: &str) -> bool {
    VERBS.binary_search(&word).is_ok()
}

/// Verbs that begin the name of a thing as often: `link_tokens`, `transfer_schedules`.
#[rustfmt::skip]
const NOUNS_TOO: &[&str] = &[
    "change", "check", "export", "head", "import", "index", "issue", "link", "list", "load", "match", "order", "play",
    "poll", "post", "process", "record", "release", "report", "request", "return", "review", "run", "schedule",
    "search", "share", "sign", "signal", "star", "store", "stream", "tag", "test", "track", "transfer", "transition",
    "view", "vote", "watch",
];

/// Whether a verb is a noun as often.
pub(super) fn is_noun_too(word: &str) -> bool {
    NOUNS_TOO.contains(&word)
}

/// Whether a word that begins a path's only segment makes it the name of a procedure: `/sendMessage`.
pub(super) fn begins_procedure(words: &[String]) -> bool {
    words.len() > 1 && is_verb(&words[0]) && (words.len() > 3 || !is_noun_too(&words[0]))
}

/// Verbs of one thing, whose object a framework writes in the plural (`messages_create`).
pub(super) fn takes_singular(verb: &str) -> bool {
    matches!(
        verb,
        "create" | "retrieve" | "read" | "update" | "delete" | "destroy" | "replace"
    )
}

/// Whether a word, last in an id, is its verb.
pub(super) fn is_trailing(word: &str) -> bool {
    word != "all" && TRAILING.contains(&word)
}

/// Whether the path's last word is the verb of a request with this method.
pub(super) fn is_action(word: &str, method: &str) -> bool {
    match method {
        "GET" | "HEAD" => READING.contains(&word),
        "POST" | "PUT" | "PATCH" => is_verb(word),
        _ => false,
    }
}

/// Whether a word says that what follows is a circumstance.
pub(super) fn is_preposition(word: &str) -> bool {
    PREPOSITIONS.contains(&word)
}

/// Whether a word qualifies the verb after it, and so does not move away from it (`bulk_create`).
pub(super) fn is_adverb(word: &str) -> bool {
    matches!(
        word,
        "async"
            | "auto"
            | "batch"
            | "bulk"
            | "force"
            | "hard"
            | "mass"
            | "multi"
            | "partial"
            | "quick"
            | "soft"
            | "self"
    )
}

/// Whether the word after this one begins the object, rather than completing it.
pub(super) fn leaves_object_open(word: &str) -> bool {
    is_verb(word)
        || is_adverb(word)
        || super::path::is_technical(word)
        || matches!(
            word,
            "all"
                | "any"
                | "current"
                | "many"
                | "multiple"
                | "my"
                | "new"
                | "one"
                | "or"
                | "several"
                | "single"
                | "specific"
        )
}

/// Verbs whose object is a collection.
pub(super) fn takes_plural(verb: &str) -> bool {
    matches!(
        verb,
        "list"
            | "search"
            | "find"
            | "query"
            | "count"
            | "prune"
            | "browse"
            | "filter"
            | "export"
            | "all"
            | "index"
    )
}

/// Verbs of reading one or several, which leave open which.
pub(super) fn is_vague_read(verb: &str) -> bool {
    matches!(
        verb,
        "get" | "fetch" | "retrieve" | "read" | "show" | "view"
    )
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_verbs_are_sorted() {
        assert!(super::VERBS.is_sorted());
    }
}
