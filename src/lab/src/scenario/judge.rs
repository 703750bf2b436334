//! What must be true, and a sentence where it is not.

use super::cast::Cast;
use crate::lab::{Lab, MemberId};
use crate::member::Tip;
use farthing_core::invoice::{InvoiceStatus, InvoiceView, VerdictAnswer};

/// What a merchant's client says at the end.
#[derive(Debug, Clone)]
pub struct Verdicts {
    /// Of the invoice that was paid.
    pub real: Option<InvoiceView>,
    /// Of the one that hostile peers invented payments for.
    pub invented: Option<InvoiceView>,
}

/// The sides of a parted network went their own ways, or the story proves nothing.
pub(super) fn parted(lab: &Lab, sides: &[Vec<MemberId>; 2]) -> Result<(), String> {
    let [left, right] = sides.each_ref().map(|side| {
        let nodes = side.iter().filter(|member| lab.node(**member).is_some());
        highest(nodes.map(|node| lab.tip(*node)))
    });
    if left == right {
        return Err(format!(
            "expected two sides with tips of their own, found {left:?} and {right:?}"
        ));
    }
    Ok(())
}

/// Everybody who is not where the first node is; empty: all agree.
pub(super) fn astray(lab: &Lab, cast: &Cast) -> String {
    let best = best(lab, cast);
    let members = cast.nodes.iter().chain(&cast.clients);
    let astray = members.filter(|member| !lab.is_up(**member) || lab.tip(**member) != best);
    let astray: Vec<_> = astray
        .map(|member| {
            let tip = lab.tip(*member);
            let lines: Vec<_> = lab.log(*member).collect();
            let last = lines[lines.len().saturating_sub(4)..].join("; ");
            format!(
                "{} at {} {} with {} connections ({last})",
                lab.name(*member),
                tip.height,
                tip.hash,
                lab.connections(*member)
            )
        })
        .collect();
    if astray.is_empty() {
        return String::new();
    }
    format!(
        "expected all at {} {}, found {}",
        best.height,
        best.hash,
        astray.join(", ")
    )
}

/// The tip of the most work among the honest nodes: on this network, the highest.
fn best(lab: &Lab, cast: &Cast) -> Tip {
    let tips = cast.nodes.iter().map(|node| lab.tip(*node));
    highest(tips).unwrap_or(lab.tip(cast.nodes[0]))
}

/// The first of the highest.
fn highest(tips: impl Iterator<Item = Tip>) -> Option<Tip> {
    tips.reduce(
        |best, tip| {
            if tip.height > best.height { tip } else { best }
        },
    )
}

/// Whether two branches have the most work.
pub(super) fn two_best(lab: &Lab, cast: &Cast) -> bool {
    let best = best(lab, cast);
    let tips = cast.nodes.iter().map(|node| lab.tip(*node));
    tips.into_iter()
        .any(|tip| tip.height == best.height && tip.hash != best.hash)
}

pub(super) fn verdicts(lab: &Lab, merchant: MemberId) -> Verdicts {
    let invoices = &lab.told(merchant).invoices;
    Verdicts {
        real: invoices.get(&1).cloned(),
        invented: invoices.get(&2).cloned(),
    }
}

/// The payment that was made counts, and those that were invented do not.
pub(super) fn invoices(
    real: &Option<InvoiceView>,
    invented: &Option<InvoiceView>,
    besieged: bool,
) -> Result<(), String> {
    let (Some(real), Some(invented)) = (real, invented) else {
        return Err("expected both invoices to be told, found one missing".to_owned());
    };
    if !matches!(real.status, InvoiceStatus::Settled { .. })
        || real.verdict.answer != VerdictAnswer::Confirmed
    {
        return Err(format!(
            "expected the invoice that was paid to be settled and confirmed, found {:?}, {:?}",
            real.status, real.verdict.answer
        ));
    }
    let found = (invented.status, invented.verdict.answer);
    let expected = if besieged {
        "seen and unverified"
    } else {
        "awaiting, with nothing seen"
    };
    let right = match found {
        (InvoiceStatus::Seen, VerdictAnswer::SeenUnverified) => besieged,
        // Whoever had no node to ask for a while does not say that nothing was paid.
        (InvoiceStatus::Awaiting, VerdictAnswer::NothingSeen | VerdictAnswer::CannotTell) => {
            !besieged
        }
        _ => false,
    };
    if !right {
        return Err(format!(
            "expected the invoice that was not paid to be {expected}, found {found:?}"
        ));
    }
    Ok(())
}
