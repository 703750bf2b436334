//! `GET /bridge/HOST:PORT` and `GET /pool/HOST:PORT`, upgraded to a WebSocket.

use super::carry::{MAX_FRAME, MAX_TAKEN, carry};
use super::gate::Gates;
use super::quota::{Quota, Share};
use super::target::{AddressError, Target};
use super::{AllowList, Limits, PoolList};
use crate::serve::{OriginError, Visitor, check_origin};
use axum::extract::ws::rejection::WebSocketUpgradeRejection;
use axum::extract::{Extension, Path, State, WebSocketUpgrade};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use std::io;
use std::net::IpAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::net::TcpStream;
use tokio::sync::{Mutex, OwnedSemaphorePermit, Semaphore, watch};
use tokio::time::timeout;
use tracing::{info, warn};

/// Until a node or a pool is found and takes the connection.
const CONNECT: Duration = Duration::from_secs(10);
/// Until a node of this machine answers whether it is there.
const PROBE: Duration = Duration::from_millis(200);
/// What was found is told again for so long: any page may ask, as often as it likes.
const PROBED: Duration = Duration::from_secs(2);

/// Why a page is not carried.
#[derive(Debug, thiserror::Error)]
enum BridgeError {
    #[error("{asked:?} is not on the list: start farthing with {option} {asked} to allow it")]
    NotListed { asked: String, option: &'static str },
    #[error(transparent)]
    Origin(#[from] OriginError),
    #[error("expected the subprotocol binary or none, found {0}")]
    Subprotocol(String),
    #[error("expected a WebSocket: {0}")]
    Upgrade(#[from] WebSocketUpgradeRejection),
    #[error("expected at most {0} connections")]
    TooMany(usize),
    #[error("expected at most {0} connections of one visitor")]
    TooManyOfOne(usize),
    #[error(transparent)]
    Address(#[from] AddressError),
    #[error("{endpoint} cannot be reached: {source}")]
    Unreachable { endpoint: String, source: io::Error },
}

impl IntoResponse for BridgeError {
    fn into_response(self) -> Response {
        let status = match &self {
            Self::NotListed { .. } | Self::Origin(_) => StatusCode::FORBIDDEN,
            Self::Subprotocol(_) => StatusCode::BAD_REQUEST,
            Self::Upgrade(_) => StatusCode::UPGRADE_REQUIRED,
            Self::TooMany(_) => StatusCode::SERVICE_UNAVAILABLE,
            Self::TooManyOfOne(_) => StatusCode::TOO_MANY_REQUESTS,
            Self::Address(_) | Self::Unreachable { .. } => StatusCode::BAD_GATEWAY,
        };
        (status, format!("{self}\n")).into_response()
    }
}

/// What a page asks to be carried to, by the name that it has on its list.
#[derive(Debug, Clone, Copy)]
enum Asked<'a> {
    Node(&'a str),
    Pool(&'a str),
}

/// The bridge: its lists and its bounds.
#[derive(Debug)]
pub(crate) struct Bridge {
    nodes: AllowList,
    pools: PoolList,
    limits: Limits,
    connections: Arc<Semaphore>,
    quota: Quota,
    stopping: watch::Sender<bool>,
    /// What pages were told last, and when it was found.
    offered: Mutex<Option<(Instant, Vec<Offer>)>>,
}

/// A node as a page is told of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct Offer {
    network: String,
    /// A path on this site.
    url: String,
    operator: String,
    /// For a node that nobody named: whether something listens there now.
    #[serde(skip_serializing_if = "Option::is_none")]
    answers: Option<bool>,
}

impl Bridge {
    pub(crate) fn new(nodes: AllowList, pools: PoolList, limits: Limits) -> Self {
        Self {
            nodes,
            pools,
            limits,
            connections: Arc::new(Semaphore::new(limits.connections)),
            quota: Quota::new(limits.each),
            stopping: watch::Sender::new(false),
            offered: Mutex::new(None),
        }
    }

    pub(crate) fn nodes(&self) -> &AllowList {
        &self.nodes
    }

    pub(crate) fn pools(&self) -> &PoolList {
        &self.pools
    }

    /// What `/farthing.json` says of nodes.
    pub(crate) async fn offers(&self) -> Vec<Offer> {
        // Who asks meanwhile waits for the same answer.
        let mut offered = self.offered.lock().await;
        if let Some((found_at, offers)) = &*offered
            && found_at.elapsed() < PROBED
        {
            return offers.clone();
        }
        let offers = self.look().await;
        *offered = Some((Instant::now(), offers.clone()));
        offers
    }

    async fn look(&self) -> Vec<Offer> {
        let mut offers = Vec::new();
        for node in self.nodes.iter() {
            let name = node.target.endpoint.to_string();
            offers.push(Offer {
                network: node.network.clone(),
                url: format!("/bridge/{name}"),
                operator: name,
                answers: match node.guessed {
                    true => Some(matches!(
                        timeout(PROBE, connect(&node.target)).await,
                        Ok(Ok(_))
                    )),
                    false => None,
                },
            });
        }
        offers
    }

    /// Closes every connection and waits until they are.
    pub(crate) async fn stop(&self) {
        self.stopping.send_replace(true);
        let all = u32::try_from(self.limits.connections).unwrap_or(u32::MAX);
        let closed = self.connections.acquire_many(all);
        timeout(Duration::from_secs(3), closed).await.ok();
    }

    /// Everything that must hold before a page's request becomes a connection.
    async fn admit(
        &self,
        asked: Asked<'_>,
        visitor: IpAddr,
        headers: &HeaderMap,
        upgrade: Result<WebSocketUpgrade, WebSocketUpgradeRejection>,
    ) -> Result<(WebSocketUpgrade, Way, Place), BridgeError> {
        check_origin(headers)?;
        let (target, gates) = self.find(asked)?;
        let upgrade = upgrade?;
        let protocols: Vec<_> = upgrade.requested_protocols().collect();
        if !protocols.is_empty() && !protocols.iter().any(|name| *name == "binary") {
            return Err(BridgeError::Subprotocol(format!("{protocols:?}")));
        }
        let permit = Arc::clone(&self.connections)
            .try_acquire_owned()
            .map_err(|_| BridgeError::TooMany(self.limits.connections))?;
        let share = self.quota.take(visitor);
        let share = share.ok_or(BridgeError::TooManyOfOne(self.limits.each))?;
        let stream = connect(target).await?;
        let name = target.endpoint.to_string();
        let way = Way {
            name,
            stream,
            gates,
        };
        Ok((upgrade, way, (permit, share)))
    }

    fn find(&self, asked: Asked<'_>) -> Result<(&Target, Gates), BridgeError> {
        let not_listed = |asked: &str, option| BridgeError::NotListed {
            asked: asked.chars().take(100).collect(),
            option,
        };
        match asked {
            Asked::Node(name) => match self.nodes.find(name) {
                Some(node) => Ok((&node.target, Gates::of_node(node.magic))),
                None => Err(not_listed(name, "--bitcoin")),
            },
            Asked::Pool(name) => match self.pools.find(name) {
                Some(pool) => Ok((pool, Gates::of_pool())),
                None => Err(not_listed(name, "--pool")),
            },
        }
    }
}

/// An open way to what was asked for.
struct Way {
    name: String,
    stream: TcpStream,
    gates: Gates,
}

/// What a connection holds while it lasts.
type Place = (OwnedSemaphorePermit, Share);

/// Connects to a checked address of the target, and to no other.
async fn connect(target: &Target) -> Result<TcpStream, BridgeError> {
    let unreachable = |source| BridgeError::Unreachable {
        endpoint: target.endpoint.to_string(),
        source,
    };
    // A name's look-up can hang as well as the node.
    let connected = timeout(CONNECT, async {
        let addresses = target.addresses().await?;
        let stream = TcpStream::connect(&addresses[..]).await;
        stream.map_err(unreachable)
    });
    let stream = connected
        .await
        .map_err(|_| unreachable(io::ErrorKind::TimedOut.into()))??;
    // A verack is 24 bytes and should not wait for more.
    stream.set_nodelay(true).map_err(unreachable)?;
    Ok(stream)
}

/// To a node.
pub(crate) async fn bridge(
    State(bridge): State<Arc<Bridge>>,
    Path(asked): Path<String>,
    visitor: Extension<Visitor>,
    headers: HeaderMap,
    upgrade: Result<WebSocketUpgrade, WebSocketUpgradeRejection>,
) -> Response {
    open(&bridge, Asked::Node(&asked), visitor, &headers, upgrade).await
}

/// To a pool.
pub(crate) async fn pool(
    State(bridge): State<Arc<Bridge>>,
    Path(asked): Path<String>,
    visitor: Extension<Visitor>,
    headers: HeaderMap,
    upgrade: Result<WebSocketUpgrade, WebSocketUpgradeRejection>,
) -> Response {
    open(&bridge, Asked::Pool(&asked), visitor, &headers, upgrade).await
}

async fn open(
    bridge: &Bridge,
    asked: Asked<'_>,
    Extension(Visitor(visitor)): Extension<Visitor>,
    headers: &HeaderMap,
    upgrade: Result<WebSocketUpgrade, WebSocketUpgradeRejection>,
) -> Response {
    let admitted = bridge.admit(asked, visitor.ip(), headers, upgrade).await;
    let (upgrade, way, place) = match admitted {
        Ok(admitted) => admitted,
        Err(error) => {
            warn!("no bridge to {asked:?}: {error}");
            return error.into_response();
        }
    };
    let Way {
        name,
        stream,
        gates,
    } = way;
    let limits = bridge.limits;
    let stopping = bridge.stopping.subscribe();
    info!("bridge to {name} opened");
    let failed = name.clone();
    upgrade
        .protocols(["binary"])
        // axum's own bounds are 64 MiB a message, and none for what waits to be sent.
        .max_frame_size(MAX_TAKEN)
        .max_message_size(MAX_TAKEN)
        .read_buffer_size(MAX_FRAME)
        .write_buffer_size(0)
        .max_write_buffer_size(gates.max_unsent())
        .on_failed_upgrade(move |error| warn!("no bridge to {failed}: {error}"))
        .on_upgrade(async move |socket| {
            let (ended, carried) = carry(socket, stream, gates, limits, stopping).await;
            let (out, back) = (carried.to_node, carried.to_page);
            info!("bridge to {name} closed: {ended} ({out} bytes to it, {back} from it)");
            drop(place);
        })
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::net::TcpListener;
    use tokio::time::sleep;

    #[tokio::test]
    async fn looks_for_a_guessed_node_once_however_many_ask() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let at = listener.local_addr().unwrap().to_string();
        let nodes = AllowList::guessed("regtest", &at);
        let bridge = Arc::new(Bridge::new(nodes, PoolList::default(), Limits::default()));
        let asking: Vec<_> = (0..20)
            .map(|_| Arc::clone(&bridge))
            .map(|bridge| tokio::spawn(async move { bridge.offers().await }))
            .collect();
        for asked in asking {
            assert_eq!(asked.await.unwrap()[0].answers, Some(true));
        }
        listener.accept().await.unwrap();
        let more = timeout(Duration::from_millis(200), listener.accept()).await;
        assert!(more.is_err(), "one connection for all of them");
        // And what was found does not stay true for ever.
        drop(listener);
        sleep(PROBED).await;
        assert_eq!(bridge.offers().await[0].answers, Some(false));
    }
}
