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
        diagnostics.extend(beside::add(&store, &mut images));
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

#[cfg(feature = "registry")]
mod beside {
    use flowdown_core::model::{Attachment, Code, Diagnostic, Digest};
    use flowdown_core::source::image::Image;
    use flowdown_core::source::registry::Registry;

    /// Adds what the registry keeps beside `images`; what is about the index of their platforms is about
    /// each of them. Returns why it is not known.
    pub(super) fn add(store: &Registry, images: &mut [Image]) -> Option<Diagnostic> {
        let mut unread = None;
        let mut about = |digest: Option<Digest>| -> Vec<Attachment> {
            match digest.map(|digest| store.attachments(&digest)) {
                Some(Ok(found)) => found,
                Some(Err(error)) => {
                    let message = format!("what lies beside the image is not known: {error}");
                    let help =
                        "signatures, attestations and bills of materials beside it are not listed";
                    let unanswered = Diagnostic::of_run(Code::ImageAttachmentsUnread, message);
                    unread.get_or_insert(unanswered.help(help));
                    Vec::new()
                }
                None => Vec::new(),
            }
        };
        let top = store.digest();
        let of_all = about(top);
        for image in images {
            if image.manifest != top {
                image.attachments.extend(about(image.manifest));
            }
            image.attachments.extend(of_all.iter().cloned());
            image.attachments.sort();
            image.attachments.dedup();
        }
        unread
    }
}
