//! The headers that every answer carries: the page's Content Security Policy and its companions.
//! They are stated once, in `www/public/_headers`, which static hosts read as well.

use axum::http::{HeaderMap, HeaderName, HeaderValue};

static FILE: &str = include_str!(concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/../../www/public/_headers"
));

/// The lines under `/*`.
pub(crate) fn security_headers() -> HeaderMap {
    FILE.lines()
        .skip_while(|line| *line != "/*")
        .skip(1)
        .take_while(|line| line.starts_with(' '))
        .map(|line| {
            let (name, value) = line.trim().split_once(": ").expect("a test reads it");
            let name = HeaderName::try_from(name).expect("a test reads it");
            (name, HeaderValue::from_static(value))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hold_what_the_page_depends_on() {
        let headers = security_headers();
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
}
