//! Fragment Spread Target Defined: <https://spec.graphql.org/September2025/#sec-Fragment-Spread-Target-Defined>

use crate::engine::syntax::ast::Spread;
use crate::engine::validate::Context;

/// The number of the fragment that a spread names.
pub(in crate::engine::validate) fn check(
    cx: &mut Context<'_, '_>,
    spread: &Spread<'_>,
) -> Option<usize> {
    let found = cx.document.fragment_no(spread);
    if found.is_none() {
        let message = format!("there is no fragment `{}`", spread.name);
        let known = cx
            .document
            .fragments
            .iter()
            .map(|fragment| fragment.name.text);
        cx.found
            .add_near(spread.name.at, message, &spread.name, known);
    }
    found
}
