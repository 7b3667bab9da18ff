//! What a lock file says about one package.

use super::tree::{Format, Place, Tree};
use crate::extract::manifests::entry::{
    Ecosystem, PackageEntry, PackageSource, Reach, Scope, SourceKind, State,
};
use crate::extract::manifests::hashes;
use crate::extract::manifests::json::Node;
use crate::extract::manifests::lock::sorted;
use crate::extract::manifests::sheet::Sheet;
use crate::extract::manifests::text::excerpt;
use crate::model::Code;

/// The entry of a place; `None` for a link whose target has an entry of its own.
pub(super) fn entry(
    sheet: &mut Sheet<'_>,
    tree: &Tree<'_, '_>,
    index: usize,
) -> Option<PackageEntry> {
    let place = tree.place(index);
    if tree.target_of_link(place).is_some() {
        return None;
    }
    let mut identity = identity(place);
    let mut entry =
        PackageEntry::new(Ecosystem::Npm, &identity.name, State::Locked, scope(place.node));
    entry.version = identity.version.take();
    entry.stated_name = identity.alias;
    entry.source = source(place, identity.address.as_deref());
    entry.license.stated = licenses(place.node);
    entry.install_path = Some(place.path.clone());
    entry.depends_on = depends_on(tree, index);
    let integrity = place.node.text_of("integrity").unwrap_or_default();
    let (found, unknown) = hashes::read_all(integrity.split_whitespace(), hashes::from_sri);
    entry.hashes = found;
    if let Some(unknown) = unknown {
        let message = format!(
            "the integrity of `{}` is no digest: `{}`",
            excerpt(&identity.name),
            excerpt(unknown)
        );
        let help = "run `npm install --package-lock-only`; the package was listed without it";
        sheet.problem(Code::ManifestEntryInvalid, &place.span, message, help);
    }
    Some(entry)
}

/// Which package lies at a place.
struct Identity {
    name: String,
    /// The name of the folder, where it differs.
    alias: Option<String>,
    version: Option<String>,
    /// What stands in place of a version for a package that is not from the registry.
    address: Option<String>,
}

fn identity(place: &Place<'_, '_>) -> Identity {
    let stated = place.node.text_of("version");
    // Version 1 writes an alias as `npm:name@version`, version 2 and 3 give `name`.
    let aliased = stated.and_then(|text| text.strip_prefix("npm:")?.rsplit_once('@'));
    let folder = match place.is_installed() {
        true => place.folder,
        false => folder_name(&place.path),
    };
    let own = aliased.map(|(name, _)| name).or_else(|| place.node.text_of("name"));
    let name = own.unwrap_or(folder);
    let alias = (place.is_installed() && name != folder).then(|| folder.to_owned());
    let version = aliased.map_or(stated, |(_, version)| Some(version));
    let is_address = version.is_some_and(|version| version.contains([':', '/']));
    let (version, address) = if is_address { (None, version) } else { (version, None) };
    Identity {
        name: name.to_owned(),
        alias,
        version: version.map(str::to_owned),
        address: address.map(str::to_owned),
    }
}

/// npm leaves out the name of a workspace member that is called like its folder, with the scope if
/// the folder above begins with `@`.
fn folder_name(path: &str) -> &str {
    let name_start = path.rfind('/').map_or(0, |slash| slash + 1);
    let above = path[..name_start].trim_end_matches('/');
    let scope_start = above.rfind('/').map_or(0, |slash| slash + 1);
    let start = if above[scope_start..].starts_with('@') { scope_start } else { name_start };
    &path[start..]
}

/// npm installs a package marked `devOptional` for production too, unless optional packages are
/// left out as well, so it counts as optional.
fn scope(node: &Node<'_>) -> Scope {
    if node.is_set("dev") {
        Scope::Development
    } else if node.is_set("optional") || node.is_set("devOptional") {
        Scope::Optional
    } else {
        Scope::Runtime
    }
}

fn source(place: &Place<'_, '_>, address: Option<&str>) -> Option<PackageSource> {
    let node = place.node;
    if !place.is_installed() {
        let is_outside = place.path.split('/').next() == Some("..");
        let kind = if is_outside { SourceKind::Path } else { SourceKind::Workspace };
        return Some(PackageSource::at(kind, &*place.path));
    }
    if node.is_set("link") {
        return Some(PackageSource::at(SourceKind::Path, node.text_of("resolved")?));
    }
    if let Some(url) = node.text_of("resolved").or(address) {
        return Some(PackageSource::at(source_kind(url), url));
    }
    if node.is_set("bundled") || node.is_set("inBundle") {
        return Some(PackageSource::of(SourceKind::Bundled));
    }
    // `omit-lockfile-registry-resolved` leaves the address out, for registry packages only.
    node.get("integrity").map(|_| PackageSource::of(SourceKind::Registry))
}

fn source_kind(url: &str) -> SourceKind {
    const GIT: &[&str] = &["bitbucket:", "gist:", "git+", "git:", "github:", "gitlab:"];
    if GIT.iter().any(|prefix| url.starts_with(prefix)) {
        SourceKind::Git
    } else if url.starts_with("http://") || url.starts_with("https://") {
        // Every registry serves archives below `<name>/-/`.
        if url.contains("/-/") { SourceKind::Registry } else { SourceKind::Url }
    } else {
        SourceKind::Path
    }
}

/// `license` as text, as the legacy object `{ "type": … }`, or as an array of either; and the
/// legacy array `licenses`.
pub(super) fn licenses(node: &Node<'_>) -> Vec<String> {
    let mut stated = Vec::new();
    for value in ["license", "licenses"].into_iter().filter_map(|key| node.get(key)) {
        for item in std::iter::once(value).chain(value.items()) {
            let text = item.text().or_else(|| item.text_of("type"));
            stated.extend(text.map(str::to_owned));
        }
    }
    stated
}

fn depends_on(tree: &Tree<'_, '_>, index: usize) -> Vec<String> {
    let node = tree.place(index).node;
    let fields = tree.format.dependency_fields();
    sorted(fields.iter().flat_map(|field| {
        let members = node.get(field).map_or(&[][..], Node::members);
        members.iter().filter_map(move |member| match tree.resolve(index, &member.key) {
            Some(found) => {
                let Identity { name, version, .. } = identity(tree.place(found));
                Some(version.map_or_else(|| name.clone(), |version| format!("{name}@{version}")))
            }
            // A peer that the project did not install is not a dependency.
            None => (*field != "peerDependencies").then(|| member.key.clone().into_owned()),
        })
    }))
}

/// Which packages the project and the members of its workspace ask for themselves. Version 1 does
/// not tell.
pub(super) fn reaches(tree: &Tree<'_, '_>) -> Vec<Option<Reach>> {
    const FIELDS: &[&str] =
        &["dependencies", "devDependencies", "optionalDependencies", "peerDependencies"];
    let Some(root) = tree.root().filter(|_| tree.format == Format::Packages) else {
        return vec![None; tree.len()];
    };
    let mut reaches = vec![Some(Reach::Transitive); tree.len()];
    let members = tree.places().filter(|(_, place)| !place.is_installed());
    let own = std::iter::once((0, root)).chain(members.map(|(index, place)| (index, place.node)));
    for (index, node) in own {
        for field in FIELDS {
            for member in node.get(field).map_or(&[][..], Node::members) {
                if let Some(found) = tree.resolve(index, &member.key) {
                    reaches[found] = Some(Reach::Direct);
                }
            }
        }
    }
    reaches
}
