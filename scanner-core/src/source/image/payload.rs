//! What the blob of a layer is: an archive, or one file of a model artifact.
//!
//! | kind | media types |
//! |---|---|
//! | Docker Model Runner | `application/vnd.docker.ai.{gguf,safetensors,license,chat.template,mmproj,…}` |
//! | Ollama | `application/vnd.ollama.image.{model,projector,adapter,license,template,params,…}` |
//! | ModelPack (CNCF) | `application/vnd.cncf.model.*.raw` |
//!
//! Everything else is an archive: layers of container images, KitOps (`vnd.kitops.modelkit.*.tar`),
//! ModelPack `*.tar`.

use super::Layer;
use crate::model::SourcePath;

/// Beginnings of media types whose blob is one file, and what that is called when nothing says.
const FILES: &[(&str, &str)] = &[
    ("application/vnd.docker.ai.chat.template", "chat_template.jinja"),
    ("application/vnd.docker.ai.gguf.v3.lora", "adapter.gguf"),
    ("application/vnd.docker.ai.gguf.v3.mmproj", "mmproj.gguf"),
    ("application/vnd.docker.ai.gguf", "model.gguf"),
    ("application/vnd.docker.ai.license", "LICENSE"),
    ("application/vnd.docker.ai.mmproj", "mmproj.gguf"),
    ("application/vnd.docker.ai.model.file", "file"),
    ("application/vnd.docker.ai.safetensors", "model.safetensors"),
    ("application/vnd.ollama.image.adapter", "adapter.gguf"),
    ("application/vnd.ollama.image.license", "LICENSE"),
    ("application/vnd.ollama.image.messages", "messages.json"),
    ("application/vnd.ollama.image.model", "model.gguf"),
    ("application/vnd.ollama.image.params", "params.json"),
    ("application/vnd.ollama.image.projector", "projector.gguf"),
    ("application/vnd.ollama.image.system", "system.txt"),
    ("application/vnd.ollama.image.template", "template.txt"),
];

/// Annotations that name the file, the more specific first.
const NAMES: &[&str] = &["org.cncf.model.filepath", "org.opencontainers.image.title"];

/// What a blob is.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Payload {
    /// A tar archive, maybe compressed.
    Archive,
    /// One file, which stands at this path.
    File(SourcePath),
}

/// What each of `layers` is; two files of one artifact never have one path. Where nothing names the
/// weights, the name of the artifact does.
pub fn payloads(name: Option<&str>, layers: &[Layer]) -> Vec<Payload> {
    let mut taken = std::collections::BTreeSet::new();
    let payloads = layers.iter().map(|layer| match file_name(name, layer) {
        None => Payload::Archive,
        Some(wanted) => {
            let mut path = wanted.clone();
            let mut number = 2;
            while !taken.insert(path.clone()) {
                path = numbered(&wanted, number);
                number += 1;
            }
            Payload::File(path)
        }
    });
    payloads.collect()
}

fn file_name(name: Option<&str>, layer: &Layer) -> Option<SourcePath> {
    let media_type = layer.media_type.as_str();
    let known = FILES.iter().find(|(start, _)| media_type.starts_with(start));
    let is_raw =
        media_type.starts_with("application/vnd.cncf.model.") && media_type.ends_with(".raw");
    if (known.is_none() && !is_raw) || media_type.ends_with(".tar") {
        return None;
    }
    let named = NAMES.iter().find_map(|name| {
        let (_, value) = layer.annotations.iter().find(|(key, _)| key == name)?;
        Some(SourcePath::new(value)).filter(|path| !path.as_str().is_empty())
    });
    let known = known.map_or("file", |(_, name)| name);
    let own = match (name, known.strip_prefix("model.")) {
        (Some(name), Some(ending)) => format!("{}.{ending}", name.replace(['/', ':'], "-")),
        _ => known.to_owned(),
    };
    Some(named.unwrap_or_else(|| SourcePath::new("").child(own.as_bytes())))
}

/// `model.gguf` becomes `model-2.gguf`, `LICENSE` becomes `LICENSE-2`.
fn numbered(path: &SourcePath, number: u32) -> SourcePath {
    let name = path.file_name();
    let name = match name.rsplit_once('.') {
        Some((stem, ending)) if !stem.is_empty() => format!("{stem}-{number}.{ending}"),
        _ => format!("{name}-{number}"),
    };
    SourcePath::new(&format!("{}/{name}", path.parent().as_str()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(name: Option<&str>, layers: &[(&str, Option<&str>)], expected: &[&str]) {
        let layers: Vec<Layer> = layers
            .iter()
            .map(|(media_type, path)| Layer {
                media_type: (*media_type).to_owned(),
                annotations: path
                    .iter()
                    .map(|path| ("org.cncf.model.filepath".to_owned(), (*path).to_owned()))
                    .collect(),
                ..Layer::unnamed()
            })
            .collect();
        let found: Vec<String> = payloads(name, &layers)
            .iter()
            .map(|payload| match payload {
                Payload::Archive => "archive".to_owned(),
                Payload::File(path) => path.as_str().to_owned(),
            })
            .collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn artifacts_have_files_and_images_have_archives() {
        check(
            None,
            &[
                ("application/vnd.ollama.image.model", None),
                ("application/vnd.ollama.image.license", None),
                ("application/vnd.ollama.image.license", None),
                ("application/vnd.docker.ai.gguf.v3", Some("../a/b.gguf")),
                ("application/vnd.cncf.model.weight.v1.raw", Some("m/model.safetensors")),
                ("application/vnd.cncf.model.weight.v1.tar", Some("m")),
                ("application/vnd.oci.image.layer.v1.tar+gzip", None),
                ("application/vnd.kitops.modelkit.model.v1.tar+gzip", None),
                ("", None),
            ],
            &[
                "model.gguf",
                "LICENSE",
                "LICENSE-2",
                "a/b.gguf",
                "m/model.safetensors",
                "archive",
                "archive",
                "archive",
                "archive",
            ],
        );
    }

    #[test]
    fn weights_without_a_name_have_that_of_the_artifact() {
        check(
            Some("team/small:1b"),
            &[
                ("application/vnd.ollama.image.model", None),
                ("application/vnd.ollama.image.license", None),
                ("application/vnd.docker.ai.gguf.v3", Some("own.gguf")),
            ],
            &["team-small-1b.gguf", "LICENSE", "own.gguf"],
        );
    }
}
