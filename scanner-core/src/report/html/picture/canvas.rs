//! Shapes with their places. Colours and fonts are the style sheet's; a class says what a shape is.

use serde::Serialize;

use crate::report::html::templates::shown;

/// Average width of a character in thousandths of the font size, plain and bold: measured in DejaVu
/// Sans, which is wider than most.
const PLAIN: usize = 530;
const BOLD: usize = 710;

/// Characters of a tail that are worth showing.
const TAIL: usize = 14;

/// One shape.
#[derive(Serialize)]
pub(super) struct Shape {
    kind: &'static str,
    class: String,
    x: i32,
    y: i32,
    /// The other end of a line, or width and height of a box.
    to: (i32, i32),
    text: String,
    /// What of a text is said in another tone.
    tail: Option<String>,
    /// Everything that `text` had no room for.
    title: Option<String>,
}

/// A growing drawing.
#[derive(Default)]
pub(super) struct Canvas(pub(super) Vec<Shape>);

impl Canvas {
    fn add(&mut self, kind: &'static str, class: &str, at: (i32, i32), to: (i32, i32)) {
        let class = class.to_owned();
        let (x, y) = at;
        self.0.push(Shape { kind, class, x, y, to, text: String::new(), tail: None, title: None });
    }

    pub(super) fn rect(&mut self, class: &str, at: (i32, i32), size: (i32, i32)) {
        self.add("rect", class, at, size);
    }

    pub(super) fn line(&mut self, class: &str, from: (i32, i32), to: (i32, i32)) {
        self.add("line", class, from, to);
    }

    /// A line to `to` with a head.
    pub(super) fn arrow(&mut self, class: &str, from: (i32, i32), to: (i32, i32)) {
        self.add("line", class, from, (to.0 - 6, to.1));
        self.add("head", class, to, (0, 0));
    }

    pub(super) fn dot(&mut self, class: &str, at: (i32, i32)) {
        self.add("dot", class, at, (0, 0));
    }

    /// A mark where something ends.
    pub(super) fn cross(&mut self, class: &str, at: (i32, i32)) {
        self.add("cross", class, at, (0, 0));
    }

    /// `text` in `room` pixels of a font of `size`; what does not fit is in the title.
    pub(super) fn text(&mut self, class: &str, at: (i32, i32), room: i32, size: usize, text: &str) {
        let text = shown(text);
        let short = fit(&text, characters(class, room, size));
        let title = (short != text).then(|| text.clone().into_owned());
        let (class, (x, y)) = (class.to_owned(), at);
        let (kind, to, text) = ("text", (0, 0), short);
        self.0.push(Shape { kind, class, x, y, to, text, tail: None, title });
    }

    /// A name in one line in the middle of `middle`, or in two around it.
    pub(super) fn name(&mut self, at: (i32, i32), room: i32, text: &str) {
        let text = shown(text);
        let (x, middle) = at;
        let width = characters("name", room, 12);
        let end = text.char_indices().nth(width + 1).map_or(text.len(), |(end, _)| end);
        match text[..end].rfind(' ').filter(|_| text.chars().count() > width) {
            None => self.text("name", (x, middle + 4), room, 12, &text),
            Some(end) => {
                self.text("name", (x, middle - 4), room, 12, &text[..end]);
                self.title(text.clone().into_owned());
                self.text("name", (x, middle + 12), room, 12, text[end..].trim_start());
            }
        }
        self.title(text.into_owned());
    }

    /// What follows the last text in the tone of something lost, as far as `room` reaches for both.
    pub(super) fn tail(&mut self, room: i32, size: usize, text: &str) {
        let Some(shape) = self.0.last_mut() else { return };
        let left = characters("", room, size).saturating_sub(shape.text.chars().count());
        // A few letters would say nothing; the title says it.
        shape.tail = (left >= TAIL).then(|| fit(text, left));
    }

    /// What the last shape means, for whoever points at it.
    pub(super) fn title(&mut self, title: String) {
        if let Some(shape) = self.0.last_mut() {
            shape.title = Some(title);
        }
    }
}

/// How many characters `room` pixels hold.
fn characters(class: &str, room: i32, size: usize) -> usize {
    let width = if class.starts_with("name") || class.starts_with("lost") { BOLD } else { PLAIN };
    usize::try_from(room).unwrap_or(0) * 1_000 / (width * size)
}

/// `text` in at most `room` characters, at a word's end where one is near.
fn fit(text: &str, room: usize) -> String {
    if text.chars().count() <= room {
        return text.to_owned();
    }
    let head: String = text.chars().take(room.saturating_sub(1)).collect();
    let end = head.rfind(' ').filter(|end| *end * 3 > head.len() * 2).unwrap_or(head.len());
    format!("{}…", head[..end].trim_end())
}

#[cfg(test)]
mod tests {
    use super::fit;

    #[test]
    fn what_does_not_fit_is_cut_at_a_word() {
        assert_eq!(fit("short", 5), "short");
        assert_eq!(fit("Creative Commons Attribution", 20), "Creative Commons…");
        assert_eq!(fit("ääääääää", 4), "äää…");
    }
}
