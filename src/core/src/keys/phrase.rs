//! The phrase that a wallet is written down as (BIP39, English): 12 to 24 words that hold the
//! entropy and a checksum of it.
//!
//! A person copies it by hand, so a wrong word, a missing word and a swapped word are each told
//! apart. The entropy is an argument. Nothing here prints a phrase.

use bip39::{Language, Mnemonic};
use std::borrow::Cow;
use zeroize::Zeroizing;

/// How many words a new phrase may have.
pub const NEW_PHRASE_WORDS: [u32; 2] = [12, 24];

/// A longer text is no phrase: 24 words of 8 letters with generous space between them.
const MAX_TEXT: usize = 1024;
/// A longer word is not repeated in an error.
const MAX_SHOWN: usize = 16;

/// A text that is no phrase.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PhraseError {
    /// It has another number of words.
    #[error("expected a phrase of 12, 15, 18, 21 or 24 words, found {found}")]
    Count {
        /// Its words.
        found: usize,
    },
    /// It is far longer than any phrase.
    #[error("expected a phrase of at most {MAX_TEXT} letters and spaces, found {found}")]
    TooLong {
        /// Its length.
        found: usize,
    },
    /// A word is not in the list.
    #[error("expected words of BIP39's English list, found {word:?} as word {position}{}", hint(.near))]
    UnknownWord {
        /// Its place, from 1.
        position: usize,
        /// The word as it was typed, shortened.
        word: String,
        /// Words of the list that differ from it by one letter.
        near: Vec<&'static str>,
    },
    /// Every word is in the list, and together they are no phrase.
    #[error(
        "expected a phrase whose last word agrees with the others, found one that does not: a word \
         is another one of the list, or two have changed places"
    )]
    Checksum,
    /// A new phrase was asked for with other than 128 to 256 bits.
    #[error("expected entropy of 16, 20, 24, 28 or 32 bytes, found {found}")]
    Entropy {
        /// Its bytes.
        found: usize,
    },
}

fn hint(near: &[&'static str]) -> String {
    if near.is_empty() {
        String::new()
    } else {
        format!(": perhaps {}", near.join(" or "))
    }
}

/// A phrase whose checksum agrees. It is wiped when it is dropped.
pub struct Phrase(Mnemonic);

impl Phrase {
    /// The phrase of this entropy: 16 bytes make 12 words, 32 bytes 24.
    ///
    /// # Errors
    /// Another length than 16, 20, 24, 28 or 32 bytes.
    pub fn from_entropy(entropy: &[u8]) -> Result<Self, PhraseError> {
        let found = entropy.len();
        Mnemonic::from_entropy_in(Language::English, entropy)
            .map(Self)
            .map_err(|_| PhraseError::Entropy { found })
    }

    /// Reads a phrase as a person types it: in small or capital letters, with any space between.
    ///
    /// # Errors
    /// When it is none: says which word is wrong, how many there are, or that the checksum fails.
    pub fn parse(text: &str) -> Result<Self, PhraseError> {
        if text.len() > MAX_TEXT {
            return Err(PhraseError::TooLong { found: text.len() });
        }
        let mut text = Zeroizing::new(text.to_owned());
        text.make_ascii_lowercase();
        Mnemonic::parse_in_normalized(Language::English, &text)
            .map(Self)
            .map_err(|error| match error {
                bip39::Error::BadWordCount(found) => PhraseError::Count { found },
                bip39::Error::UnknownWord(at) => unknown_word(&text, at),
                _ => PhraseError::Checksum,
            })
    }

    /// Its words, in order.
    pub fn words(&self) -> impl Iterator<Item = &'static str> + '_ {
        self.0.words()
    }

    /// What it holds.
    #[must_use]
    pub fn entropy(&self) -> Zeroizing<Vec<u8>> {
        Zeroizing::new(self.0.to_entropy())
    }

    /// BIP39's seed of 64 bytes. The wallet's own has an empty passphrase: what encrypts the vault
    /// is no part of the phrase.
    #[must_use]
    pub fn seed(&self, passphrase: &str) -> Zeroizing<[u8; 64]> {
        let passphrase = normalized(passphrase);
        Zeroizing::new(self.0.to_seed_normalized(&passphrase))
    }
}

/// A text in Unicode's form NFKD, as BIP39 wants it, so that one and the same passphrase typed on
/// another keyboard is the same.
pub(super) fn normalized(text: &str) -> Zeroizing<String> {
    let mut text = Cow::Borrowed(text);
    Mnemonic::normalize_utf8_cow(&mut text);
    Zeroizing::new(text.into_owned())
}

fn unknown_word(text: &str, at: usize) -> PhraseError {
    let word = text.split_whitespace().nth(at).unwrap_or_default();
    let list = Language::English.word_list();
    PhraseError::UnknownWord {
        position: at + 1,
        word: word.chars().take(MAX_SHOWN).collect(),
        near: list
            .iter()
            .copied()
            .filter(|known| is_near(known.as_bytes(), word.as_bytes()))
            .take(3)
            .collect(),
    }
}

/// Whether one letter is another, missing or extra, or two neighbours have changed places.
fn is_near(known: &[u8], typed: &[u8]) -> bool {
    let same_start = known.iter().zip(typed).take_while(|(a, b)| a == b).count();
    let (known, typed) = (&known[same_start..], &typed[same_start..]);
    match (known, typed) {
        ([_, rest @ ..], _) if rest == typed => true,
        (_, [_, rest @ ..]) if rest == known => true,
        ([_, a @ ..], [_, b @ ..]) if a == b => true,
        ([a, b, known @ ..], [c, d, typed @ ..]) => (a, b) == (d, c) && known == typed,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::test_data;
    use std::collections::BTreeMap;

    fn refused(text: &str) -> String {
        Phrase::parse(text).err().expect("no phrase").to_string()
    }

    /// Entropy, phrase and seed under the passphrase TREZOR.
    #[test]
    fn trezors_vectors() {
        let Some(bytes) = test_data::read("vectors/bip39_trezor_vectors.json") else {
            return;
        };
        let vectors: BTreeMap<String, Vec<[String; 4]>> = serde_json::from_slice(&bytes).unwrap();
        let english = &vectors["english"];
        assert_eq!(english.len(), 24);
        for [entropy, text, seed, _] in english {
            let entropy = hex::decode(entropy).unwrap();
            let made = Phrase::from_entropy(&entropy).unwrap();
            assert_eq!(made.words().collect::<Vec<_>>().join(" "), *text);
            let read = Phrase::parse(text).unwrap();
            assert_eq!(*read.entropy(), entropy);
            assert_eq!(hex::encode(*read.seed("TREZOR")), *seed);
        }
    }

    #[test]
    fn capitals_and_spaces_do_not_matter() {
        let phrase = Phrase::parse(
            "  ABANDON abandon\tabandon abandon\nabandon abandon abandon abandon abandon \
             abandon Abandon   about ",
        );
        assert_eq!(*phrase.unwrap().entropy(), [0; 16]);
    }

    #[test]
    fn a_seed_does_not_depend_on_how_a_passphrase_is_composed() {
        let phrase = Phrase::from_entropy(&[7; 16]).unwrap();
        assert_eq!(phrase.seed("caf\u{e9}"), phrase.seed("cafe\u{301}"));
        assert_ne!(phrase.seed("cafe"), phrase.seed("caf\u{e9}"));
    }

    #[test]
    fn an_unknown_word_is_named_with_what_it_may_be() {
        let text = "legal winner thank yeer wave sausage worth useful legal winner thank yellow";
        assert_eq!(
            refused(text),
            "expected words of BIP39's English list, found \"yeer\" as word 4: perhaps deer or year"
        );
        for (typed, meant) in [("yer", "year"), ("yaer", "year"), ("winnner", "winner")] {
            let PhraseError::UnknownWord { near, .. } =
                Phrase::parse(&[typed; 12].join(" ")).err().unwrap()
            else {
                unreachable!("{typed} is in no list");
            };
            assert!(near.contains(&meant), "{typed}: {near:?}");
        }
        let long = "x".repeat(40);
        let text = format!("legal winner {}", vec![long; 10].join(" "));
        assert_eq!(
            refused(&text),
            "expected words of BIP39's English list, found \"xxxxxxxxxxxxxxxx\" as word 3"
        );
    }

    #[test]
    fn another_number_of_words_and_a_bad_checksum_are_told_apart() {
        assert_eq!(
            refused("legal winner thank"),
            "expected a phrase of 12, 15, 18, 21 or 24 words, found 3"
        );
        assert!(refused(&"abandon ".repeat(12)).contains("last word"));
        // Two words have changed places.
        let swapped = "winner legal thank year wave sausage worth useful legal winner thank yellow";
        assert_eq!(
            Phrase::parse(swapped).err(),
            Some(PhraseError::Checksum),
            "{swapped}"
        );
        assert!(refused(&"a ".repeat(1000)).contains("at most 1024"));
    }

    #[test]
    fn entropy_has_one_of_five_lengths() {
        for length in 0..40 {
            let made = Phrase::from_entropy(&vec![1; length]);
            let allowed = [16, 20, 24, 28, 32].contains(&length);
            assert_eq!(made.is_ok(), allowed, "{length} bytes");
        }
    }
}
