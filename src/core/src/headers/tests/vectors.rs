//! Real chains.

use super::real_data;
use crate::headers::{HeaderTree, range};
use crate::params::NetworkParams;

fn params(name: &str) -> NetworkParams {
    NetworkParams::by_name(name).unwrap()
}

#[test]
fn whole_beginnings_of_real_chains() {
    for (network, file, count) in [
        ("bitcoin", "headers/main_0_10236.bin", 10_237),
        ("testnet3", "headers/test3_0_9999.bin", 10_000),
        ("testnet4", "headers/test4_0_100.bin", 101),
        ("signet", "headers/signet_0_2015.bin", 2_016),
    ] {
        let Some(bytes) = real_data(file) else { return };
        let report = range::check(&params(network), 0, &bytes, None).unwrap();
        assert_eq!(report.count, count);
        assert_eq!(report.unchecked, []);
        assert!(report.anchored);
        let (tree, problem) = HeaderTree::restore(params(network), &bytes);
        assert_eq!(problem, None);
        assert_eq!(tree.tip().height, count - 1);
        assert_eq!(tree.tip().hash, report.tip);
        assert_eq!(tree.tip().work, report.work);
    }
}
