//! The allow-list under the names that an attacker would try.

use super::super::target::AddressError;
use super::*;
use std::net::SocketAddr;

fn allow(nodes: &[&str]) -> Result<AllowList, NodeError> {
    let nodes: Vec<NodeOption> = nodes
        .iter()
        .map(|text| text.parse())
        .collect::<Result<_, _>>()?;
    AllowList::new(&nodes)
}

#[test]
fn reaches_listed_nodes_and_nothing_else() {
    let list = allow(&["192.0.2.7:8333", "regtest@node.example:9000"]).unwrap();
    for listed in [
        "192.0.2.7:8333",
        "[::ffff:192.0.2.7]:8333",
        "node.example:9000",
        "NODE.example:9000",
    ] {
        assert!(list.find(listed).is_some(), "{listed}");
    }
    for other in [
        "192.0.2.7:25",
        "192.0.2.7:08333",
        "192.0.2.7:+8333",
        "192.0.2.8:8333",
        "169.254.169.254:80",
        "169.254.169.254:8333",
        "[::ffff:10.0.0.1]:8333",
        "::ffff:192.0.2.7:8333",
        "3221225991:8333",
        "0xc0000207:8333",
        "0300.0.2.7:8333",
        "node.example.:9000",
        "node.example:8333",
        "regtest@node.example:9000",
        "user@192.0.2.7:8333",
        "192.0.2.7",
        "192.0.2.7:",
        ":8333",
        "",
    ] {
        assert!(list.find(other).is_none(), "{other}");
    }
}

#[test]
fn infers_the_network_from_a_well_known_port_alone() {
    let networks = |nodes: &[&str]| {
        allow(nodes).map(|list| {
            let names = list.iter().map(|node| node.network.clone());
            names.collect::<Vec<_>>().join(" ")
        })
    };
    let ports = [
        ("8333", "bitcoin"),
        ("48333", "testnet4"),
        ("18333", "testnet3"),
        ("38333", "signet"),
        ("18444", "regtest"),
    ];
    for (port, name) in ports {
        let node = format!("127.0.0.1:{port}");
        assert_eq!(networks(&[&node]).unwrap(), name);
    }
    assert_eq!(networks(&["signet@[::1]:9000"]).unwrap(), "signet");
    let error = networks(&["[::1]:9000"]).unwrap_err().to_string();
    assert!(error.contains("write NETWORK@[::1]:9000"), "{error}");
    let error = networks(&["regtset@[::1]:9000"]).unwrap_err().to_string();
    assert!(
        error.contains("regtset") && error.contains("regtest"),
        "{error}"
    );
    let error = networks(&["localhost"]).unwrap_err().to_string();
    assert!(error.contains("HOST:PORT"), "{error}");
}

#[test]
fn looks_on_this_machine_when_no_node_is_named() {
    let list = allow(&[]).unwrap();
    for port in [8333, 48333, 18333, 38333, 18444] {
        let node = list.find(&format!("127.0.0.1:{port}")).unwrap();
        assert!(node.guessed);
    }
    // And for networks whose spends are Bitcoin's alone.
    assert_eq!(list.iter().count(), 5);
    assert!(list.find("192.0.2.7:8333").is_none());
}

#[tokio::test]
async fn refuses_a_name_that_changes() {
    let list = allow(&["regtest@node.example:9000"]).unwrap();
    let node = list.find("node.example:9000").unwrap();
    let at = |text: &str| vec![text.parse::<SocketAddr>().unwrap()];
    let first = at("192.0.2.7:9000");
    assert_eq!(node.target.check(first.clone()).await.unwrap(), first);
    assert_eq!(node.target.check(first.clone()).await.unwrap(), first);
    let error = node.target.check(at("10.0.0.1:9000")).await.unwrap_err();
    assert!(matches!(error, AddressError::Changed { .. }), "{error}");
    assert_eq!(node.target.check(first.clone()).await.unwrap(), first);
}

#[tokio::test]
async fn refuses_addresses_that_are_no_node() {
    for address in [
        "169.254.169.254:80",
        "0.0.0.0:8333",
        "224.0.0.1:8333",
        "255.255.255.255:8333",
        "[fe80::1]:8333",
        "[::]:8333",
        "[ff02::1]:8333",
        "[::ffff:169.254.169.254]:8333",
    ] {
        let list = allow(&["regtest@node.example:9000"]).unwrap();
        let node = list.find("node.example:9000").unwrap();
        let error = node
            .target
            .check(vec![address.parse().unwrap()])
            .await
            .unwrap_err();
        assert!(matches!(error, AddressError::Forbidden { .. }), "{error}");
    }
}
