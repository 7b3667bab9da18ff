//! SPDX expressions, read strictly and within bounds: they come from scanned files.

use spdx::{Expression, ParseMode};

/// Expressions that are longer or deeper are not taken apart.
const BYTES: usize = 16 << 10;
const DEPTH: usize = 24;

/// Deprecated ids are ids; unlisted names, synonyms and `/` are not.
const MODE: ParseMode = ParseMode {
    allow_slash_as_or_operator: false,
    allow_imprecise_license_names: false,
    allow_postfix_plus_on_gpl: true,
    allow_deprecated: true,
    allow_unknown: false,
};

/// Reads a licence expression; `None` when it is no strict SPDX expression, or past the limits.
pub fn parse_expression(text: &str) -> Option<Expression> {
    if text.len() > BYTES || depth(text) > DEPTH {
        return None;
    }
    Expression::parse_mode(text, MODE).ok()
}

fn depth(text: &str) -> usize {
    let (mut open, mut deepest) = (0_usize, 0);
    for byte in text.bytes() {
        match byte {
            b'(' => {
                open += 1;
                deepest = deepest.max(open);
            }
            b')' => open = open.saturating_sub(1),
            _ => {}
        }
    }
    deepest
}
