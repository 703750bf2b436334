//! Names for networks that nobody named: two words that a person can say on the telephone.

const PLACES: [&str; 96] = [
    "abbey", "alder", "amber", "arbour", "ashen", "barley", "beacon", "birch", "bramble", "bridge",
    "brook", "canal", "castle", "cedar", "chalk", "chapel", "cinder", "cliff", "clover", "cobble",
    "copper", "coral", "cotton", "cove", "crescent", "dale", "delta", "down", "dune", "dusk",
    "elder", "ember", "estuary", "fallow", "fen", "ferry", "field", "fjord", "flint", "forge",
    "furrow", "garden", "glade", "glen", "granite", "grove", "harbour", "hazel", "heath", "hedge",
    "hill", "hollow", "island", "ivory", "juniper", "kiln", "lagoon", "lantern", "laurel", "ledge",
    "linen", "lock", "maple", "market", "marsh", "meadow", "mill", "mint", "moor", "moss", "oak",
    "orchard", "osier", "park", "pebble", "pier", "pine", "pond", "quarry", "quay", "reed",
    "ridge", "river", "saddle", "sand", "shingle", "silver", "spring", "stone", "thicket",
    "timber", "tower", "valley", "weir", "willow", "winter",
];

const BIRDS: [&str; 96] = [
    "auk",
    "avocet",
    "bittern",
    "blackbird",
    "bluethroat",
    "brambling",
    "bullfinch",
    "bunting",
    "bustard",
    "buzzard",
    "chaffinch",
    "chough",
    "coot",
    "cormorant",
    "corncrake",
    "crake",
    "crane",
    "crossbill",
    "crow",
    "cuckoo",
    "curlew",
    "dabchick",
    "dipper",
    "dotterel",
    "dove",
    "dunlin",
    "dunnock",
    "eagle",
    "egret",
    "eider",
    "falcon",
    "fieldfare",
    "finch",
    "firecrest",
    "flycatcher",
    "fulmar",
    "gadwall",
    "gannet",
    "garganey",
    "goldcrest",
    "goldfinch",
    "goose",
    "goshawk",
    "grebe",
    "greenfinch",
    "grouse",
    "guillemot",
    "gull",
    "harrier",
    "heron",
    "hobby",
    "hoopoe",
    "ibis",
    "jackdaw",
    "jay",
    "kestrel",
    "kingfisher",
    "kite",
    "kittiwake",
    "knot",
    "lapwing",
    "lark",
    "linnet",
    "magpie",
    "mallard",
    "martin",
    "merlin",
    "moorhen",
    "nightjar",
    "nuthatch",
    "oriole",
    "osprey",
    "ouzel",
    "owl",
    "partridge",
    "petrel",
    "pintail",
    "pipit",
    "plover",
    "puffin",
    "quail",
    "rail",
    "raven",
    "redstart",
    "robin",
    "rook",
    "sandpiper",
    "shrike",
    "siskin",
    "snipe",
    "starling",
    "swallow",
    "swift",
    "tern",
    "thrush",
    "wren",
];

/// `harbour-wren`, from four random bytes.
pub(super) fn name(random: [u8; 4]) -> String {
    let [a, b, c, d] = random;
    let pick = |words: &[&'static str], high: u8, low: u8| {
        words[usize::from(u16::from_be_bytes([high, low])) % words.len()]
    };
    format!("{}-{}", pick(&PLACES, a, b), pick(&BIRDS, c, d))
}

#[cfg(test)]
mod tests {
    use super::*;
    use farthing_core::params::NetworkParams;

    #[test]
    fn every_name_is_a_network_and_no_word_comes_twice() {
        for words in [PLACES, BIRDS] {
            let mut sorted = words.to_vec();
            sorted.sort_unstable();
            sorted.dedup();
            assert_eq!(sorted.len(), words.len());
            for word in words {
                assert!(
                    NetworkParams::by_name(&format!("practice:{word}")).is_ok(),
                    "{word}"
                );
            }
        }
        assert_eq!(name([0, 46, 0, 95]), "harbour-wren");
        assert_ne!(name([1, 2, 3, 4]), name([4, 3, 2, 1]));
    }
}
