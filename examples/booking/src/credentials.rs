//! Passwords (argon2id) and the signed tokens (JWT, HS256) that stand for a login.
//!
//! In: what people type and send. Out: hashes, tokens, the session that a token names.
//! Must not know: the database.

use argon2::Argon2;
use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use graphwright::{Error, Result};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
use serde::{Deserialize, Serialize};

/// The key that tokens are signed with.
pub struct Signer {
    encode: EncodingKey,
    decode: DecodingKey,
}

/// What a token says.
#[derive(Debug, Serialize, Deserialize)]
pub struct Claims {
    /// The user's id.
    pub sub: String,
    /// The login session's id: a token dies with its session.
    pub sid: String,
    /// When it ends, in seconds since the epoch.
    pub exp: i64,
}

impl Signer {
    /// A signer with this secret.
    pub fn new(secret: &[u8]) -> Self {
        Signer { encode: EncodingKey::from_secret(secret), decode: DecodingKey::from_secret(secret) }
    }

    /// Signs a token.
    pub fn sign(&self, claims: &Claims) -> Result<String> {
        Ok(jsonwebtoken::encode(&Header::new(Algorithm::HS256), claims, &self.encode)?)
    }

    /// What a token says, if it is ours; its end is the caller's to compare with its clock.
    pub fn verify(&self, token: &str) -> Option<Claims> {
        let mut rules = Validation::new(Algorithm::HS256);
        rules.validate_exp = false;
        jsonwebtoken::decode(token, &self.decode, &rules).ok().map(|data| data.claims)
    }
}

/// Hashes a password, off the async threads: it takes tens of milliseconds by design.
pub async fn hash(password: String) -> Result<String> {
    tokio::task::spawn_blocking(move || {
        Argon2::default()
            .hash_password(password.as_bytes())
            .map(|hash| hash.to_string())
            .map_err(|e| Error::internal(e.to_string()))
    })
    .await?
}

/// Whether a password is the one that was hashed. Without a hash it takes as long and answers no, so that an
/// unknown e-mail address cannot be told from a wrong password by the clock.
pub async fn verify(password: String, hash: Option<String>) -> Result<bool> {
    /// The hash of a password that nobody has.
    const NOBODY: &str = "$argon2id$v=19$m=19456,t=2,p=1$c29tZSBzYWx0IGZvciBub2JvZHk$wZ2k0Y8Xq3U0m0o7C3V0nJ0m1q7nX2tq0W4y8Q2H3bM";
    tokio::task::spawn_blocking(move || {
        let known = hash.is_some();
        let text = hash.as_deref().unwrap_or(NOBODY);
        let parsed = PasswordHash::new(text).map_err(|e| Error::internal(e.to_string()))?;
        let fits = Argon2::default().verify_password(password.as_bytes(), &parsed).is_ok();
        Ok(fits && known)
    })
    .await?
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_password_fits_its_hash_only() {
        let hashed = hash("correct horse".to_owned()).await.expect("hashes");
        assert!(verify("correct horse".to_owned(), Some(hashed.clone())).await.expect("verifies"));
        assert!(!verify("battery staple".to_owned(), Some(hashed)).await.expect("verifies"));
        assert!(!verify("correct horse".to_owned(), None).await.expect("verifies"));
    }

    #[test]
    fn a_token_of_another_secret_is_refused() {
        let claims = Claims { sub: "1".into(), sid: "2".into(), exp: 0 };
        let token = Signer::new(b"one").sign(&claims).expect("signs");
        assert!(Signer::new(b"two").verify(&token).is_none());
        assert_eq!(Signer::new(b"one").verify(&token).expect("ours").sub, "1");
    }
}
