//! Names of small APIs made by hand.

use super::*;
use crate::ir::{
    Body, BodyKind, BodyMedia, Case, Constraints, Doc, Field, Form, Location, Object, Operation,
    Origin, Parameter, Payload, Shape, StatusPattern, Style, Type, TypeRef, Usage,
};

pub(super) fn ty(shape: Shape, origin: Origin) -> Type {
    Type {
        shape,
        doc: Doc::default(),
        origin,
        pointer: Pointer::default(),
        usage: Usage::default(),
        form: Form::default(),
        constraints: Constraints::default(),
        xml: None,
    }
}

pub(super) fn field(wire: &str, ty: TypeRef) -> Field {
    Field {
        wire: wire.to_owned(),
        ty,
        required: true,
        maybe: false,
        read_only: false,
        write_only: false,
        doc: Doc::default(),
        constraints: Constraints::default(),
    }
}

pub(super) fn operation(id: &str, method: &str, path: &str, tags: &[&str]) -> Operation {
    Operation {
        id: if id.is_empty() {
            format!("{method} {path}")
        } else {
            id.to_owned()
        },
        has_id: !id.is_empty(),
        method: method.to_owned(),
        path: path.to_owned(),
        doc: Doc::default(),
        tags: tags.iter().map(|tag| (*tag).to_owned()).collect(),
        name: None,
        parameters: Vec::new(),
        body: None,
        successes: Vec::new(),
        errors: Vec::new(),
        security: Vec::new(),
        servers: Vec::new(),
        is_stream: false,
        pagination: None,
        pointer: Pointer::default(),
    }
}

fn named(api: &Api) -> Names {
    let (names, issues) = assign(
        api,
        &Options {
            api_name: "acme".to_owned(),
            ..Options::default()
        },
        Surfaces::default(),
    );
    assert_eq!(issues, []);
    names
}

/// `resource.method Request` of every operation.
fn surface(api: &Api) -> Vec<String> {
    let names = named(api);
    names
        .operations
        .iter()
        .map(|operation| {
            format!(
                "{}.{} {}",
                names.resources[operation.resource].module, operation.method, operation.request
            )
        })
        .collect()
}

fn of(operations: &[Operation]) -> Vec<String> {
    surface(&Api {
        operations: operations.to_vec(),
        ..Api::default()
    })
}

/// Operation id, method, path and tags; the resource's method and the request.
#[rustfmt::skip] // a case a line
const STYLES: &[(&str, &str, &str, &[&str], &str)] = &[
    ("api_v1_conversations_list", "GET", "/api/v1/conversations/", &["api"], "conversations.list ListConversations"),
    ("api_v1_whatsapp_link_sessions_create", "POST", "/api/v1/whatsapp-link-sessions/", &["api"], "whatsapp_link_sessions.create CreateWhatsAppLinkSession"),
    ("listSessions", "GET", "/v1/sessions", &["Sessions"], "sessions.list ListSessions"),
    ("repos/list-for-org", "GET", "/orgs/{org}/repos", &["repos"], "repos.list_for_org ListReposForOrg"),
    ("actions/list-jobs-for-workflow-run", "GET", "/repos/{owner}/{repo}/actions/runs/{run_id}/jobs", &["actions"], "actions.list_jobs_for_workflow_run ListActionsJobsForWorkflowRun"),
    ("", "GET", "/v1/conversations/{id}", &["会話"], "conversations.get GetConversation"),
    ("", "GET", "/会話/{id}", &[], "u4f1au8a71.get GetU4f1au8a71"),
    ("vpc_create", "POST", "/v1/vpcs", &["vpcs"], "vpcs.create CreateVpc"),
    ("updateCardsDueByIdCard", "PUT", "/cards/{idCard}/due", &["card"], "cards.update_due UpdateCardDue"),
    ("put_files_id#add_shared_link", "PUT", "/files/{file_id}", &["Shared links (Files)"], "shared_links_files.add_shared_link AddSharedLinksFilesSharedLink"),
    ("GetCustomersCustomer", "GET", "/v1/customers/{customer}", &[], "customers.get GetCustomer"),
    ("PostCustomers", "POST", "/v1/customers", &[], "customers.create CreateCustomer"),
    ("PostPaymentIntentsIntentConfirm", "POST", "/v1/payment_intents/{intent}/confirm", &[], "payment_intents.confirm ConfirmPaymentIntent"),
    ("listCoreV1NamespacedPod", "GET", "/api/v1/namespaces/{namespace}/pods", &["core_v1"], "core_v1.list_namespaced_pod ListCoreV1NamespacedPod"),
    ("FetchCall", "GET", "/2010-04-01/Accounts/{AccountSid}/Calls/{Sid}.json", &["Api20100401Call"], "calls.fetch FetchCall"),
    ("get_guild", "GET", "/guilds/{guild_id}", &[], "guilds.get GetGuild"),
    ("get_files_id", "GET", "/files/{file_id}", &["Files"], "files.get GetFile"),
    ("", "GET", "/a/{id}/bees", &[], "a.list_bees ListABees"),
    ("", "DELETE", "/users/{id}/keys/{key}", &[], "users.delete_key DeleteUserKey"),
    ("resend_webhook_api_v1_app__app_id__msg__msg_id__resend__post", "POST", "/api/v1/app/{app_id}/msg/{msg_id}/resend/", &["Message"], "message.resend_webhook ResendMessageWebhook"),
    ("UsersController_findAll", "GET", "/users", &["users"], "users.find_all FindAllUsers"),
    ("tasks_account_change_create", "POST", "/tasks/{id}/account_change/", &["tasks"], "tasks.create_account_change CreateTaskAccountChange"),
    ("getAgentsForWorkspace", "GET", "/workspaces/{w}/agents", &["Agents"], "agents.list_for_workspace ListAgentsForWorkspace"),
    ("sendMessage", "POST", "/sendMessage", &[], "api.send_message SendMessage"),
    ("", "GET", "/", &[], "root.get GetRoot"),
];

#[test]
fn each_style_of_document_gets_the_names_of_its_users() {
    for (id, method, path, tags, expected) in STYLES {
        let operation = operation(id, method, path, tags);
        assert_eq!(of(&[operation]), [*expected], "{id}");
    }
}

#[test]
fn put_is_replace_only_beside_patch() {
    let put = operation("", "PUT", "/pets/{id}", &[]);
    let patch = operation("", "PATCH", "/pets/{id}", &[]);
    assert_eq!(of(std::slice::from_ref(&put)), ["pets.update UpdatePet"]);
    assert_eq!(
        of(&[put, patch]),
        ["pets.replace ReplacePet", "pets.update UpdatePet"]
    );
}

#[test]
fn versions_and_owners_tell_equal_names_apart() {
    let list = [
        operation("", "GET", "/v1/employees", &[]),
        operation("", "GET", "/v2/employees", &[]),
        operation("", "GET", "/servers/actions", &["Server Actions"]),
        operation("", "GET", "/servers/{id}/actions", &["Server Actions"]),
    ];
    assert_eq!(
        of(&list),
        [
            "employees.list ListEmployees",
            "employees.list_v2 ListEmployeesV2",
            "server_actions.list ListServerActions",
            "server_actions.list_for_server ListServerActionsForServer",
        ]
    );
}

#[test]
fn an_addition_renames_nothing() {
    let mut operations = vec![
        operation("listSessions", "GET", "/v1/sessions", &["Sessions"]),
        operation("GetCustomers", "GET", "/v1/customers", &[]),
        operation("get_guild", "GET", "/guilds/{guild_id}", &[]),
        operation(
            "api_v1_conversations_list",
            "GET",
            "/api/v1/conversations/",
            &["api"],
        ),
    ];
    let before = of(&operations);
    for added in [
        operation(
            "listSessionLogs",
            "GET",
            "/v1/sessions/{id}/logs",
            &["Sessions"],
        ),
        operation("list_sessions", "GET", "/v2/sessions", &["Sessions"]),
        operation(
            "GetCustomersCustomer",
            "GET",
            "/v1/customers/{customer}",
            &[],
        ),
        operation("list_guilds", "GET", "/guilds", &[]),
        operation("api_v1_agents_list", "GET", "/api/v1/agents/", &["api"]),
        operation("", "GET", "/conversations", &["api"]),
    ] {
        operations.push(added);
        assert_eq!(of(&operations)[..before.len()], before);
    }
}

#[test]
fn a_document_or_a_user_may_ask_for_a_name() {
    let mut first = operation("x", "GET", "/x", &[]);
    first.name = Some("things.fetchAll".to_owned());
    let api = Api {
        operations: vec![first, operation("y", "GET", "/y", &[])],
        ..Api::default()
    };
    let mut options = Options {
        api_name: "acme".to_owned(),
        ..Options::default()
    };
    options
        .operations
        .insert("y".to_owned(), "things.type".to_owned());
    options.operations.insert("z".to_owned(), "a.b".to_owned());
    let (names, issues) = assign(&api, &options, Surfaces::default());
    let methods: Vec<String> = names
        .operations
        .iter()
        .map(|names| names.method.to_string())
        .collect();
    assert_eq!(methods, ["fetch_all", "r#type"]);
    assert_eq!(names.operations[1].constant.to_string(), "TYPE");
    assert_eq!(names.resources.len(), 1);
    assert_eq!(issues.len(), 1);
    assert!(issues[0].message.contains("`z`"), "{}", issues[0].message);
}

#[test]
fn components_come_before_inline_schemas_and_reserved_names_get_their_kind() {
    let mut api = Api::default();
    let mut push = |origin| api.types.push(ty(Shape::Object(Object::default()), origin));
    push(Origin::Inline(vec!["bar".to_owned(), "status".to_owned()]));
    push(Origin::Component("BarStatus".to_owned()));
    push(Origin::Component("foo_status".to_owned()));
    push(Origin::Component("FooStatus".to_owned()));
    push(Origin::Component("Error".to_owned()));
    push(Origin::Component("string".to_owned()));
    push(Origin::Titled {
        title: "Foo Status".to_owned(),
        context: vec!["bar".to_owned(), "x".to_owned()],
    });
    let alias = api
        .types
        .push(ty(Shape::String, Origin::Component("Name".to_owned())));
    api.types.push(ty(
        Shape::Array(alias.into()),
        Origin::Inline(vec!["names".to_owned()]),
    ));
    let names = named(&api);
    let shown: Vec<String> = names
        .types
        .iter()
        .map(|name| name.as_ref().map_or("-".to_owned(), ToString::to_string))
        .collect();
    assert_eq!(
        shown,
        [
            "BarStatusObject",
            "BarStatus",
            "FooStatusObject",
            "FooStatus",
            "ErrorObject",
            "StringObject",
            "BarX",
            "Name",
            "-"
        ]
    );
}

#[test]
fn inline_schemas_are_named_after_their_operation() {
    let mut api = Api::default();
    let mut push = |context: &[&str]| {
        let context = context.iter().map(|part| (*part).to_owned()).collect();
        api.types.push(ty(
            Shape::Object(Object::default()),
            Origin::Inline(context),
        ));
    };
    push(&["api_v1_conversations_list", "status"]);
    push(&["api_v1_conversations_list", "response"]);
    push(&["api_v1_conversations_list", "response", "results", "item"]);
    push(&[
        "api_v1_conversations_list",
        "response",
        "results",
        "item",
        "contact",
        "phones",
        "item",
    ]);
    push(&["GET /agents/{id}", "error 404"]);
    api.operations = vec![
        operation(
            "api_v1_conversations_list",
            "GET",
            "/api/v1/conversations/",
            &["api"],
        ),
        operation("", "GET", "/agents/{id}", &[]),
    ];
    let names = named(&api);
    let shown: Vec<String> = names
        .types
        .iter()
        .flatten()
        .map(ToString::to_string)
        .collect();
    assert_eq!(
        shown,
        [
            "ConversationStatus",
            "ListConversationsResponse",
            "ListConversationsResult",
            "ListConversationsContactPhone",
            "GetAgentError404"
        ]
    );
}

#[test]
fn a_type_added_later_renames_nothing() {
    let mut api = Api::default();
    for name in ["Session", "io.k8s.api.core.v1.Event", "session.item", "ID"] {
        api.types.push(ty(
            Shape::Object(Object::default()),
            Origin::Component(name.to_owned()),
        ));
    }
    api.types.push(ty(
        Shape::Object(Object::default()),
        Origin::Inline(vec!["Session".to_owned(), "meta".to_owned()]),
    ));
    let shown = |api: &Api| {
        named(api)
            .types
            .iter()
            .flatten()
            .map(ToString::to_string)
            .collect::<Vec<_>>()
    };
    let before = shown(&api);
    assert_eq!(
        before,
        ["Session", "V1Event", "SessionItem", "Id", "SessionMeta"]
    );
    for name in ["io.k8s.api.events.v1.Event", "sessionItem", "id", "Other"] {
        api.types.push(ty(
            Shape::Object(Object::default()),
            Origin::Component(name.to_owned()),
        ));
        assert_eq!(shown(&api)[..before.len()], before);
    }
}

#[test]
fn request_forms_say_what_they_are_for() {
    let mut api = Api::default();
    let mut pair = |name: &str| {
        let mut response = ty(
            Shape::Object(Object::default()),
            Origin::Component(name.to_owned()),
        );
        response.form = Form::Response;
        let base = api.types.push(response.clone());
        response.form = Form::Request(base);
        api.types.push(response)
    };
    let (link, pet, user, nested) = (pair("Link"), pair("Pet"), pair("User"), pair("Nested"));
    let with_body = |method: &str, path: &str, ty: TypeId| {
        let mut operation = operation("", method, path, &[]);
        let media = BodyMedia {
            media: "application/json".to_owned(),
            kind: BodyKind::Json(ty.into()),
        };
        operation.body = Some(Body {
            required: true,
            description: None,
            media: vec![media],
        });
        operation
    };
    api.operations = vec![
        with_body("POST", "/links", link),
        with_body("PATCH", "/pets/{id}", pet),
        with_body("POST", "/users", user),
        with_body("PUT", "/users/{id}", user),
    ];
    let names = named(&api);
    let name = |id: TypeId| names.types[id.index()].as_ref().unwrap().to_string();
    assert_eq!(
        [name(link), name(pet), name(user), name(nested)],
        ["NewLink", "PetUpdate", "UserInput", "NestedInput"]
    );
}

#[test]
fn parameters_never_clash_with_the_requests_own_methods() {
    let mut api = Api::default();
    let text = api
        .types
        .push(ty(Shape::String, Origin::Inline(Vec::new())));
    let parameter = |wire: &str, location| Parameter {
        wire: wire.to_owned(),
        location,
        style: Style::Form,
        explode: true,
        allow_reserved: false,
        allow_empty: false,
        items: None,
        required: false,
        ty: text.into(),
        doc: Doc::default(),
        constraints: Constraints::default(),
        encodings: Vec::new(),
    };
    let mut list = operation("", "GET", "/x/{id}", &[]);
    list.parameters = vec![
        parameter("id", Location::Query),
        parameter("id", Location::Path),
        parameter("timeout", Location::Query),
        parameter("X-Header", Location::Header),
        parameter("created[gte]", Location::Query),
        parameter("type", Location::Query),
    ];
    list.errors = vec![Case {
        status: StatusPattern::Exact(404),
        description: String::new(),
        media: None,
        payload: Payload::Empty,
        also: Vec::new(),
        headers: Vec::new(),
    }];
    api.operations = vec![list];
    let names = named(&api);
    let shown: Vec<String> = names.operations[0]
        .parameters
        .iter()
        .map(ToString::to_string)
        .collect();
    assert_eq!(
        shown,
        [
            "query_id",
            "id",
            "query_timeout",
            "x_header",
            "created_gte",
            "r#type"
        ]
    );
    assert_eq!(names.operations[0].errors.1[0].to_string(), "NotFound");
    assert_eq!(names.operations[0].errors.0.to_string(), "GetXError");
}
