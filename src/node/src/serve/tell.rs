//! What whoever starts it wants to know.

use super::ports::Ports;
use crate::bridge::Bridge;
use crate::store::DataDirectory;
use crate::tls::{self, Tls};
use farthing_core::params::NetworkParams;
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use tracing::{info, warn};

/// Tells where everything is, the site first.
pub(super) fn tell(
    ports: &Ports,
    bridge: &Bridge,
    data: &DataDirectory,
    tls: Option<&Tls>,
) -> io::Result<()> {
    let address = ports.site.local_addr()?;
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
    tell_node(ports, data)?;
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
    Ok(())
}

fn tell_node(ports: &Ports, data: &DataDirectory) -> io::Result<()> {
    let NetworkParams { name, .. } = data.params();
    let folder = data.folder().display();
    if data.is_new() {
        info!("made the network {name}; its data is in {folder}");
    } else {
        info!("the network is {name}; its data is in {folder}");
    }
    if let Some(peers) = &ports.peers {
        info!("its nodes may connect to {}", peers.local_addr()?);
    }
    if let Some(miners) = &ports.miners {
        let address = miners.local_addr()?;
        // As it is typed on this machine.
        let here = match address.ip().is_unspecified() {
            true => SocketAddr::new(Ipv4Addr::LOCALHOST.into(), address.port()),
            false => address,
        };
        info!(
            "a CPU miner works for an ADDRESS of {name} with: \
             minerd -a sha256d -o stratum+tcp://{here} -u ADDRESS -p x"
        );
    }
    Ok(())
}
