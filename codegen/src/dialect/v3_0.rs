//! OpenAPI 3.0: the shape everything else is lowered to, so repairs alone.

use super::lowering::{Lowering, Object, Path};

pub(super) fn lower(lowering: &mut Lowering, root: &mut Object, path: &Path<'_>) {
    lowering.root(root, path);
}
