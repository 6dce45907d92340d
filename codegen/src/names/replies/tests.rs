//! Names of what operations have in common.

use super::*;
use crate::ir::{
    Constraints, Doc, Location, Object, Origin, Parameter, Payload, Shape, StatusPattern, Style,
    TypeRef,
};
use crate::names::tests::{field, operation, ty};
use crate::names::{Names, Options, Surfaces, assign};

/// Statuses with the positions of the components that they hold.
type Errors<'a> = &'a [(StatusPattern, Option<usize>)];
/// Header, required or not, and the position of the type.
type Headers<'a> = &'a [(&'a str, bool, usize)];

/// An API whose components 0 to 2 are `Problem`, `Fault` and one of a long name, then a number and a text; an operation
/// for each item.
fn api(items: &[(&str, Errors<'_>, Headers<'_>)]) -> Api {
    let mut api = Api::default();
    let inner = api.types.push(ty(Shape::String, Origin::Inline(vec![])));
    let long = "Long".repeat(15);
    for name in ["Problem", "Fault", long.as_str()] {
        let object = Object {
            fields: vec![field("title", TypeRef::from(inner))],
            ..Object::default()
        };
        let component = Origin::Component(name.to_owned());
        api.types.push(ty(Shape::Object(object), component));
    }
    api.types.push(ty(Shape::Double, Origin::Inline(vec![])));
    api.types.push(ty(Shape::String, Origin::Inline(vec![])));
    let ids: Vec<TypeRef> = api.types.ids().skip(1).map(TypeRef::from).collect();
    for (path, errors, headers) in items {
        let mut operation = operation("", "GET", path, &[]);
        let case = |status: StatusPattern, held: Option<usize>| Case {
            status,
            description: (*path).to_owned(),
            media: None,
            payload: held.map_or(Payload::Empty, |held| Payload::Json(ids[held])),
            also: Vec::new(),
            headers: Vec::new(),
        };
        operation.errors = errors
            .iter()
            .map(|(status, held)| case(*status, *held))
            .collect();
        let mut success = case(StatusPattern::Exact(200), None);
        success.headers = headers
            .iter()
            .map(|(wire, required, ty)| Parameter {
                wire: (*wire).to_owned(),
                location: Location::Header,
                style: Style::Simple,
                explode: false,
                allow_reserved: false,
                allow_empty: false,
                items: None,
                required: *required,
                ty: ids[*ty],
                doc: Doc::default(),
                constraints: Constraints::default(),
                encodings: Vec::new(),
            })
            .collect();
        operation.successes = vec![success];
        api.operations.push(operation);
    }
    api
}

fn named(items: &[(&str, Errors<'_>, Headers<'_>)]) -> Names {
    assign(&api(items), &Options::default(), Surfaces::default()).0
}

fn shared(items: &[(&str, Errors<'_>, Headers<'_>)]) -> Vec<String> {
    let items = named(items).replies.items;
    items.iter().map(|shared| shared.name.to_string()).collect()
}

const NOT_FOUND: StatusPattern = StatusPattern::Exact(404);
const CONFLICT: StatusPattern = StatusPattern::Exact(409);
const FAILED: StatusPattern = StatusPattern::Range(5);
const OTHER: StatusPattern = StatusPattern::Default;

#[test]
fn errors_are_called_after_what_the_statuses_hold() {
    let cases: [(Errors<'_>, &str); 5] = [
        (&[(OTHER, Some(0))], "ProblemDefault"),
        (&[(NOT_FOUND, None)], "Status404"),
        (
            &[(NOT_FOUND, Some(0)), (CONFLICT, Some(0))],
            "Problem404_409",
        ),
        (
            &[(NOT_FOUND, Some(0)), (CONFLICT, Some(1)), (FAILED, Some(0))],
            "Problem404_5xxFault409",
        ),
        (
            &[(NOT_FOUND, Some(2)), (CONFLICT, Some(4))],
            "Errors404_409",
        ),
    ];
    for (errors, expected) in cases {
        let names = shared(&[("/a", errors, &[]), ("/b", errors, &[]), ("/c", &[], &[])]);
        assert_eq!(names, [expected]);
    }
    // What differs in a status, or in what it holds, is not equal; what is alone keeps its own.
    let apart: [(&str, Errors<'_>, Headers<'_>); 3] = [
        ("/a", &[(NOT_FOUND, Some(0))], &[]),
        ("/b", &[(NOT_FOUND, Some(1))], &[]),
        ("/c", &[(CONFLICT, Some(0))], &[]),
    ];
    assert_eq!(shared(&apart), [""; 0]);
}

#[test]
fn two_contents_of_one_name_are_told_apart_or_stay_their_operations_own() {
    // The names by what is held are too long, and those by statuses are equal.
    let (first, second): (Errors<'_>, Errors<'_>) = (
        &[(NOT_FOUND, Some(2)), (CONFLICT, Some(0))],
        &[(NOT_FOUND, Some(2)), (CONFLICT, Some(1))],
    );
    let items = [
        ("/a", first, &[][..]),
        ("/b", first, &[]),
        ("/c", second, &[]),
        ("/d", second, &[]),
    ];
    assert_eq!(shared(&items), [""; 0]);
    assert_eq!(shared(&items[..3]), ["Errors404_409"]);
    let limits: [Headers<'_>; 5] = [
        &[
            ("X-RateLimit-Limit", false, 3),
            ("X-RateLimit-Reset", false, 3),
        ],
        &[
            ("X-RateLimit-Reset", false, 3),
            ("X-RateLimit-Limit", false, 3),
        ],
        &[("X-RateLimit-Limit", true, 3)],
        &[("X-RateLimit-Limit", false, 3)],
        &[("X-RateLimit-Limit", false, 4)],
    ];
    let of = |which: &[usize]| {
        let paths = ["/a", "/b", "/c", "/d", "/e", "/f", "/g", "/h", "/i", "/j"];
        let items: Vec<_> = which
            .iter()
            .zip(paths)
            .map(|(index, path)| (path, &[][..], limits[*index]))
            .collect();
        shared(&items)
    };
    assert_eq!(of(&[0, 1]), ["RateLimitHeaders"]);
    assert_eq!(of(&[2, 2]), ["RateLimitLimitHeaders"]);
    assert_eq!(
        of(&[2, 2, 3, 3]),
        ["OptionalRateLimitLimitHeaders", "RateLimitLimitHeaders"]
    );
    assert_eq!(
        of(&[3, 3, 4, 4, 0, 1]),
        [
            "OptionalRateLimitLimitNumberHeaders",
            "OptionalRateLimitLimitTextHeaders",
            "RateLimitHeaders",
        ]
    );
}

#[test]
fn the_order_of_operations_decides_nothing() {
    let errors: Errors<'_> = &[(NOT_FOUND, Some(0))];
    let headers: Headers<'_> = &[("X-Total", true, 3), ("Link", false, 4)];
    let mut items = vec![
        ("/a", errors, headers),
        ("/b", errors, headers),
        ("/c", errors, &[][..]),
    ];
    let names = shared(&items);
    items.reverse();
    assert_eq!(shared(&items), names);
    assert_eq!(names, ["LinkTotalHeaders", "Problem404"]);
}

#[test]
fn who_uses_it_and_what_all_say_is_known() {
    let errors: Errors<'_> = &[(NOT_FOUND, Some(0))];
    let names = named(&[
        ("/b", errors, &[]),
        ("/a/x", errors, &[]),
        ("/a", errors, &[]),
    ]);
    let [only] = names.replies.items.as_slice() else {
        panic!("{:?}", names.replies)
    };
    assert_eq!(only.resources, [0, 1]);
    assert_eq!(only.home(), None);
    let uses = [0, 1, 2].map(|operation| (operation, ReplyItem::Errors));
    assert_eq!(only.uses, uses);
    assert_eq!(only.agreed, [false]);
    assert!(
        names
            .operations
            .iter()
            .all(|it| it.shared.errors == Some(0))
    );
    let names = named(&[("/a", errors, &[]), ("/a", errors, &[])]);
    assert_eq!(names.replies.items[0].agreed, [true]);
    assert_eq!(names.replies.items[0].home(), Some(0));
}

#[test]
fn the_module_leaves_its_name_to_a_resource() {
    assert_eq!(
        named(&[("/replies", &[], &[])]).replies.module,
        "shared_replies"
    );
    assert_eq!(named(&[("/pets", &[], &[])]).replies.module, "replies");
}
