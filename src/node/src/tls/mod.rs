//! TLS for a site that other machines reach: without https a browser gives a page no storage that
//! lasts, no locks, no wake lock and no camera.
//!
//! | module | its job |
//! |---|---|
//! | [`authority`] | a small authority of one's own, kept in the data directory, and its certificates |
//! | [`files`] | a certificate that was brought along |
//! | [`host`] | what this machine is called, and where it is reached |

mod authority;
mod files;
mod host;

pub(crate) use authority::Authority;
pub(crate) use host::{addresses, names};

use std::io;
use std::net::IpAddr;
use std::path::PathBuf;
use std::sync::Arc;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio_rustls::rustls::{self, ServerConfig};

/// Why there is no TLS.
#[derive(Debug, thiserror::Error)]
pub(crate) enum TlsError {
    #[error(transparent)]
    Disk(#[from] crate::store::DiskError),
    #[error("{}: expected {expected} in PEM, found {found}", path.display())]
    Pem {
        path: PathBuf,
        expected: &'static str,
        found: String,
    },
    #[error("{} cannot be read: {source}", path.display())]
    Unreadable { path: PathBuf, source: io::Error },
    #[error("the certificate cannot be made: {0}")]
    Generate(#[from] rcgen::Error),
    #[error("the certificate cannot be used: {0}")]
    Use(#[from] rustls::Error),
}

/// Whose certificate a visitor is shown.
#[allow(clippy::large_enum_variant, reason = "there is one of them")]
pub(crate) enum Tls {
    /// One for every visitor.
    Files(TlsAcceptor),
    /// One for the address that the visitor came to.
    Own(Authority),
}

impl Tls {
    /// A certificate and its key from files.
    pub(crate) fn from_files(
        certificate: &std::path::Path,
        key: &std::path::Path,
    ) -> Result<Self, TlsError> {
        Ok(Self::Files(files::acceptor(certificate, key)?))
    }

    /// For a visitor who came to this address of ours.
    pub(crate) fn acceptor(&self, local: IpAddr) -> Result<TlsAcceptor, TlsError> {
        match self {
            Self::Files(acceptor) => Ok(acceptor.clone()),
            Self::Own(authority) => authority.acceptor(local),
        }
    }

    /// The certificate that a machine is to trust, where it is our own.
    pub(crate) fn authority(&self) -> Option<&Authority> {
        match self {
            Self::Files(_) => None,
            Self::Own(authority) => Some(authority),
        }
    }
}

fn acceptor(
    chain: Vec<CertificateDer<'static>>,
    key: PrivateKeyDer<'static>,
) -> Result<TlsAcceptor, TlsError> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let mut config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()?
        .with_no_client_auth()
        .with_single_cert(chain, key)?;
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(TlsAcceptor::from(Arc::new(config)))
}
