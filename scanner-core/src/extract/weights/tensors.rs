//! What follows from a list of tensors: counts and fingerprints. `docs/fingerprints.md` defines
//! each digest byte by byte.

use std::collections::BTreeMap;

use sha2::{Digest as _, Sha256};

use crate::extract::names;
use crate::model::{Algorithm, Digest, Fact, FactValue, Location, Tensor};

/// Whether a header was read to its end.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Coverage {
    /// Every tensor of the file is in the list.
    Complete,
    /// The header breaks off; the list holds what stands before the break.
    Partial,
}

/// Number of tensors, of parameters, data types and the manifest digest.
pub(super) fn facts(tensors: &[Tensor], coverage: Coverage, at: &Location) -> Vec<Fact> {
    let mut dtypes = BTreeMap::<&str, u64>::new();
    for tensor in tensors {
        *dtypes.entry(&tensor.dtype).or_default() += 1;
    }
    let dtypes = dtypes.into_iter().map(|(dtype, count)| (dtype.to_owned(), count.into()));
    let mut facts = vec![
        Fact::new(names::WEIGHTS_TENSOR_COUNT, tensors.len() as u64, at.clone()),
        Fact {
            name: names::WEIGHTS_DTYPES,
            value: FactValue::Map(dtypes.collect()),
            at: at.clone(),
        },
    ];
    let parameters = tensors.iter().map(|tensor| elements(&tensor.shape).map(i128::from));
    if let Some(count) = parameters.sum::<Option<i128>>() {
        facts.push(Fact {
            name: names::WEIGHTS_PARAMETER_COUNT,
            value: FactValue::Int(count),
            at: at.clone(),
        });
    }
    if coverage == Coverage::Complete && !tensors.is_empty() {
        let digest = manifest_digest(tensors);
        facts.push(Fact::new(names::WEIGHTS_TENSOR_MANIFEST_DIGEST, digest, at.clone()));
    }
    facts
}

/// The number of elements of a shape; `None` when it does not fit 64 bits.
pub(super) fn elements(shape: &[u64]) -> Option<u64> {
    // A zero anywhere makes the tensor empty, whatever the other dimensions multiply to.
    if shape.contains(&0) {
        return Some(0);
    }
    shape.iter().try_fold(1_u64, |product, dimension| product.checked_mul(*dimension))
}

/// The digest over names, data types and shapes, in order of the names.
fn manifest_digest(tensors: &[Tensor]) -> Digest {
    let mut sorted: Vec<&Tensor> = tensors.iter().collect();
    sorted
        .sort_unstable_by(|a, b| (&a.name, &a.dtype, &a.shape).cmp(&(&b.name, &b.dtype, &b.shape)));
    let mut hasher = Sha256::new();
    for tensor in sorted {
        let mut record = Vec::new();
        put_text(&mut record, &tensor.name);
        put_kind(&mut record, tensor);
        hasher.update(&record);
    }
    Digest::new(Algorithm::Sha256, hasher.finalize().into())
}

/// The digest over data types, shapes and contents without names; `None` unless the contents of
/// every tensor were digested.
pub(in crate::extract) fn set_digest(tensors: &[Tensor]) -> Option<Digest> {
    if tensors.is_empty() {
        return None;
    }
    let record = |tensor: &Tensor| {
        let mut record = Vec::new();
        put_kind(&mut record, tensor);
        record.extend_from_slice(tensor.digest?.bytes());
        Some(record)
    };
    let mut records = tensors.iter().map(record).collect::<Option<Vec<_>>>()?;
    records.sort_unstable();
    let mut hasher = Sha256::new();
    for record in records {
        hasher.update(&record);
    }
    Some(Digest::new(Algorithm::Sha256, hasher.finalize().into()))
}

fn put_kind(record: &mut Vec<u8>, tensor: &Tensor) {
    put_text(record, &tensor.dtype);
    record.extend_from_slice(&(tensor.shape.len() as u64).to_le_bytes());
    for dimension in &tensor.shape {
        record.extend_from_slice(&dimension.to_le_bytes());
    }
}

fn put_text(record: &mut Vec<u8>, text: &str) {
    record.extend_from_slice(&(text.len() as u64).to_le_bytes());
    record.extend_from_slice(text.as_bytes());
}
