//! What a layer said, as bytes. Other code than that which wrote them never reads them, so this is no
//! format that has to last.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::assemble::{ReadFile, ScannedFile};
use crate::engine::image::LayerFiles;
use crate::extract::{self, Extraction};
use crate::model::{
    CapturedText, Code, Diagnostic, Digest, Fact, FactName, FactValue, Location, Origin, Sha512,
    SourcePath, Span, Tensor, TextRole, names,
};
use crate::source::image::{LayerTree, Node, NodeKind};

/// Why a value cannot be kept, or bytes are none of ours.
#[derive(Debug)]
pub(super) struct Unfit;

type Fit<T> = Result<T, Unfit>;

/// A layer.
#[derive(Serialize, Deserialize)]
pub(super) struct Layer {
    nodes: Vec<(String, Kind)>,
    files: Vec<(usize, File)>,
    kept: Vec<(usize, Vec<u8>)>,
    diagnostics: Vec<Remark>,
}

/// Files that were read once more under the names that links give them.
#[derive(Serialize, Deserialize)]
pub(super) struct Again(Vec<(String, File)>);

#[derive(Serialize, Deserialize)]
enum Kind {
    File(u64),
    Folder,
    Symlink(String),
    HardLink(String),
    Special,
    Whiteout,
    Opaque,
}

#[derive(Serialize, Deserialize)]
struct File {
    path: String,
    size: u64,
    sha256: Option<String>,
    sha512: Option<String>,
    extractors: Vec<String>,
    facts: Vec<Said>,
    tensors: Vec<Part>,
    texts: Vec<Text>,
    diagnostics: Vec<Remark>,
}

#[derive(Serialize, Deserialize)]
struct Said {
    name: String,
    value: Value,
    at: Place,
}

#[derive(Serialize, Deserialize)]
enum Value {
    Text(String),
    Int(i128),
    Digest(String),
    List(Vec<Self>),
    Map(BTreeMap<String, Self>),
}

#[derive(Serialize, Deserialize)]
struct Place {
    path: String,
    span: Option<Range>,
}

#[derive(Serialize, Deserialize)]
enum Range {
    Lines(u64, u64),
    Bytes(u64, u64),
    Key(String),
}

#[derive(Serialize, Deserialize)]
struct Part {
    name: String,
    dtype: String,
    shape: Vec<u64>,
    bytes: Option<(u64, u64)>,
    digest: Option<String>,
}

#[derive(Serialize, Deserialize)]
struct Text {
    path: String,
    role: u8,
    bytes: Vec<u8>,
    first_line: u64,
}

#[derive(Serialize, Deserialize)]
struct Remark {
    at: Option<Place>,
    code: String,
    message: String,
    help: Option<String>,
}

/// Every role with its number.
const ROLES: [TextRole; 5] = [
    TextRole::License,
    TextRole::Notice,
    TextRole::UsePolicy,
    TextRole::Card,
    TextRole::GatedPrompt,
];

impl Layer {
    pub(super) fn of(layer: &LayerFiles) -> Fit<Self> {
        let files = layer.files.iter().map(|(node, file)| Ok((*node, File::of(file)?)));
        Ok(Self {
            nodes: layer.tree.nodes.iter().map(of_node).collect(),
            files: files.collect::<Fit<_>>()?,
            kept: layer.kept.iter().map(|(node, bytes)| (*node, bytes.to_vec())).collect(),
            diagnostics: remarks(&layer.tree.diagnostics)?,
        })
    }

    pub(super) fn into_layer(self) -> Fit<LayerFiles> {
        let nodes: Vec<Node> = self.nodes.into_iter().map(node).collect();
        let count = nodes.len();
        let checked = |node: usize| if node < count { Ok(node) } else { Err(Unfit) };
        let files = self.files.into_iter();
        let files = files.map(|(node, file)| Ok((checked(node)?, file.into_file()?)));
        let kept = self.kept.into_iter();
        let kept = kept.map(|(node, bytes)| Ok((checked(node)?, Arc::<[u8]>::from(bytes))));
        let diagnostics = self.diagnostics.into_iter().map(Remark::into_diagnostic);
        Ok(LayerFiles {
            files: files.collect::<Fit<_>>()?,
            kept: kept.collect::<Fit<_>>()?,
            tree: LayerTree {
                nodes,
                measured: None,
                diagnostics: diagnostics.collect::<Fit<_>>()?,
            },
        })
    }
}

impl Again {
    pub(super) fn of(files: &[(SourcePath, ScannedFile)]) -> Fit<Self> {
        let files =
            files.iter().map(|(path, file)| Ok((path.as_str().to_owned(), File::of(file)?)));
        files.collect::<Fit<_>>().map(Self)
    }

    pub(super) fn into_files(self) -> Fit<Vec<(SourcePath, ScannedFile)>> {
        let files = self.0.into_iter();
        files.map(|(path, file)| Ok((SourcePath::new(&path), file.into_file()?))).collect()
    }
}

fn of_node(node: &Node) -> (String, Kind) {
    let kind = match &node.kind {
        NodeKind::File(size) => Kind::File(*size),
        NodeKind::Folder => Kind::Folder,
        NodeKind::Symlink(target) => Kind::Symlink(target.to_string()),
        NodeKind::HardLink(target) => Kind::HardLink(target.as_str().to_owned()),
        NodeKind::Special => Kind::Special,
        NodeKind::Whiteout => Kind::Whiteout,
        NodeKind::Opaque => Kind::Opaque,
    };
    (node.path.as_str().to_owned(), kind)
}

fn node((path, kind): (String, Kind)) -> Node {
    let kind = match kind {
        Kind::File(size) => NodeKind::File(size),
        Kind::Folder => NodeKind::Folder,
        Kind::Symlink(target) => NodeKind::Symlink(target.into()),
        Kind::HardLink(target) => NodeKind::HardLink(SourcePath::new(&target)),
        Kind::Special => NodeKind::Special,
        Kind::Whiteout => NodeKind::Whiteout,
        Kind::Opaque => NodeKind::Opaque,
    };
    Node { path: SourcePath::new(&path), kind }
}

impl File {
    fn of(file: &ScannedFile) -> Fit<Self> {
        let Extraction { facts, tensors, texts, diagnostics } = file.extraction();
        let sha512 = file.read.as_ref().and_then(|read| read.sha512.as_ref());
        Ok(Self {
            path: file.path.as_str().to_owned(),
            size: file.size,
            sha256: file.sha256.as_ref().map(ToString::to_string),
            sha512: sha512.map(Sha512::hex),
            extractors: file.extractors().iter().map(ToString::to_string).collect(),
            facts: facts.iter().map(Said::of).collect::<Fit<_>>()?,
            tensors: tensors.iter().map(Part::of).collect(),
            texts: texts.iter().map(Text::of).collect::<Fit<_>>()?,
            diagnostics: remarks(diagnostics)?,
        })
    }

    fn into_file(self) -> Fit<ScannedFile> {
        let diagnostics = self.diagnostics.into_iter().map(Remark::into_diagnostic);
        let read = ReadFile {
            sha512: self.sha512.as_deref().map(sha512).transpose()?,
            extractors: self.extractors.iter().map(|id| extractor(id)).collect::<Fit<_>>()?,
            extraction: Extraction {
                facts: self.facts.into_iter().map(Said::into_fact).collect::<Fit<_>>()?,
                tensors: self.tensors.into_iter().map(Part::into_tensor).collect::<Fit<_>>()?,
                texts: self.texts.into_iter().map(Text::into_text).collect::<Fit<_>>()?,
                diagnostics: diagnostics.collect::<Fit<_>>()?,
            },
        };
        Ok(ScannedFile {
            path: SourcePath::new(&self.path),
            size: self.size,
            sha256: self.sha256.as_deref().map(digest).transpose()?,
            read: Some(Box::new(read)),
        })
    }
}

fn digest(text: &str) -> Fit<Digest> {
    Digest::parse(text).ok_or(Unfit)
}

fn sha512(hex: &str) -> Fit<Sha512> {
    let mut bytes = [0; 64];
    if hex.len() != 2 * bytes.len() || !hex.is_ascii() {
        return Err(Unfit);
    }
    for (index, byte) in bytes.iter_mut().enumerate() {
        *byte = u8::from_str_radix(&hex[2 * index..2 * index + 2], 16).map_err(|_| Unfit)?;
    }
    Ok(Sha512::new(bytes))
}

fn extractor(id: &str) -> Fit<&'static str> {
    extract::all().map(extract::Extractor::id).find(|known| *known == id).ok_or(Unfit)
}

fn fact_name(text: &str) -> Fit<FactName> {
    let known = names::ALL.binary_search_by(|(name, _)| name.as_str().cmp(text));
    known.map(|index| names::ALL[index].0).map_err(|_| Unfit)
}

impl Said {
    fn of(fact: &Fact) -> Fit<Self> {
        let (name, at) = (fact.name.as_str().to_owned(), Place::of(&fact.at)?);
        Ok(Self { name, value: Value::of(&fact.value), at })
    }

    fn into_fact(self) -> Fit<Fact> {
        let (name, at) = (fact_name(&self.name)?, self.at.into_location());
        Ok(Fact { name, value: self.value.into_value()?, at })
    }
}

impl Value {
    fn of(value: &FactValue) -> Self {
        match value {
            FactValue::Text(text) => Self::Text(text.clone()),
            FactValue::Int(number) => Self::Int(*number),
            FactValue::Digest(digest) => Self::Digest(digest.to_string()),
            FactValue::List(items) => Self::List(items.iter().map(Self::of).collect()),
            FactValue::Map(map) => {
                Self::Map(map.iter().map(|(key, value)| (key.clone(), Self::of(value))).collect())
            }
        }
    }

    fn into_value(self) -> Fit<FactValue> {
        Ok(match self {
            Self::Text(text) => FactValue::Text(text),
            Self::Int(number) => FactValue::Int(number),
            Self::Digest(text) => FactValue::Digest(digest(&text)?),
            Self::List(items) => {
                FactValue::List(items.into_iter().map(Self::into_value).collect::<Fit<_>>()?)
            }
            Self::Map(map) => {
                let entries = map.into_iter().map(|(key, value)| Ok((key, value.into_value()?)));
                FactValue::Map(entries.collect::<Fit<_>>()?)
            }
        })
    }
}

impl Place {
    /// While a layer is read, its files do not know it yet.
    fn of(at: &Location) -> Fit<Self> {
        if at.origin != (Origin::Scanned { layer: None }) {
            return Err(Unfit);
        }
        let span = at.span.as_ref().map(|span| match span {
            Span::Lines { first, last } => Range::Lines(*first, *last),
            Span::Bytes { start, end } => Range::Bytes(*start, *end),
            Span::Key(key) => Range::Key(key.clone()),
        });
        Ok(Self { path: at.path.as_str().to_owned(), span })
    }

    fn into_location(self) -> Location {
        let span = self.span.map(|range| match range {
            Range::Lines(first, last) => Span::Lines { first, last },
            Range::Bytes(start, end) => Span::Bytes { start, end },
            Range::Key(key) => Span::Key(key),
        });
        Location { span, ..Location::scanned(&SourcePath::new(&self.path)) }
    }
}

impl Part {
    fn of(tensor: &Tensor) -> Self {
        Self {
            name: tensor.name.clone(),
            dtype: tensor.dtype.clone(),
            shape: tensor.shape.clone(),
            bytes: tensor.bytes.as_ref().map(|range| (range.start, range.end)),
            digest: tensor.digest.as_ref().map(ToString::to_string),
        }
    }

    fn into_tensor(self) -> Fit<Tensor> {
        Ok(Tensor {
            name: self.name,
            dtype: self.dtype,
            shape: self.shape,
            bytes: self.bytes.map(|(start, end)| start..end),
            digest: self.digest.as_deref().map(digest).transpose()?,
        })
    }
}

impl Text {
    fn of(text: &CapturedText) -> Fit<Self> {
        let role = ROLES.iter().position(|role| *role == text.role).ok_or(Unfit)?;
        Ok(Self {
            path: text.path.as_str().to_owned(),
            role: u8::try_from(role).map_err(|_| Unfit)?,
            bytes: text.bytes.to_vec(),
            first_line: text.first_line,
        })
    }

    fn into_text(self) -> Fit<CapturedText> {
        Ok(CapturedText {
            path: SourcePath::new(&self.path),
            role: *ROLES.get(usize::from(self.role)).ok_or(Unfit)?,
            bytes: self.bytes.into(),
            first_line: self.first_line,
        })
    }
}

fn remarks(diagnostics: &[Diagnostic]) -> Fit<Vec<Remark>> {
    let remark = |diagnostic: &Diagnostic| {
        Ok(Remark {
            at: diagnostic.at.as_ref().map(Place::of).transpose()?,
            code: diagnostic.code.as_str().to_owned(),
            message: diagnostic.message.clone(),
            help: diagnostic.help.clone(),
        })
    };
    diagnostics.iter().map(remark).collect()
}

impl Remark {
    fn into_diagnostic(self) -> Fit<Diagnostic> {
        let code = Code::ALL.iter().find(|code| code.as_str() == self.code).ok_or(Unfit)?;
        Ok(Diagnostic {
            at: self.at.map(Place::into_location),
            code: *code,
            message: self.message,
            help: self.help,
        })
    }
}
