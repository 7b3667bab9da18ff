//! What a lock file says about one package.

use super::tree::{Format, Place, Tree};
use crate::extract::manifests::entry::{
    Ecosystem, PackageEntry, PackageSource, Reach, Scope, SourceKind, State,
};
use crate::extract::manifests::hashes;
use crate::extract::manifests::json::Node;
use crate::extract::manifests::lock::sorted;
use crate::extract::manifests::sheet::Sheet;
use crate::extract::text::shown;
use crate::model::Code;

/// Longest `name@version` that is repeated at each package that depends on it.
const MAX_LABEL_BYTES: usize = 512;

/// The entry of a place.
pub(super) fn entry(
    sheet: &mut Sheet<'_>,
    tree: &Tree<'_, '_>,
    identities: &[Identity<'_>],
    index: usize,
) -> PackageEntry {
    let place = tree.place(index);
    let identity = &identities[index];
    let mut entry =
        PackageEntry::new(Ecosystem::Npm, identity.name, State::Locked, scope(place.node));
    entry.version = identity.version.map(str::to_owned);
    entry.stated_name = identity.alias.map(str::to_owned);
    entry.source = source(place, identity.address);
    entry.license.stated = licenses(place.node);
    entry.install_path = Some(place.path.clone());
    entry.depends_on = depends_on(tree, identities, index);
    let integrity = place.node.text_of("integrity").unwrap_or_default();
    let (found, unknown) = hashes::read_all(integrity.split_whitespace(), hashes::from_sri);
    entry.hashes = found;
    if let Some(unknown) = unknown {
        let message = format!(
            "the integrity of `{}` is no digest: `{}`",
            shown(identity.name),
            shown(unknown)
        );
        let help = "run `npm install --package-lock-only`; the package was listed without it";
        sheet.problem(Code::ManifestEntryInvalid, &place.span, message, help);
    }
    entry
}

/// Which package lies at a place.
pub(super) struct Identity<'j> {
    name: &'j str,
    /// The name of the folder, where it differs.
    alias: Option<&'j str>,
    version: Option<&'j str>,
    /// What stands in place of a version for a package that is not from the registry.
    address: Option<&'j str>,
}

/// Which package lies at each place of `tree`.
pub(super) fn identities<'p>(tree: &'p Tree<'_, '_>) -> Vec<Identity<'p>> {
    (0..tree.len()).map(|index| identity(tree.place(index))).collect()
}

fn identity<'p>(place: &'p Place<'_, '_>) -> Identity<'p> {
    let stated = place.node.text_of("version");
    // Version 1 writes an alias as `npm:name@version`, version 2 and 3 give `name`.
    let aliased = stated.and_then(|text| text.strip_prefix("npm:")?.rsplit_once('@'));
    let folder = match place.is_installed() {
        true => place.folder,
        false => folder_name(&place.path),
    };
    let own = aliased.map(|(name, _)| name).or_else(|| place.node.text_of("name"));
    let name = own.unwrap_or(folder);
    let alias = (place.is_installed() && name != folder).then_some(folder);
    let version = aliased.map_or(stated, |(_, version)| Some(version));
    let is_address = version.is_some_and(|version| version.contains([':', '/']));
    let (version, address) = if is_address { (None, version) } else { (version, None) };
    Identity { name, alias, version, address }
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

fn depends_on(tree: &Tree<'_, '_>, identities: &[Identity<'_>], index: usize) -> Vec<String> {
    let node = tree.place(index).node;
    let fields = tree.format.dependency_fields();
    sorted(fields.iter().flat_map(|field| {
        let members = node.get(field).map_or(&[][..], Node::members);
        members.iter().filter_map(move |member| match tree.resolve(index, &member.key) {
            Some(found) => {
                let Identity { name, version, .. } = identities[found];
                let is_long = name.len() + version.map_or(0, str::len) > MAX_LABEL_BYTES;
                Some(match version {
                    _ if is_long => member.key.clone().into_owned(),
                    Some(version) => format!("{name}@{version}"),
                    None => name.to_owned(),
                })
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
