//! One file per command.

pub(crate) mod bundle;
mod cache;
pub(crate) mod check;
pub(crate) mod completions;
pub(crate) mod diff;
mod documents;
pub(crate) mod explain;
pub(crate) mod man;
pub(crate) mod plugins;
pub(crate) mod scan;
pub(crate) mod schema;
pub(crate) mod validate;

use std::io::IsTerminal as _;
use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

use anyhow::{Context as _, bail};
use flowdown_core::engine::{self, Digested, HiddenFiles, Request};
use flowdown_core::extract::driver::{Depth, TensorDigests};
use flowdown_core::model::{Policy, Product, Profile, Report, Severity, SourcePath, Timestamp};
use flowdown_core::source::registry::PlainHttp;
use globset::{GlobBuilder, GlobSet, GlobSetBuilder};

use crate::args::InputArguments;
use crate::install::Ready;
use crate::settings::{BaselineUse, Files, Names, PolicySettings};
use crate::terminal::Bar;
use crate::{boms, install, settings, source};

/// What a command scans, and how.
struct Scan<'a> {
    input: &'a InputArguments,
    product: Option<&'a Path>,
    policy: Option<&'a Path>,
    /// What the policy is when the settings have none.
    no_policy: Option<Policy>,
    /// What counts instead of the policy's own word.
    fail_on: Option<Severity>,
    baseline: BaselineUse,
    depth: Depth,
    digested: Digested,
    /// Whose demands on a bill of materials the documents are to meet.
    profile: Profile,
    /// Canonical paths of the documents to write: one that an earlier run left in the source is no
    /// part of it, or no two runs would agree.
    written: &'a [PathBuf],
}

impl<'a> Scan<'a> {
    fn of(input: &'a InputArguments) -> Self {
        Self {
            input,
            product: None,
            policy: None,
            no_policy: None,
            fail_on: None,
            baseline: BaselineUse::Read,
            depth: Depth::Full,
            digested: Digested::Wanted,
            profile: input.profile.into(),
            written: &[],
        }
    }

    fn policy(
        &self,
        settings: Option<PolicySettings>,
        plugins: &[Ready],
    ) -> anyhow::Result<Option<Policy>> {
        let stated = settings.map(|settings| {
            let descriptors = plugins.iter().map(|plugin| &*plugin.installed.descriptor);
            settings.resolve(&Names::of(descriptors), self.baseline)
        });
        let policy = stated.transpose()?.or_else(|| self.no_policy.clone());
        Ok(policy
            .map(|policy| Policy { fail_on: self.fail_on.unwrap_or(policy.fail_on), ..policy }))
    }
}

/// Scans as the arguments say.
fn scan(wanted: &Scan<'_>) -> anyhow::Result<Report> {
    let input = wanted.input;
    let settings = settings::read(Files {
        config: input.config.as_deref(),
        product: wanted.product,
        policy: wanted.policy,
    })?;
    let exclude = globs(&input.exclude)?;
    let platform = input.platform.clone().unwrap_or_default();
    let how = source::How {
        platform: &platform,
        limits: &settings.limits,
        mirrors: &settings.mirrors,
        plain_http: if input.plain_http { PlainHttp::Everywhere } else { PlainHttp::Loopback },
        attachments: wanted.depth == Depth::Full,
    };
    let mut opened = source::open(&input.source, &how)?;
    let written: Vec<SourcePath> =
        wanted.written.iter().filter_map(|path| opened.path_of(path)).collect();
    let mut boms = opened.take_boms();
    for path in &input.sbom {
        boms.push(boms::read(path, &settings.limits)?);
    }
    let plugins = install::install(&settings.plugins, &input.plugin)?;
    refuse_taken_keys(settings.product.as_ref(), &plugins)?;
    let policy = wanted.policy(settings.policy, &plugins)?;
    let cache = cache::cache(input)?;
    let bar = Bar::new(std::io::stderr().is_terminal());
    let report = engine::scan(Request {
        boms,
        repository: opened.repository(),
        below_store: opened.below_store(),
        input: opened.input(&platform),
        depth: wanted.depth,
        digested: wanted.digested,
        tensor_digests: if input.no_tensor_digests {
            TensorDigests::Off
        } else {
            TensorDigests::On
        },
        limits: settings.limits,
        plugins: plugins.into_iter().map(Ready::into_plugin).collect(),
        product: settings.product,
        policy,
        exclude: &|path: &SourcePath| exclude.is_match(path.as_str()) || written.contains(path),
        hidden: if input.all_layers { HiddenFiles::Scanned } else { HiddenFiles::Listed },
        profile: wanted.profile,
        cache: cache.as_deref(),
        created: now()?,
        threads: input.threads,
        progress: &bar,
    });
    bar.finish();
    report.with_context(|| format!("`{}` cannot be scanned", input.source))
}

/// The terms of a contract must not pass for those of a licence that a plugin knows.
fn refuse_taken_keys(product: Option<&Product>, plugins: &[Ready]) -> anyhow::Result<()> {
    for contract in product.into_iter().flat_map(|product| &product.contracts) {
        let key = &contract.terms.key.0;
        let knows = |ready: &&Ready| {
            let descriptor = &ready.installed.descriptor;
            let is_it = |name: &String| {
                name.eq_ignore_ascii_case(key) || name.eq_ignore_ascii_case(&contract.terms.spdx)
            };
            descriptor.terms.iter().any(|it| is_it(&it.key) || is_it(&it.ids.spdx_ref))
                || descriptor.listed.iter().any(|it| is_it(&it.key) || is_it(&it.spdx))
        };
        if let Some(ready) = plugins.iter().find(knows) {
            let id = &ready.installed.descriptor.id;
            let file =
                contract.particulars.as_ref().map(|parts| parts.declared_in.path.to_string());
            bail!(
                "the contract `{}` has the key `{key}`, which is a licence of plugin `{id}`; give it \
                 a key of its own",
                file.unwrap_or_default()
            );
        }
    }
    Ok(())
}

/// Patterns as in `.gitignore`: without `/` a name in any folder, else a path from the source; a
/// folder stands for everything in it.
fn globs(patterns: &[String]) -> anyhow::Result<GlobSet> {
    let mut set = GlobSetBuilder::new();
    for pattern in patterns {
        let path = pattern.strip_prefix("./").unwrap_or(pattern).trim_end_matches('/');
        if path.is_empty() {
            bail!("`--exclude {pattern}` names nothing; write a name, or a path from the source");
        }
        let anchored = match path.strip_prefix('/') {
            Some(path) => path.to_owned(),
            None if path.contains('/') => path.to_owned(),
            None => format!("**/{path}"),
        };
        for glob in [format!("{anchored}/**"), anchored] {
            let glob = GlobBuilder::new(&glob)
                .literal_separator(true)
                .build()
                .with_context(|| format!("`--exclude {pattern}` is no glob pattern"))?;
            set.add(glob);
        }
    }
    set.build().context("the patterns of `--exclude` cannot be used together")
}

/// The time that documents carry: `SOURCE_DATE_EPOCH`, so that a scan can be repeated to the byte.
fn now() -> anyhow::Result<Timestamp> {
    /// The last second of the year 9999, beyond which the date formats end.
    const LATEST: u64 = 253_402_300_799;
    match std::env::var("SOURCE_DATE_EPOCH") {
        Ok(text) => match text.parse() {
            Ok(seconds) if seconds <= LATEST => Ok(Timestamp(seconds)),
            _ => bail!("`SOURCE_DATE_EPOCH` is `{text}`, not a number of seconds up to {LATEST}"),
        },
        Err(_) => {
            let elapsed = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
            Ok(Timestamp(elapsed.as_secs()))
        }
    }
}
