//! Table `[policy]`: what is acceptable. `docs/policy.md` says what each key means.

mod names;
mod table;

use std::path::{Path, PathBuf};

use anyhow::{Context as _, anyhow, bail};
use flowdown_core::model::{
    Baseline, Clarification, Conveyance, Date, Digest, Location, Policy, PolicyException,
    PolicyRule, Rule, Severity, SourcePath, UserFile,
};
use flowdown_core::report::baseline;

pub(crate) use self::names::Names;
pub(super) use self::names::one_of;
pub(super) use self::table::PolicyTable;
use self::table::{ClarificationTable, ExceptionTable, RuleTable};

/// The table `[policy]` of a settings file. The names in it mean something only together with
/// plugins.
#[derive(Debug)]
pub(crate) struct PolicySettings {
    table: PolicyTable,
    folder: PathBuf,
    declared_in: UserFile,
}

/// Whether the baseline of a policy is read.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum BaselineUse {
    /// What it holds is known.
    Read,
    /// It is about to be written anew.
    Leave,
}

impl PolicySettings {
    pub(super) fn new(table: PolicyTable, folder: &Path, declared_in: UserFile) -> Self {
        Self { table, folder: folder.to_owned(), declared_in }
    }

    /// The policy, with every name resolved.
    pub(crate) fn resolve(self, names: &Names, use_: BaselineUse) -> anyhow::Result<Policy> {
        let file = self.declared_in.path.clone();
        self.into_policy(names, use_)
            .with_context(|| format!("the table `[policy]` of `{file}` is wrong"))
    }

    fn into_policy(self, names: &Names, use_: BaselineUse) -> anyhow::Result<Policy> {
        let place = |key: String| Location::user_file(&self.declared_in).at_key(key);
        let rules = |list: &str, tables: Vec<RuleTable>| {
            let numbered = tables.into_iter().enumerate();
            numbered
                .map(|(index, table)| {
                    let key = format!("policy.{list}[{index}]");
                    rule(table, names, place(key.clone())).with_context(|| format!("`{key}`"))
                })
                .collect::<anyhow::Result<Vec<_>>>()
        };
        let baseline = match (&self.table.baseline, use_) {
            (Some(path), BaselineUse::Read) => Some(read_baseline(path, &self.folder)?),
            _ => None,
        };
        Ok(Policy {
            fail_on: self.table.fail_on.map_or(Severity::Error, Into::into),
            allow: rules("allow", self.table.allow)?,
            deny: rules("deny", self.table.deny)?,
            exceptions: numbered("exception", self.table.exception, |table, key| {
                exception(table, names, place(key))
            })?,
            clarifications: numbered("clarification", self.table.clarification, |table, key| {
                clarification(table, names, place(key))
            })?,
            baseline,
            declared_in: Some(self.declared_in.clone()),
        })
    }
}

fn numbered<T, U>(
    list: &str,
    tables: Vec<T>,
    convert: impl Fn(T, String) -> anyhow::Result<U>,
) -> anyhow::Result<Vec<U>> {
    let numbered = tables.into_iter().enumerate();
    numbered
        .map(|(index, table)| {
            let key = format!("policy.{list}[{index}]");
            convert(table, key.clone()).with_context(|| format!("`{key}`"))
        })
        .collect()
}

fn rule(table: RuleTable, names: &Names, at: Location) -> anyhow::Result<PolicyRule> {
    let RuleTable { license, family, conveyance, category, obligation, reason } = table;
    if category.is_some() && obligation.is_some() {
        bail!("`category` and `obligation` exclude each other; write two rules");
    }
    let rule = PolicyRule {
        license: license.map(|name| names.license(&name)).transpose()?,
        family: family.map(|name| names.family(name)).transpose()?,
        conveyance: conveyance.map(|word| self::conveyance(&word)).transpose()?,
        category: category.map(names::category).transpose()?,
        obligation: obligation.map(names::obligation).transpose()?,
        reason,
        at,
    };
    let is_empty = rule.license.is_none()
        && rule.family.is_none()
        && rule.conveyance.is_none()
        && rule.category.is_none()
        && rule.obligation.is_none();
    if is_empty {
        bail!(
            "it names nothing; give `license`, `family`, `conveyance`, `category` or `obligation`"
        );
    }
    Ok(rule)
}

fn exception(
    table: ExceptionTable,
    names: &Names,
    at: Location,
) -> anyhow::Result<PolicyException> {
    let ExceptionTable { artifact, license, code, reason, expires } = table;
    if artifact.trim().is_empty() {
        bail!("`artifact` is empty; name it, or write `*` for every artifact");
    }
    Ok(PolicyException {
        artifact,
        license: license.map(|name| names.license(&name)).transpose()?,
        code: code
            .map(|code| one_of("code", code, Rule::ALL.iter().map(|rule| rule.as_str())))
            .transpose()?,
        reason: stated(reason)?,
        expires: expires.map(|text| date(&text)).transpose()?,
        at,
    })
}

fn clarification(
    table: ClarificationTable,
    names: &Names,
    at: Location,
) -> anyhow::Result<Clarification> {
    let ClarificationTable { sha256, license, reason } = table;
    let hex = sha256.trim_start_matches("sha256:");
    let (licenses, expression) = names.expression(&license)?;
    Ok(Clarification {
        sha256: Digest::parse(&format!("sha256:{hex}"))
            .ok_or_else(|| anyhow!("`sha256` is `{sha256}`, not 64 hexadecimal digits"))?,
        stated: license,
        licenses,
        expression,
        reason: stated(reason)?,
        at,
    })
}

/// A reason that says something.
fn stated(reason: String) -> anyhow::Result<String> {
    if reason.trim().is_empty() {
        bail!("`reason` is empty; whoever reads the report must see why");
    }
    Ok(reason)
}

fn date(text: &str) -> anyhow::Result<Date> {
    Date::parse(text).ok_or_else(|| anyhow!("`expires` is `{text}`, not a day as `2027-01-31`"))
}

fn conveyance(word: &str) -> anyhow::Result<Conveyance> {
    const ALL: [Conveyance; 4] = [
        Conveyance::CommercialFlowdown,
        Conveyance::DirectLicense,
        Conveyance::NoConveyance,
        Conveyance::SublicenseWithFlowdown,
    ];
    let name = one_of("conveyance", word.to_owned(), ALL.iter().map(|it| it.name()))?;
    let found = ALL.into_iter().find(|conveyance| conveyance.name() == name);
    Ok(found.expect("the name is one of those of the list"))
}

fn read_baseline(path: &Path, folder: &Path) -> anyhow::Result<Baseline> {
    let place = folder.join(path);
    let bytes = std::fs::read(&place).with_context(|| {
        format!(
            "the baseline `{}` cannot be read; `flowdown check --write-baseline` writes one",
            place.display()
        )
    })?;
    let known = baseline::read(&bytes)
        .with_context(|| format!("the baseline `{}` is wrong", place.display()))?;
    let path = SourcePath::new(&path.to_string_lossy());
    Ok(Baseline { file: UserFile { path, sha256: Digest::sha256_of(&bytes) }, known })
}
