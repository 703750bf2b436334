//! The command line of `farthing` without a command.

use super::error::ServeError;
use super::server;
use crate::bridge::{NodeOption, PoolOption};
use crate::{log, store};
use clap::Args;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::process::ExitCode;
use std::str::FromStr;

const SITE_PORT: u16 = 8420;
/// The one that most pools have.
const STRATUM_PORT: u16 = 3333;

/// Where the data of the node is.
#[derive(Debug, Clone, Args)]
pub(crate) struct DataOption {
    /// The folder that keeps the network's name and its chain; without it the platform's own, as
    /// ~/.local/share/farthing.
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
}

impl DataOption {
    pub(crate) fn folder(&self) -> Result<PathBuf, store::DirectoryError> {
        match &self.data {
            Some(folder) => Ok(folder.clone()),
            None => store::default_folder(),
        }
    }
}

/// How to run the node, how to serve the site, and which other nodes its pages may reach.
#[derive(Debug, Args)]
pub(crate) struct ServeOptions {
    #[command(flatten)]
    pub(super) data: DataOption,

    /// The network of our own node: farthing:NAME or practice:NAME. Without it the one that the data
    /// belongs to; a first start makes a practice network of its own.
    #[arg(long, value_name = "NAME")]
    pub(super) network: Option<String>,

    /// Where to serve the site [default: 127.0.0.1:8420, with --lan 0.0.0.0:8420].
    #[arg(long, value_name = "ADDRESS:PORT")]
    listen: Option<SocketAddr>,

    /// Where other nodes of the network may connect to ours, or none [default: the network's port on
    /// 127.0.0.1, with --lan on every address].
    #[arg(long, value_name = "ADDRESS:PORT|none")]
    p2p: Option<PortOption>,

    /// Where programs that mine may connect by Stratum, or none [default: 127.0.0.1:3333, with --lan
    /// 0.0.0.0:3333; nowhere if another program has that port].
    #[arg(long, value_name = "ADDRESS:PORT|none")]
    stratum: Option<PortOption>,

    /// A node of the same network to stay connected to; may be given several times.
    #[arg(long, value_name = "HOST:PORT", value_parser = peer)]
    pub(super) peer: Vec<String>,

    /// Where programs that mine may ask by JSON-RPC, as 127.0.0.1:9961; without it, nowhere. Their
    /// user and password are in the file .cookie of the data folder.
    #[arg(long, value_name = "ADDRESS:PORT")]
    pub(super) rpc: Option<SocketAddr>,

    /// A file with one line USER:PASSWORD that JSON-RPC takes beside the cookie.
    #[arg(long, value_name = "FILE", requires = "rpc")]
    pub(super) rpc_login: Option<PathBuf>,

    /// Let other machines of this network in: listen on every address, with TLS.
    #[arg(long)]
    pub(super) lan: bool,

    /// The certificate to show, in PEM with what it was signed by; without it one is made.
    #[arg(long, value_name = "FILE", requires = "tls_key")]
    pub(super) tls_cert: Option<PathBuf>,

    /// The certificate's private key, in PEM.
    #[arg(long, value_name = "FILE", requires = "tls_cert")]
    pub(super) tls_key: Option<PathBuf>,

    /// A node that pages may be carried to, as 127.0.0.1:8333 or regtest@127.0.0.1:9000; may be
    /// given several times. Without it: whatever node listens on this machine's well-known ports.
    #[arg(long, value_name = "[NETWORK@]HOST:PORT")]
    pub(super) bitcoin: Vec<NodeOption>,

    /// A mining pool that pages may be carried to, as pool.example:3333; may be given several times.
    #[arg(long, value_name = "HOST:PORT")]
    pub(super) pool: Vec<PoolOption>,

    /// A name that this machine is reached under, besides its addresses and localhost; may be given
    /// several times.
    #[arg(long, value_name = "HOST")]
    pub(super) name: Vec<String>,

    /// Serve a site from a folder, instead of the one in this binary.
    #[arg(long, value_name = "FOLDER")]
    pub(super) site: Option<PathBuf>,
}

/// Where others may connect.
#[derive(Debug, Clone, Copy)]
enum PortOption {
    Nowhere,
    At(SocketAddr),
}

impl FromStr for PortOption {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "none" => Ok(Self::Nowhere),
            _ => text
                .parse()
                .map(Self::At)
                .map_err(|_| "expected ADDRESS:PORT, as 127.0.0.1:9960, or none".to_owned()),
        }
    }
}

fn peer(text: &str) -> Result<String, String> {
    let port = text.rsplit_once(':').and_then(|(host, port)| {
        let port = port.parse::<u16>().ok().filter(|port| *port > 0)?;
        (!host.is_empty()).then_some(port)
    });
    port.map(|_| text.to_owned())
        .ok_or_else(|| "expected HOST:PORT, as 192.168.1.20:9960".to_owned())
}

impl ServeOptions {
    fn everywhere(&self) -> IpAddr {
        match self.lan {
            true => Ipv4Addr::UNSPECIFIED.into(),
            false => Ipv4Addr::LOCALHOST.into(),
        }
    }

    /// Where the site is served.
    pub(super) fn listen(&self) -> SocketAddr {
        self.listen
            .unwrap_or_else(|| SocketAddr::new(self.everywhere(), SITE_PORT))
    }

    /// Where other nodes may connect; none: nowhere.
    pub(super) fn p2p(&self, default_port: u16) -> Option<SocketAddr> {
        match self.p2p {
            None => Some(SocketAddr::new(self.everywhere(), default_port)),
            Some(PortOption::Nowhere) => None,
            Some(PortOption::At(address)) => Some(address),
        }
    }

    /// Where miners may connect, and whether that was asked for; none: nowhere.
    pub(super) fn stratum(&self) -> Option<(SocketAddr, bool)> {
        match self.stratum {
            None => Some((SocketAddr::new(self.everywhere(), STRATUM_PORT), false)),
            Some(PortOption::Nowhere) => None,
            Some(PortOption::At(address)) => Some((address, true)),
        }
    }

    /// Serves until Ctrl-C.
    pub(crate) fn run(self) -> ExitCode {
        log::start();
        let runtime = match tokio::runtime::Runtime::new() {
            Ok(runtime) => runtime,
            Err(error) => return fail(&ServeError::Runtime(error)),
        };
        match runtime.block_on(server::serve(self)) {
            Ok(()) => ExitCode::SUCCESS,
            Err(error) => fail(&error),
        }
    }
}

fn fail(error: &ServeError) -> ExitCode {
    log::last_words(&error);
    ExitCode::FAILURE
}
