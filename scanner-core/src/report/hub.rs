//! What the package URL of a hub repository says about where it comes from.

use crate::model::Purl;

/// A repository on the Hugging Face hub, by its package URL.
pub(super) struct HubRepository<'a> {
    /// The account that publishes it.
    pub(super) account: &'a str,
    name: &'a str,
}

impl<'a> HubRepository<'a> {
    /// The repository that `purl` names; `None` for other kinds, for another hub
    /// (`repository_url`) and for repositories without an account.
    pub(super) fn of(purl: &'a Purl) -> Option<Self> {
        let rest = purl.as_str().strip_prefix("pkg:huggingface/")?;
        let path = rest.split('@').next()?;
        let (account, name) = path.split_once('/')?;
        let plain = |text: &str| {
            !text.is_empty()
                && text.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-'))
        };
        let elsewhere = rest.contains(['?', '#']);
        (plain(account) && plain(name) && !elsewhere).then_some(Self { account, name })
    }

    /// The page from which the repository can be downloaded.
    pub(super) fn url(&self) -> String {
        format!("https://huggingface.co/{}/{}", self.account, self.name)
    }
}

/// The page of an account.
pub(super) fn account_url(account: &str) -> String {
    format!("https://huggingface.co/{account}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(purl: &str, expected: Option<&str>) {
        let purl = Purl::parse(purl).unwrap();
        assert_eq!(HubRepository::of(&purl).map(|found| found.url()).as_deref(), expected);
    }

    #[test]
    fn only_plain_repositories_of_the_hub_have_a_page() {
        check("pkg:huggingface/acme/coder@0f0f", Some("https://huggingface.co/acme/coder"));
        check("pkg:huggingface/acme/coder", Some("https://huggingface.co/acme/coder"));
        check("pkg:huggingface/acme/coder?repository_url=https:%2F%2Fhub.example", None);
        check("pkg:huggingface/acme/a%20b", None);
        check("pkg:pypi/acme", None);
    }
}
