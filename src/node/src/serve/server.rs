//! From the options to a node and a site that run, and to their end.

use super::ServeOptions;
use super::accept::{Bounds, Door, accept};
use super::error::ServeError;
use super::router::{self, Shared};
use super::site::Site;
use super::stop::Stop;
use crate::bridge::{AllowList, Bridge, Limits, PoolList};
use crate::driver::{self, Halted, NodeHandle};
use crate::rpc::{self, Login, Rpc};
use crate::store::DataDirectory;
use crate::tls::{self, Authority, Tls};
use farthing_core::chain::Chain;
use farthing_core::node::{Node, NodeOptions};
use farthing_core::params::NetworkParams;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use tokio::net::TcpListener;
use tokio::task::{JoinError, JoinHandle};
use tracing::{info, warn};

/// Serves until Ctrl-C or SIGTERM, or until the node can keep nothing any more.
pub(super) async fn serve(mut options: ServeOptions) -> Result<(), ServeError> {
    let mut stop = Stop::listen().map_err(ServeError::Server)?;
    let site = match &options.site {
        Some(folder) => Site::from_folder(folder)?,
        None => Site::embedded()?,
    };
    let nodes = AllowList::new(&options.bitcoin)?;
    let pools = PoolList::new(&options.pool);
    if options.lan {
        options.name.extend(tls::names());
    }
    let folder = options.data.folder()?;
    let data = DataDirectory::open(&folder, options.network.as_deref())?;
    let params = data.params().clone();
    let listener = listen(options.listen(), "--listen").await?;
    let peers = match options.p2p(params.default_port) {
        Some(address) => Some(listen(address, "--p2p").await?),
        None => None,
    };
    let rpc = match options.rpc {
        Some(address) => Some(listen(address, "--rpc").await?),
        None => None,
    };
    let tls = tls(&options, &data)?.map(Arc::new);
    let (node, mut running) = start_node(&data, std::mem::take(&mut options.peer))?;

    let address = listener.local_addr().map_err(ServeError::Server)?;
    if let Some(listener) = rpc {
        answer_rpc(listener, &options, &data, &node)?;
    }
    let bridge = Arc::new(Bridge::new(nodes, pools, Limits::default()));
    tell(&bridge, &data, address, tls.as_deref(), peers.as_ref());
    let shared = Arc::new(Shared::new(
        site,
        options.name,
        params,
        node.clone(),
        Arc::clone(&bridge),
        tls.clone(),
    ));
    let door = Door {
        site: router::site(&shared),
        without_tls: router::without_tls(&shared),
        tls,
    };
    if let Some(listener) = peers {
        tokio::spawn(driver::listen(listener, node.clone()));
    }
    tokio::select! {
        () = accept(listener, door, Bounds::default()) => {}
        () = stop.asked() => {}
        ended = &mut running => return ended_by_itself(ended),
    }
    info!("stopping; Ctrl-C again stops at once");
    let stopped = async {
        node.stop().await;
        let ended = (&mut running).await;
        tokio::join!(bridge.stop(), node.closed());
        ended_by_itself(ended)
    };
    tokio::select! {
        ended = stopped => ended,
        () = stop.asked() => Ok(()),
    }
}

async fn listen(listen: SocketAddr, option: &'static str) -> Result<TcpListener, ServeError> {
    TcpListener::bind(listen)
        .await
        .map_err(|source| match source.kind() {
            io::ErrorKind::AddrInUse => ServeError::Taken { listen, option },
            _ => ServeError::Listen { listen, source },
        })
}

/// Opens the chain and starts the node on it.
fn start_node(
    data: &DataDirectory,
    peers: Vec<String>,
) -> Result<(NodeHandle, JoinHandle<Result<(), Halted>>), ServeError> {
    let params = data.params();
    let store = data.open_store()?;
    let chain =
        Chain::open(params.clone(), store).map_err(|source| ServeError::chain(data, &source))?;
    let mut seed = [0; 32];
    getrandom::fill(&mut seed).map_err(ServeError::Random)?;
    let options = NodeOptions {
        peers,
        ..NodeOptions::default()
    };
    let node = Node::new(params.clone(), seed, chain, options);
    Ok(driver::start(node))
}

/// Answers programs that mine, until the end; then the cookie is gone.
fn answer_rpc(
    listener: TcpListener,
    options: &ServeOptions,
    data: &DataDirectory,
    node: &NodeHandle,
) -> Result<(), ServeError> {
    let login = Login::open(data.folder(), options.rpc_login.as_deref())?;
    let address = listener.local_addr().map_err(ServeError::Server)?;
    let cookie = login.cookie().display();
    info!("programs that mine may ask at http://{address}/; user and password are in {cookie}");
    if !address.ip().is_loopback() {
        warn!("JSON-RPC has no TLS: whoever is on the way to {address} can read the password");
    }
    let names = options.name.clone();
    let rpc = rpc::router(&Rpc::new(node.clone(), data.params().clone(), login, names));
    let door = Door {
        site: rpc.clone(),
        without_tls: rpc,
        tls: None,
    };
    tokio::spawn(accept(listener, door, Bounds::default()));
    Ok(())
}

fn ended_by_itself(ended: Result<Result<(), Halted>, JoinError>) -> Result<(), ServeError> {
    match ended {
        Ok(ended) => Ok(ended?),
        Err(error) => Err(Halted::Panicked(error.to_string()).into()),
    }
}

fn tls(options: &ServeOptions, data: &DataDirectory) -> Result<Option<Tls>, ServeError> {
    match (&options.tls_cert, &options.tls_key) {
        (Some(certificate), Some(key)) => Ok(Some(Tls::from_files(certificate, key)?)),
        _ if options.lan => {
            let authority = Authority::open(data.folder(), options.name.clone())?;
            Ok(Some(Tls::Own(authority)))
        }
        _ => Ok(None),
    }
}

/// What whoever started it wants to know.
fn tell(
    bridge: &Bridge,
    data: &DataDirectory,
    address: SocketAddr,
    tls: Option<&Tls>,
    peers: Option<&TcpListener>,
) {
    // A program that waits for this line finds the address in it.
    let (port, everywhere) = (address.port(), address.ip().is_unspecified());
    match (everywhere, tls) {
        (true, _) => println!("Farthing is at http://localhost:{port}/"),
        (false, Some(_)) if !address.ip().is_loopback() => {
            println!("Farthing is at https://{address}/")
        }
        (false, _) => println!("Farthing is at http://{address}/"),
    }
    let scheme = if tls.is_some() { "https" } else { "http" };
    if everywhere {
        for local in tls::addresses() {
            println!(
                "Other machines reach it at {scheme}://{}/",
                SocketAddr::new(local, port)
            );
        }
    }
    if let Some(authority) = tls.and_then(Tls::authority) {
        println!("They come to trust it with /trust.crt, whose SHA-256 is");
        println!("{}", authority.fingerprint());
    }
    tell_node(data, peers);
    let nodes = bridge.nodes().iter();
    let nodes: Vec<String> = nodes
        .map(|node| {
            let how = if node.guessed { ", if it runs" } else { "" };
            format!("{} ({}{how})", node.target.endpoint, node.network)
        })
        .collect();
    info!("pages may be carried to {}", nodes.join(", "));
    let pools: Vec<String> = bridge
        .pools()
        .iter()
        .map(|pool| pool.endpoint.to_string())
        .collect();
    if !pools.is_empty() {
        info!("and, to mine there, to {}", pools.join(", "));
    }
    if !address.ip().is_loopback() {
        info!("whoever reaches {address} may reach these nodes through it");
        if tls.is_none() {
            warn!(
                "without https a page on another machine has no lasting storage, no locks and no \
                 camera: --lan has it"
            );
        }
    }
}

fn tell_node(data: &DataDirectory, peers: Option<&TcpListener>) {
    let NetworkParams { name, .. } = data.params();
    let folder = data.folder().display();
    if data.is_new() {
        info!("made the network {name}; its data is in {folder}");
    } else {
        info!("the network is {name}; its data is in {folder}");
    }
    if let Some(Ok(address)) = peers.map(TcpListener::local_addr) {
        info!("its nodes may connect to {address}");
    }
}
