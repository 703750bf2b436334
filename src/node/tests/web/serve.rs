//! The site from outside.

use crate::support::{Farthing, Node, fails, site};
use std::net::TcpListener;

#[tokio::test]
async fn sends_the_security_headers_with_every_answer() {
    let farthing = Farthing::start(&[]);
    for path in [
        "/",
        "/assets/a-1.js",
        "/farthing.json",
        "/nothing",
        "/bridge/127.0.0.1:25",
    ] {
        let answer = farthing
            .ask(&format!("GET {path} HTTP/1.1\r\nHost: localhost"))
            .await;
        let head = answer
            .split("\r\n\r\n")
            .next()
            .unwrap()
            .to_ascii_lowercase();
        for expected in [
            "content-security-policy: default-src 'none'; script-src 'self' 'wasm-unsafe-eval';",
            "require-trusted-types-for 'script'",
            "frame-ancestors 'none'",
            "cross-origin-opener-policy: same-origin",
            "x-content-type-options: nosniff",
            "referrer-policy: no-referrer",
        ] {
            assert!(
                head.contains(expected),
                "{path}: expected {expected} in {head}"
            );
        }
    }
}

#[tokio::test]
async fn serves_its_site_and_no_other_file() {
    let farthing = Farthing::start(&[]);
    let page = farthing.ask("GET / HTTP/1.1\r\nHost: localhost").await;
    assert!(
        page.starts_with("HTTP/1.1 200 ") && page.contains("<title>"),
        "{page}"
    );
    for path in [
        // This package's own, as seen from the site's folder.
        "/../../../Cargo.toml",
        "/%2e%2e/%2e%2e/%2e%2e/Cargo.toml",
        "//etc/hostname",
    ] {
        let answer = farthing
            .ask(&format!("GET {path} HTTP/1.1\r\nHost: localhost"))
            .await;
        assert!(answer.starts_with("HTTP/1.1 404 "), "{path}: {answer}");
    }
    let answer = farthing.ask("POST / HTTP/1.1\r\nHost: localhost").await;
    assert!(answer.starts_with("HTTP/1.1 405 "), "{answer}");
    let answer = farthing
        .ask("GET / HTTP/1.1\r\nHost: rebound.example")
        .await;
    assert!(answer.starts_with("HTTP/1.1 421 "), "{answer}");
}

#[tokio::test]
async fn offers_the_nodes_on_the_list() {
    let node = Node::listen().await;
    let farthing = Farthing::start(&["--bitcoin", &node.option()]);
    let answer = farthing
        .ask("GET /farthing.json HTTP/1.1\r\nHost: localhost")
        .await;
    let body = answer.split("\r\n\r\n").nth(1).unwrap();
    let found: serde_json::Value = serde_json::from_str(body).unwrap();
    let address = &node.address;
    let expected = serde_json::json!([
        { "network": "practice:web", "url": "/p2p", "operator": "this site", "template": "/api/template" },
        { "network": "regtest", "url": format!("/bridge/{address}"), "operator": address },
    ]);
    assert_eq!(found["nodes"], expected);
}

#[test]
fn says_what_to_type_when_the_port_is_taken() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap();
    let site = site();
    let args = [
        "--listen",
        &address.to_string(),
        "--site",
        site.to_str().unwrap(),
    ];
    let said = fails(&args);
    assert!(said.contains(&format!("{address} is taken")), "{said}");
    assert!(said.contains("--listen 127.0.0.1:"), "{said}");
}

#[test]
fn says_what_is_wrong_with_its_options() {
    let site = site();
    let site = ["--site", site.to_str().unwrap()];
    let said = |args: &[&str]| fails(&[&site[..], args].concat());
    assert!(said(&["--bitcoin", "127.0.0.1:9000"]).contains("regtest@127.0.0.1:9000"));
    assert!(said(&["--bitcoin", "regtset@127.0.0.1:9000"]).contains("unknown network"));
    assert!(said(&["--bitcoin", "127.0.0.1"]).contains("expected [NETWORK@]HOST:PORT"));
    assert!(fails(&["--site", "no/such/folder"]).contains("no/such/folder"));
}
