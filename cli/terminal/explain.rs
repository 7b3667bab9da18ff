//! What is explained, for people.

use std::io::{self, Write};

use flowdown_plugin_sdk::message::{
    Descriptor, Terms, TermsIds, TermsObligation, TermsRestriction, TermsThreshold,
};
use serde_json::Value;

use super::clean;
use super::style::{DIM, HEADING, paint};
use crate::explain::{self, License, List, Subject};

/// Longer lines are wrapped.
const COLUMNS: usize = 100;
/// The column in which the words of a row begin.
const INDENT: usize = 16;

/// Prints `subject`.
pub(crate) fn subject(subject: &Subject<'_>, out: &mut dyn Write) -> io::Result<()> {
    match subject {
        Subject::Licenses(licenses) => match licenses.as_slice() {
            [only] => license(only, out),
            several => candidates(several, out),
        },
        Subject::Listed(listed) => {
            writeln!(out, "{} · {}", paint(HEADING, &clean(&listed.name)), clean(&listed.spdx))?;
            writeln!(out, "on the SPDX License List; what it demands is not recorded")
        }
        Subject::Category(category, restrictions) => {
            writeln!(out, "{} · a category of use restrictions", paint(HEADING, &category.id))?;
            row(out, "means", &category.definition)?;
            let licenses = restrictions.iter().map(|(terms, _)| terms.key.as_str());
            counted(out, "licences restrict it", licenses)?;
            for (terms, restriction) in restrictions {
                wrapped(out, 2, 4, &restriction_of(terms, restriction))?;
            }
            Ok(())
        }
        Subject::Obligation(kind, obligations) => {
            writeln!(out, "{} · a kind of obligation", paint(HEADING, &kind.id))?;
            row(out, "means", &kind.definition)?;
            row(out, "owed", &explain::owed(&kind.owed))?;
            row(out, "shown by", &format!("{}: {}", kind.evidence, kind.how))?;
            let licenses = obligations.iter().map(|(terms, _)| terms.key.as_str());
            counted(out, "licences have it", licenses)?;
            for (terms, owed) in obligations {
                let words = format!("{} clause {}{}", terms.key, owed.clause, params(owed));
                wrapped(out, 2, 4, &words)?;
            }
            Ok(())
        }
        Subject::Code(page) => write!(out, "{page}"),
    }
}

/// Prints everything of one kind.
pub(crate) fn list(list: List, descriptors: &[&Descriptor], out: &mut dyn Write) -> io::Result<()> {
    if list != List::Licenses {
        for (id, says) in list.entries() {
            writeln!(out, "{id:<36} {says}")?;
        }
        return Ok(());
    }
    for License { terms, .. } in License::all(descriptors) {
        writeln!(
            out,
            "{:<34} {:<25} {:<26} {:<9} {}",
            clean(&terms.key),
            clean(&terms.family),
            clean(&terms.grant.conveyance),
            clean(&terms.verified),
            clean(id(&terms.ids))
        )?;
    }
    Ok(())
}

fn counted<'a>(
    out: &mut dyn Write,
    what: &str,
    licenses: impl Iterator<Item = &'a str>,
) -> io::Result<()> {
    let mut keys: Vec<&str> = licenses.collect();
    keys.dedup();
    writeln!(out, "\n{} {what}", paint(HEADING, &keys.len().to_string()))
}

/// What a name that means several licences may mean, and what differs between them.
fn candidates(licenses: &[License<'_>], out: &mut dyn Write) -> io::Result<()> {
    writeln!(
        out,
        "{} licences have this name; the text decides which it is",
        paint(HEADING, &licenses.len().to_string())
    )?;
    for License { terms, discriminators, .. } in licenses {
        writeln!(out, "\n{} · {}", paint(HEADING, &clean(&terms.key)), clean(&terms.name))?;
        let grant = &terms.grant;
        row(out, "", &joined(&[&terms.date, &terms.licensor, &grant.conveyance, id(&terms.ids)]))?;
        let counts = format!(
            "{} obligations, {} use restrictions, permitted use `{}`",
            terms.obligation.len(),
            terms.restriction.len(),
            grant.permitted_use
        );
        row(out, "", &counts)?;
        for discriminator in discriminators {
            let state = if discriminator.must { "has" } else { "has not" };
            row(out, "told apart", &format!("its text {state}: {}", discriminator.label))?;
        }
    }
    Ok(())
}

fn license(license: &License<'_>, out: &mut dyn Write) -> io::Result<()> {
    let terms = license.terms;
    writeln!(out, "{} · {}", paint(HEADING, &clean(&terms.key)), clean(&terms.name))?;
    row(out, "licensor", &joined(&[&terms.licensor]))?;
    row(out, "date", &terms.date)?;
    row(out, "family", &terms.family)?;
    row(out, "ids", &names(&terms.ids))?;
    if let Some(other) = &terms.same_terms_as {
        row(out, "same as", other)?;
    }
    if !license.also.is_empty() {
        row(out, "as a tag", &format!("it can also mean {}", license.also.join(", ")))?;
    }
    row(out, "read", explain::verified(&terms.verified))?;
    let text = if license.has_fingerprint {
        "its text is recognised"
    } else {
        "no fingerprint of its text: only names lead to it"
    };
    row(out, "text", text)?;
    for discriminator in &license.discriminators {
        let state = if discriminator.must { "has" } else { "has not" };
        row(out, "told apart", &format!("its text {state}: {}", discriminator.label))?;
    }
    grant(terms, out)?;
    section(out, "Thresholds", &terms.threshold, threshold)?;
    section(out, "Obligations", &terms.obligation, obligation)?;
    section(out, "Use restrictions", &terms.restriction, restriction)?;
    section(out, "Notes", &terms.notes, Clone::clone)?;
    section(out, "Where this record is unsure", &explain::doubts(terms), Clone::clone)?;
    writeln!(out, "\nReports what the text says, in our words. No legal advice.")
}

fn grant(terms: &Terms, out: &mut dyn Write) -> io::Result<()> {
    let grant = &terms.grant;
    writeln!(out, "\n{}", paint(HEADING, &format!("Grant ({})", clean(&grant.clause))))?;
    let conveyance = explain::conveyance(&grant.conveyance);
    row(out, "conveyance", &format!("{}: {conveyance}", grant.conveyance))?;
    let directness = explain::directness(&grant.directness);
    row(out, "directness", &format!("{}: {directness}", grant.directness))?;
    let clause = grant.acceptance_clause.as_ref();
    let clause = clause.map_or_else(String::new, |clause| format!(" ({clause})"));
    row(out, "binds", &format!("{}{clause}", explain::acceptance(&grant.acceptance)))?;
    row(out, "sublicense", if grant.sublicensable { "yes" } else { "no" })?;
    row(out, "derivatives", &grant.relicense_derivatives)?;
    let distillation = explain::distillation(grant.distillation.as_deref());
    row(out, "distillation", &format!("a model trained on outputs: {distillation}"))?;
    row(out, "basis", &grant.legal_basis.join(", "))?;
    row(out, "revocable", &grant.revocable)?;
    row(out, "covers", &grant.covers.join(", "))?;
    row(out, "excludes", &grant.excludes.join(", "))?;
    let hosting = &grant.hosting_is_distribution;
    row(out, "hosting", &format!("is distribution: {}", stated(hosting)))?;
    row(out, "outputs", &grant.outputs)?;
    row(out, "use", &grant.permitted_use)?;
    row(out, "law", &grant.governing_law)
}

fn threshold(it: &TermsThreshold) -> String {
    let currency = it.currency.as_ref().map_or_else(String::new, |it| format!(" {it}"));
    let exempt = it.exempt.as_ref().map_or_else(String::new, |it| format!("; exempt: {it}"));
    format!(
        "{}: {} {} {}{currency} ({}): {}{exempt}",
        it.clause, it.metric, it.op, it.value, it.window, it.effect
    )
}

fn obligation(it: &TermsObligation) -> String {
    format!(
        "{}: {} on {}{}; shown by {}",
        it.clause,
        it.kind,
        it.trigger.join(", "),
        params(it),
        it.evidence
    )
}

fn params(it: &TermsObligation) -> String {
    let words = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    let params: Vec<String> =
        it.params.iter().map(|(name, value)| format!("{name} = {}", words(value))).collect();
    if params.is_empty() { String::new() } else { format!(" ({})", params.join("; ")) }
}

fn restriction(it: &TermsRestriction) -> String {
    let scope = explain::mental(it);
    let scope = if scope.is_empty() { String::new() } else { format!(": {}", scope.join("; ")) };
    format!("{} {}{scope}", it.label, it.categories.join(", "))
}

fn restriction_of(terms: &Terms, it: &TermsRestriction) -> String {
    let scope = explain::mental(it);
    let scope = if scope.is_empty() { "the act itself".to_owned() } else { scope.join("; ") };
    format!("{} {}: {scope}", terms.key, it.label)
}

fn section<T>(
    out: &mut dyn Write,
    title: &str,
    items: &[T],
    words: impl Fn(&T) -> String,
) -> io::Result<()> {
    if items.is_empty() {
        return Ok(());
    }
    writeln!(out, "\n{}", paint(HEADING, &format!("{title} ({})", items.len())))?;
    items.iter().try_for_each(|item| wrapped(out, 2, 4, &words(item)))
}

/// A name and words beside it; nothing where there are no words.
fn row(out: &mut dyn Write, name: &str, words: &str) -> io::Result<()> {
    if words.is_empty() {
        return Ok(());
    }
    write!(out, "  {}", paint(DIM, &format!("{name:<width$}", width = INDENT - 2)))?;
    wrapped(out, 0, INDENT, words)
}

/// Words in lines of at most `COLUMNS`, the first after `first` spaces, the others after `other`.
fn wrapped(out: &mut dyn Write, first: usize, other: usize, words: &str) -> io::Result<()> {
    let mut column = first.max(other);
    write!(out, "{:first$}", "")?;
    for (index, word) in words.split_whitespace().enumerate() {
        let word = clean(word);
        let length = word.chars().count();
        if index > 0 && column + 1 + length > COLUMNS {
            write!(out, "\n{:other$}{word}", "")?;
            column = other + length;
        } else {
            write!(out, "{}{word}", if index == 0 { "" } else { " " })?;
            column += length + usize::from(index > 0);
        }
    }
    writeln!(out)
}

fn id(ids: &TermsIds) -> &str {
    if ids.spdx.is_empty() { &ids.spdx_ref } else { &ids.spdx }
}

fn names(ids: &TermsIds) -> String {
    let hugging_face = ids.hf.iter().map(|tag| format!("hf:{tag}"));
    let scancode = ids.scancode.iter().map(|key| format!("scancode:{key}"));
    let all: Vec<String> = [id(ids).to_owned()]
        .into_iter()
        .chain(hugging_face)
        .chain(scancode)
        .chain(ids.aliases.iter().cloned())
        .collect();
    all.join(", ")
}

fn stated(words: &str) -> &str {
    if words.is_empty() { "the text is silent" } else { words }
}

fn joined(parts: &[&str]) -> String {
    let stated = parts.iter().filter(|part| !part.is_empty() && **part != "-").copied();
    stated.collect::<Vec<_>>().join(" · ")
}
