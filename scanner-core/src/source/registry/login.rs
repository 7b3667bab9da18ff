//! What a registry is shown when it asks: user and password, or a token that it issues for them.
//!
//! Token authentication of the Docker registry. Nothing is shown before a registry asks, and a token
//! is asked for that can only pull from the one repository.

use std::sync::{Arc, PoisonError};

use serde::Deserialize;
use ureq::http::{HeaderMap, StatusCode, Uri, header};

use super::RegistryError;
use super::address::form;
use super::challenge::{Challenge, challenges};
use super::client::{Client, Failure, Place};
use super::credentials::{self, Credential};
use super::traffic::Counter;

#[derive(Deserialize)]
struct TokenDocument {
    token: Option<String>,
    access_token: Option<String>,
}

impl Client {
    /// What the registry wants to be shown, as the value of the header `Authorization`.
    pub(super) fn authorization(
        &self,
        place: &Place,
        url: &Uri,
        headers: &HeaderMap,
        counter: &Arc<Counter>,
    ) -> Result<String, Failure> {
        let headers = headers.get_all(header::WWW_AUTHENTICATE);
        let found: Vec<Challenge> =
            headers.iter().filter_map(|it| it.to_str().ok()).flat_map(challenges).collect();
        let credential = self.credential(place)?;
        for challenge in &found {
            if let Challenge::Bearer { realm, service } = challenge {
                let realm = self.led_to(url, realm)?;
                let service = service.as_deref();
                let token = self.token(place, &realm, service, credential.as_ref(), counter)?;
                return Ok(format!("Bearer {token}"));
            }
        }
        let is_basic = found.contains(&Challenge::Basic);
        let basic = credential.as_ref().and_then(Credential::basic).filter(|_| is_basic);
        match basic {
            Some(basic) => Ok(basic),
            None => Err(self.log_in(place)?.into()),
        }
    }

    /// The word that a login is needed, or that the one there is does not do.
    pub(super) fn log_in(&self, place: &Place) -> Result<RegistryError, RegistryError> {
        let host = place.host.clone();
        Ok(match self.credential(place)? {
            Some(_) => RegistryError::LogInRefused { host },
            None => RegistryError::LogInNeeded { host },
        })
    }

    /// Looked for once a host, and only when it asks.
    fn credential(&self, place: &Place) -> Result<Option<Credential>, RegistryError> {
        let mut known = self.credentials.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(found) = known.get(&place.host) {
            return Ok(found.clone());
        }
        let files = &self.options.credential_files;
        let patience = self.options.timing.helper;
        let found = credentials::find(files, &place.host, &place.repository, patience)
            .map_err(RegistryError::Credentials)?;
        known.insert(place.host.clone(), found.clone());
        Ok(found)
    }

    /// A token to pull from the repository, whatever more the registry would have asked for.
    fn token(
        &self,
        place: &Place,
        realm: &Uri,
        service: Option<&str>,
        credential: Option<&Credential>,
        counter: &Arc<Counter>,
    ) -> Result<String, Failure> {
        let scope = format!("repository:{}:pull", place.repository);
        let mut fields = vec![("scope", scope.as_str())];
        fields.extend(service.map(|service| ("service", service)));
        counter.request();
        let response = if let Some(Credential::Identity(token)) = credential {
            fields.push(("grant_type", "refresh_token"));
            fields.push(("client_id", "flowdown"));
            fields.push(("refresh_token", token));
            let kind = "application/x-www-form-urlencoded";
            let request = self.agent(realm).post(realm).header(header::CONTENT_TYPE, kind);
            request.send(form(&fields))
        } else {
            let joint = if realm.query().is_some() { '&' } else { '?' };
            let mut request = self.agent(realm).get(format!("{realm}{joint}{}", form(&fields)));
            if let Some(basic) = credential.and_then(Credential::basic) {
                request = request.header(header::AUTHORIZATION, basic);
            }
            request.call()
        };
        let response = response.map_err(|error| self.unreachable(realm, error))?;
        let mut answer = self.answer(response, counter);
        match answer.status {
            StatusCode::OK => {}
            StatusCode::BAD_REQUEST | StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => {
                return Err(self.log_in(place)?.into());
            }
            _ => return Err(self.not_good(realm, &mut answer)),
        }
        let parsed: Option<TokenDocument> = serde_json::from_slice(&answer.words()).ok();
        let token = parsed.and_then(|it| it.token.or(it.access_token));
        // It becomes a part of a header.
        token
            .filter(|it| !it.is_empty() && it.bytes().all(|byte| byte.is_ascii_graphic()))
            .ok_or_else(|| {
                let why = "it is no answer with a token".to_owned();
                RegistryError::Invalid { name: realm.to_string(), why }.into()
            })
    }
}
