//! Who calls.

use crate::App;
use crate::generated as gw;

impl gw::Authenticate for App {
    async fn authenticate(&self, parts: &gw::Parts) -> gw::Result<Option<gw::Auth>> {
        let Some(header) = parts.headers.get("authorization") else {
            return Ok(None);
        };
        let token = header
            .to_str()
            .ok()
            .and_then(|text| text.strip_prefix("Bearer "));
        // A token that is not good is an error rather than a visitor: the client should log in again.
        let claims = token
            .and_then(|token| self.signer.verify(token))
            .ok_or_else(|| {
                gw::Error::new("the token is not valid: log in again").code("UNAUTHENTICATED")
            })?;
        Ok(Some(gw::Auth {
            id: claims.sub.into(),
            role: claims.role,
        }))
    }
}
