//! Passwords (argon2id) and the signed tokens (JWT, HS256) that stand for a login.
//!
//! In: what people type and send. Out: hashes, tokens, what a token says. Must not know: the database.

use argon2::Argon2;
use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
use serde::{Deserialize, Serialize};

use crate::generated as gw;

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
    /// The user's role at the time of the login.
    pub role: gw::Role,
    /// The login session's id.
    pub jti: String,
    /// When it ends, in seconds since the epoch.
    pub exp: i64,
}

impl Signer {
    /// A signer with this secret.
    pub fn new(secret: &[u8]) -> Self {
        Signer {
            encode: EncodingKey::from_secret(secret),
            decode: DecodingKey::from_secret(secret),
        }
    }

    /// Signs a token.
    pub fn sign(&self, claims: &Claims) -> gw::Result<String> {
        Ok(jsonwebtoken::encode(
            &Header::new(Algorithm::HS256),
            claims,
            &self.encode,
        )?)
    }

    /// What a token says, if it is ours and has not ended.
    pub fn verify(&self, token: &str) -> Option<Claims> {
        let mut rules = Validation::new(Algorithm::HS256);
        // The instant that the client was told.
        rules.leeway = 0;
        jsonwebtoken::decode(token, &self.decode, &rules)
            .ok()
            .map(|data| data.claims)
    }
}

/// Hashes a password, off the async threads: it takes tens of milliseconds by design.
pub async fn hash(password: String) -> gw::Result<String> {
    tokio::task::spawn_blocking(move || hash_now(&password)).await?
}

/// Whether a password is the one that was hashed. Without a hash it takes as long and answers no, so that an unknown
/// e-mail address cannot be told from a wrong password by the clock.
pub async fn verify(password: String, hash: Option<String>) -> gw::Result<bool> {
    tokio::task::spawn_blocking(move || {
        let Some(hash) = hash else {
            hash_now(&password)?;
            return Ok(false);
        };
        let parsed = PasswordHash::new(&hash).map_err(|e| gw::Error::internal(e.to_string()))?;
        Ok(Argon2::default()
            .verify_password(password.as_bytes(), &parsed)
            .is_ok())
    })
    .await?
}

fn hash_now(password: &str) -> gw::Result<String> {
    let hash = Argon2::default().hash_password(password.as_bytes());
    hash.map(|hash| hash.to_string())
        .map_err(|e| gw::Error::internal(e.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_password_fits_its_hash_only() {
        let hashed = hash("correct horse".to_owned()).await.expect("hashes");
        assert!(
            verify("correct horse".to_owned(), Some(hashed.clone()))
                .await
                .expect("verifies")
        );
        assert!(
            !verify("battery staple".to_owned(), Some(hashed))
                .await
                .expect("verifies")
        );
        assert!(
            !verify("correct horse".to_owned(), None)
                .await
                .expect("verifies")
        );
    }

    #[test]
    fn a_token_is_good_for_its_secret_and_its_time() {
        let claims = |exp| Claims {
            sub: "1".into(),
            role: gw::Role::Host,
            jti: "2".into(),
            exp,
        };
        let token = Signer::new(b"one")
            .sign(&claims(4_000_000_000))
            .expect("signs");
        assert!(Signer::new(b"two").verify(&token).is_none());
        assert_eq!(Signer::new(b"one").verify(&token).expect("ours").sub, "1");
        let now = jiff::Timestamp::now().as_second();
        for end in [1_000_000_000, now - 1] {
            let old = Signer::new(b"one").sign(&claims(end)).expect("signs");
            assert!(Signer::new(b"one").verify(&old).is_none());
        }
    }

    #[test]
    fn a_token_says_nothing_of_how_to_check_it() {
        let claims = Claims {
            sub: "1".into(),
            role: gw::Role::Admin,
            jti: "2".into(),
            exp: 4_000_000_000,
        };
        let key = EncodingKey::from_secret(b"one");
        let signer = Signer::new(b"one");
        let other = jsonwebtoken::encode(&Header::new(Algorithm::HS512), &claims, &key);
        assert!(signer.verify(&other.expect("signs")).is_none());
        let token = signer.sign(&claims).expect("signs");
        let body = token.split('.').nth(1).expect("a body");
        // {"alg":"none","typ":"JWT"}
        let none = format!("eyJhbGciOiJub25lIiwidHlwIjoiSldUIn0.{body}.");
        assert!(signer.verify(&none).is_none());
    }
}
