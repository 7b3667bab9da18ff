//! How the scan went: what it could not do, what belongs to nothing, who took part.

use serde::Serialize;

use super::places::Place;
use super::view::View;
use super::words::{Word, severity};
use crate::model::{Code, Completeness, Severity};

/// Diagnostics and files that are listed before the rest is counted, as in every document.
const LISTED: usize = 1_000;

#[derive(Serialize)]
pub(super) struct Scan<'a> {
    groups: Vec<Group<'a>>,
    count: usize,
    more: usize,
    unclaimed: Vec<(&'a str, u64)>,
    unclaimed_count: usize,
    plugins: Vec<Plugin<'a>>,
    settings: Vec<(&'static str, String)>,
}

/// Diagnostics of one code.
#[derive(Serialize)]
struct Group<'a> {
    code: &'static str,
    severity: Word,
    is_incomplete: bool,
    rows: Vec<Row<'a>>,
}

#[derive(Serialize)]
struct Row<'a> {
    place: Option<Place>,
    message: &'a str,
    help: Option<&'a str>,
}

#[derive(Serialize)]
struct Plugin<'a> {
    id: &'a str,
    version: &'a str,
    families: &'a [String],
    loaded: &'a str,
    sha256: String,
}

impl<'a> Scan<'a> {
    pub(super) fn of(view: &View<'a>) -> Self {
        let report = view.report();
        let inventory = &report.inventory;
        let unclaimed = inventory.unclaimed.iter().take(LISTED);
        let plugins = report.plugins.iter().map(|plugin| Plugin {
            id: &plugin.id,
            version: &plugin.version,
            families: &plugin.families,
            loaded: &plugin.loaded,
            sha256: plugin.sha256.hex(),
        });
        Self {
            groups: groups(view),
            count: inventory.diagnostics.len(),
            more: inventory.diagnostics.len().saturating_sub(LISTED),
            unclaimed: unclaimed.map(|it| (it.path.as_str(), it.size)).collect(),
            unclaimed_count: inventory.unclaimed.len(),
            plugins: plugins.collect(),
            settings: settings(view),
        }
    }
}

fn groups<'a>(view: &View<'a>) -> Vec<Group<'a>> {
    let mut groups: Vec<(Code, Group<'a>)> = Vec::new();
    for diagnostic in view.report().inventory.diagnostics.iter().take(LISTED) {
        let code = diagnostic.code;
        let place = groups.iter().position(|(of, _)| *of == code).unwrap_or_else(|| {
            let group = Group {
                code: code.as_str(),
                severity: severity(code.severity()),
                is_incomplete: code.completeness() == Completeness::Incomplete,
                rows: Vec::new(),
            };
            groups.push((code, group));
            groups.len() - 1
        });
        groups[place].1.rows.push(Row {
            place: diagnostic.at.as_ref().map(Place::of),
            message: &diagnostic.message,
            help: diagnostic.help.as_deref(),
        });
    }
    // What was not read comes first: everything else on the page depends on it.
    groups.sort_by_key(|(code, group)| {
        let rank = match code.severity() {
            Severity::Error => 0,
            Severity::Warning => 1,
            Severity::Note => 2,
        };
        (!group.is_incomplete, rank, *code)
    });
    groups.into_iter().map(|(_, group)| group).collect()
}

/// What the vendor declares about the product; what is not declared says so.
fn settings(view: &View<'_>) -> Vec<(&'static str, String)> {
    let Some(product) = &view.report().product else { return Vec::new() };
    let yes_no = |value: Option<bool>| value.map(|it| if it { "yes" } else { "no" }.to_owned());
    let list = |value: &Option<Vec<String>>| value.as_ref().map(|it| it.join(", "));
    let number = |value: Option<u64>| value.map(|it| it.to_string());
    let agreement: Vec<&str> =
        product.agreement.iter().map(|file| file.file.path.as_str()).collect();
    let contracts: Vec<&str> =
        product.contracts.iter().map(|contract| contract.terms.key.0.as_str()).collect();
    let joined = |names: Vec<&str>| (!names.is_empty()).then(|| names.join(", "));
    let settings = [
        ("Vendor", product.vendor.clone()),
        ("Licence of the product", product.license.clone()),
        ("Ships", product.ships.map(|it| it.name().to_owned())),
        ("Under terms of its own", yes_no(product.relicenses)),
        ("Used commercially", yes_no(product.commercial)),
        ("Regions", list(&product.regions)),
        ("Vendor's region", product.vendor_region.clone()),
        ("Fields of use", list(&product.fields_of_use)),
        ("Monthly users", number(product.monthly_users)),
        ("Daily users", number(product.daily_users)),
        ("Yearly revenue, US dollars", number(product.revenue)),
        ("Monthly revenue, US dollars", number(product.monthly_revenue)),
        ("People", number(product.team_size)),
        ("Agreement with customers", joined(agreement)),
        ("Contracts", joined(contracts)),
    ];
    let not_declared = |value: Option<String>| value.unwrap_or_else(|| "not declared".to_owned());
    settings.into_iter().map(|(label, value)| (label, not_declared(value))).collect()
}
