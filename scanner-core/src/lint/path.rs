//! Where a walk through a tree is.

use super::problem::Place;
use crate::bom::tree::Object;

/// A key can be as long as the document: what is shown of one, and of a whole pointer.
const KEY_CHARACTERS: usize = 64;
const POINTER_BYTES: usize = 512;

/// The JSON pointer of the node that a walk is at.
pub(super) struct Path {
    pointer: String,
    ends: Vec<usize>,
    /// Of every node on the way, the root first.
    lines: Vec<Option<u64>>,
    element: Vec<Option<String>>,
}

impl Default for Path {
    /// The root.
    fn default() -> Self {
        Self { pointer: String::new(), ends: Vec::new(), lines: vec![None], element: vec![None] }
    }
}

impl Path {
    /// Goes to the field or member `key` of the current node.
    pub(super) fn enter(&mut self, key: &str) {
        self.ends.push(self.pointer.len());
        self.lines.push(self.lines.last().copied().flatten());
        self.element.push(None);
        self.pointer.push('/');
        for character in key.chars().take(KEY_CHARACTERS) {
            match character {
                '~' => self.pointer.push_str("~0"),
                '/' => self.pointer.push_str("~1"),
                other => self.pointer.push(other),
            }
        }
    }

    /// Says what the current node is, for places below it.
    pub(super) fn is(&mut self, object: &Object, name: Option<&str>) {
        if let Some(line) = self.lines.last_mut() {
            *line = object.line.or(*line);
        }
        if let (Some(element), Some(name)) =
            (self.element.last_mut(), name.filter(|name| !name.is_empty()))
        {
            *element = Some(name.chars().take(KEY_CHARACTERS * 2).collect());
        }
    }

    /// Goes back to the node above.
    pub(super) fn leave(&mut self) {
        self.pointer.truncate(self.ends.pop().unwrap_or_default());
        self.lines.pop();
        self.element.pop();
    }

    /// The place of the current node.
    pub(super) fn place(&self) -> Place {
        let mut pointer = self.pointer.clone();
        if pointer.len() > POINTER_BYTES {
            pointer.truncate(pointer.floor_char_boundary(POINTER_BYTES));
            pointer.push('…');
        }
        let element = self.element.iter().rev().flatten().next().cloned();
        Place { line: self.lines.last().copied().flatten(), pointer, element }
    }

    /// The place of the field `key` of the current node.
    pub(super) fn place_of(&mut self, key: &str) -> Place {
        self.enter(key);
        let place = self.place();
        self.leave();
        place
    }
}
