//! A small authority of one's own. A tablet is told once to trust it; the certificates that it
//! signs are made when a visitor comes, each for the address that the visitor came to, so that
//! nothing has to be trusted anew when this machine's address changes.
//!
//! Threat: a stolen authority could pose as any site to whoever trusts it. It is constrained
//! (RFC 5280, name constraints) to private addresses, to `.local` names and to the names that were
//! given: it is worth nothing for a bank.

use super::TlsError;
use crate::store::{DiskError, write_whole};
use farthing_core::bitcoin::hashes::{Hash as _, sha256};
use rcgen::{
    BasicConstraints, CertificateParams, CidrSubnet, DistinguishedName, DnType,
    ExtendedKeyUsagePurpose, GeneralSubtree, IsCa, Issuer, KeyPair, KeyUsagePurpose,
    NameConstraints, date_time_ymd,
};
use std::collections::BTreeMap;
use std::fmt;
use std::fs;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, SystemTime, UNIX_EPOCH};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::client::WebPkiServerVerifier;
use tokio_rustls::rustls::client::danger::ServerCertVerifier as _;
use tokio_rustls::rustls::pki_types::pem::PemObject as _;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName, UnixTime};
use tokio_rustls::rustls::{self, RootCertStore};
use tracing::warn;

/// Browsers refuse a certificate that is valid for more than 398 days, Apple's of one's own
/// authority for more than 825.
const VALID: Duration = Duration::from_secs(397 * DAY);
/// A certificate is made anew after so long, well before it ends.
const RENEWED: Duration = Duration::from_secs(30 * DAY);
const DAY: u64 = 24 * 60 * 60;

/// A certificate with what it was signed by, and its key.
type Leaf = (Vec<CertificateDer<'static>>, PrivateKeyDer<'static>);

/// The authority, and the certificates that it signed since the start.
pub(crate) struct Authority {
    certificate: CertificateDer<'static>,
    key: KeyPair,
    /// Of this machine, as far as the authority was made for them.
    names: Vec<String>,
    /// For each address of ours that a visitor came to: there are no more than we have.
    signed: Mutex<BTreeMap<IpAddr, (SystemTime, TlsAcceptor)>>,
}

impl fmt::Debug for Authority {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Not the key.
        f.debug_struct("Authority")
            .field("names", &self.names)
            .finish_non_exhaustive()
    }
}

impl Authority {
    /// The one of this data directory, made at the first start. `names` are this machine's: host
    /// names, or addresses that it does not know of itself.
    pub(crate) fn open(folder: &Path, names: Vec<String>) -> Result<Self, TlsError> {
        let paths = (
            folder.join("tls-authority.pem"),
            folder.join("tls-authority-key.pem"),
        );
        if !paths.0.exists() {
            let key = KeyPair::generate()?;
            let certificate = authority_params(&key, &names)?.self_signed(&key)?;
            // The key first: with a certificate there is always its key.
            write_whole(&paths.1, key.serialize_pem().as_bytes())?;
            write_whole(&paths.0, certificate.pem().as_bytes())?;
        }
        let read =
            |path: &Path| fs::read_to_string(path).map_err(|error| DiskError::io(path, error));
        let pem = |path: &Path, expected, found: String| TlsError::Pem {
            path: path.to_owned(),
            expected,
            found,
        };
        let certificate = CertificateDer::from_pem_slice(read(&paths.0)?.as_bytes())
            .map_err(|error| pem(&paths.0, "a certificate", error.to_string()))?;
        let key = KeyPair::from_pem(&read(&paths.1)?)
            .map_err(|error| pem(&paths.1, "a private key", error.to_string()))?;
        let mut authority = Self {
            certificate,
            key,
            names: Vec::new(),
            signed: Mutex::default(),
        };
        for name in names {
            if authority.permits(&name)? {
                authority.names.push(name);
            } else {
                warn!(
                    "browsers will not trust this site under the name {name}: the authority in {} \
                     was made without it. To have it, delete both tls-authority files there, start \
                     again, and let the devices trust the new one",
                    folder.display()
                );
            }
        }
        Ok(authority)
    }

    /// Whether a browser takes a certificate with this name. It refuses one whole for a single name
    /// that the authority was not made for, so the judge is what browsers do: the check itself.
    fn permits(&self, name: &str) -> Result<bool, TlsError> {
        let Ok(server) = ServerName::try_from(name.to_owned()) else {
            return Ok(false);
        };
        let now = SystemTime::now();
        let (chain, _) = self.leaf(vec![name.to_owned()], now)?;
        let since = now.duration_since(UNIX_EPOCH).unwrap_or_default();
        let mut roots = RootCertStore::empty();
        roots.add(self.certificate.clone())?;
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let verifier = WebPkiServerVerifier::builder_with_provider(roots.into(), provider).build();
        let verifier = verifier.map_err(|error| rustls::Error::General(error.to_string()))?;
        let now = UnixTime::since_unix_epoch(since);
        let taken = verifier.verify_server_cert(&chain[0], &[], &server, &[], now);
        Ok(taken.is_ok())
    }

    /// What a machine is to be told to trust: DER, as `.crt` files are.
    pub(crate) fn certificate(&self) -> &[u8] {
        &self.certificate
    }

    /// The certificate's SHA-256, as browsers and tablets show it.
    pub(crate) fn fingerprint(&self) -> String {
        let hash = sha256::Hash::hash(&self.certificate);
        let pairs: Vec<String> = hash
            .as_byte_array()
            .iter()
            .map(|byte| format!("{byte:02X}"))
            .collect();
        pairs.join(":")
    }

    pub(super) fn acceptor(&self, local: IpAddr) -> Result<TlsAcceptor, TlsError> {
        let (local, now) = (local.to_canonical(), SystemTime::now());
        // A value is put in whole, so a panic elsewhere leaves nothing half done.
        let mut signed = self.signed.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((since, acceptor)) = signed.get(&local)
            && now.duration_since(*since).is_ok_and(|age| age < RENEWED)
        {
            return Ok(acceptor.clone());
        }
        let acceptor = self.sign(local, now)?;
        signed.insert(local, (now, acceptor.clone()));
        Ok(acceptor)
    }

    fn sign(&self, local: IpAddr, now: SystemTime) -> Result<TlsAcceptor, TlsError> {
        let mut names = self.names.clone();
        names.push("localhost".to_owned());
        let local = local.to_string();
        if self.permits(&local)? {
            names.push(local);
        } else {
            warn!(
                "somebody came to {local}, which the authority does not speak for: start with \
                 --name {local}, or bring a certificate with --tls-cert"
            );
        }
        let (chain, key) = self.leaf(names, now)?;
        super::acceptor(chain, key)
    }

    /// A certificate for these names, and its key.
    fn leaf(&self, names: Vec<String>, now: SystemTime) -> Result<Leaf, TlsError> {
        let mut params = CertificateParams::new(names)?;
        let from = now.duration_since(UNIX_EPOCH).unwrap_or_default();
        // A day early, for a tablet whose clock is behind.
        let from = from.saturating_sub(Duration::from_secs(DAY));
        params.not_before = date_time_ymd(1970, 1, 1) + from;
        params.not_after = date_time_ymd(1970, 1, 1) + from + VALID;
        params.distinguished_name = common_name("Farthing");
        params.is_ca = IsCa::ExplicitNoCa;
        params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
        params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
        params.use_authority_key_identifier_extension = true;
        let key = KeyPair::generate()?;
        let issuer = Issuer::new(authority_params(&self.key, &[])?, &self.key);
        let certificate = params.signed_by(&key, &issuer)?;
        let chain = vec![certificate.der().clone(), self.certificate.clone()];
        let key = PrivateKeyDer::try_from(key.serialize_der())
            .map_err(|error| TlsError::Use(rustls::Error::General(error.to_owned())))?;
        Ok((chain, key))
    }
}

fn common_name(name: &str) -> DistinguishedName {
    let mut distinguished = DistinguishedName::new();
    distinguished.push(DnType::CommonName, name);
    distinguished
}

/// What the authority's certificate says. Its name follows from its key, so that the signed ones
/// name the same issuer after every start.
fn authority_params(key: &KeyPair, names: &[String]) -> Result<CertificateParams, TlsError> {
    let mut params = CertificateParams::new(Vec::new())?;
    let mark = &sha256::Hash::hash(key.public_key_raw()).to_string()[..8];
    params.distinguished_name = common_name(&format!("Farthing {mark}"));
    params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign];
    params.not_before = date_time_ymd(2026, 1, 1);
    params.not_after = date_time_ymd(2046, 1, 1);
    params.name_constraints = Some(NameConstraints {
        permitted_subtrees: permitted(names),
        excluded_subtrees: Vec::new(),
    });
    Ok(params)
}

/// Private networks (RFC 1918, RFC 4193), link-local and loopback ones, and the names.
fn permitted(names: &[String]) -> Vec<GeneralSubtree> {
    let v4 = |a, b, prefix| CidrSubnet::from_v4_prefix(Ipv4Addr::new(a, b, 0, 0).octets(), prefix);
    let v6 = |first, prefix| {
        CidrSubnet::from_v6_prefix(Ipv6Addr::new(first, 0, 0, 0, 0, 0, 0, 0).octets(), prefix)
    };
    let addresses = [
        v4(10, 0, 8),
        v4(172, 16, 12),
        v4(192, 168, 16),
        v4(169, 254, 16),
        v4(100, 64, 10),
        v4(127, 0, 8),
        v6(0xfc00, 7),
        v6(0xfe80, 10),
        CidrSubnet::from_v6_prefix(Ipv6Addr::LOCALHOST.octets(), 128),
    ];
    let mut permitted: Vec<_> = addresses.map(GeneralSubtree::IpAddress).into();
    permitted.extend(["localhost", "local"].map(|name| GeneralSubtree::DnsName(name.to_owned())));
    for name in names {
        permitted.push(match name.parse() {
            Ok(IpAddr::V4(address)) => {
                GeneralSubtree::IpAddress(CidrSubnet::from_v4_prefix(address.octets(), 32))
            }
            Ok(IpAddr::V6(address)) => {
                GeneralSubtree::IpAddress(CidrSubnet::from_v6_prefix(address.octets(), 128))
            }
            Err(_) => GeneralSubtree::DnsName(name.clone()),
        });
    }
    permitted
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio_rustls::rustls::ClientConfig;

    /// Whether a machine that trusts `root` takes what `authority` signs for this name.
    async fn is_taken(root: &Authority, authority: &Authority, local: &str, name: &str) -> bool {
        let acceptor = authority.acceptor(local.parse().unwrap()).unwrap();
        takes(root, acceptor, name).await
    }

    async fn takes(root: &Authority, acceptor: TlsAcceptor, name: &str) -> bool {
        let mut roots = RootCertStore::empty();
        roots.add(root.certificate.clone()).unwrap();
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let config = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_root_certificates(roots)
            .with_no_client_auth();
        let connector = tokio_rustls::TlsConnector::from(Arc::new(config));
        let (here, there) = tokio::io::duplex(1 << 16);
        let name = ServerName::try_from(name.to_owned()).unwrap();
        let (taken, _) = tokio::join!(connector.connect(name, here), acceptor.accept(there));
        taken.is_ok()
    }

    #[tokio::test]
    async fn its_certificates_are_good_for_private_addresses_and_given_names_alone() {
        let folder = tempfile::tempdir().unwrap();
        let names = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
        let authority = Authority::open(folder.path(), names(&["till.example"])).unwrap();
        for (local, name) in [
            ("192.168.1.20", "192.168.1.20"),
            ("10.1.2.3", "till.example"),
            ("127.0.0.1", "localhost"),
            ("fd00::7", "fd00::7"),
        ] {
            assert!(
                is_taken(&authority, &authority, local, name).await,
                "{name}"
            );
        }
        // A thief has the key, and signs what he likes.
        let thief = async |names: &[&str], name: &str| {
            let names = names.iter().map(|name| (*name).to_owned()).collect();
            let (chain, key) = authority.leaf(names, SystemTime::now()).unwrap();
            takes(&authority, crate::tls::acceptor(chain, key).unwrap(), name).await
        };
        assert!(!thief(&["bank.example"], "bank.example").await);
        assert!(!thief(&["till.local", "bank.example"], "till.local").await);
        assert!(thief(&["till.local"], "till.local").await);
        assert!(!thief(&["198.51.100.7"], "198.51.100.7").await);
    }

    #[tokio::test]
    async fn a_name_that_it_was_not_made_for_costs_no_other_its_trust() {
        let folder = tempfile::tempdir().unwrap();
        let open = |names: &[&str]| {
            let names = names.iter().map(|name| (*name).to_owned()).collect();
            Authority::open(folder.path(), names).unwrap()
        };
        let first = open(&["till.example", "oak.local", "oak"]);
        // The machine was given another name since, and an address of the world.
        let later = open(&[
            "till.example",
            "elm.local",
            "elm",
            "shop.example",
            "203.0.113.7",
        ]);
        assert_eq!(later.names, ["till.example", "elm.local"]);
        for (local, name, taken) in [
            ("192.168.1.20", "192.168.1.20", true),
            ("192.168.1.20", "till.example", true),
            ("192.168.1.20", "elm.local", true),
            ("192.168.1.20", "shop.example", false),
            ("198.51.100.7", "till.example", true),
            ("198.51.100.7", "198.51.100.7", false),
        ] {
            let found = is_taken(&first, &later, local, name).await;
            assert_eq!(found, taken, "{name} at {local}");
        }
    }

    #[tokio::test]
    async fn another_authority_is_not_trusted() {
        let folders = [tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap()];
        let [one, other] = folders
            .each_ref()
            .map(|folder| Authority::open(folder.path(), Vec::new()).unwrap());
        assert!(is_taken(&one, &one, "127.0.0.1", "localhost").await);
        assert!(!is_taken(&one, &other, "127.0.0.1", "localhost").await);
        assert_eq!(one.fingerprint().len(), 32 * 3 - 1);
    }

    #[cfg(unix)]
    #[test]
    fn nobody_else_reads_its_key() {
        use std::os::unix::fs::PermissionsExt as _;
        let folder = tempfile::tempdir().unwrap();
        Authority::open(folder.path(), Vec::new()).unwrap();
        let key = fs::metadata(folder.path().join("tls-authority-key.pem")).unwrap();
        assert_eq!(key.permissions().mode() & 0o077, 0);
    }
}
