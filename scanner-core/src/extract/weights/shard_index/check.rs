//! An index against the shards beside it.

use std::collections::{BTreeMap, BTreeSet};

use super::super::problems::Problems;
use crate::extract::names;
use crate::extract::text::shown;
use crate::model::{Code, Diagnostic, Fact, FactValue, SourcePath, Tensor};

/// A shard that is present.
#[derive(Clone, Copy, Debug)]
pub enum Shard<'a> {
    /// Its header was read.
    Read(&'a [Tensor]),
    /// It is there, but its tensors are not known: a git-LFS pointer, an empty file, a pickle.
    Unread,
}

/// Compares the facts of one index with the shards in its folder, however they are ordered.
///
/// Says which shards are absent, which tensors are in another shard than the index says or in
/// none, which are in a shard without standing in the index, and whether the sizes add up.
pub fn check(index: &[Fact], shards: &[(SourcePath, Shard<'_>)]) -> Vec<Diagnostic> {
    let map = index.iter().find(|fact| fact.name == names::WEIGHTS_INDEX_WEIGHT_MAP);
    let Some((fact, FactValue::Map(map))) = map.map(|fact| (fact, &fact.value)) else {
        return Vec::new();
    };
    let mut problems = Problems::of(&fact.at.path);
    let shards: BTreeMap<&str, Shard<'_>> =
        shards.iter().map(|(path, shard)| (path.file_name(), *shard)).collect();
    let mapped: BTreeMap<&str, &str> =
        map.iter().filter_map(|(tensor, file)| Some((&**tensor, file.as_text()?))).collect();
    let named: BTreeSet<&str> = mapped.values().copied().collect();

    for file in &named {
        if !shards.contains_key(file) {
            let message = format!("the index names the shard `{}`, which is not here", shown(file));
            let help = "fetch the missing shard; the model is incomplete without it";
            problems.key(Code::WeightsShardMissing, file, message, help);
        }
    }
    check_tensors(&mapped, &shards, &mut problems);
    check_total(index, &named, &shards, &mut problems);
    problems.finish()
}

fn check_tensors(
    mapped: &BTreeMap<&str, &str>,
    shards: &BTreeMap<&str, Shard<'_>>,
    problems: &mut Problems,
) {
    let help = "loaders follow the index: fetch index and shards again from one place";
    let mut found = BTreeMap::<&str, &str>::new();
    for (file, shard) in shards {
        let Shard::Read(tensors) = shard else { continue };
        for tensor in *tensors {
            found.insert(&tensor.name, file);
            if !mapped.contains_key(&*tensor.name) {
                let message = format!(
                    "`{}` stands in `{}` and not in the index",
                    shown(&tensor.name),
                    shown(file)
                );
                problems.key(Code::SafetensorsIndexMismatch, &tensor.name, message, help);
            }
        }
    }
    for (tensor, file) in mapped {
        // A shard whose header was not read may hold anything.
        if !matches!(shards.get(file), Some(Shard::Read(_))) || found.get(tensor) == Some(file) {
            continue;
        }
        let place = match found.get(tensor) {
            Some(other) => format!("it stands in `{}`", shown(other)),
            None => "it stands in no shard that was read".to_owned(),
        };
        let message =
            format!("the index maps `{}` to `{}`, but {place}", shown(tensor), shown(file));
        problems.key(Code::SafetensorsIndexMismatch, tensor, message, help);
    }
}

/// Compares `total_size` with the sum over the tensors, when all of them are known.
fn check_total(
    index: &[Fact],
    named: &BTreeSet<&str>,
    shards: &BTreeMap<&str, Shard<'_>>,
    problems: &mut Problems,
) {
    let stated = index.iter().find(|fact| fact.name == names::WEIGHTS_INDEX_TOTAL_SIZE);
    let Some(stated) = stated.and_then(|fact| fact.value.as_int()) else {
        return;
    };
    let mut total = 0_i128;
    for file in named {
        let Some(Shard::Read(tensors)) = shards.get(file) else {
            return;
        };
        for tensor in *tensors {
            let Some(bytes) = &tensor.bytes else {
                return;
            };
            total += i128::from(bytes.end - bytes.start);
        }
    }
    if stated != total {
        let message = format!("`total_size` says `{stated}` bytes, the tensors take `{total}`");
        let help = "fetch index and shards again from one place";
        problems.key(Code::SafetensorsIndexMismatch, "metadata.total_size", message, help);
    }
}
