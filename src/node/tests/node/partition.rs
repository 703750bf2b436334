//! Three nodes as processes: the network is cut in two, both sides mine, and it heals.

use crate::support::{Farthing, free_address, until};
use std::io::{Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;

/// A wire that can be cut.
struct Wire {
    at: SocketAddr,
    cut: Arc<AtomicBool>,
    streams: Arc<Mutex<Vec<TcpStream>>>,
}

impl Wire {
    fn to(target: SocketAddr) -> Self {
        let listener = TcpListener::bind(free_address()).unwrap();
        let at = listener.local_addr().unwrap();
        let cut = Arc::new(AtomicBool::new(false));
        let streams = Arc::new(Mutex::new(Vec::new()));
        let (is_cut, kept) = (Arc::clone(&cut), Arc::clone(&streams));
        thread::spawn(move || {
            for here in listener.incoming().flatten() {
                if is_cut.load(Ordering::SeqCst) {
                    continue;
                }
                let Ok(there) = TcpStream::connect(target) else {
                    continue;
                };
                carry(&here, &there);
                carry(&there, &here);
                kept.lock().unwrap().extend([here, there]);
            }
        });
        Self { at, cut, streams }
    }

    fn cut(&self) {
        self.cut.store(true, Ordering::SeqCst);
        for stream in self.streams.lock().unwrap().drain(..) {
            stream.shutdown(Shutdown::Both).ok();
        }
    }

    fn mend(&self) {
        self.cut.store(false, Ordering::SeqCst);
    }
}

fn carry(from: &TcpStream, to: &TcpStream) {
    let (mut from, mut to) = (from.try_clone().unwrap(), to.try_clone().unwrap());
    thread::spawn(move || {
        let mut buffer = [0; 65_536];
        while let Ok(count @ 1..) = from.read(&mut buffer) {
            if to.write_all(&buffer[..count]).is_err() {
                break;
            }
        }
        from.shutdown(Shutdown::Both).ok();
        to.shutdown(Shutdown::Both).ok();
    });
}

fn peers(node: &Farthing) -> u64 {
    node.health()["peers"].as_u64().unwrap()
}

fn agree(nodes: &[&Farthing], height: u64) -> bool {
    nodes
        .iter()
        .all(|node| node.height() == height && node.tip() == nodes[0].tip())
}

#[test]
fn a_network_that_was_cut_in_two_comes_to_one_chain() {
    let folder = tempfile::tempdir().unwrap();
    let here = |name: &str| folder.path().join(name);
    let north = Farthing::start(&here("north"), &[]);
    let wire = Wire::to(north.p2p);
    let south = Farthing::start(&here("south"), &["--peer", &wire.at.to_string()]);
    let coast = Farthing::start(&here("coast"), &["--peer", &south.p2p.to_string()]);
    until("three nodes are connected", || {
        peers(&north) == 1 && peers(&south) == 2 && peers(&coast) == 1
    });
    north.mine(2);
    until("all have two blocks", || {
        agree(&[&north, &south, &coast], 2)
    });

    wire.cut();
    until("the wire is cut", || {
        peers(&north) == 0 && peers(&south) == 1
    });
    north.mine(3);
    coast.mine(5);
    until("the south follows the coast", || {
        agree(&[&south, &coast], 7)
    });
    assert_eq!(north.height(), 5);
    assert_ne!(north.tip(), south.tip());

    wire.mend();
    until("one chain, with most work", || {
        agree(&[&north, &south, &coast], 7)
    });
    let (_, text) = north.ask("GET /metrics", "");
    assert!(
        text.contains("farthing_blocks_disconnected_total 3\n"),
        "{text}"
    );
}
