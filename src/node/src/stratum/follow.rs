//! Follows the node's templates: at once when there is something better to mine, and now and then
//! for the time that goes on.

use super::handle::StratumHandle;
use crate::driver::{AskError, NodeHandle};
use farthing_core::mining::BlockTemplate;
use farthing_core::node::{Request, Response};
use farthing_core::stratum::server::Input;
use std::pin::pin;
use std::time::Duration;
use tokio::time::{sleep, timeout};
use tracing::debug;

/// The machine wants the clock's time at least twice a minute.
const REFRESH: Duration = Duration::from_secs(20);
/// Before a node that has nothing to mine is asked again.
const PAUSE: Duration = Duration::from_secs(1);

/// Until the node or the server has ended.
pub(super) async fn follow(node: NodeHandle, stratum: StratumHandle) {
    let mut known = None;
    loop {
        let input = match better(&node, &stratum, known.take()).await {
            Ok(template) => {
                known = Some(template.longpollid.clone());
                Input::Template(Box::new(template))
            }
            Err(AskError::Gone) => return,
            Err(AskError::Refused(refused)) => {
                debug!("there is nothing to mine: {refused}");
                Input::NoTemplate
            }
        };
        let nothing = input == Input::NoTemplate;
        if !stratum.input(input).await {
            return;
        }
        if nothing {
            sleep(PAUSE).await;
        }
    }
}

/// The next template that is not the known one. Meanwhile the known one is told with its new time.
async fn better(
    node: &NodeHandle,
    stratum: &StratumHandle,
    known: Option<String>,
) -> Result<BlockTemplate, AskError> {
    let mut answer = pin!(template(node, known));
    loop {
        if let Ok(answer) = timeout(REFRESH, answer.as_mut()).await {
            return answer;
        }
        let same = template(node, None).await?;
        if !stratum.input(Input::Template(Box::new(same))).await {
            return Err(AskError::Gone);
        }
    }
}

async fn template(
    node: &NodeHandle,
    longpollid: Option<String>,
) -> Result<BlockTemplate, AskError> {
    match node.ask(Request::Template { longpollid }).await? {
        Response::Template(template) => Ok(*template),
        _ => Err(AskError::Gone),
    }
}
