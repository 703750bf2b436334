//! Who may ask: whoever can read the cookie file, as with Bitcoin Core, and whoever knows the user
//! and the password of a file that the operator names.
//!
//! Threat: guessing. The cookie is 256 random bits, made anew at each start; every comparison takes
//! the same time, and a wrong password is answered late.

use crate::store::{DiskError, write_whole};
use axum::http::header::AUTHORIZATION;
use axum::http::{HeaderMap, HeaderValue};
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use bitcoin::hashes::{Hash as _, sha256};
use std::path::{Path, PathBuf};
use std::{fs, io};
use subtle::{Choice, ConstantTimeEq as _};

/// Bitcoin Core's, which the programs know that read its cookie.
const COOKIE_USER: &str = "__cookie__";
const COOKIE_FILE: &str = ".cookie";

/// Why nobody could log in.
#[derive(Debug, thiserror::Error)]
pub(crate) enum LoginError {
    #[error(transparent)]
    Disk(#[from] DiskError),
    #[error("this machine gives no random numbers: {0}")]
    Random(getrandom::Error),
    #[error("{} cannot be read: {source}", path.display())]
    Unreadable { path: PathBuf, source: io::Error },
    #[error("expected one line USER:PASSWORD in {}, found {found}", path.display())]
    Form { path: PathBuf, found: &'static str },
}

/// What is taken for a login, and the cookie file, which is gone when this is.
#[derive(Debug)]
pub(crate) struct Login {
    /// Digests of the headers that are taken: all of one length, whatever was sent.
    taken: Vec<sha256::Hash>,
    cookie: PathBuf,
}

impl Login {
    /// Writes a new cookie into the data folder, for its owner alone; reads the operator's own
    /// login, where there is one.
    pub(crate) fn open(folder: &Path, file: Option<&Path>) -> Result<Self, LoginError> {
        let own = file.map(read).transpose()?;
        let mut secret = [0; 32];
        getrandom::fill(&mut secret).map_err(LoginError::Random)?;
        let line = format!("{COOKIE_USER}:{}", hex::encode(secret));
        let cookie = folder.join(COOKIE_FILE);
        write_whole(&cookie, line.as_bytes())?;
        let taken = std::iter::once(line).chain(own);
        Ok(Self {
            taken: taken
                .map(|line| digest(header_of(&line).as_bytes()))
                .collect(),
            cookie,
        })
    }

    /// Where the cookie is.
    pub(crate) fn cookie(&self) -> &Path {
        &self.cookie
    }

    /// Whether the request brings one of the logins.
    pub(super) fn admits(&self, headers: &HeaderMap) -> bool {
        let mut values = headers.get_all(AUTHORIZATION).iter();
        let (Some(value), None) = (values.next(), values.next()) else {
            return false;
        };
        let found = digest(value.as_bytes());
        let matches = |taken: &sha256::Hash| taken.as_byte_array().ct_eq(found.as_byte_array());
        // All of them are compared, whichever it is.
        let admitted = self.taken.iter().map(matches);
        admitted
            .fold(Choice::from(0), |some, one| some | one)
            .into()
    }
}

impl Drop for Login {
    fn drop(&mut self) {
        fs::remove_file(&self.cookie).ok();
    }
}

/// Basic authentication (RFC 7617).
fn header_of(line: &str) -> String {
    format!("Basic {}", BASE64_STANDARD.encode(line))
}

fn digest(header: &[u8]) -> sha256::Hash {
    sha256::Hash::hash(header)
}

fn read(path: &Path) -> Result<String, LoginError> {
    let form = |found| LoginError::Form {
        path: path.to_owned(),
        found,
    };
    let text = fs::read_to_string(path).map_err(|source| LoginError::Unreadable {
        path: path.to_owned(),
        source,
    })?;
    let mut lines = text.lines();
    let line = match (lines.next(), lines.next()) {
        (None, _) => return Err(form("nothing")),
        (Some(_), Some(_)) => return Err(form("more than one")),
        (Some(line), None) => line,
    };
    match line.split_once(':') {
        None => Err(form("no colon")),
        Some(("", _)) => Err(form("no user")),
        Some((_, "")) => Err(form("no password")),
        Some(_) => Ok(line.to_owned()),
    }
}

/// What a browser, or a person, is told who brings none.
pub(super) const CHALLENGE: HeaderValue = HeaderValue::from_static("Basic realm=\"jsonrpc\"");

#[cfg(test)]
mod tests {
    use super::*;

    fn asking(line: &str) -> HeaderMap {
        let value = HeaderValue::from_str(&header_of(line)).unwrap();
        HeaderMap::from_iter([(AUTHORIZATION, value)])
    }

    #[test]
    fn admits_the_cookie_and_the_operators_own_login_and_nothing_else() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("login");
        fs::write(&file, "miner:a:b\n").unwrap();
        let login = Login::open(folder.path(), Some(&file)).unwrap();
        let cookie = fs::read_to_string(login.cookie()).unwrap();
        assert!(login.admits(&asking(&cookie)));
        assert!(login.admits(&asking("miner:a:b")));
        for other in [
            "miner:a",
            "miner:a:b ",
            "miner:",
            "",
            "__cookie__:",
            "__cookie__",
        ] {
            assert!(!login.admits(&asking(other)), "{other}");
        }
        assert!(!login.admits(&HeaderMap::new()));
        let mut twice = asking(&cookie);
        twice.append(AUTHORIZATION, HeaderValue::from_static("Basic x"));
        assert!(!login.admits(&twice), "one login, not a choice");
    }

    #[test]
    fn makes_a_new_cookie_each_time_for_its_owner_alone_and_takes_it_away() {
        let folder = tempfile::tempdir().unwrap();
        let read = |login: &Login| fs::read_to_string(login.cookie()).unwrap();
        let first = Login::open(folder.path(), None).unwrap();
        let (path, old) = (first.cookie().to_owned(), read(&first));
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            let mode = fs::metadata(&path).unwrap().permissions().mode();
            assert_eq!(mode & 0o777, 0o600);
        }
        drop(first);
        assert!(!path.exists());
        let second = Login::open(folder.path(), None).unwrap();
        assert_ne!(read(&second), old);
        assert!(!second.admits(&asking(&old)));
    }

    #[test]
    fn says_what_a_login_file_lacks() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("login");
        for (text, said) in [
            ("", "nothing"),
            ("a:b\nc:d\n", "more than one"),
            ("miner", "no colon"),
            (":b", "no user"),
            ("a:", "no password"),
        ] {
            fs::write(&file, text).unwrap();
            let error = Login::open(folder.path(), Some(&file)).unwrap_err();
            assert!(error.to_string().ends_with(said), "{text:?}: {error}");
        }
    }
}
