//! The pages for people: well-formed, whole in one file, and proof against what files say.

use std::collections::BTreeSet;

use flowdown_core::model::{Basis, Certainty, FlowGap, FlowGapKind, Report};
use flowdown_core::report;

use crate::{fixture, written};

/// Elements that have no end.
const VOID: &[&str] = &["br", "input", "meta"];
/// Elements whose content is no markup; a script's ends only at its own end.
const RAW: &[&str] = &["script", "style", "title"];

/// An element as it begins: its name and its attributes.
struct Element {
    name: String,
    attributes: Vec<(String, String)>,
}

impl Element {
    fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(of, _)| of == name).map(|(_, value)| value.as_str())
    }
}

/// Every element of a page. Fails where one is not closed in its place, or where `<` stands by
/// itself: a text that was not escaped.
#[track_caller]
fn elements(page: &str) -> Vec<Element> {
    let mut found = Vec::new();
    let mut open: Vec<String> = Vec::new();
    let mut rest = page.strip_prefix("<!DOCTYPE html>\n").unwrap();
    while let Some(start) = rest.find('<') {
        rest = &rest[start + 1..];
        let end = rest.find('>').unwrap();
        let inside = &rest[..end];
        rest = &rest[end + 1..];
        if let Some(name) = inside.strip_prefix('/') {
            assert_eq!(open.pop().as_deref(), Some(name), "`</{name}>` closes nothing");
            continue;
        }
        let element = element(inside);
        if RAW.contains(&element.name.as_str()) {
            let close = format!("</{}>", element.name);
            rest = &rest[rest.find(&close).unwrap() + close.len()..];
        } else if !VOID.contains(&element.name.as_str()) {
            open.push(element.name.clone());
        }
        found.push(element);
    }
    assert!(open.is_empty(), "not closed: {open:?}");
    found
}

/// `name a="b" c`: values in double quotes, as the templates write them.
#[track_caller]
fn element(inside: &str) -> Element {
    let (name, mut rest) = inside.split_once(' ').unwrap_or((inside, ""));
    assert!(name.starts_with(|c: char| c.is_ascii_lowercase()), "no element: `<{inside}>`");
    let mut attributes = Vec::new();
    while !rest.trim().is_empty() {
        rest = rest.trim_start();
        let end = rest.find(['=', ' ']).unwrap_or(rest.len());
        let (name, after) = rest.split_at(end);
        assert!(name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-'), "`<{inside}>`");
        let value = match after.strip_prefix("=\"") {
            Some(quoted) => {
                let (value, after) = quoted.split_once('"').unwrap();
                rest = after;
                value
            }
            None => {
                rest = after;
                ""
            }
        };
        attributes.push((name.to_owned(), value.to_owned()));
    }
    Element { name: name.to_owned(), attributes }
}

/// The pages of a report: the vendor's, and the one that customers receive.
fn pages(report: &Report) -> [String; 2] {
    let index = report::bundle::files(report).unwrap().remove("index.html").unwrap();
    [written("html", report), String::from_utf8(index).unwrap()]
}

fn reports() -> [Report; 4] {
    [fixture::report(), fixture::layered(), fixture::blank(), fixture::empty()]
}

#[test]
fn pages_are_well_formed_and_their_links_lead_somewhere() {
    for report in reports() {
        let files = report::bundle::files(&report).unwrap();
        for page in pages(&report) {
            let elements = elements(&page);
            let ids: Vec<&str> = elements.iter().filter_map(|it| it.attribute("id")).collect();
            let unique: BTreeSet<&str> = ids.iter().copied().collect();
            assert_eq!(ids.len(), unique.len(), "an id stands twice");
            let named = ["aria-labelledby", "aria-describedby", "for"];
            for element in &elements {
                for name in named.iter().filter_map(|name| element.attribute(name)) {
                    assert!(name.split(' ').all(|id| unique.contains(id)), "{name}");
                }
                let Some(href) = element.attribute("href") else { continue };
                match href.strip_prefix('#') {
                    Some(id) => assert!(unique.contains(id), "`{href}` leads nowhere"),
                    None => {
                        let file = href.replace("&#x2f;", "/");
                        assert!(files.contains_key(&file), "`{href}` is no file of the bundle");
                    }
                }
            }
        }
    }
}

#[test]
fn pages_load_nothing_and_run_only_their_own() {
    for page in pages(&fixture::report()) {
        let elements = elements(&page);
        let policy = elements.iter().find_map(|it| {
            it.attribute("http-equiv").filter(|name| *name == "Content-Security-Policy")?;
            it.attribute("content")
        });
        let policy = policy.unwrap();
        assert!(policy.starts_with("default-src &#x27;none&#x27;"), "{policy}");
        assert!(!policy.contains("unsafe") && !policy.contains("http"), "{policy}");
        for element in &elements {
            let loads = ["src", "srcset", "data", "action", "formaction", "poster", "background"];
            for name in loads.iter().chain(&["style", "ping"]) {
                assert!(element.attribute(name).is_none(), "<{}> has `{name}`", element.name);
            }
            assert!(!element.attributes.iter().any(|(name, _)| name.starts_with("on")));
            assert!(
                !["link", "iframe", "img", "object", "embed", "base"].contains(&&*element.name)
            );
        }
        let style = &page[page.find("<style>").unwrap()..page.find("</style>").unwrap()];
        assert!(!style.contains("url(h") && !style.contains("@import"));
    }
}

/// What stands in scanned files, and wherever else text comes from.
#[test]
fn hostile_text_stays_text() {
    let attack = format!("{}<img src=x onerror=alert(1)>' \" --><!--{{{{ 7 }}}}", fixture::HOSTILE);
    let mut report = fixture::report();
    // Values in backticks become code, and a long name in the picture two lines; nothing else of an
    // attack may become an element.
    let counted = |page: &String| {
        let may_vary = ["code", "text", "title", "tspan"];
        elements(page).iter().filter(|it| !may_vary.contains(&&*it.name)).count()
    };
    let elements_before = pages(&report).map(|page| counted(&page));
    for artifact in &mut report.inventory.artifacts {
        artifact.name = Some(attack.clone());
    }
    for finding in &mut report.assessment.findings {
        finding.message.clone_from(&attack);
        finding.fix.clone_from(&attack);
    }
    for assessment in report.assessment.artifacts.values_mut() {
        assessment.conclusion.because.clone_from(&attack);
        assessment.effective.because.clone_from(&attack);
        for owed in &mut assessment.obligations {
            owed.because.clone_from(&attack);
            owed.obligation.kind.clone_from(&attack);
        }
    }
    for party in &mut report.assessment.flow.parties {
        party.name.clone_from(&attack);
    }
    for chain in &mut report.assessment.flow.chains {
        chain.name.clone_from(&attack);
        for edge in &mut chain.edges {
            edge.because.clone_from(&attack);
        }
    }
    for entry in &mut report.assessment.bundle.entries {
        entry.name.clone_from(&attack);
    }
    let product = report.product.as_mut().unwrap();
    product.name.clone_from(&attack);
    product.vendor = Some(attack);
    for (page, before) in pages(&report).iter().zip(elements_before) {
        assert_eq!(counted(page), before, "an element was added");
        let after = elements(page);
        assert!(!after.iter().any(|it| it.name == "img"));
        assert!(!page.contains(['\u{202e}', '\u{1b}', '\0', '\u{2028}']));
        assert_eq!(page.matches("</script>").count(), page.matches("<script").count());
    }
}

#[test]
fn what_is_not_known_is_said() {
    let page = written("html", &fixture::report());
    assert!(page.contains("The scan is incomplete."), "an unread file is the first thing said");
    assert!(page.contains("under a licence that nobody names"));
    assert!(page.contains("derived from something whose terms nobody knows"));
    assert!(page.contains("with ancestors: not known"));
    assert!(page.contains("Nobody knows the terms of someone&#x2f;private"));
    let page = written("html", &fixture::empty());
    assert!(page.contains("Nothing was recognised, so nothing is known."));
    assert!(page.contains("is not declared, so nothing was compared"));
    assert!(!page.contains("Nothing of what was looked for is unknown"));
}

#[test]
fn layers_stand_beside_places() {
    let page = written("html", &fixture::layered());
    assert!(page.contains("<small class=\"layer\">layer sha256:"));
}

#[test]
fn the_picture_marks_what_gets_lost_and_what_nobody_can_enforce() {
    let mut report = fixture::report();
    let flow = &mut report.assessment.flow;
    let hop = flow.hops[0].clone();
    let chain = flow.chains.iter_mut().find(|chain| !chain.bindings.is_empty()).unwrap();
    chain.gaps = [FlowGapKind::RestrictionLost, FlowGapKind::Enforcement]
        .map(|kind| FlowGap {
            kind,
            from: hop.from.clone(),
            to: hop.to.clone(),
            categories: Vec::new(),
            what: format!("the fixture says {}", kind.name()),
            because: "it says so".to_owned(),
            clauses: Vec::new(),
        })
        .into();
    for edge in &mut chain.edges {
        edge.certainty = Certainty::None;
        edge.basis = None;
    }
    let page = written("html", &report);
    let picture = &page[page.find("<figure").unwrap()..page.find("<figcaption>").unwrap()];
    assert!(picture.contains(">restriction lost</text>"));
    assert!(picture.contains("Gap: the fixture says enforcement"));
    assert!(picture.contains("nobody: "));
    assert!(picture.matches("class=\"cross lost\"").count() > 1);
    assert!(picture.contains("<rect class=\"unknown\""), "what nobody knows has a lane");
}

/// Parts under one licence are one lane.
#[test]
fn the_picture_does_not_grow_with_the_inventory() {
    let height = |report: &Report| {
        let page = written("html", report);
        let (_, after) = page.split_once("viewBox=\"-10 0 ").unwrap();
        after.split(['"', ' ']).nth(1).unwrap().parse::<u32>().unwrap()
    };
    let mut report = fixture::report();
    let before = height(&report);
    let chain = &mut report.assessment.flow.chains[0];
    chain.artifacts = (0..300).map(|number| fixture::id("package", &number.to_string())).collect();
    assert_eq!(height(&report), before);
}

/// Customers read what they receive, not what the vendor has to do.
#[test]
fn the_customer_page_has_nothing_of_the_vendors_own() {
    let mut report = fixture::report();
    report.assessment.bundle.entries[0].basis = Basis::Detected;
    let [vendor, customer] = pages(&report);
    for own in ["ask its author", "put LICENSE beside the adapter", "needs-declaration"] {
        assert!(vendor.contains(own), "{own}");
        assert!(!customer.contains(own), "{own}");
    }
    for received in [
        "not to do the first thing",
        "LICENSES&#x2f;MIT.txt",
        "NOTICE.md",
        "no text of the licence",
    ] {
        assert!(customer.contains(received), "{received}");
    }
}

#[test]
fn ten_thousand_parts_stay_below_ten_megabytes() {
    let report = fixture::many(10_000);
    let page = written("html", &report);
    assert!(page.len() < 10_000_000, "{} bytes", page.len());
    // Every part is named for readers without a script, whatever the page shows first.
    assert!(page.contains("package-9999"));
    assert_eq!(elements(&page).iter().filter(|it| it.name == "noscript").count(), 1);
}
