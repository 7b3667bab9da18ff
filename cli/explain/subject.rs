//! Finds what a name means among everything that can be explained.

use std::collections::BTreeSet;

use anyhow::bail;
use flowdown_plugin_sdk::catalogue::vocab::{self, Category, ObligationKind};
use flowdown_plugin_sdk::message::{
    Descriptor, ListedLicense, Profile, ProfileDiscriminator, Terms, TermsObligation,
    TermsRestriction,
};

use super::codes;
use crate::settings::Names;

/// What a name means.
pub(crate) enum Subject<'a> {
    /// Licences with records; several when the name means several.
    Licenses(Vec<License<'a>>),
    /// A listed licence of which only id, name and text are known.
    Listed(&'a ListedLicense),
    /// A category, with the restrictions that are of it, by licence.
    Category(&'a Category, Vec<(&'a Terms, &'a TermsRestriction)>),
    /// A kind of obligation, with those that are of it, by licence.
    Obligation(&'a ObligationKind, Vec<(&'a Terms, &'a TermsObligation)>),
    /// A code and its page.
    Code(&'a str),
}

/// A licence's record, and how its text is told apart.
pub(crate) struct License<'a> {
    pub(crate) terms: &'a Terms,
    /// Whether its text is recognised.
    pub(crate) has_fingerprint: bool,
    /// Other licences that the name can mean as a tag.
    pub(crate) also: Vec<String>,
    /// What tells its text from near twins.
    pub(crate) discriminators: Vec<&'a ProfileDiscriminator>,
}

/// What can be listed.
#[derive(Clone, Copy, PartialEq, Eq, Debug, clap::ValueEnum)]
pub(crate) enum List {
    /// Licences with records.
    Licenses,
    /// Categories of use restrictions.
    Categories,
    /// Kinds of obligations.
    Obligations,
    /// Codes of diagnostics and findings.
    Codes,
}

impl List {
    /// Name and a few words, a line each. Licences have their own form.
    pub(crate) fn entries(self) -> Vec<(&'static str, &'static str)> {
        match self {
            Self::Licenses => Vec::new(),
            Self::Categories => {
                vocab::categories().iter().map(|it| (&*it.id, &*it.definition)).collect()
            }
            Self::Obligations => {
                vocab::obligation_kinds().iter().map(|it| (&*it.id, &*it.definition)).collect()
            }
            Self::Codes => codes::all()
                .map(|code| (code, codes::page(code).map_or("", first_sentence)))
                .collect(),
        }
    }
}

/// The first line of a page that is no heading.
fn first_sentence(page: &'static str) -> &'static str {
    page.lines().find(|line| !line.is_empty() && !line.starts_with('#')).unwrap_or_default()
}

/// What `name` means, in any case of its letters.
///
/// # Errors
/// When it means nothing that is known; the message names what is near.
pub(crate) fn find<'a>(name: &str, descriptors: &[&'a Descriptor]) -> anyhow::Result<Subject<'a>> {
    let lower = name.trim().to_lowercase();
    if let Some(category) = vocab::category(&lower) {
        let restrictions = records(descriptors).flat_map(|terms| {
            let of_it = |it: &&TermsRestriction| it.categories.contains(&category.id);
            terms.restriction.iter().filter(of_it).map(move |it| (terms, it))
        });
        return Ok(Subject::Category(category, restrictions.collect()));
    }
    if let Some(kind) = vocab::obligation_kind(&lower) {
        let obligations = records(descriptors).flat_map(|terms| {
            let of_it = |it: &&TermsObligation| it.kind == kind.id;
            terms.obligation.iter().filter(of_it).map(move |it| (terms, it))
        });
        return Ok(Subject::Obligation(kind, obligations.collect()));
    }
    if let Some(page) = codes::page(&lower) {
        return Ok(Subject::Code(page));
    }
    licenses(name.trim(), descriptors)
}

fn licenses<'a>(name: &str, descriptors: &[&'a Descriptor]) -> anyhow::Result<Subject<'a>> {
    let names = Names::of(descriptors.iter().copied());
    let keys: BTreeSet<String> = names.keys(name).into_iter().map(|key| key.0).collect();
    let tagged = names.tagged(name).into_iter().map(|key| key.0);
    let also: Vec<String> = tagged.filter(|key| !keys.contains(key)).collect();
    let found: Vec<License<'a>> = records(descriptors)
        .filter(|terms| keys.contains(&terms.key))
        .map(|terms| License { also: also.clone(), ..License::of(terms, descriptors) })
        .collect();
    if !found.is_empty() {
        return Ok(Subject::Licenses(found));
    }
    let mut listed = descriptors.iter().flat_map(|descriptor| &descriptor.listed);
    if let Some(listed) = listed.find(|it| keys.contains(&it.key)) {
        return Ok(Subject::Listed(listed));
    }
    let vocabulary = vocab::categories().iter().map(|it| it.id.as_str());
    let vocabulary = vocabulary.chain(vocab::obligation_kinds().iter().map(|it| it.id.as_str()));
    let near = names.near_among(name, vocabulary.chain(codes::all()));
    bail!(
        "`{name}` is no licence, category, obligation or code that is known{near}; `flowdown \
         explain --list` has them all"
    )
}

/// Every record, sorted by key.
pub(super) fn records<'a>(
    descriptors: &[&'a Descriptor],
) -> impl Iterator<Item = &'a Terms> + use<'a> {
    let mut records: Vec<&Terms> =
        descriptors.iter().flat_map(|descriptor| &descriptor.terms).collect();
    records.sort_by(|left, right| left.key.cmp(&right.key));
    records.into_iter()
}

impl<'a> License<'a> {
    fn of(terms: &'a Terms, descriptors: &[&'a Descriptor]) -> Self {
        let profiles = descriptors.iter().flat_map(|descriptor| &descriptor.profiles);
        let profiles: Vec<&Profile> = profiles.filter(|profile| profile.key == terms.key).collect();
        Self {
            terms,
            has_fingerprint: !profiles.is_empty(),
            also: Vec::new(),
            discriminators: profiles
                .first()
                .into_iter()
                .flat_map(|profile| &profile.discriminators)
                .collect(),
        }
    }

    /// Every record, sorted by key.
    pub(crate) fn all(descriptors: &[&'a Descriptor]) -> Vec<Self> {
        records(descriptors).map(|terms| Self::of(terms, descriptors)).collect()
    }
}
