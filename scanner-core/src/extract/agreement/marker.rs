//! What stands before an item of a list: `(a)`, `3.2`, `iv.`, `-`.

/// How an item is marked; items of one list are marked in one way.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Marker {
    /// `-`, `*`, `•`
    Bullet,
    /// `a` or `A`, with the punctuation around it.
    Letter(Punctuation, Case),
    /// `3`, `3.2`: how many numbers.
    Number(Punctuation, usize),
    /// `ii`
    Roman(Punctuation, Case),
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Case {
    Lower,
    Upper,
}

/// What encloses a marker.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Punctuation {
    /// `(a)`
    Both,
    /// `a)`
    Closing,
    /// `a.`
    Dot,
    /// `3.2` and nothing more.
    None,
}

/// The marker at the start of `text`, and what follows it.
pub(super) fn split(text: &str) -> Option<(Marker, &str)> {
    let mut rest = text.chars();
    if rest.next().is_some_and(|first| "-*+•·–—◦▪".contains(first)) {
        let rest = rest.as_str();
        return rest.starts_with(char::is_whitespace).then(|| (Marker::Bullet, rest.trim_start()));
    }
    let opened = text.strip_prefix('(');
    let inner = opened.unwrap_or(text);
    let length =
        inner.find(|c: char| !(c.is_ascii_alphanumeric() || c == '.')).unwrap_or(inner.len());
    let (body, rest) = inner.split_at(length);
    let (label, punctuation, rest) = match (opened.is_some(), rest.strip_prefix(')')) {
        (true, Some(rest)) => (body, Punctuation::Both, rest),
        (false, Some(rest)) => (body, Punctuation::Closing, rest),
        (true, None) => return None,
        (false, None) => match body.strip_suffix('.') {
            Some(label) => (label, Punctuation::Dot, rest),
            // Only numbers with a dot inside need nothing behind them: `3.2 Prohibited uses`.
            None if body.contains('.') => (body, Punctuation::None, rest),
            None => return None,
        },
    };
    if !rest.starts_with(char::is_whitespace) && !rest.is_empty() {
        return None;
    }
    Some((marker(label, punctuation)?, rest.trim_start()))
}

fn marker(label: &str, punctuation: Punctuation) -> Option<Marker> {
    let numbers = label.split('.');
    if numbers.clone().all(|number| {
        (1..=3).contains(&number.len()) && number.bytes().all(|byte| byte.is_ascii_digit())
    }) {
        return Some(Marker::Number(punctuation, numbers.count()));
    }
    let case = match label.bytes().next()? {
        b'a'..=b'z' if label.bytes().all(|byte| byte.is_ascii_lowercase()) => Case::Lower,
        b'A'..=b'Z' if label.bytes().all(|byte| byte.is_ascii_uppercase()) => Case::Upper,
        _ => return None,
    };
    if label.len() == 1 {
        return Some(Marker::Letter(punctuation, case));
    }
    let roman = label.len() <= 5 && label.bytes().all(|byte| b"ivxIVX".contains(&byte));
    roman.then_some(Marker::Roman(punctuation, case))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: Option<(Marker, &str)>) {
        assert_eq!(split(text), expected, "{text:?}");
    }

    #[test]
    fn markers_are_known_by_their_punctuation() {
        use Case::{Lower, Upper};
        use Punctuation::{Both, Closing, Dot, None as Bare};
        check("- do harm", Some((Marker::Bullet, "do harm")));
        check("(a) do harm", Some((Marker::Letter(Both, Lower), "do harm")));
        check("B. do harm", Some((Marker::Letter(Dot, Upper), "do harm")));
        check("iv) do harm", Some((Marker::Roman(Closing, Lower), "do harm")));
        check("3. Use", Some((Marker::Number(Dot, 1), "Use")));
        check("3.2 Use", Some((Marker::Number(Bare, 2), "Use")));
        check("(a)", Some((Marker::Letter(Both, Lower), "")));
    }

    #[test]
    fn words_are_no_markers() {
        for text in ["", "a thing", "2026 begins", "e.g. this", "(see there)", "-ed", "No. 5", "(a"]
        {
            check(text, None);
        }
    }
}
