//! Who may ask: this site's own pages.
//!
//! Threats: DNS rebinding (a stranger's name that comes to point here would make his page one of
//! ours), cross-site WebSocket (a browser lets any page open one; only the Origin tells), and a page
//! elsewhere that keeps the node busy with what needs no Origin (an `<img>` of a template).

use axum::http::header::{HOST, ORIGIN};
use axum::http::{HeaderMap, HeaderName};
use std::net::IpAddr;

/// Why a request is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum OriginError {
    #[error(
        "expected a Host that is an address, localhost or a name given with --name, found {found:?}"
    )]
    Host { found: String },
    #[error("expected a page of this site ({host}), found the origin {found:?}")]
    Origin { host: String, found: String },
    #[error("expected a page of this site, found a request that its browser calls {found:?}")]
    Site { found: String },
}

/// What a browser says of the page that asks (Fetch Metadata Request Headers).
const SITE: HeaderName = HeaderName::from_static("sec-fetch-site");

/// Refuses a Host that is a name nobody gave to this site. An address cannot be rebound.
pub(crate) fn check_host(headers: &HeaderMap, names: &[String]) -> Result<(), OriginError> {
    let host = text(headers, &HOST);
    let name = without_port(&host);
    let bare = name.trim_start_matches('[').trim_end_matches(']');
    let known = bare.parse::<IpAddr>().is_ok()
        || name.eq_ignore_ascii_case("localhost")
        || names.iter().any(|known| name.eq_ignore_ascii_case(known));
    if known {
        Ok(())
    } else {
        Err(OriginError::Host { found: host })
    }
}

/// Refuses the page of another site. A program that is no browser sends no Origin; a browser sends
/// none with what a page only shows or goes to, and tells in another header whose page that is.
pub(crate) fn check_origin(headers: &HeaderMap) -> Result<(), OriginError> {
    if !headers.contains_key(ORIGIN) {
        return match text(headers, &SITE) {
            _ if !headers.contains_key(SITE) => Ok(()),
            // `none`: whoever sits there typed the address.
            site if site == "same-origin" || site == "none" => Ok(()),
            found => Err(OriginError::Site { found }),
        };
    }
    let (host, origin) = (text(headers, &HOST), text(headers, &ORIGIN));
    // https where a proxy in front of us ends TLS.
    if origin == format!("http://{host}") || origin == format!("https://{host}") {
        Ok(())
    } else {
        Err(OriginError::Origin {
            host,
            found: origin,
        })
    }
}

/// A header that comes twice, or not as text, is no header that we know.
fn text(headers: &HeaderMap, name: &HeaderName) -> String {
    let mut values = headers.get_all(name).iter();
    match (values.next().map(|value| value.to_str()), values.next()) {
        (Some(Ok(value)), None) => value.to_owned(),
        _ => String::new(),
    }
}

fn without_port(host: &str) -> &str {
    match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => name,
        _ => host,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::HeaderValue;

    fn headers(host: &'static str, origin: Option<&'static str>) -> HeaderMap {
        let mut headers = HeaderMap::new();
        headers.insert(HOST, HeaderValue::from_static(host));
        if let Some(origin) = origin {
            headers.insert(ORIGIN, HeaderValue::from_static(origin));
        }
        headers
    }

    #[test]
    fn refuses_a_name_that_came_to_point_here() {
        let names = ["till.local".to_owned()];
        for host in [
            "127.0.0.1:8420",
            "[::1]:8420",
            "localhost",
            "LOCALHOST:80",
            "till.local:8420",
        ] {
            assert_eq!(check_host(&headers(host, None), &names), Ok(()), "{host}");
        }
        for host in [
            "rebound.example:8420",
            "127.0.0.1.example",
            "localhost.example",
            "",
        ] {
            let found = host.to_owned();
            assert_eq!(
                check_host(&headers(host, None), &names),
                Err(OriginError::Host { found })
            );
        }
        assert!(check_host(&HeaderMap::new(), &names).is_err());
    }

    #[test]
    fn refuses_the_page_of_another_site() {
        let host = "127.0.0.1:8420";
        for origin in [
            None,
            Some("http://127.0.0.1:8420"),
            Some("https://127.0.0.1:8420"),
        ] {
            assert_eq!(check_origin(&headers(host, origin)), Ok(()));
        }
        for origin in [
            "http://127.0.0.1:8421",
            "http://127.0.0.1",
            "http://localhost:8420",
            "https://shop.example",
            "null",
            "",
        ] {
            assert!(
                check_origin(&headers(host, Some(origin))).is_err(),
                "{origin}"
            );
        }
        let mut twice = headers(host, Some("http://127.0.0.1:8420"));
        twice.append(ORIGIN, HeaderValue::from_static("https://shop.example"));
        assert!(check_origin(&twice).is_err());
    }

    #[test]
    fn refuses_what_the_page_of_another_site_shows() {
        let from = |site: &'static str| {
            let mut headers = headers("127.0.0.1:8420", None);
            headers.insert(SITE, HeaderValue::from_static(site));
            headers
        };
        for site in ["same-origin", "none"] {
            assert_eq!(check_origin(&from(site)), Ok(()), "{site}");
        }
        for site in ["cross-site", "same-site", "", "Same-Origin"] {
            let found = site.to_owned();
            assert_eq!(check_origin(&from(site)), Err(OriginError::Site { found }));
        }
        // Whoever tells its Origin is judged by that: browsers differ in what they call a WebSocket.
        let mut page = from("cross-site");
        page.insert(ORIGIN, HeaderValue::from_static("http://127.0.0.1:8420"));
        assert_eq!(check_origin(&page), Ok(()));
    }
}
