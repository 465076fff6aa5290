//! The token that whoever writes has to show. Only its hash is kept, and the two are compared in a time that tells nothing.

use std::fmt;

use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

use crate::app::{Random, Trouble};

/// What is kept of a token.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Token([u8; 32]);

impl Token {
    /// A new one of 256 random bits, and the text that is shown once.
    pub(super) fn new(random: Random) -> Result<(Token, String), Trouble> {
        let mut bytes = [0; 32];
        random.fill(&mut bytes)?;
        let text: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
        Ok((Token(Sha256::digest(text.as_bytes()).into()), text))
    }

    /// Whether this is it.
    pub(super) fn is(&self, shown: &str) -> bool {
        let shown: [u8; 32] = Sha256::digest(shown.as_bytes()).into();
        bool::from(self.0.ct_eq(&shown))
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Token")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_whole_text_is_the_token() {
        let random = Random(|bytes| {
            bytes.fill(0xa5);
            Ok(())
        });
        let (token, text) = Token::new(random).expect("dice");
        assert_eq!(text.len(), 64);
        assert!(token.is(&text));
        for wrong in ["", &text[1..], &text.to_uppercase(), &format!("{text} "), &"0".repeat(64)] {
            assert!(!token.is(wrong), "{wrong}");
        }
        assert_eq!(format!("{token:?}"), "Token");
    }
}
