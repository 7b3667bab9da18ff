//! Our own JSON. What it says of licences is not judged: where somebody stated words that are no
//! expression, it has the words.

use super::{Document, Hash, Stated};
use crate::bom::Format;
use crate::bom::tree::{Node, Object};
use crate::lint::path::Path;

pub(super) fn document(version: &str, root: &Node) -> Document {
    let mut reader =
        Reader { document: Document::new(Format::Flowdown, version), path: Path::default() };
    let Some(root) = root.as_object() else { return reader.document };
    if let Some(created) = root.text("created") {
        let at = reader.path.place_of("created");
        reader.document.times.push(Stated { text: created.to_owned(), at });
    }
    if let Some(inventory) = root.get("inventory").and_then(Node::as_object) {
        reader.path.enter("inventory");
        reader.each(inventory, "artifacts", Reader::artifact);
        reader.each(inventory, "relations", Reader::relation);
        reader.path.leave();
    }
    if let Some(assessment) = root.get("assessment").and_then(Node::as_object) {
        reader.path.enter("assessment");
        reader.assessment(assessment);
        reader.path.leave();
    }
    reader.document
}

struct Reader {
    document: Document,
    path: Path,
}

impl Reader {
    fn each(&mut self, owner: &Object, list: &str, visit: impl Fn(&mut Self, &Object)) {
        self.path.enter(list);
        for (index, item) in owner.list(list).iter().enumerate() {
            let Some(object) = item.as_object() else { continue };
            self.path.enter(&index.to_string());
            self.path.is(object, object.text("id"));
            visit(self, object);
            self.path.leave();
        }
        self.path.leave();
    }

    fn artifact(&mut self, artifact: &Object) {
        if let Some(id) = artifact.text("id") {
            let at = self.path.place_of("id");
            self.document.names.push(Stated { text: id.to_owned(), at });
        }
        if let Some(purl) = artifact.text("purl") {
            let at = self.path.place_of("purl");
            self.document.purls.push(Stated { text: purl.to_owned(), at });
        }
        for to in artifact.list("depends_on").iter().filter_map(Node::as_text) {
            let at = self.path.place_of("depends_on");
            self.document.refer(to, "depends_on", at);
        }
        self.each(artifact, "files", |reader, file| {
            for key in ["claimed_sha256", "sha256"] {
                let Some((algorithm, value)) = file.text(key).and_then(|it| it.split_once(':'))
                else {
                    continue;
                };
                let at = reader.path.place_of(key);
                let (algorithm, value) = (algorithm.to_owned(), value.to_owned());
                reader.document.hashes.push(Hash { algorithm, value, at });
            }
        });
    }

    fn relation(&mut self, relation: &Object) {
        let at = self.path.place();
        if let Some(from) = relation.text("from") {
            self.document.refer(from, "from", at.clone());
        }
        if let Some(to) = relation.get("to").and_then(Node::as_object)
            && let Some(here) = to.text("here")
        {
            self.document.refer(here, "to", at);
        }
    }

    fn assessment(&mut self, assessment: &Object) {
        self.path.enter("artifacts");
        let artifacts = assessment.get("artifacts").and_then(Node::as_object);
        for id in artifacts.iter().flat_map(|artifacts| artifacts.fields.keys()) {
            self.path.enter(id);
            let at = self.path.place();
            self.document.refer(id, "artifacts", at);
            self.path.leave();
        }
        self.path.leave();
        let Some(bundle) = assessment.get("bundle").and_then(Node::as_object) else { return };
        self.path.enter("bundle");
        self.each(bundle, "entries", |reader, entry| {
            for id in entry.list("covers").iter().filter_map(Node::as_text) {
                let at = reader.path.place_of("covers");
                reader.document.refer(id, "covers", at);
            }
        });
        self.path.leave();
    }
}
