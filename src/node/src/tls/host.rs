//! What this machine is called and where others reach it, as far as it knows.

use std::net::{IpAddr, SocketAddr, UdpSocket};
use std::process::{Command, Stdio};

/// Its host name, and that name as multicast DNS has it.
pub(crate) fn names() -> Vec<String> {
    let Ok(output) = Command::new("hostname").stdin(Stdio::null()).output() else {
        return Vec::new();
    };
    let name = String::from_utf8_lossy(&output.stdout)
        .trim()
        .to_ascii_lowercase();
    let ordinary = |byte: u8| byte.is_ascii_alphanumeric() || b"-.".contains(&byte);
    if name.is_empty() || name.len() > 200 || !name.bytes().all(ordinary) || name == "localhost" {
        return Vec::new();
    }
    if name.contains('.') {
        return vec![name];
    }
    vec![format!("{name}.local"), name]
}

/// The addresses from which it would speak to others: a datagram's socket is told a destination and
/// sends nothing.
pub(crate) fn addresses() -> Vec<IpAddr> {
    // Documentation's addresses stand for the world (RFC 5737, RFC 3849).
    let elsewhere = [
        "192.0.2.1:9",
        "10.0.0.1:9",
        "172.16.0.1:9",
        "192.168.0.1:9",
        "[2001:db8::1]:9",
    ];
    let mut found = Vec::new();
    for destination in elsewhere
        .iter()
        .filter_map(|text| text.parse::<SocketAddr>().ok())
    {
        let any = if destination.is_ipv4() {
            "0.0.0.0:0"
        } else {
            "[::]:0"
        };
        let local = UdpSocket::bind(any).and_then(|socket| {
            socket.connect(destination)?;
            socket.local_addr()
        });
        if let Ok(local) = local
            && !local.ip().is_loopback()
            && !found.contains(&local.ip())
        {
            found.push(local.ip());
        }
    }
    found
}
