//! The headers that every answer carries: the page's Content Security Policy and its companions.
//! They are stated once, in `www/public/_headers`, which static hosts read as well.
//!
//! The file's form is theirs: a line that starts with `/` begins a section and is a pattern of
//! paths, in which `*` stands for any characters; the indented lines below it are the headers of
//! every path that it matches. Where several sections match, their headers come together (two
//! policies both hold: a browser obeys the stricter), unless a line `! Name` takes away what the
//! sections above said of that name.

use axum::http::{HeaderMap, HeaderName, HeaderValue};

static FILE: &str = include_str!(concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/../../www/public/_headers"
));

/// A line that static hosts would read otherwise, or not at all.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("line {line} of the headers: expected {expected}, found {found:?}")]
pub(crate) struct HeadersError {
    line: usize,
    expected: &'static str,
    found: String,
}

/// What the file says.
#[derive(Debug)]
pub(crate) struct SecurityHeaders(Vec<Section>);

#[derive(Debug)]
struct Section {
    pattern: String,
    lines: Vec<Line>,
}

#[derive(Debug)]
enum Line {
    Add(HeaderName, HeaderValue),
    Detach(HeaderName),
}

impl SecurityHeaders {
    /// The file that was built in.
    pub(crate) fn of_the_site() -> Self {
        Self::read(FILE).expect("a test reads it")
    }

    fn read(text: &str) -> Result<Self, HeadersError> {
        let mut sections: Vec<Section> = Vec::new();
        for (index, line) in text.lines().enumerate() {
            let fails = |expected| HeadersError {
                line: index + 1,
                expected,
                found: line.to_owned(),
            };
            if line.trim().is_empty() || line.starts_with('#') {
                continue;
            }
            if !line.starts_with(' ') {
                if !line.starts_with('/') || line.contains(':') {
                    return Err(fails("a path with * for any characters"));
                }
                let pattern = line.trim_end().to_owned();
                let lines = Vec::new();
                sections.push(Section { pattern, lines });
                continue;
            }
            let section = sections.last_mut().ok_or_else(|| fails("a path first"))?;
            section
                .lines
                .push(read_line(line.trim()).ok_or_else(|| fails("Name: value, or ! Name"))?);
        }
        Ok(Self(sections))
    }

    /// The headers of an answer under this path.
    pub(crate) fn of(&self, path: &str) -> HeaderMap {
        let mut headers = HeaderMap::new();
        for section in self
            .0
            .iter()
            .filter(|section| matches(&section.pattern, path))
        {
            for line in &section.lines {
                match line {
                    Line::Add(name, value) => {
                        headers.append(name, value.clone());
                    }
                    Line::Detach(name) => {
                        headers.remove(name);
                    }
                }
            }
        }
        headers
    }
}

fn read_line(line: &str) -> Option<Line> {
    if let Some(name) = line.strip_prefix('!') {
        return HeaderName::try_from(name.trim()).ok().map(Line::Detach);
    }
    let (name, value) = line.split_once(": ")?;
    let (name, value) = (HeaderName::try_from(name), HeaderValue::try_from(value));
    Some(Line::Add(name.ok()?, value.ok()?))
}

/// Whether the whole path is what the pattern says; `*` stands for any characters, `/` too.
fn matches(pattern: &str, path: &str) -> bool {
    let mut parts = pattern.split('*');
    let first = parts.next().unwrap_or_default();
    let Some(mut rest) = path.strip_prefix(first) else {
        return false;
    };
    let parts: Vec<&str> = parts.collect();
    let Some((last, middle)) = parts.split_last() else {
        return rest.is_empty();
    };
    for part in middle {
        match rest.find(part) {
            Some(at) => rest = &rest[at + part.len()..],
            None => return false,
        }
    }
    rest.ends_with(last)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hold_what_the_page_depends_on() {
        let headers = SecurityHeaders::of_the_site().of("/");
        let policy = headers["content-security-policy"].to_str().unwrap();
        for directive in [
            "default-src 'none'",
            "script-src 'self' 'wasm-unsafe-eval'",
            "connect-src 'self' ws: wss:",
            "require-trusted-types-for 'script'",
            "base-uri 'none'",
            "frame-ancestors 'none'",
        ] {
            assert!(
                policy.split("; ").any(|found| found == directive),
                "expected {directive} in {policy}"
            );
        }
        assert!(!policy.contains("unsafe-inline"), "{policy}");
        assert_eq!(headers["x-content-type-options"], "nosniff");
        assert_eq!(headers["cross-origin-opener-policy"], "same-origin");
        assert_eq!(headers["referrer-policy"], "no-referrer");
    }

    #[test]
    fn every_section_that_matches_holds_and_a_line_may_be_taken_away() {
        let text =
            "# said twice\n/*\n  A: all\n  B: all\n\n/keys-*.js\n  ! B\n  B: keys\n  A: keys\n";
        let headers = SecurityHeaders::read(text).unwrap();
        let list = |path: &str, name: &str| -> Vec<String> {
            let headers = headers.of(path);
            let values = headers.get_all(name).iter();
            values
                .map(|value| value.to_str().unwrap().to_owned())
                .collect()
        };
        assert_eq!(list("/index.html", "a"), ["all"]);
        assert_eq!(list("/index.html", "b"), ["all"]);
        assert_eq!(list("/keys-1.js", "a"), ["all", "keys"]);
        assert_eq!(list("/keys-1.js", "b"), ["keys"]);
        assert_eq!(list("/assets/keys-1.js", "b"), ["all"]);
    }

    #[test]
    fn patterns_match_whole_paths() {
        for (pattern, path) in [
            ("/*", "/"),
            ("/*", "/a/b"),
            ("/a", "/a"),
            ("/a/*.js", "/a/b/c.js"),
            ("/*-*.js", "/a-b-c.js"),
        ] {
            assert!(matches(pattern, path), "{pattern} {path}");
        }
        for (pattern, path) in [
            ("/a", "/a/b"),
            ("/a*", "/b"),
            ("/*.js", "/a.jsx"),
            ("/*-*.js", "/a.js"),
            ("/a*a", "/a"),
        ] {
            assert!(!matches(pattern, path), "{pattern} {path}");
        }
    }

    #[test]
    fn lines_that_hosts_read_otherwise_are_named() {
        for (text, line) in [
            ("  A: b\n", 1),
            ("/a\n  A\n", 2),
            ("a\n", 1),
            ("/:name\n", 1),
            ("/a\n  ! \n", 2),
        ] {
            assert_eq!(
                SecurityHeaders::read(text).unwrap_err().line,
                line,
                "{text}"
            );
        }
    }
}
