//! The site's files, all of them in memory: a path either names one of them or nothing, so that no
//! request reaches another file of this machine.

use axum::body::Bytes;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, ETAG, IF_NONE_MATCH};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use bitcoin::hashes::{Hash, sha256};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::{fs, io};

/// The site that was built into this binary; empty in a binary that was built by hand.
static EMBEDDED: &[(&str, &[u8])] = include!(concat!(env!("OUT_DIR"), "/site.rs"));

/// A site larger than this is some other folder, named by mistake.
const MAX_SITE_BYTES: u64 = 64 << 20;

/// Why there is no site to serve.
#[derive(Debug, thiserror::Error)]
pub(crate) enum SiteError {
    #[error(
        "this binary was built without the site: start it with `npm start`, or name the folder of a \
         built one: --site dist"
    )]
    NotEmbedded,
    #[error("the site's folder {} cannot be read: {source}", path.display())]
    Unreadable { path: PathBuf, source: io::Error },
    #[error("expected a built site in {}, found no index.html there: build one with `npm run build`", .0.display())]
    NoIndex(PathBuf),
    #[error("expected a site of at most {} MiB in {}, found more", MAX_SITE_BYTES >> 20, .0.display())]
    TooLarge(PathBuf),
}

/// Every file of the site, by its path, which starts with `/`.
#[derive(Debug, Default)]
pub(crate) struct Site {
    files: BTreeMap<String, File>,
}

#[derive(Debug)]
struct File {
    bytes: Bytes,
    media_type: &'static str,
    etag: HeaderValue,
}

impl Site {
    /// The site in this binary.
    pub(crate) fn embedded() -> Result<Self, SiteError> {
        let mut site = Self::default();
        for (path, bytes) in EMBEDDED {
            site.add((*path).to_owned(), Bytes::from_static(bytes));
        }
        if site.files.contains_key("/index.html") {
            Ok(site)
        } else {
            Err(SiteError::NotEmbedded)
        }
    }

    /// The site in a folder, as it is now.
    pub(crate) fn from_folder(folder: &Path) -> Result<Self, SiteError> {
        let mut site = Self::default();
        let mut budget = MAX_SITE_BYTES;
        site.add_folder(folder, "", &mut budget)
            .map_err(|source| match source.kind() {
                io::ErrorKind::FileTooLarge => SiteError::TooLarge(folder.to_owned()),
                _ => SiteError::Unreadable {
                    path: folder.to_owned(),
                    source,
                },
            })?;
        if site.files.contains_key("/index.html") {
            Ok(site)
        } else {
            Err(SiteError::NoIndex(folder.to_owned()))
        }
    }

    fn add_folder(&mut self, folder: &Path, prefix: &str, budget: &mut u64) -> io::Result<()> {
        for entry in fs::read_dir(folder)? {
            let entry = entry?;
            let name = format!("{prefix}/{}", entry.file_name().to_string_lossy());
            let kind = entry.file_type()?;
            if kind.is_dir() {
                self.add_folder(&entry.path(), &name, budget)?;
            } else if kind.is_file() {
                *budget = budget
                    .checked_sub(entry.metadata()?.len())
                    .ok_or(io::ErrorKind::FileTooLarge)?;
                self.add(name, Bytes::from(fs::read(entry.path())?));
            }
        }
        Ok(())
    }

    fn add(&mut self, path: String, bytes: Bytes) {
        let media_type = media_type(&path);
        let etag = HeaderValue::from_str(&format!("\"{}\"", sha256::Hash::hash(&bytes)))
            .expect("a quoted hash is ASCII");
        self.files.insert(
            path,
            File {
                bytes,
                media_type,
                etag,
            },
        );
    }

    /// The answer to a GET of this path; `/` is the first page, `/chain` is `/chain.html`.
    pub(crate) fn answer(&self, path: &str, request: &HeaderMap) -> Response {
        let found = self
            .files
            .get_key_value(path)
            .or_else(|| self.files.get_key_value(&format!("{path}.html")))
            .or_else(|| self.files.get_key_value(&format!("{path}index.html")));
        let Some((path, file)) = found else {
            return (StatusCode::NOT_FOUND, format!("There is no {path} here.\n")).into_response();
        };
        // The names under /assets/ carry a hash of what is in them; any other file may change.
        let caching = if path.starts_with("/assets/") {
            "public, max-age=31536000, immutable"
        } else {
            "no-cache"
        };
        let headers = [
            (CONTENT_TYPE, HeaderValue::from_static(file.media_type)),
            (CACHE_CONTROL, HeaderValue::from_static(caching)),
            (ETAG, file.etag.clone()),
        ];
        if request.get(IF_NONE_MATCH) == Some(&file.etag) {
            return (StatusCode::NOT_MODIFIED, headers).into_response();
        }
        (headers, file.bytes.clone()).into_response()
    }
}

fn media_type(path: &str) -> &'static str {
    match path.rsplit_once('.').map(|(_, extension)| extension) {
        Some("html") => "text/html; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("json" | "webmanifest" | "map") => "application/json",
        Some("wasm") => "application/wasm",
        Some("svg") => "image/svg+xml",
        Some("png") => "image/png",
        Some("ico") => "image/x-icon",
        Some("woff2") => "font/woff2",
        Some("txt" | "ts") => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn site() -> Site {
        let mut site = Site::default();
        for path in ["/index.html", "/chain.html", "/assets/a-1.wasm"] {
            site.add(path.to_owned(), Bytes::from_static(b"content"));
        }
        site
    }

    fn get(path: &str) -> (StatusCode, String) {
        let response = site().answer(path, &HeaderMap::new());
        let kind = response.headers().get(CONTENT_TYPE);
        let kind = kind.map(|value| value.to_str().unwrap().to_owned());
        (response.status(), kind.unwrap_or_default())
    }

    #[test]
    fn finds_pages_with_and_without_their_ending() {
        for path in ["/", "/index.html", "/chain", "/chain.html"] {
            let (status, kind) = get(path);
            assert_eq!(status, StatusCode::OK, "{path}");
            assert_eq!(kind, "text/html; charset=utf-8");
        }
        // A browser compiles a module while it loads only if it comes with this type.
        assert_eq!(get("/assets/a-1.wasm").1, "application/wasm");
    }

    #[test]
    fn answers_nothing_but_its_files() {
        for path in [
            "/../Cargo.toml",
            "//etc/passwd",
            "/..%2fCargo.toml",
            "/assets",
            "",
        ] {
            assert_eq!(get(path).0, StatusCode::NOT_FOUND, "{path}");
        }
    }

    #[test]
    fn says_that_a_known_file_did_not_change() {
        let site = site();
        let first = site.answer("/", &HeaderMap::new());
        let mut request = HeaderMap::new();
        request.insert(IF_NONE_MATCH, first.headers()[ETAG].clone());
        assert_eq!(
            site.answer("/", &request).status(),
            StatusCode::NOT_MODIFIED
        );
        request.insert(IF_NONE_MATCH, HeaderValue::from_static("\"other\""));
        assert_eq!(site.answer("/", &request).status(), StatusCode::OK);
    }

    #[test]
    fn says_what_is_wrong_with_a_folder() {
        let none = Site::from_folder(Path::new("no/such/folder")).unwrap_err();
        assert!(none.to_string().contains("no/such/folder"), "{none}");
        let sources = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
        let error = Site::from_folder(&sources).unwrap_err().to_string();
        assert!(error.contains("no index.html"), "{error}");
    }
}
