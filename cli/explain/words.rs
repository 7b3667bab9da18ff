//! Plain words for the words of records.

use flowdown_plugin_sdk::message::{Terms, TermsRestriction};

/// How rights reach the customer.
pub(crate) fn conveyance(word: &str) -> &'static str {
    match word {
        "direct-license" => "every recipient holds a licence from the licensor",
        "sublicense-with-flowdown" => {
            "the vendor may pass it on under terms of its own, which must carry the use restrictions"
        }
        "commercial-flowdown" => "the vendor's contract says what its own contracts must say",
        "no-conveyance" => "rights may not be passed on",
        _ => "not known",
    }
}

/// Whether the licensor licenses each recipient.
pub(crate) fn directness(word: &str) -> &'static str {
    match word {
        "explicit" => "the text says that the licensor licenses each recipient",
        "implied" => {
            "that the licensor licenses each recipient follows from how rights are granted"
        }
        "none-after-relicense" => {
            "between licensor and recipient there is nothing once a vendor has relicensed"
        }
        "explicit-personal" => "the licensee only, in person",
        "none" => "the licensor does not license recipients",
        _ => "whether the licensor licenses each recipient, the record does not know",
    }
}

/// By what a licence binds.
pub(crate) fn acceptance(word: &str) -> &'static str {
    match word {
        "by-use" => "by using the material",
        "by-exercise" => "by exercising rights that it grants",
        "signed" => "by signature",
        _ => "not known",
    }
}

/// Whether a model trained on outputs is a derivative.
pub(crate) fn distillation(word: Option<&str>) -> &'static str {
    match word {
        Some("reached") => "a derivative under the text's definition",
        Some("outputs-excluded") => "no derivative: the definition leaves outputs out",
        _ => "the text is silent, or that was not read",
    }
}

/// Who has read what.
pub(crate) fn verified(word: &str) -> &'static str {
    match word {
        "read" => "the full text was read for this record",
        "partial" => "the main clauses were read for this record, not all",
        "secondary" => "from other sources; the text itself was not read",
        "seed" => "a pattern: nobody's licence, a contract has the terms",
        _ => "a name in a table; nothing was read",
    }
}

/// Who owes it to whom: `conveyor>recipient`.
pub(crate) fn owed(words: &str) -> String {
    match words.split_once(['>', '<']) {
        Some((one, other)) if words.contains('>') => format!("{one} to {other}"),
        Some((one, other)) => format!("a right of the {other} against the {one}"),
        None => words.to_owned(),
    }
}

/// The mental element and the exceptions of a restriction; empty when it has neither.
pub(crate) fn mental(restriction: &TermsRestriction) -> Vec<String> {
    let element = match restriction.mental.as_deref() {
        None | Some("none") => None,
        Some("intent") => Some("only if intended".to_owned()),
        Some("effect") => Some("only if it has the effect".to_owned()),
        Some("intent-or-effect") => Some("if intended, or if it has the effect".to_owned()),
        Some("knowledge") => Some("only if known".to_owned()),
        Some(other) => Some(other.to_owned()),
    };
    let exceptions = restriction.exceptions.iter().map(|it| format!("except {it}"));
    element.into_iter().chain(exceptions).chain(restriction.note.clone()).collect()
}

/// Where a record is unsure, in the order in which it says so.
pub(crate) fn doubts(terms: &Terms) -> Vec<String> {
    let mut doubts = Vec::new();
    if terms.verified != "read" {
        doubts.push(verified(&terms.verified).to_owned());
    }
    let unsure = |text: &str| text.contains("unsure") || text.contains("unknown");
    let grant = &terms.grant;
    for (what, value) in [
        ("date", &terms.date),
        ("directness", &grant.directness),
        ("relicensing of derivatives", &grant.relicense_derivatives),
        ("clause of the grant", &grant.clause),
        ("revocability", &grant.revocable),
        ("hosting", &grant.hosting_is_distribution),
        ("outputs", &grant.outputs),
        ("permitted use", &grant.permitted_use),
        ("governing law", &grant.governing_law),
    ] {
        if unsure(value) {
            doubts.push(format!("{what}: {value}"));
        }
    }
    if grant.clause.is_empty() {
        doubts.push("no clause is named for the grant".to_owned());
    }
    for obligation in &terms.obligation {
        let params = obligation.params.iter();
        let mut open = params.filter(|(_, value)| value.as_str().is_some_and(unsure));
        if unsure(&obligation.clause) || open.next().is_some() {
            doubts.push(format!("{}, clause {}", obligation.kind, obligation.clause));
        }
    }
    for restriction in &terms.restriction {
        if unsure(&restriction.label) || restriction.note.as_deref().is_some_and(unsure) {
            doubts.push(format!("restriction {}", restriction.label));
        }
    }
    doubts.extend(terms.notes.iter().filter(|note| unsure(note)).cloned());
    doubts
}
