//! How many connections one visitor may have, so that nobody takes all places for himself. Who
//! sits at this machine is not counted: the program is his.

use std::collections::BTreeMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Places for visitors, by address.
#[derive(Debug, Clone)]
pub(crate) struct Quota {
    each: usize,
    /// Only addresses that have a connection: as many as there are connections.
    taken: Arc<Mutex<BTreeMap<IpAddr, usize>>>,
}

/// One connection's share; given back when it is dropped.
#[derive(Debug)]
pub(crate) struct Share {
    visitor: IpAddr,
    quota: Quota,
}

impl Quota {
    pub(crate) fn new(each: usize) -> Self {
        Self {
            each,
            taken: Arc::default(),
        }
    }

    /// A share for this visitor; none when all of his are taken.
    pub(crate) fn take(&self, visitor: IpAddr) -> Option<Share> {
        let visitor = visitor.to_canonical();
        let mut taken = self.lock();
        let count = taken.get(&visitor).copied().unwrap_or_default();
        if count >= self.each && !visitor.is_loopback() {
            return None;
        }
        taken.insert(visitor, count + 1);
        Some(Share {
            visitor,
            quota: self.clone(),
        })
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<IpAddr, usize>> {
        // A count is changed in one step: nothing is left half done by a panic elsewhere.
        self.taken.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Share {
    fn drop(&mut self) {
        let mut taken = self.quota.lock();
        match taken.get_mut(&self.visitor) {
            Some(count) if *count > 1 => *count -= 1,
            _ => {
                taken.remove(&self.visitor);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_visitor_takes_his_share_and_no_more() {
        let quota = Quota::new(2);
        let at = |text: &str| text.parse::<IpAddr>().unwrap();
        let shares = [
            quota.take(at("192.168.1.7")),
            quota.take(at("::ffff:192.168.1.7")),
        ];
        assert!(shares.iter().all(Option::is_some));
        assert!(quota.take(at("192.168.1.7")).is_none());
        let other = quota.take(at("192.168.1.8"));
        assert!(other.is_some(), "another visitor has his own");
        drop(shares);
        assert!(
            quota.take(at("192.168.1.7")).is_some(),
            "what is given back can be taken again"
        );
        drop(other);
        assert!(
            quota.lock().is_empty(),
            "nobody is remembered who has no connection"
        );
    }

    #[test]
    fn whoever_sits_at_this_machine_is_not_counted() {
        let quota = Quota::new(1);
        let here: IpAddr = "127.0.0.1".parse().unwrap();
        let shares: Vec<_> = (0..5).map(|_| quota.take(here)).collect();
        assert!(shares.iter().all(Option::is_some));
    }
}
