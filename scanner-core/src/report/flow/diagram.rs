//! A Mermaid flowchart of one licence: parties, and the surest edge of each kind between two.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use crate::model::{Certainty, LicenseChain, LicenseFlow, Matter, Party, PartyId, PartyRole};
use crate::report::markdown::is_unprintable;

/// Characters of a label; a diagram is no place for more.
const LABEL: usize = 240;

pub(super) fn of(flow: &LicenseFlow, chain: &LicenseChain) -> String {
    let named: Vec<&PartyId> =
        chain.edges.iter().flat_map(|edge| [&edge.who, &edge.against]).collect();
    let is_licensor = |party: &&Party| party.role == PartyRole::Licensor;
    let mut parties: Vec<&Party> =
        flow.parties.iter().filter(|party| named.contains(&&party.id)).collect();
    parties.sort_by_key(|party| !is_licensor(party));
    let nodes: BTreeMap<&PartyId, usize> = parties.iter().map(|party| &party.id).zip(0..).collect();
    let mut out = "```mermaid\nflowchart TD\n".to_owned();
    for (node, party) in parties.iter().enumerate() {
        let _ = writeln!(out, "  p{node}[\"{}\"]", label(&party.name));
    }
    for line in lines(chain) {
        let (Some(who), Some(against)) = (nodes.get(line.who), nodes.get(line.against)) else {
            continue;
        };
        let arrow = match line.surest() {
            Certainty::Certain | Certainty::Implied => "-->",
            Certainty::BasisUncertain | Certainty::Disputed => "-.->",
            Certainty::None => "-.-x",
        };
        let _ = writeln!(out, "  p{who} {arrow}|\"{}\"| p{against}", label(&line.words()));
    }
    out.push_str("```\n");
    out
}

/// Everything between two parties: what is surest for each matter.
struct Line<'a> {
    who: &'a PartyId,
    against: &'a PartyId,
    matters: BTreeMap<Matter, Certainty>,
}

impl Line<'_> {
    fn words(&self) -> String {
        let words = self.matters.iter();
        words
            .map(|(matter, certainty)| format!("{} {}", matter.name(), certainty.name()))
            .collect::<Vec<_>>()
            .join(", ")
    }

    fn surest(&self) -> Certainty {
        self.matters.values().copied().max().unwrap_or(Certainty::None)
    }
}

/// One line for each two parties, in the order of the edges.
fn lines(chain: &LicenseChain) -> Vec<Line<'_>> {
    let mut lines: Vec<Line<'_>> = Vec::new();
    for edge in &chain.edges {
        let (who, against) = (&edge.who, &edge.against);
        let place = lines
            .iter()
            .position(|line| (line.who, line.against) == (who, against))
            .unwrap_or_else(|| {
                lines.push(Line { who, against, matters: BTreeMap::new() });
                lines.len() - 1
            });
        let surest = lines[place].matters.entry(edge.matter).or_insert(edge.certainty);
        *surest = edge.certainty.max(*surest);
    }
    lines
}

/// Text inside quotes of a diagram: everything but letters, digits and plain punctuation becomes a
/// character code, which Mermaid shows and never reads.
fn label(text: &str) -> String {
    let mut label = String::new();
    for character in text.chars().take(LABEL) {
        match character {
            ' ' | ',' | '.' | '-' | '_' => label.push(character),
            other if other.is_ascii_alphanumeric() => label.push(other),
            other if other.is_control() => label.push(' '),
            // A code would bring it back to life.
            other if is_unprintable(other) => {
                let _ = write!(label, "U-{:04X}", u32::from(other));
            }
            other => {
                let _ = write!(label, "#{};", u32::from(other));
            }
        }
    }
    label
}

#[cfg(test)]
mod tests {
    use super::label;

    #[track_caller]
    fn check(text: &str, expected: &str) {
        assert_eq!(label(text), expected);
    }

    #[test]
    fn nothing_in_a_label_is_read_as_diagram() {
        check("Acme GmbH, Ltd.", "Acme GmbH, Ltd.");
        check("a\"] --> b[\"c", "a#34;#93; --#62; b#91;#34;c");
        check("```\nend", "#96;#96;#96; end");
        check("<b>#1;", "#60;b#62;#35;1#59;");
        check("a\u{202e}b", "aU-202Eb");
        check("click p0 href", "click p0 href");
    }

    #[test]
    fn a_label_is_bounded() {
        assert_eq!(label(&"x".repeat(10_000)).len(), 240);
    }
}
