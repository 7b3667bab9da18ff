//! Images in registries, and what lies beside them there.

use flowdown_core::source::registry::Reference;

use super::{How, Opened};

#[cfg(feature = "registry")]
pub(super) fn registry(reference: &Reference, how: &How<'_>) -> anyhow::Result<Opened> {
    use std::path::Path;

    use anyhow::Context as _;
    use flowdown_core::source::image::{Name, small_document};
    use flowdown_core::source::registry::{Options, Registry, credential_files};

    let options = Options {
        plain_http: how.plain_http,
        mirrors: how.mirrors.clone(),
        credential_files: credential_files(|name| std::env::var(name).ok()),
        ..Options::default()
    };
    let store = Registry::open(reference, options, how.limits)
        .with_context(|| format!("the image `{reference}` cannot be fetched"))?;
    let name = reference.to_string();
    let document = |name: &str| small_document(&store, name, how.limits);
    let (mut images, mut diagnostics) =
        super::found(&document, Path::new(&name), Name::All, how.platform, how.limits)?;
    if how.attachments {
        diagnostics.extend(store.add_attachments(&mut images));
    }
    Ok(Opened::Images { store: Box::new(store), images, diagnostics })
}

#[cfg(not(feature = "registry"))]
pub(super) fn registry(reference: &Reference, _: &How<'_>) -> anyhow::Result<Opened> {
    anyhow::bail!(
        "this program was built without support for registries, and `{reference}` is the name of an \
         image in one; save the image as an archive, or build with the feature `registry`"
    );
}
