//! Cycles: a type that contains itself is boxed where the cycle closes, and an alias that would be
//! infinite becomes a struct.

use std::collections::HashSet;

use crate::ir::{Shape, TypeId, Types};

/// Breaks every cycle of types that would have no finite size or no end.
pub(super) fn break_cycles(types: &mut Types) {
    break_aliases(types);
    let mut state = vec![State::New; types.len()];
    for id in types.ids() {
        visit(types, &mut state, id);
    }
}

#[derive(Clone, Copy, PartialEq)]
enum State {
    New,
    Open,
    Done,
}

/// Depth-first over types held in place: an edge to a type that is still open closes a cycle.
/// The stack is explicit, since a chain of types may be longer than the thread's.
fn visit(types: &mut Types, state: &mut [State], root: TypeId) {
    if state[root.index()] != State::New {
        return;
    }
    let mut stack = vec![(root, 0)];
    state[root.index()] = State::Open;
    while let Some((id, edge)) = stack.pop() {
        let Some(next) = held(types, id, edge) else {
            state[id.index()] = State::Done;
            continue;
        };
        stack.push((id, edge + 1));
        match state[next.index()] {
            State::New => {
                state[next.index()] = State::Open;
                stack.push((next, 0));
            }
            State::Open => {
                if let Some(ty) = types[id].shape.parts_mut().nth(edge) {
                    ty.boxed = true;
                }
            }
            State::Done => {}
        }
    }
}

/// The `edge`th type that a value of the type holds without a pointer; aliases are what they stand for.
fn held(types: &Types, id: TypeId, edge: usize) -> Option<TypeId> {
    let ty = match &types[id].shape {
        Shape::Object(object) => object.fields.get(edge)?.ty,
        Shape::Union(union) => union.variants.get(edge)?.ty,
        Shape::Tuple(items) => *items.get(edge)?,
        Shape::Newtype(inner) if edge == 0 => *inner,
        _ => return None,
    };
    Some(types.unalias(ty).id)
}

/// Makes one alias of each cycle of aliases, arrays and maps a struct: Rust expands aliases without end.
fn break_aliases(types: &mut Types) {
    for id in types.ids() {
        let Shape::Alias(target) = types[id].shape else {
            continue;
        };
        let mut seen = HashSet::new();
        let mut queue = vec![target.id];
        while let Some(next) = queue.pop() {
            if next == id {
                types[id].shape = Shape::Newtype(target);
                break;
            }
            if !seen.insert(next) {
                continue;
            }
            if matches!(
                types[next].shape,
                Shape::Alias(_) | Shape::Array(_) | Shape::Map(_) | Shape::Tuple(_)
            ) {
                queue.extend(types[next].shape.parts().map(|ty| ty.id));
            }
        }
    }
}
