//! The site behind TLS, with a certificate that was generated.

use crate::support::{Farthing, run};
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;
use tokio_rustls::rustls::pki_types::pem::PemObject as _;
use tokio_rustls::rustls::pki_types::{CertificateDer, ServerName};
use tokio_rustls::rustls::{self, ClientConfig, RootCertStore};

/// A visitor who trusts what is in this file.
async fn visit(
    at: SocketAddr,
    name: &str,
    trusted: Option<&Path>,
) -> std::io::Result<TlsStream<TcpStream>> {
    let mut roots = RootCertStore::empty();
    if let Some(path) = trusted {
        roots
            .add(CertificateDer::from_pem_file(path).unwrap())
            .unwrap();
    }
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    let stream = TcpStream::connect(at).await.unwrap();
    let name = ServerName::try_from(name.to_owned()).unwrap();
    TlsConnector::from(Arc::new(config))
        .connect(name, stream)
        .await
}

async fn get(mut stream: TlsStream<TcpStream>, host: &str, path: &str) -> String {
    let request = format!("GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await.ok();
    String::from_utf8_lossy(&answer).into_owned()
}

#[tokio::test]
async fn a_generated_certificate_is_good_for_whoever_trusts_its_authority() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let mut node = Farthing::start(&data, &["--lan", "--name", "till.example"]);
    let authority = data.join("tls-authority.pem");
    for name in ["127.0.0.1", "localhost", "till.example"] {
        let stream = visit(node.site, name, Some(&authority)).await.unwrap();
        let answer = get(stream, name, "/farthing.json").await;
        assert!(
            answer.starts_with("HTTP/1.1 200 ") && answer.contains("\"/p2p\""),
            "{name}: {answer}"
        );
    }
    assert!(
        visit(node.site, "127.0.0.1", None).await.is_err(),
        "nobody else trusts it"
    );
    assert!(
        visit(node.site, "shop.example", Some(&authority))
            .await
            .is_err()
    );
    // From this machine plain http is answered too: the same port, and the authority to take along.
    let (code, page) = node.ask("GET /", "");
    assert!(code == 200 && page.contains("<title>"), "{page}");
    let stream = visit(node.site, "localhost", Some(&authority))
        .await
        .unwrap();
    let answer = get(stream, "localhost", "/trust.crt").await;
    assert!(answer.contains("application/x-x509-ca-cert"), "{answer}");

    // After another start it is the same authority.
    let before = std::fs::read(&authority).unwrap();
    assert_eq!(node.interrupt(), Some(0));
    node.restart();
    assert_eq!(std::fs::read(&authority).unwrap(), before);
    visit(node.site, "127.0.0.1", Some(&authority))
        .await
        .unwrap();
}

#[tokio::test]
async fn a_page_is_a_peer_through_tls() {
    use futures_util::StreamExt as _;
    use tokio_tungstenite::tungstenite::client::IntoClientRequest as _;
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let node = Farthing::start(&data, &["--lan"]);
    let stream = visit(
        node.site,
        "127.0.0.1",
        Some(&data.join("tls-authority.pem")),
    )
    .await
    .unwrap();
    let mut request = format!("wss://{}/p2p", node.site)
        .into_client_request()
        .unwrap();
    let origin = format!("https://{}", node.site).parse().unwrap();
    request.headers_mut().insert("origin", origin);
    let (mut page, _) = tokio_tungstenite::client_async(request, stream)
        .await
        .unwrap();
    // Bytes of no network: it is left, with a farewell.
    use futures_util::SinkExt as _;
    use tokio_tungstenite::tungstenite::protocol::Message;
    page.send(Message::Binary(vec![0; 64].into()))
        .await
        .unwrap();
    let ended = async { while page.next().await.is_some_and(|message| message.is_ok()) {} };
    tokio::time::timeout(std::time::Duration::from_secs(20), ended)
        .await
        .unwrap();
}

#[tokio::test]
async fn a_certificate_may_be_brought_along() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    let own = rcgen::generate_simple_self_signed(vec!["shop.example".to_owned()]).unwrap();
    std::fs::write(path("cert.pem"), own.cert.pem()).unwrap();
    std::fs::write(path("key.pem"), own.signing_key.serialize_pem()).unwrap();
    let (certificate, key) = (path("cert.pem"), path("key.pem"));
    let (certificate, key) = (certificate.to_str().unwrap(), key.to_str().unwrap());
    let args = [
        "--tls-cert",
        certificate,
        "--tls-key",
        key,
        "--name",
        "shop.example",
    ];
    let node = Farthing::start(&path("data"), &args);
    let stream = visit(node.site, "shop.example", Some(Path::new(certificate)))
        .await
        .unwrap();
    let answer = get(stream, "shop.example", "/").await;
    assert!(answer.starts_with("HTTP/1.1 200 "), "{answer}");

    let other = path("other");
    for (certificate, key, said) in [
        (
            key,
            key,
            "key.pem: expected certificates in PEM, found none",
        ),
        (
            certificate,
            certificate,
            "cert.pem: expected a private key in PEM, found none",
        ),
        ("no/such.pem", key, "no/such.pem cannot be read"),
    ] {
        let args = [
            "--data",
            other.to_str().unwrap(),
            "--p2p",
            "none",
            "--listen",
            "127.0.0.1:0",
            "--tls-cert",
            certificate,
            "--tls-key",
            key,
            "--site",
            concat!(env!("CARGO_MANIFEST_DIR"), "/tests/web/site"),
        ];
        let output = run(&args);
        let error = String::from_utf8_lossy(&output.stderr);
        assert!(!output.status.success() && error.contains(said), "{error}");
    }
}
