//! What tests of recognition share: every profile of the plugins that are linked in.

pub(crate) mod changes;
pub(crate) mod conditions;
pub(crate) mod oracles;

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::LazyLock;

use flowdown_core::extract::license_text::{Matcher, Recognized};
use flowdown_core::model::{
    Discriminator, LicenseKey, PhraseProfile, ProfileKind, ResolverId, SourcePath, TextProfile,
};
use flowdown_plugin_sdk::Resolver;
use flowdown_plugin_sdk::message::{self, Descriptor};
use libtest_mimic::Failed;

/// What the plugins describe, and a matcher of all their profiles.
pub(crate) struct Known {
    pub(crate) plugins: Vec<Descriptor>,
    pub(crate) matcher: Matcher,
}

pub(crate) static KNOWN: LazyLock<Known> = LazyLock::new(|| {
    let resolvers: [Box<dyn Resolver>; 3] = [
        Box::new(flowdown_rail::resolver()),
        Box::new(flowdown_community::resolver()),
        Box::new(flowdown_open_source::resolver()),
    ];
    let plugins: Vec<Descriptor> = resolvers.iter().map(|resolver| resolver.describe()).collect();
    Known { matcher: Matcher::new(profiles(&plugins)), plugins }
});

fn profiles(plugins: &[Descriptor]) -> Vec<TextProfile> {
    let of = |plugin: &Descriptor| -> Vec<TextProfile> {
        plugin.profiles.iter().map(|profile| of_message(profile, &plugin.id)).collect()
    };
    plugins.iter().flat_map(of).collect()
}

pub(crate) fn of_message(profile: &message::Profile, by: &str) -> TextProfile {
    let phrase = |it: &message::Phrase| PhraseProfile {
        label: it.label.clone(),
        words: it.words,
        hash: it.hash,
    };
    let discriminator = |it: &message::ProfileDiscriminator| Discriminator {
        label: it.label.clone(),
        words: it.words,
        hash: it.hash,
        must: it.must,
    };
    TextProfile {
        key: LicenseKey(profile.key.clone()),
        kind: match profile.kind {
            message::ProfileKind::License => ProfileKind::License,
            message::ProfileKind::UsePolicy => ProfileKind::UsePolicy,
        },
        words: profile.words,
        whole: profile.whole,
        grams: profile.grams.clone(),
        frame: profile.frame.clone(),
        discriminators: profile.discriminators.iter().map(discriminator).collect(),
        clauses: profile.clauses.iter().map(phrase).collect(),
        permissive: profile.permissive,
        by: ResolverId(by.to_owned()),
    }
}

pub(crate) fn recognize(text: &str) -> Recognized {
    find(&KNOWN.matcher, text)
}

/// What `matcher` recognises in a licence file.
pub(crate) fn find(matcher: &Matcher, text: &str) -> Recognized {
    matcher.match_text(&SourcePath::new("LICENSE"), text)
}

/// `key exact`, `key variant` and so on, and `near-miss` for each diagnostic.
pub(crate) fn summary(found: &Recognized) -> Vec<String> {
    let matches = found.matches.iter();
    let matches = matches.map(|it| format!("{} {}", it.key, it.recognition.name()));
    let near = found.diagnostics.iter().map(|it| format!("near-miss: {}", it.message));
    matches.chain(near).collect()
}

pub(crate) fn ensure(condition: bool, message: impl FnOnce() -> String) -> Result<(), Failed> {
    if condition { Ok(()) } else { Err(message().into()) }
}

/// The texts of the corpus whose key is `wanted`.
pub(crate) fn texts(
    corpus: &Path,
    wanted: impl Fn(&str) -> bool,
) -> Result<BTreeMap<String, String>, Failed> {
    let folder = corpus.join("license-texts");
    let mut texts = BTreeMap::new();
    for entry in std::fs::read_dir(&folder)? {
        let path = entry?.path();
        let key = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        if path.extension().is_some_and(|it| it == "txt") && wanted(&key) {
            texts.insert(key, std::fs::read_to_string(&path)?);
        }
    }
    ensure(!texts.is_empty(), || format!("`{}` has no texts", folder.display()))?;
    Ok(texts)
}

/// Lines of at most about 72 characters.
pub(crate) fn wrap(text: &str) -> String {
    let mut width = 0;
    let mut wrapped = String::new();
    for word in text.split(' ') {
        width += word.len() + 1;
        wrapped.push_str(word);
        wrapped.push(if width > 72 { '\n' } else { ' ' });
        if width > 72 {
            width = 0;
        }
    }
    wrapped
}

/// The candidates that the open-source plugin claims for a word-for-word copy of `key`.
pub(crate) fn claimed(key: &str) -> Vec<String> {
    let artifact = message::ArtifactView {
        id: "id".into(),
        kind: "package".into(),
        name: None,
        facts: Vec::new(),
        text_matches: vec![message::TextMatchView {
            key: key.into(),
            kind: message::ProfileKind::License,
            recognition: "exact".into(),
            path: "LICENSE".into(),
        }],
        parents: Vec::new(),
    };
    let request = message::ResolveRequest {
        abi: message::ABI_MAJOR,
        settings: BTreeMap::new(),
        product: None,
        artifacts: vec![artifact],
    };
    let answer = flowdown_open_source::resolver().resolve(&request).unwrap_or_default();
    let claims = answer.artifacts.into_iter().flat_map(|it| it.claims);
    claims.flat_map(|claim| claim.candidates).collect()
}
