//! `contracts` of table `[product]`: patterns of contract files, relative to the settings file.
//!
//! A contract that is not read would leave its artifacts without terms, or under the wrong ones, so
//! whatever is wrong with one ends the run: no file, a file that is no contract, a key twice.

mod convert;
mod pattern;

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{Context as _, bail};
use flowdown_core::model::{Contract, Digest, LicenseKey, SourcePath, UserFile};
use flowdown_plugin_sdk::catalogue::contract::ContractFile;

use super::bounded;

/// Most contract files of one product.
const FILES: usize = 256;

/// Most bytes of a contract file.
const CONTRACT_BYTES: u64 = 1 << 20;

/// Most bytes of a document that a contract file names as evidence.
const EVIDENCE_BYTES: u64 = 64 << 20;

/// Reads the contracts that `patterns` name, relative to `folder`; sorted by key.
pub(super) fn read(patterns: &[String], folder: &Path) -> anyhow::Result<Vec<Contract>> {
    let mut names = Vec::new();
    for pattern in patterns {
        let found = pattern::files(pattern, folder)
            .with_context(|| format!("`product.contracts` has `{pattern}`"))?;
        if found.is_empty() {
            bail!(
                "`product.contracts` has `{pattern}`, which matches no file; correct it or remove it"
            );
        }
        names.extend(found);
    }
    names.sort();
    names.dedup();
    if names.len() > FILES {
        bail!("`product.contracts` names {} files, at most {FILES} are read", names.len());
    }
    let mut contracts: BTreeMap<LicenseKey, (String, Contract)> = BTreeMap::new();
    for name in names {
        let contract =
            file(&name, folder).with_context(|| format!("the contract `{name}` cannot be used"))?;
        let key = contract.terms.key.clone();
        if let Some((other, _)) = contracts.get(&key) {
            bail!("the contracts `{other}` and `{name}` have the same key `{key}`; rename one");
        }
        contracts.insert(key, (name, contract));
    }
    Ok(contracts.into_values().map(|(_, contract)| contract).collect())
}

fn file(name: &str, folder: &Path) -> anyhow::Result<Contract> {
    let bytes = bounded(&folder.join(name), CONTRACT_BYTES)?;
    let sha256 = Digest::sha256_of(&bytes);
    let text = String::from_utf8(bytes).context("it is not UTF-8")?;
    let declared_in = UserFile { path: SourcePath::new(name), sha256 };
    let file = ContractFile::parse(name, &text)?;
    let mut evidence = BTreeMap::new();
    for (kind, path) in &file.contract.evidence {
        let beside = Path::new(name).parent().unwrap_or(Path::new("")).join(path);
        let bytes = bounded(&folder.join(&beside), EVIDENCE_BYTES)
            .with_context(|| format!("`contract.evidence.{kind}` names `{path}`"))?;
        if bytes.is_empty() {
            bail!("`contract.evidence.{kind}` names `{path}`, which is empty and shows nothing");
        }
        let sha256 = Digest::sha256_of(&bytes);
        let parent = declared_in.path.parent();
        let path = parent.join(path).unwrap_or_else(|| SourcePath::new(path));
        evidence.insert(kind.clone(), UserFile { path, sha256 });
    }
    convert::contract(file, declared_in, evidence)
}
