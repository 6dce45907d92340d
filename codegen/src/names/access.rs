//! Names of what a client is built from: security schemes, their environment variables, and servers.

use std::collections::HashSet;

use super::ident::Ident;
use super::scope::{Claim, Scope};
use super::words::{self, Word, pascal, screaming, snake};
use super::{SchemeNames, reserved};
use crate::ir::{Api, Scheme, SchemeKind, Server};

/// The names of the schemes, in their order.
pub(super) fn schemes(schemes: &[Scheme], prefix: &str) -> Vec<SchemeNames> {
    let own: Vec<String> = schemes.iter().map(own_name).collect();
    let generic: Vec<&str> = schemes.iter().map(generic_name).collect();
    let claims: Vec<Claim> = schemes
        .iter()
        .enumerate()
        .map(|(index, scheme)| {
            let is_alone = generic
                .iter()
                .filter(|name| **name == generic[index])
                .count()
                == 1;
            let first = if is_alone {
                generic[index].to_owned()
            } else {
                own[index].clone()
            };
            let spelled = snake(&words::split(&scheme.name));
            Claim::new(
                0,
                [
                    first,
                    own[index].clone(),
                    spelled,
                    format!("{}_{}", own[index], generic[index]),
                ],
            )
        })
        .collect();
    let mut scope = Scope::new(reserved::BUILDER);
    // Client credentials have a second method beside the token's.
    for (scheme, claim) in schemes.iter().zip(&claims) {
        if matches!(scheme.kind, SchemeKind::OAuth2 { .. }) {
            for candidate in &claim.candidates {
                scope.reserve(&format!("{candidate}_client"));
            }
        }
    }
    let methods = scope.settle(&claims);
    let mut taken = HashSet::new();
    schemes
        .iter()
        .zip(methods)
        .zip(generic)
        .map(|((scheme, method), generic)| {
            let qualifier = if method == generic {
                String::new()
            } else {
                format!("_{}", screaming(&words::split(&method.to_string())))
            };
            let variables = variables(&scheme.kind, prefix, &qualifier, &mut taken);
            SchemeNames { method, variables }
        })
        .collect()
}

/// What the only scheme of its kind is called.
fn generic_name(scheme: &Scheme) -> &'static str {
    match &scheme.kind {
        SchemeKind::ApiKey { .. } => "api_key",
        SchemeKind::Basic => "basic_auth",
        SchemeKind::Bearer => "bearer_token",
        SchemeKind::Authorization { .. } => "authorization",
        SchemeKind::OAuth2 {
            token_url: Some(_), ..
        } => "oauth2",
        SchemeKind::OAuth2 {
            token_url: None, ..
        } => "access_token",
        SchemeKind::OpenIdConnect { .. } => "id_token",
        SchemeKind::MutualTls => "client_certificate",
    }
}

/// What a scheme is called among others of its kind: its key, without the words that every scheme has.
fn own_name(scheme: &Scheme) -> String {
    let all = words::split(&scheme.name);
    let own: Vec<Word> = all
        .iter()
        .filter(|word| {
            !matches!(
                word.as_str(),
                "auth" | "authentication" | "authorization" | "scheme" | "security" | "definition"
            )
        })
        .cloned()
        .collect();
    snake(if own.is_empty() { &all } else { &own })
}

fn variables(
    kind: &SchemeKind,
    prefix: &str,
    qualifier: &str,
    taken: &mut HashSet<String>,
) -> Vec<String> {
    let ends: &[&str] = match kind {
        // `PARTNER_KEY` says what it is.
        SchemeKind::ApiKey { .. } if !qualifier.is_empty() => &[""],
        SchemeKind::ApiKey { .. } => &["_API_KEY"],
        SchemeKind::Basic => &["_USERNAME", "_PASSWORD"],
        SchemeKind::Bearer if qualifier.ends_with("_TOKEN") || qualifier.ends_with("_KEY") => &[""],
        SchemeKind::Bearer => &["_TOKEN"],
        SchemeKind::Authorization { .. } => &["_AUTHORIZATION"],
        SchemeKind::OAuth2 {
            token_url: Some(_), ..
        } => &["_ACCESS_TOKEN", "_CLIENT_ID", "_CLIENT_SECRET"],
        SchemeKind::OAuth2 {
            token_url: None, ..
        } => &["_ACCESS_TOKEN"],
        SchemeKind::OpenIdConnect { .. } => &["_ID_TOKEN"],
        SchemeKind::MutualTls => &[],
    };
    ends.iter()
        .map(|end| unique(taken, &format!("{prefix}{qualifier}{end}")))
        .collect()
}

fn unique(taken: &mut HashSet<String>, name: &str) -> String {
    let mut candidate = name.to_owned();
    let mut number = 2;
    while !taken.insert(candidate.clone()) {
        candidate = format!("{name}_{number}");
        number += 1;
    }
    candidate
}

/// The variants of `Server` with the fields of their variables.
pub(super) fn servers(api: &Api) -> Vec<(Ident, Vec<Ident>)> {
    let title = words::split(&api.title);
    let hosts: Vec<Vec<Word>> = api
        .servers
        .iter()
        .map(|server| host_words(&server.url))
        .collect();
    let claims: Vec<Claim> = api
        .servers
        .iter()
        .enumerate()
        .map(|(index, server)| {
            let mut candidates: Vec<String> = described(server, &title).into_iter().collect();
            candidates.extend(stage(&server.url).map(str::to_owned));
            if index == 0 {
                let is_absolute = server.url.contains("://");
                candidates.push(if is_absolute { "Production" } else { "Default" }.to_owned());
            }
            // What the host has and the first does not: `eu` of `api.eu.example.com`.
            let own: Vec<Word> = hosts[index]
                .iter()
                .filter(|word| index == 0 || !hosts[0].contains(word))
                .cloned()
                .collect();
            if !own.is_empty() {
                candidates.push(pascal(&own));
            }
            candidates.push(pascal(&words::split(&server.url)));
            Claim::new(0, candidates)
        })
        .collect();
    Scope::new(&["Custom"])
        .settle(&claims)
        .into_iter()
        .zip(&api.servers)
        .map(|(variant, server)| {
            let firsts: Vec<_> = server
                .variables
                .iter()
                .map(|variable| super::members::plain_field(&variable.name))
                .collect();
            let others = |index: usize| super::members::other_fields(&server.variables[index].name);
            (variant, Scope::new(&[]).settle_firsts(&firsts, others))
        })
        .collect()
}

/// The name or the short description of a server, without the words that every server has.
fn described(server: &Server, title: &[Word]) -> Option<String> {
    let text = server.name.as_deref().or(server.description.as_deref())?;
    let text = text.split(['.', '\n', '(', ':']).next().unwrap_or(text);
    let all = words::split(text);
    if all.len() > 6 && server.name.is_none() {
        return None;
    }
    let own: Vec<Word> = all
        .iter()
        .filter(|word| {
            let is_filler = matches!(
                word.as_str(),
                "server"
                    | "servers"
                    | "environment"
                    | "env"
                    | "api"
                    | "apis"
                    | "url"
                    | "endpoint"
                    | "endpoints"
                    | "the"
                    | "base"
                    | "host"
                    | "main"
                    | "instance"
                    | "for"
                    | "our"
                    | "http"
                    | "https"
                    | "rest"
                    | "service"
            );
            !is_filler && !title.contains(word) && !path_version(word)
        })
        .map(|word| match word.as_str() {
            "prod" | "live" => "production".to_owned(),
            "dev" => "development".to_owned(),
            "stage" => "staging".to_owned(),
            _ => word.clone(),
        })
        .collect();
    (!own.is_empty() && own.len() <= 4).then(|| pascal(&own))
}

fn path_version(word: &str) -> bool {
    super::path::is_version(word)
}

/// The stage that a host names.
fn stage(url: &str) -> Option<&'static str> {
    let words = host_words(url);
    let has = |wanted: &[&str]| words.iter().any(|word| wanted.contains(&word.as_str()));
    if has(&["localhost"]) || words.first().is_some_and(|word| word == "127") {
        Some("Local")
    } else if has(&["sandbox"]) {
        Some("Sandbox")
    } else if has(&["staging", "stage", "stg"]) {
        Some("Staging")
    } else if has(&["dev", "development"]) {
        Some("Development")
    } else if has(&["test", "testing"]) {
        Some("Test")
    } else {
        None
    }
}

fn host_words(url: &str) -> Vec<Word> {
    let rest = url
        .split_once("://")
        .map_or(url.trim_start_matches('/'), |(_, rest)| rest);
    let host = rest
        .split('/')
        .next()
        .unwrap_or(rest)
        .split(':')
        .next()
        .unwrap_or(rest);
    if host.is_empty() {
        Vec::new()
    } else {
        words::split(host)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ir::ApiKeyLocation;

    fn scheme(name: &str, kind: SchemeKind) -> Scheme {
        Scheme {
            name: name.to_owned(),
            kind,
            description: None,
        }
    }

    fn key() -> SchemeKind {
        SchemeKind::ApiKey {
            location: ApiKeyLocation::Header,
            name: "X".to_owned(),
        }
    }

    fn show(list: &[Scheme]) -> Vec<String> {
        schemes(list, "ACME")
            .iter()
            .map(|names| format!("{} {}", names.method, names.variables.join(" ")))
            .collect()
    }

    #[test]
    fn one_scheme_of_a_kind_has_the_kinds_name() {
        let oauth = SchemeKind::OAuth2 {
            token_url: Some("https://x/token".to_owned()),
            scopes: Vec::new(),
        };
        let list = [
            scheme("ApiKeyAuth", key()),
            scheme("b", SchemeKind::Bearer),
            scheme("c", SchemeKind::Basic),
            scheme("d", oauth),
        ];
        assert_eq!(
            show(&list),
            [
                "api_key ACME_API_KEY",
                "bearer_token ACME_TOKEN",
                "basic_auth ACME_USERNAME ACME_PASSWORD",
                "oauth2 ACME_ACCESS_TOKEN ACME_CLIENT_ID ACME_CLIENT_SECRET"
            ]
        );
    }

    #[test]
    fn several_of_a_kind_have_their_own() {
        assert_eq!(
            show(&[
                scheme("ApiKeyAuth", key()),
                scheme("partnerKey", key()),
                scheme("header", key())
            ]),
            [
                "api_key ACME_API_KEY",
                "partner_key ACME_PARTNER_KEY",
                "header_api_key ACME_HEADER_API_KEY"
            ]
        );
    }

    #[test]
    fn servers_are_called_by_what_tells_them_apart() {
        let server = |url: &str, description: Option<&str>| Server {
            url: url.to_owned(),
            name: None,
            description: description.map(str::to_owned),
            variables: Vec::new(),
        };
        let names = |title: &str, list: &[Server]| {
            let api = Api {
                title: title.to_owned(),
                servers: list.to_vec(),
                ..Api::default()
            };
            servers(&api)
                .iter()
                .map(|(name, _)| name.to_string())
                .collect::<Vec<_>>()
        };
        assert_eq!(
            names(
                "Anam API",
                &[server("https://api.anam.ai", Some("Anam API"))]
            ),
            ["Production"]
        );
        assert_eq!(
            names(
                "X",
                &[
                    server("https://a.b", Some("Production server")),
                    server("http://localhost:8000", Some("Development server"))
                ]
            ),
            ["Production", "Development"]
        );
        assert_eq!(
            names(
                "X",
                &[
                    server("https://api.example.com", None),
                    server("https://api.eu.example.com", None),
                    server("https://sandbox.example.com/v1", None)
                ]
            ),
            ["Production", "Eu", "Sandbox"]
        );
        assert_eq!(names("X", &[server("/v1", None)]), ["Default"]);
    }
}
