//! A contract file as a contract of the model.

use std::collections::BTreeMap;

use anyhow::{anyhow, bail};
use flowdown_core::model::{
    ArtifactId, Contract, ContractDigest, ContractParticulars, ContractParty, ContractSubject,
    Date, Digest, LicenseKey, Purl, UserFile,
};
use flowdown_core::resolve;
use flowdown_plugin_sdk::catalogue::contract::{ContractFile, Day, PartyTable, SubjectTable};

pub(super) fn contract(
    file: ContractFile,
    declared_in: UserFile,
    evidence: BTreeMap<String, UserFile>,
) -> anyhow::Result<Contract> {
    let terms = resolve::terms(file.terms()).map_err(|reason| anyhow!(reason))?;
    let table = file.contract;
    let (effective, from, until) =
        (day("effective", table.effective)?, day("from", table.from)?, day("until", table.until)?);
    let particulars = ContractParticulars {
        declared_in,
        licensor: party(table.licensor),
        licensee: party(table.licensee),
        agreement: table.agreement,
        order: table.order,
        effective,
        from,
        until,
        evidence,
    };
    if let (Some(first), Some(last)) = (particulars.begins(), until)
        && first > last
    {
        bail!("`contract.until` is `{last}`, before its first day `{first}`");
    }
    let subjects = table.applies_to.into_iter().enumerate();
    Ok(Contract {
        terms,
        applies_to: subjects.map(|(index, it)| subject(index, it)).collect::<Result<_, _>>()?,
        replaces: table.replaces.into_iter().map(LicenseKey).collect(),
        particulars: Some(particulars),
    })
}

fn day(key: &str, day: Option<Day>) -> anyhow::Result<Option<Date>> {
    let Some(Day(text)) = day else { return Ok(None) };
    match Date::parse(&text) {
        Some(date) => Ok(Some(date)),
        None => bail!("`contract.{key}` is `{text}`, not a day such as `2026-01-31`"),
    }
}

fn party(table: PartyTable) -> ContractParty {
    ContractParty { name: table.name, affiliates: table.affiliates }
}

fn subject(index: usize, table: SubjectTable) -> anyhow::Result<ContractSubject> {
    let key = |name: &str| format!("contract.applies_to.{index}.{name}");
    let purl = match table.purl.filter(|text| !text.is_empty()) {
        None => None,
        Some(text) => Some(
            Purl::parse(&text)
                .ok_or_else(|| anyhow!("`{}` is `{text}`, which is no package URL", key("purl")))?,
        ),
    };
    let digest = match table.digest.filter(|text| !text.is_empty()) {
        None => None,
        Some(text) => Some(digest(&text).ok_or_else(|| {
            anyhow!(
                "`{}` is `{text}`, neither `sha256:` with 64 hexadecimal digits nor an artifact id",
                key("digest")
            )
        })?),
    };
    Ok(ContractSubject { digest, purl, name: table.name.filter(|name| !name.is_empty()) })
}

/// `sha256:…` is a file; with the kind of artifact before it, an artifact.
fn digest(text: &str) -> Option<ContractDigest> {
    if text.starts_with("sha256:") {
        return Digest::parse(text).map(ContractDigest::File);
    }
    let (_, digest) = text.split_once(':').filter(|(kind, _)| !kind.is_empty())?;
    Digest::parse(digest)?;
    Some(ContractDigest::Artifact(ArtifactId(text.to_owned())))
}
