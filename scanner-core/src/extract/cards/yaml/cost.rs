//! What an alias costs: a few bytes of YAML can stand for a tree of any size.

use super::{Node, Value};

/// What a copy of a value takes.
#[derive(Clone, Copy, Default)]
pub(super) struct Cost {
    pub(super) nodes: u64,
    pub(super) bytes: u64,
    pub(super) depth: usize,
}

impl Node {
    /// What a copy of it takes.
    pub(super) fn cost(&self) -> Cost {
        let mut cost = Cost { nodes: 1, ..Cost::default() };
        match &self.value {
            Value::Null => {}
            Value::Text(text, _) => cost.bytes = text.len() as u64,
            Value::List(items) => items.iter().for_each(|item| cost.add("", item)),
            Value::Map(entries) => {
                entries.iter().for_each(|entry| cost.add(&entry.key, &entry.value));
            }
        }
        cost
    }
}

impl Cost {
    /// Adds a value inside this one.
    fn add(&mut self, key: &str, node: &Node) {
        let inner = node.cost();
        self.nodes += inner.nodes;
        self.bytes += inner.bytes + key.len() as u64;
        self.depth = self.depth.max(inner.depth + 1);
    }
}
