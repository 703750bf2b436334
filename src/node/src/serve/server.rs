//! From the options to a node and a site that run, and to their end.

use super::ServeOptions;
use super::accept::{Bounds, Door, accept};
use super::error::ServeError;
use super::ports::Ports;
use super::router::{self, Shared};
use super::site::Site;
use super::stop::Stop;
use super::tell::tell;
use crate::bridge::{AllowList, Bridge, Limits, PoolList};
use crate::driver::{self, Halted, NodeHandle};
use crate::rpc::{self, Login, Rpc};
use crate::store::DataDirectory;
use crate::stratum::{self, StratumHandle};
use crate::tls::{self, Authority, Tls};
use farthing_core::chain::Chain;
use farthing_core::node::{Node, NodeOptions};
use farthing_core::params::NetworkParams;
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
    let ports = Ports::open(&options, params.default_port).await?;
    let tls = tls(&options, &data)?.map(Arc::new);
    let (node, mut running) = start_node(&data, std::mem::take(&mut options.peer))?;
    let stratum = start_stratum(&params, &node)?;

    let bridge = Arc::new(Bridge::new(nodes, pools, Limits::default()));
    // Whoever waits for the first line reads the cookie next.
    let login = match &ports.rpc {
        Some(_) => Some(Login::open(data.folder(), options.rpc_login.as_deref())?),
        None => None,
    };
    tell(&ports, &bridge, &data, tls.as_deref()).map_err(ServeError::Server)?;
    if let (Some(listener), Some(login)) = (ports.rpc, login) {
        let rpc = Rpc::new(node.clone(), params.clone(), login, options.name.clone());
        answer_rpc(listener, &rpc)?;
    }
    let shared = Arc::new(Shared::new(
        site,
        options.name,
        params,
        node.clone(),
        stratum.clone(),
        Arc::clone(&bridge),
        tls.clone(),
    ));
    let door = Door {
        site: router::site(&shared),
        without_tls: router::without_tls(&shared),
        tls,
    };
    if let Some(listener) = ports.miners {
        tokio::spawn(stratum::listen(listener, stratum.clone()));
    }
    if let Some(listener) = ports.peers {
        tokio::spawn(driver::listen(listener, node.clone()));
    }
    tokio::select! {
        () = accept(ports.site, door, Bounds::default()) => {}
        () = stop.asked() => {}
        ended = &mut running => return ended_by_itself(ended),
    }
    info!("stopping; Ctrl-C again stops at once");
    let stopped = async {
        node.stop().await;
        let ended = (&mut running).await;
        stratum.stop().await;
        tokio::join!(bridge.stop(), node.closed(), stratum.closed());
        ended_by_itself(ended)
    };
    tokio::select! {
        ended = stopped => ended,
        () = stop.asked() => Ok(()),
    }
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

/// Starts the server for miners: pages reach it on the site, programs where a port is open.
fn start_stratum(params: &NetworkParams, node: &NodeHandle) -> Result<StratumHandle, ServeError> {
    let mut seed = [0; 4];
    getrandom::fill(&mut seed).map_err(ServeError::Random)?;
    let (options, seed) = (stratum::Options::default(), u32::from_le_bytes(seed));
    Ok(stratum::start(params.clone(), node, options, seed))
}

/// Answers programs that mine, until the end; then the cookie is gone.
fn answer_rpc(listener: TcpListener, rpc: &Arc<Rpc>) -> Result<(), ServeError> {
    let address = listener.local_addr().map_err(ServeError::Server)?;
    let cookie = rpc.login().cookie().display();
    info!("programs that mine may ask at http://{address}/; user and password are in {cookie}");
    if !address.ip().is_loopback() {
        warn!("JSON-RPC has no TLS: whoever is on the way to {address} can read the password");
    }
    let router = rpc::router(rpc);
    let door = Door {
        site: router.clone(),
        without_tls: router,
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
