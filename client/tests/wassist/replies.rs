//! What is read: values, new values of enumerations, null, and what is not as documented.

use crate::support::{Answer, Server, always};
use crate::{EMPTY, builder, client, conversation, link_session, page};
use callwright_client::Error;
use callwright_client::runtime::to_string;
use callwright_client::wassist::WhatsAppLinkSessionStatusEnum;

#[tokio::test]
async fn a_new_value_of_an_enumeration_is_kept_and_written_as_it_came() {
    let sessions: Vec<String> = [
        "PENDING", "EXPIRED", "SUCCESS", "FAILED", "REVOKED", "pending",
    ]
    .map(link_session)
    .into();
    let text = format!("[{}]", sessions.join(","));
    let server = always(&text).await;
    let sessions = client(&server)
        .whatsapp_link_sessions()
        .list()
        .await
        .expect("a list");
    let statuses: Vec<_> = sessions
        .iter()
        .map(|session| session.status.clone())
        .collect();
    assert_eq!(
        statuses,
        [
            WhatsAppLinkSessionStatusEnum::Pending,
            WhatsAppLinkSessionStatusEnum::Expired,
            WhatsAppLinkSessionStatusEnum::Success,
            WhatsAppLinkSessionStatusEnum::Failed,
            WhatsAppLinkSessionStatusEnum::Unknown("REVOKED".to_owned()),
            WhatsAppLinkSessionStatusEnum::Unknown("pending".to_owned()),
        ]
    );
    assert_eq!(
        (statuses[4].as_str(), statuses[4].to_string()),
        ("REVOKED", "REVOKED".to_owned())
    );
    // A value that is known again is not two things.
    assert_eq!(
        "PENDING".parse(),
        Ok(WhatsAppLinkSessionStatusEnum::Pending)
    );
    assert_eq!(to_string(&sessions).expect("JSON"), text);
    assert_eq!(server.last().target, "/api/v1/whatsapp-link-sessions/");
}

#[tokio::test]
async fn null_and_absent_are_alike_where_the_document_leaves_a_choice() {
    let absent = r#"{"count":0,"results":[]}"#;
    let server = Server::answering(vec![Answer::json(EMPTY), Answer::json(absent)]).await;
    let client = client(&server);
    let (null, missing) = (
        client.conversations().list().await,
        client.conversations().list().await,
    );
    let (null, missing) = (null.expect("a page"), missing.expect("a page"));
    assert_eq!(null, missing);
    assert_eq!(to_string(&null).expect("JSON"), absent);
    // `name` is required: null is a value of it.
    let server = Server::answering(vec![page(1, None, 0..1)]).await;
    let page = builder(&server.url)
        .build()
        .expect("a client")
        .conversations()
        .list()
        .await
        .expect("a page");
    assert_eq!(page.results[0].contact.name, None);
    assert_eq!(to_string(&page.results[0]).expect("JSON"), conversation(0));
}

#[tokio::test]
async fn a_reply_that_is_not_as_documented_names_the_place() {
    let broken = format!(
        r#"{{"count":2,"results":[{},{}]}}"#,
        conversation(1),
        conversation(2).replace("\"+4917\"", "4917")
    );
    let server =
        Server::answering(vec![Answer::new(200, &[("x-request-id", "r-2")], &broken)]).await;
    let error = client(&server)
        .conversations()
        .list()
        .await
        .expect_err("a number for a string");
    let Error::Decode(decode) = &error else {
        panic!("{error:?}")
    };
    assert_eq!(decode.path(), "results[1].contact.phoneNumber");
    assert_eq!(decode.operation(), "api_v1_conversations_list");
    assert_eq!(decode.request_id(), Some("r-2"));
    assert_eq!(decode.raw_body(), broken.as_bytes());
    assert!(
        error.to_string().contains("results[1].contact.phoneNumber"),
        "{error}"
    );
    assert!(!error.is_retryable());
    assert_eq!(server.count(), 1);

    for (body, expected) in [
        (r#"{"count":1}"#, "results"),
        (r#"{"count":1,"results":[{"id":"x"}]}"#, "results[0].id"),
        (r#"{"count":1,"results":[]"#, "$"),
        ("<html>", "$"),
        ("", "$"),
    ] {
        let server = always(body).await;
        let error = client(&server)
            .conversations()
            .list()
            .await
            .expect_err(body);
        let Error::Decode(decode) = &error else {
            panic!("{body}: {error:?}")
        };
        assert!(
            decode.path() == expected || error.to_string().contains(expected),
            "{body}: {} {error}",
            decode.path()
        );
    }
}

#[tokio::test]
async fn an_undocumented_status_keeps_what_was_said() {
    let server = Server::answering(vec![Answer::new(
        418,
        &[("x-request-id", "r-3")],
        "short and stout",
    )])
    .await;
    let error = client(&server)
        .conversations()
        .list()
        .await
        .expect_err("418");
    let Error::Api(api) = &error else {
        panic!("{error:?}")
    };
    assert_eq!(api.status(), 418);
    assert_eq!(api.raw_body(), b"short and stout");
    assert_eq!(api.request_id(), Some("r-3"));
    assert_eq!(error.status().map(|status| status.as_u16()), Some(418));
    assert_eq!((api.attempts(), server.count()), (1, 1));
    let text = error.to_string();
    assert!(
        text.contains("api_v1_conversations_list") && text.contains("418") && text.contains("r-3"),
        "{text}"
    );
    assert!(
        !text.contains("stout"),
        "a body is not part of a message: {text}"
    );
}
