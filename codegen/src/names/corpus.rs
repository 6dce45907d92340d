//! The surface of large public documents, judged whole; skipped where `../shared/corpus` is not there.

use std::collections::HashSet;
use std::path::{Path, PathBuf};

use serde_json::Value;

use super::tests::operation;
use super::*;

fn corpus() -> Option<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/corpus");
    if folder.is_dir() {
        return Some(folder);
    }
    eprintln!("skipped: {} is not there", folder.display());
    None
}

/// The operations of a document, with nothing but what names them.
fn bare(file: &Path) -> Api {
    let text = std::fs::read_to_string(file).unwrap();
    let paths = serde_json::from_str::<Value>(&text).unwrap()["paths"].take();
    let mut api = Api::default();
    for (path, item) in paths.as_object().into_iter().flatten() {
        for (method, found) in item.as_object().into_iter().flatten() {
            if !matches!(
                method.as_str(),
                "get" | "put" | "post" | "delete" | "patch" | "head" | "options"
            ) {
                continue;
            }
            let tags: Vec<&str> = found["tags"]
                .as_array()
                .into_iter()
                .flatten()
                .filter_map(Value::as_str)
                .collect();
            let id = found["operationId"].as_str().unwrap_or_default();
            api.operations
                .push(operation(id, &method.to_uppercase(), path, &tags));
        }
    }
    api
}

/// `resource.method Request` of every operation, by `METHOD path`.
fn lines(api: &Api) -> Vec<(String, String)> {
    let options = Options {
        api_name: "acme".to_owned(),
        ..Options::default()
    };
    let (names, _) = assign(api, &options, Surfaces::default());
    let show = |found: &OperationNames| {
        format!(
            "{}.{} {}",
            names.resources[found.resource].module, found.method, found.request
        )
    };
    names
        .operations
        .iter()
        .zip(&api.operations)
        .map(|(found, operation)| {
            (
                format!("{} {}", operation.method, operation.path),
                show(found),
            )
        })
        .collect()
}

/// What a user of the API would look for.
#[rustfmt::skip] // an operation a line
const EXPECTED: &[(&str, &[(&str, &str)])] = &[
    ("github.json", &[
        ("GET /orgs/{org}/repos", "repos.list_for_org ListReposForOrg"),
        ("GET /repos/{owner}/{repo}", "repos.get GetRepo"),
        ("POST /repos/{owner}/{repo}/issues", "issues.create CreateIssue"),
        ("GET /repos/{owner}/{repo}/issues/{issue_number}/comments", "issues.list_comments ListIssueComments"),
        ("POST /repos/{owner}/{repo}/issues/{issue_number}/sub_issues", "issues.add_sub_issue AddIssueSubIssue"),
        ("PUT /repos/{owner}/{repo}/pulls/{pull_number}/merge", "pulls.merge MergePull"),
        ("GET /repos/{owner}/{repo}/actions/runs/{run_id}/jobs", "actions.list_jobs_for_workflow_run ListActionsJobsForWorkflowRun"),
        ("GET /search/code", "search.code SearchCode"),
    ]),
    ("stripe.com.json", &[
        ("GET /v1/customers/{customer}", "customers.get GetCustomer"),
        ("POST /v1/customers", "customers.create CreateCustomer"),
        ("POST /v1/customers/{customer}", "customers.update UpdateCustomer"),
        ("GET /v1/customers/{customer}/sources", "customers.list_sources ListCustomerSources"),
        ("POST /v1/payment_intents/{intent}/confirm", "payment_intents.confirm ConfirmPaymentIntent"),
        ("POST /v1/terminal/readers/{reader}/cancel_action", "terminal.cancel_reader_action CancelTerminalReaderAction"),
        ("GET /v1/charges/search", "charges.search SearchCharges"),
    ]),
    ("kubernetes.io.json", &[
        ("GET /api/v1/namespaces/{namespace}/pods", "core_v1.list_namespaced_pod ListCoreV1NamespacedPod"),
        ("GET /apis/apps/v1/watch/controllerrevisions", "apps_v1.watch_controller_revision_list_for_all_namespaces WatchAppsV1ControllerRevisionListForAllNamespaces"),
    ]),
    ("discord.json", &[
        ("GET /guilds/{guild_id}", "guilds.get GetGuild"),
        ("POST /channels/{channel_id}/messages", "channels.create_message CreateChannelMessage"),
        ("PUT /guilds/{guild_id}/bans/{user_id}", "guilds.ban_user BanGuildUser"),
        ("PATCH /guilds/{guild_id}/roles", "guilds.bulk_update_roles BulkUpdateGuildRoles"),
    ]),
    ("box.json", &[
        ("GET /files/{file_id}", "files.get GetFile"),
        ("POST /files/upload_sessions/{upload_session_id}/commit", "uploads_chunked.commit CommitUploadsChunked"),
    ]),
    ("netbox.dev.json", &[
        ("GET /circuits/circuit-terminations/", "circuits.list_circuit_terminations ListCircuitTerminations"),
        ("PUT /dcim/cables/", "dcim.bulk_update_cables BulkUpdateDcimCables"),
        ("POST /dcim/racks/", "dcim.create_rack CreateDcimRack"),
    ]),
    ("docker.com_engine.json", &[
        ("GET /containers/json", "containers.list ListContainers"),
        ("POST /containers/{id}/rename", "containers.rename RenameContainer"),
    ]),
    ("telegram.org.json", &[("POST /sendMessage", "api.send_message SendMessage")]),
];

#[test]
fn large_documents_read_as_their_users_would_write() {
    let Some(folder) = corpus() else {
        return;
    };
    for (file, expected) in EXPECTED {
        let found = lines(&bare(&folder.join(file)));
        let unique: HashSet<&str> = found
            .iter()
            .filter_map(|(_, line)| line.split(' ').next())
            .collect();
        assert_eq!(unique.len(), found.len(), "{file}");
        let numbered = found
            .iter()
            .filter(|(_, line)| line.contains("_2 "))
            .count();
        assert_eq!(numbered, 0, "{file}: told apart by numbers alone");
        for (operation, line) in *expected {
            let found = found
                .iter()
                .find(|(place, _)| place == operation)
                .map(|(_, line)| line.as_str());
            assert_eq!(found, Some(*line), "{file} {operation}");
        }
    }
}
