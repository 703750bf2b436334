//! The allow-list of pools: where a page's Stratum lines may be carried to, and nowhere else.

use super::target::{Endpoint, EndpointError, Target};
use std::str::FromStr;

/// `HOST:PORT` of a pool on the command line.
#[derive(Debug, Clone)]
pub(crate) struct PoolOption(Endpoint);

impl FromStr for PoolOption {
    type Err = EndpointError;

    fn from_str(text: &str) -> Result<Self, EndpointError> {
        // What pools tell people to type.
        let endpoint = text.strip_prefix("stratum+tcp://").unwrap_or(text);
        Ok(Self(endpoint.parse()?))
    }
}

/// The pools that pages may be carried to.
#[derive(Debug, Default)]
pub(crate) struct PoolList(Vec<Target>);

impl PoolList {
    /// Those that were named; nobody guesses a pool.
    pub(crate) fn new(pools: &[PoolOption]) -> Self {
        let mut list: Vec<Target> = Vec::new();
        for PoolOption(endpoint) in pools {
            if !list.iter().any(|pool| pool.endpoint == *endpoint) {
                list.push(Target::new(endpoint.clone()));
            }
        }
        Self(list)
    }

    /// The pool of that name, if it is on the list.
    pub(crate) fn find(&self, asked: &str) -> Option<&Target> {
        let endpoint: Endpoint = asked.parse().ok()?;
        self.0.iter().find(|pool| pool.endpoint == endpoint)
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &Target> {
        self.0.iter()
    }
}

#[cfg(test)]
mod tests {
    use super::super::target::AddressError;
    use super::*;

    fn list(pools: &[&str]) -> PoolList {
        let pools: Vec<PoolOption> = pools.iter().map(|text| text.parse().unwrap()).collect();
        PoolList::new(&pools)
    }

    #[test]
    fn reaches_listed_pools_and_nothing_else() {
        let list = list(&[
            "stratum+tcp://pool.example:3333",
            "192.0.2.7:3334",
            "192.0.2.7:3334",
        ]);
        assert_eq!(list.iter().count(), 2);
        for listed in ["pool.example:3333", "POOL.example:3333", "192.0.2.7:3334"] {
            assert!(list.find(listed).is_some(), "{listed}");
        }
        for other in [
            "pool.example:25",
            "192.0.2.7:3333",
            "169.254.169.254:80",
            "stratum+tcp://pool.example:3333",
            "user@pool.example:3333",
            "pool.example.:3333",
            "",
        ] {
            assert!(list.find(other).is_none(), "{other}");
        }
        assert!(
            PoolList::new(&[]).iter().next().is_none(),
            "none is guessed"
        );
        assert!("http://pool.example:3333".parse::<PoolOption>().is_err());
    }

    #[tokio::test]
    async fn refuses_a_pool_whose_name_leads_elsewhere() {
        let list = list(&["pool.example:3333"]);
        let pool = list.find("pool.example:3333").unwrap();
        for address in ["169.254.169.254:3333", "[fe80::1]:3333", "0.0.0.0:3333"] {
            let error = pool
                .check(vec![address.parse().unwrap()])
                .await
                .unwrap_err();
            assert!(matches!(error, AddressError::Forbidden { .. }), "{error}");
        }
        let first = vec!["192.0.2.7:3333".parse().unwrap()];
        assert_eq!(pool.check(first.clone()).await.unwrap(), first);
        let later = pool.check(vec!["10.0.0.1:3333".parse().unwrap()]).await;
        assert!(matches!(later, Err(AddressError::Changed { .. })));
    }
}
