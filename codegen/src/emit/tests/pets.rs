//! An API with at least one of everything that is emitted.

use serde_json::json;

use super::sketch::*;
use crate::ir::*;

/// A shop of pets.
#[allow(clippy::too_many_lines, reason = "an item after the other")]
pub(crate) fn pets() -> Sketch {
    let mut s = Sketch::new("Pets & “Friends”");
    s.api.description = text("Everything about pets.\n\nSee https://pets.example/docs.");
    s.server("https://pets.example/v1", "Production", &[]);
    s.server(
        "https://{region}.pets.example/{base}",
        "Regional",
        &[("region", "eu"), ("base", "v1")],
    );
    let key = SchemeKind::ApiKey {
        location: ApiKeyLocation::Header,
        name: "X-Key".to_owned(),
    };
    s.scheme("Key", key, "api_key", &["PETS_API_KEY"]);
    s.scheme(
        "Basic",
        SchemeKind::Basic,
        "basic",
        &["PETS_USERNAME", "PETS_PASSWORD"],
    );
    let scopes = vec![("pets:read".to_owned(), "Read pets".to_owned())];
    let oauth = SchemeKind::OAuth2 {
        token_url: Some("/token".to_owned()),
        scopes,
    };
    s.scheme(
        "OAuth",
        oauth,
        "oauth",
        &["PETS_TOKEN", "PETS_CLIENT_ID", "PETS_CLIENT_SECRET"],
    );

    let string = s.inline(Shape::String);
    let whole = s.inline(Shape::Integer(IntegerKind::I64));
    let boolean = s.inline(Shape::Bool);
    let uuid = s.inline(Shape::Text(TextFormat::Uuid));
    let moment = s.inline(Shape::Text(TextFormat::DateTime));
    let date = s.inline(Shape::Text(TextFormat::Date));
    let url = s.inline(Shape::Text(TextFormat::Uri));
    let bytes = s.inline(Shape::Text(TextFormat::Byte));
    let decimal = s.inline(Shape::Decimal);
    let quoted = s.inline(Shape::QuotedInteger(IntegerKind::U64));
    let any = s.inline(Shape::Any);
    let file = s.inline(Shape::File);
    let files = s.inline(Shape::Array(file));
    let strings = s.inline(Shape::Array(string));
    let wholes = s.inline(Shape::Array(whole));
    let status = s.strings("PetStatus", &["available", "sold"]);
    let statuses = s.inline(Shape::Array(status));
    let nullable = |ty: TypeRef| TypeRef {
        nullable: true,
        ..ty
    };

    let alias = s.item(
        "PetName",
        Shape::Alias(string),
        "What a pet is called.",
        &[],
    );
    let level = s.item(
        "Level",
        Shape::Enumeration(Enumeration {
            kind: EnumerationKind::Integer,
            values: [1, 2]
                .map(|value| EnumerationValue {
                    value: json!(value),
                    name: None,
                    doc: text("A level."),
                })
                .into(),
        }),
        "",
        &["One", "Two"],
    );
    let mixed = s.item(
        "Mixed",
        Shape::Enumeration(Enumeration {
            kind: EnumerationKind::Mixed,
            values: [json!("a"), json!(1), json!(null)]
                .map(|value| EnumerationValue {
                    value,
                    name: None,
                    doc: None,
                })
                .into(),
        }),
        "",
        &["A", "Number1", "Null"],
    );

    let mut name = field("name", true, alias);
    name.doc.example = Some(json!("Rex"));
    name.constraints.max_length = Some(40);
    let mut nick = field("nickName", false, nullable(string));
    nick.maybe = true;
    let mut old = field("old", false, boolean);
    old.doc.deprecated = true;
    let cat = s.object(
        "Cat",
        "A cat.",
        vec![name.clone(), field("lives", false, whole)],
    );
    let mut tag = field("petType", true, string);
    tag.doc.description = text("`dog`");
    let dog = s.object(
        "Dog",
        "A dog.\n\n\tcode()\n\n<b>Bold</b> [x](y) [z]",
        vec![tag, name, nick, old, field("type", false, level)],
    );
    let tuple = s.inline(Shape::Tuple(vec![whole, nullable(string)]));
    let pet = s.item(
        "Pet",
        Shape::Union(Union {
            tag: Some("petType".to_owned()),
            default: None,
            any: false,
            variants: [("cat", cat), ("dog", dog)]
                .map(|(tag, ty)| Variant {
                    ty,
                    hint: tag.to_owned(),
                    tags: vec![tag.to_owned(), format!("#/components/schemas/{tag}")],
                    kinds: KindSet::OBJECT,
                    required: vec!["name".to_owned()],
                    known: Some(vec!["name".to_owned(), "lives".to_owned()]),
                    constants: vec![("kind".to_owned(), json!(tag))],
                    ranges: Vec::new(),
                    doc: None,
                })
                .into(),
        }),
        "A pet of any kind.",
        &["Cat", "Dog"],
    );
    let loose = s.item(
        "Loose",
        Shape::Union(Union {
            tag: None,
            default: None,
            any: false,
            variants: [
                ("text", string, KindSet::STRING),
                ("count", whole, KindSet::NUMBER),
                ("list", strings, KindSet::ARRAY),
                ("pair", tuple, KindSet::ARRAY),
            ]
            .map(|(hint, ty, kinds)| Variant {
                ty,
                hint: hint.to_owned(),
                tags: Vec::new(),
                kinds,
                required: Vec::new(),
                known: None,
                constants: Vec::new(),
                ranges: Vec::new(),
                doc: None,
            })
            .into(),
        }),
        "",
        &["Text", "Count", "List", "Pair"],
    );
    let tree = s.item("Tree", Shape::Any, "", &[]);
    let trees = s.inline(Shape::Array(tree));
    s.api.types[tree.id].shape = Shape::Newtype(trees);
    let node = s.object("Node", "", Vec::new());
    let boxed = TypeRef {
        boxed: true,
        ..node
    };
    let map = s.inline(Shape::Map(node));
    if let Shape::Object(object) = &mut s.api.types[node.id].shape {
        object.fields = vec![
            field("next", false, boxed),
            field("self", true, nullable(string)),
            field("children", true, map),
        ];
        object.additional = Some(any);
    }
    s.names.members[node.id.index()] = ["next", "self_", "children"]
        .map(crate::names::Ident::of)
        .into();
    let everything = s.object(
        "Everything",
        "",
        vec![
            field("a", true, uuid),
            field("b", true, moment),
            field("c", true, date),
            field("d", true, url),
            field("e", true, bytes),
            field("f", true, decimal),
            field("g", true, quoted),
            field("h", true, any),
            field("i", true, loose),
            field("j", true, pet),
            field("k", true, strings),
            field("l", true, statuses),
            field("m", true, mixed),
            field("n", true, tree),
            field("o", true, node),
            field("p", true, tuple),
            field("q", false, moment),
            field("r", false, strings),
            field("s", false, loose),
        ],
    );
    let memo = s.object(
        "Note",
        "",
        vec![
            field("id", true, uuid),
            field("text", true, string),
            field("tags", false, nullable(strings)),
        ],
    );
    let mut tags = field("tags", false, nullable(strings));
    tags.maybe = true;
    let changed = s.object("NoteRequest", "", vec![field("text", true, string), tags]);
    s.api.types[changed.id].form = Form::Request(memo.id);
    let list = s.inline(Shape::Array(memo));
    let requests = s.inline(Shape::Array(changed));
    let board = s.object("Board", "", vec![field("notes", true, list)]);
    let new = s.object("BoardRequest", "", vec![field("notes", true, requests)]);
    s.api.types[new.id].form = Form::Request(board.id);
    let problem = s.object(
        "Problem",
        "What went wrong.",
        vec![field("detail", false, string)],
    );
    let pets = s.inline(Shape::Array(pet));
    let meta = s.object(
        "PageMeta",
        "",
        vec![field("total", false, whole), field("lastPage", true, whole)],
    );
    let page = s.object(
        "PetPage",
        "",
        vec![
            field("data", false, pets),
            field("meta", false, meta),
            field("next", false, nullable(url)),
        ],
    );
    let tags_of = s.inline(Shape::Map(moment));
    let header = |wire: &str, style: Style, ty: TypeRef| Parameter {
        style,
        ..parameter(wire, Location::Header, false, ty)
    };
    let upload = s.object(
        "Upload",
        "",
        vec![
            field("purpose", true, string),
            field("file", true, file),
            field("more", false, files),
            field("meta", false, meta),
        ],
    );
    s.api.types[upload.id].usage.multipart = true;

    s.operation(
        "pets.list",
        Operation {
            doc: Doc {
                title: text("list pets"),
                description: text("Lists them.\nAll of them: <pets>"),
                ..Doc::default()
            },
            parameters: vec![
                parameter("page", Location::Query, false, whole),
                parameter("perPage", Location::Query, false, whole),
                parameter("status", Location::Query, false, status),
                parameter("statuses", Location::Query, false, statuses),
                parameter("name", Location::Query, false, string),
                parameter("since", Location::Query, false, moment),
                Parameter {
                    style: Style::PipeDelimited,
                    explode: false,
                    ..parameter("ids", Location::Query, false, strings)
                },
                parameter("X-Trace", Location::Header, true, uuid),
                parameter("filter", Location::Query, false, meta),
            ],
            successes: vec![Case {
                headers: vec![
                    parameter("X-Total", Location::Header, true, whole),
                    header("X-Tags", Style::Simple, strings),
                    header("X-Ids", Style::PipeDelimited, wholes),
                    header("X-Meta", Style::Simple, meta),
                    header("X-Tag-", Style::DeepObject, tags_of),
                    header("X-Problem", Style::Json, problem),
                ],
                ..case(200, "Pets", Payload::Json(page))
            }],
            errors: vec![
                case(400, "Bad <request>", Payload::Json(problem)),
                case(401, "", Payload::Empty),
                Case {
                    status: StatusPattern::Range(5),
                    ..case(500, "Ours.", Payload::Text)
                },
            ],
            security: vec![
                vec![(0, Vec::new())],
                vec![(2, vec!["pets:read".to_owned()])],
            ],
            pagination: Some(Pagination {
                rule: Rule::Page {
                    page: 0,
                    size: Some(1),
                    first: 1,
                },
                items: FieldPath(vec![(page.id, 0)]),
                item: pet,
                total: Some(FieldPath(vec![(page.id, 1), (meta.id, 0)])),
                next: Some(FieldPath(vec![(page.id, 2)])),
                more: None,
                last: Some(FieldPath(vec![(page.id, 1), (meta.id, 1)])),
                item_id: None,
                header: None,
                reason: "page and perPage".to_owned(),
            }),
            ..operation("GET", "/pets")
        },
    );
    s.operation(
        "pets.create",
        Operation {
            body: Some(body(
                true,
                vec![("application/json", BodyKind::Json(everything))],
            )),
            successes: vec![
                case(201, "Made", Payload::Json(pet)),
                case(202, "Later", Payload::Empty),
            ],
            errors: vec![Case {
                status: StatusPattern::Default,
                ..case(500, "Ours.", Payload::Json(problem))
            }],
            ..operation("POST", "/pets")
        },
    );
    s.operation(
        "pets.update",
        Operation {
            parameters: vec![
                parameter("id", Location::Path, true, uuid),
                parameter("kind", Location::Path, true, string),
            ],
            body: Some(body(
                true,
                vec![
                    ("application/json", BodyKind::Json(node)),
                    (
                        "application/x-www-form-urlencoded",
                        BodyKind::Form(problem, Vec::new()),
                    ),
                    ("text/plain", BodyKind::Text),
                ],
            )),
            successes: vec![
                case(200, "Done", Payload::Json(pet)),
                case(204, "Nothing", Payload::Empty),
                case(207, "Several", Payload::Json(pets)),
            ],
            ..operation("PATCH", "/pets/{kind}/{id}")
        },
    );
    s.operation(
        "pets.delete",
        Operation {
            doc: Doc {
                deprecated: true,
                ..Doc::default()
            },
            parameters: vec![parameter("id", Location::Path, true, loose)],
            successes: vec![case(204, "Gone", Payload::Empty)],
            security: vec![],
            ..operation("DELETE", "/pets/{id}")
        },
    );
    s.operation(
        "files.upload",
        Operation {
            body: Some(body(
                true,
                vec![(
                    "multipart/form-data",
                    BodyKind::Multipart(
                        upload,
                        vec![
                            Part {
                                wire: "purpose".to_owned(),
                                position: 0,
                                kind: PartKind::Text,
                                repeated: false,
                                content_type: None,
                                style: None,
                                headers: None,
                                header_styles: Vec::new(),
                            },
                            Part {
                                wire: "file".to_owned(),
                                position: 1,
                                kind: PartKind::File,
                                repeated: false,
                                content_type: Some("image/png".to_owned()),
                                style: None,
                                headers: None,
                                header_styles: Vec::new(),
                            },
                            Part {
                                wire: "more".to_owned(),
                                position: 2,
                                kind: PartKind::File,
                                repeated: true,
                                content_type: None,
                                style: None,
                                headers: None,
                                header_styles: Vec::new(),
                            },
                            Part {
                                wire: "meta".to_owned(),
                                position: 3,
                                kind: PartKind::Json,
                                repeated: false,
                                content_type: None,
                                style: None,
                                headers: None,
                                header_styles: Vec::new(),
                            },
                        ],
                    ),
                )],
            )),
            successes: vec![case(200, "", Payload::Empty)],
            ..operation("POST", "/files")
        },
    );
    s.operation(
        "files.replace",
        Operation {
            parameters: vec![parameter("id", Location::Path, true, whole)],
            body: Some(body(
                false,
                vec![("application/octet-stream", BodyKind::Bytes)],
            )),
            successes: vec![case(200, "", Payload::Text)],
            ..operation("PUT", "/files/{id}")
        },
    );
    s.operation(
        "files.download",
        Operation {
            parameters: vec![parameter("id", Location::Path, true, whole)],
            successes: vec![case(200, "", Payload::Bytes)],
            ..operation("GET", "/files/{id}")
        },
    );
    s.operation(
        "files.watch",
        Operation {
            parameters: vec![parameter("ids", Location::Query, true, wholes)],
            successes: vec![case(200, "", Payload::Events(pet))],
            ..operation("GET", "/files")
        },
    );
    s.operation(
        "files.lines",
        Operation {
            successes: vec![case(200, "", Payload::Lines(any))],
            ..operation("GET", "/files/lines")
        },
    );
    s
}
