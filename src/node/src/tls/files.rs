//! A certificate that was brought along: `--tls-cert` and `--tls-key`.

use super::TlsError;
use std::path::Path;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::pki_types::pem::{self, PemObject as _};
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};

pub(super) fn acceptor(certificate: &Path, key: &Path) -> Result<TlsAcceptor, TlsError> {
    let fails = |error| read_error(certificate, "certificates", error);
    let chain = CertificateDer::pem_file_iter(certificate).map_err(fails)?;
    let chain: Vec<_> = chain.collect::<Result<_, _>>().map_err(fails)?;
    if chain.is_empty() {
        return Err(fails(pem::Error::NoItemsFound));
    }
    let key = PrivateKeyDer::from_pem_file(key)
        .map_err(|error| read_error(key, "a private key", error))?;
    super::acceptor(chain, key)
}

fn read_error(path: &Path, expected: &'static str, error: pem::Error) -> TlsError {
    let path = path.to_owned();
    match error {
        pem::Error::Io(source) => TlsError::Unreadable { path, source },
        pem::Error::NoItemsFound => TlsError::Pem {
            path,
            expected,
            found: "none".to_owned(),
        },
        error => TlsError::Pem {
            path,
            expected,
            found: error.to_string(),
        },
    }
}
