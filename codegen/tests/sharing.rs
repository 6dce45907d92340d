//! Which equal inline schemas share a type, and what it is called.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use callwright_codegen::source::{Input, Limits, LoadError};
use callwright_codegen::{Config, outline};

/// The types of a document by name, each with its members.
fn types(document: &str) -> BTreeMap<String, String> {
    let loader = |_: &str| Err(LoadError::Missing);
    let outlined = outline(
        &Input {
            name: "document.yaml",
            bytes: document.as_bytes(),
            loader: &loader,
            overlays: Vec::new(),
            limits: Limits::default(),
        },
        Config::default(),
    );
    let outline = outlined
        .outline
        .unwrap_or_else(|| panic!("{:?}", outlined.diagnostics));
    let types = outline.types.iter().map(|ty| {
        let members: Vec<String> = ty
            .members
            .iter()
            .map(|it| format!("{}: {}", it.name, it.ty))
            .collect();
        (ty.name.clone(), members.join(", "))
    });
    types.collect()
}

fn names(document: &str) -> Vec<String> {
    types(document).into_keys().collect()
}

/// A document of operations (method, path, id) that send a body with properties, as flow mappings, and of components.
fn document(operations: &[(&str, &str, &str, &str)], components: &str) -> String {
    let mut text = "openapi: 3.0.3\ninfo: {title: Shop, version: '1'}\npaths:\n".to_owned();
    for (method, path, id, properties) in operations {
        let parameters: Vec<&str> = path
            .split('/')
            .filter_map(|step| step.strip_prefix('{')?.strip_suffix('}'))
            .collect();
        let parameters: Vec<String> = parameters
            .iter()
            .map(|name| {
                format!("{{name: {name}, in: path, required: true, schema: {{type: string}}}}")
            })
            .collect();
        let _ = write!(
            text,
            "  {path}#{id}:\n    {method}:\n      operationId: {id}\n      parameters: [{}]\n      requestBody:\n        \
             content:\n          application/json:\n            schema: {{type: object, properties: {{{properties}}}}}\n      \
             responses: {{'204': {{description: Done.}}}}\n",
            parameters.join(", "),
        );
    }
    let _ = writeln!(text, "components:\n  schemas: {{{components}}}");
    text
}

const ADDRESS: &str = "{type: object, properties: {city: {type: string}, zip: {type: string}}}";

#[test]
fn equal_parts_of_the_operations_of_one_resource_are_named_after_it() {
    let card = "options: {type: object, properties: {card: {type: object, properties: {cvc: {type: string}}}, note: {type: string}}}";
    let other = format!("{card}, more: {{type: string}}");
    let text = document(
        &[
            ("post", "/payments", "createPayment", card),
            ("put", "/payments/{id}", "updatePayment", &other),
        ],
        "",
    );
    let types = types(&text);
    let names: Vec<&str> = types.keys().map(String::as_str).collect();
    assert_eq!(
        names,
        [
            "CreatePaymentRequest",
            "PaymentOptions",
            "PaymentOptionsCard",
            "UpdatePaymentRequest"
        ]
    );
    assert_eq!(
        types["PaymentOptions"],
        "card: Option<PaymentOptionsCard>, note: Option<String>"
    );
}

#[test]
fn one_structure_of_a_property_is_called_as_the_property() {
    let address = format!("address: {ADDRESS}");
    let billing = format!("billing_address: {ADDRESS}");
    let text = document(
        &[
            ("post", "/orders", "createOrder", &address),
            ("post", "/customers", "createCustomer", &address),
            // Another address is one, too.
            ("post", "/invoices", "createInvoice", &billing),
        ],
        "",
    );
    assert_eq!(
        names(&text),
        [
            "Address",
            "CreateCustomerRequest",
            "CreateInvoiceRequest",
            "CreateOrderRequest"
        ]
    );
}

#[test]
fn several_structures_of_a_property_need_more_of_a_name() {
    let status = |values: &str| format!("status: {{type: string, enum: [{values}]}}");
    let (open, paid) = (status("open, closed"), status("paid, due"));
    let text = document(
        &[
            ("post", "/orders", "createOrder", &open),
            ("put", "/orders/{id}", "updateOrder", &open),
            ("post", "/invoices", "createInvoice", &paid),
            ("post", "/payments", "createPayment", &open),
        ],
        "",
    );
    let names = names(&text);
    // What `status` alone would mean, nobody could tell.
    assert!(!names.contains(&"Status".to_owned()), "{names:?}");
    assert!(names.contains(&"OrderStatus".to_owned()), "{names:?}");
    assert!(
        names.contains(&"CreatePaymentStatus".to_owned()),
        "{names:?}"
    );
}

#[test]
fn few_texts_name_what_has_no_place_in_common() {
    let found = |places: &[&str], values: &str| {
        let properties: Vec<String> = places
            .iter()
            .map(|name| format!("{name}: {{type: string, enum: [{values}]}}"))
            .collect();
        let paths: Vec<String> = places.iter().map(|name| format!("/{name}s")).collect();
        let operations: Vec<_> = places
            .iter()
            .enumerate()
            .map(|(at, name)| ("post", paths[at].as_str(), *name, properties[at].as_str()))
            .collect();
        names(&document(&operations, ""))
    };
    let places = ["door", "window", "lid", "gate"];
    let shared = found(&places, "open, half-open");
    assert!(shared.contains(&"OpenOrHalfOpen".to_owned()), "{shared:?}");
    assert_eq!(shared.len(), 5);
    // Few places, no words, one text, and too many.
    assert_eq!(found(&places[..3], "open, half-open").len(), 6);
    for values in ["'+1', '-1'", "open", "a, b, c, d"] {
        let apart = found(&places, values);
        assert_eq!(apart.len(), 8, "{values}: {apart:?}");
    }
}

#[test]
fn whatever_shows_keeps_types_apart() {
    let first = "{type: object, properties: {city: {type: string, description: 'Where it is.'}}}";
    let apart = [
        "{type: object, properties: {city: {type: string, description: 'Where it was.'}}}",
        "{type: object, properties: {city: {type: string, description: 'Where it is.', maxLength: 9}}}",
        "{type: object, properties: {city: {type: string, description: 'Where it is.', nullable: true}}}",
        "{type: object, properties: {city: {type: string, description: 'Where it is.', deprecated: true}}}",
        "{type: object, properties: {city: {type: string, description: 'Where it is.', default: Rome}}}",
        "{type: object, properties: {City: {type: string, description: 'Where it is.'}}}",
        "{type: object, required: [city], properties: {city: {type: string, description: 'Where it is.'}}}",
        "{type: object, additionalProperties: true, properties: {city: {type: string, description: 'Where it is.'}}}",
    ];
    for other in apart {
        let (a, b) = (format!("place: {first}"), format!("place: {other}"));
        let text = document(
            &[
                ("post", "/orders", "createOrder", &a),
                ("put", "/orders/{id}", "updateOrder", &b),
            ],
            "",
        );
        assert_eq!(names(&text).len(), 4, "{other}");
    }
    // Spaces, punctuation and case are no difference; what each use says of the whole stays with it.
    let same = "{type: object, description: Another., properties: {city: {type: string, description: 'where  it is'}}}";
    let (a, b) = (format!("place: {first}"), format!("place: {same}"));
    let text = document(
        &[
            ("post", "/orders", "createOrder", &a),
            ("put", "/orders/{id}", "updateOrder", &b),
        ],
        "",
    );
    assert_eq!(
        names(&text),
        ["CreateOrderRequest", "OrderPlace", "UpdateOrderRequest"]
    );
}

#[test]
fn words_that_no_use_repeats_keep_types_apart() {
    let list = |text: &str| {
        format!(
            "lines: {{type: array, items: {{type: object, description: {text}, properties: {{sku: {{type: string}}}}}}}}"
        )
    };
    let of = |second: &str| {
        let text = document(
            &[
                ("post", "/orders", "createOrder", &list("A line.")),
                ("put", "/orders/{id}", "updateOrder", &list(second)),
            ],
            "",
        );
        names(&text)
    };
    assert_eq!(of("A line."), ["OrderLine", "OrderRequest"]);
    assert_eq!(of("A changed line.").len(), 4);
}

#[test]
fn a_component_stands_for_its_copies() {
    let address = format!("address: {ADDRESS}");
    let text = document(
        &[
            ("post", "/orders", "createOrder", &address),
            ("post", "/customers", "createCustomer", &address),
        ],
        &format!("Address: {ADDRESS}"),
    );
    assert_eq!(
        names(&text),
        ["Address", "CreateCustomerRequest", "CreateOrderRequest"]
    );
    // Another component of that name is not them.
    let text = document(
        &[
            ("post", "/orders", "createOrder", &address),
            ("post", "/customers", "createCustomer", &address),
        ],
        "Address: {type: object, properties: {street: {type: string}}}",
    );
    assert_eq!(
        names(&text),
        [
            "Address",
            "AddressInput",
            "CreateCustomerRequest",
            "CreateOrderRequest"
        ]
    );
}

#[test]
fn components_stay_apart_and_so_does_what_holds_them() {
    let pet = "{type: object, properties: {name: {type: string}}}";
    let of = |component: &str| {
        format!(
            "owner: {{type: object, properties: {{pet: {{$ref: '#/components/schemas/{component}'}}}}}}"
        )
    };
    let text = document(
        &[
            ("post", "/orders", "createOrder", &of("Cat")),
            ("put", "/orders/{id}", "updateOrder", &of("Dog")),
        ],
        &format!("Cat: {pet}, Dog: {pet}"),
    );
    assert_eq!(
        names(&text),
        [
            "Cat",
            "CreateOrderOwner",
            "CreateOrderRequest",
            "Dog",
            "UpdateOrderOwner",
            "UpdateOrderRequest"
        ]
    );
}

#[test]
fn cycles_are_compared_to_their_end() {
    let tree = |place: &str, leaf: &str| {
        format!(
            "tree: {{type: object, properties: {{leaf: {{type: {leaf}}}, trees: {{type: array, items: {{$ref: '#/paths/{place}/requestBody/content/application~1json/schema/properties/tree'}}}}}}}}"
        )
    };
    let (create, update) = (
        "~1orders%23createOrder/post",
        "~1orders~1{id}%23updateOrder/put",
    );
    let of = |leaf: &str| {
        let text = document(
            &[
                ("post", "/orders", "createOrder", &tree(create, "string")),
                ("put", "/orders/{id}", "updateOrder", &tree(update, leaf)),
            ],
            "",
        );
        types(&text)
    };
    let same = of("string");
    let found: Vec<&str> = same.keys().map(String::as_str).collect();
    assert_eq!(found, ["OrderRequest", "OrderTree"]);
    assert_eq!(
        same["OrderTree"],
        "leaf: Option<String>, trees: Option<Vec<OrderTree>>"
    );
    assert_eq!(of("integer").len(), 4);
}

#[test]
fn a_choice_of_what_has_names_is_called_after_them() {
    let owner = "owner: {anyOf: [{type: string}, {$ref: '#/components/schemas/User'}]}";
    let agent = "agent: {anyOf: [{type: string}, {$ref: '#/components/schemas/User'}]}";
    let text = document(
        &[
            ("post", "/orders", "createOrder", owner),
            ("post", "/tickets", "createTicket", agent),
        ],
        "User: {type: object, properties: {name: {type: string}}}",
    );
    assert_eq!(
        names(&text),
        [
            "CreateOrderRequest",
            "CreateTicketRequest",
            "User",
            "UserOrString"
        ]
    );
}

#[test]
fn members_of_one_union_stay_apart() {
    let size = "{type: object, required: [size], properties: {size: {type: string}}}";
    let text = document(
        &[("post", "/orders", "createOrder", "note: {type: string}")],
        &format!(
            "Shape: {{oneOf: [{{title: Round, allOf: [{size}]}}, {{title: Square, allOf: [{size}]}}]}}"
        ),
    );
    assert_eq!(names(&text).len(), 4);
}

#[test]
fn what_is_added_elsewhere_renames_nothing() {
    let options = "options: {type: object, properties: {fast: {type: boolean}}}";
    let links = "links: {type: object, properties: {self: {type: string}}}";
    let all = format!("{options}, {links}");
    let operations = [
        ("post", "/orders", "createOrder", all.as_str()),
        ("put", "/orders/{id}", "updateOrder", options),
        ("post", "/tickets", "createTicket", links),
        ("post", "/users", "createUser", links),
    ];
    let before = names(&document(&operations, ""));
    let other = "options: {type: object, properties: {slow: {type: boolean}}}, links: {type: object, properties: {next: {type: string}}}";
    for place in 0..=operations.len() {
        let mut more = operations.to_vec();
        more.insert(place, ("post", "/invoices", "createInvoice", other));
        let after = names(&document(&more, ""));
        for name in &before {
            assert!(after.contains(name), "{name} of {before:?} in {after:?}");
        }
    }
}

#[test]
fn members_are_called_by_what_only_they_have() {
    let text = document(
        &[("post", "/orders", "createOrder", "note: {type: string}")],
        "Payment: {oneOf: [
            {type: object, required: [amount, iban], properties: {amount: {type: number}, iban: {type: string}}},
            {type: object, required: [amount, card], properties: {amount: {type: number}, card: {type: string}}}]},
         Shape: {oneOf: [
            {type: object, required: [kind], properties: {kind: {type: string, enum: [round]}}},
            {type: object, required: [kind], properties: {kind: {type: string, enum: [square]}}}]}",
    );
    let types = types(&text);
    assert_eq!(types["Payment"], "Iban: PaymentIban, Card: PaymentCard");
    assert_eq!(types["Shape"], "Round: ShapeRound, Square: ShapeSquare");
}

#[test]
fn a_property_called_items_is_named_once() {
    let text = document(
        &[(
            "post",
            "/orders",
            "createOrder",
            "items: {type: array, items: {type: object, properties: {sku: {type: string}}}}",
        )],
        "",
    );
    assert_eq!(names(&text), ["CreateOrderItem", "CreateOrderRequest"]);
}

#[test]
fn siblings_of_one_structure_are_values() {
    let ask = "{type: object, properties: {requested: {type: boolean}}}";
    let text = document(
        &[(
            "post",
            "/accounts",
            "createAccount",
            &format!(
                "features: {{type: object, properties: {{cards: {ask}, transfers: {ask}, tax: {ask}}}}}, home_address: {ADDRESS}, work_address: {ADDRESS}"
            ),
        )],
        "",
    );
    assert_eq!(
        names(&text),
        [
            "CreateAccountAddress",
            "CreateAccountFeatures",
            "CreateAccountFeaturesValue",
            "CreateAccountRequest"
        ]
    );
}
