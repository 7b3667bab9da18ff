//! Licence expressions that mean the same in whatever order they are written.

use std::collections::BTreeSet;

use spdx::expression::{ExprNode, Operator};

use crate::model::parse_expression;

/// A part of an expression: its operator, and what it joins.
struct Part {
    operator: Option<Operator>,
    members: BTreeSet<String>,
}

impl Part {
    /// As text that stands for its meaning.
    fn text(self) -> String {
        let members: Vec<String> = self.members.into_iter().collect();
        match (self.operator, members.as_slice()) {
            (_, [single]) => single.clone(),
            (Some(Operator::Or), _) => format!("({})", members.join(" OR ")),
            (_, _) => format!("({})", members.join(" AND ")),
        }
    }
}

/// A text that two expressions share when they mean the same: members sorted and each once, nesting
/// of one operator flattened. What is no expression stands for itself.
pub(super) fn canonical(text: &str) -> String {
    let Some(expression) = parse_expression(text) else { return text.trim().to_owned() };
    let mut stack: Vec<Part> = Vec::new();
    for node in expression.iter() {
        match node {
            ExprNode::Req(requirement) => {
                let members = BTreeSet::from([requirement.req.to_string()]);
                stack.push(Part { operator: None, members });
            }
            ExprNode::Op(operator) => {
                let (Some(right), Some(left)) = (stack.pop(), stack.pop()) else { continue };
                stack.push(join(*operator, left, right));
            }
        }
    }
    stack.pop().map_or_else(|| text.to_owned(), Part::text)
}

fn join(operator: Operator, left: Part, right: Part) -> Part {
    let mut joined = Part { operator: Some(operator), members: BTreeSet::new() };
    // The larger first, so that a long chain costs linear time.
    let (mut large, small) =
        if left.members.len() < right.members.len() { (right, left) } else { (left, right) };
    if large.operator == Some(operator) {
        joined.members.append(&mut large.members);
    } else {
        joined.members.insert(large.text());
    }
    if small.operator == Some(operator) {
        joined.members.extend(small.members);
    } else {
        joined.members.insert(small.text());
    }
    joined
}
