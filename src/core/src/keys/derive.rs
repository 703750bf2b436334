//! Keys from a seed (SLIP-0010, Ed25519): every step is hardened, so that no public key tells of
//! its neighbours, and no address can be made without the private side.

use super::hmac::hmac_sha512;
use super::{PublicKey, SecretKey};
use zeroize::{Zeroize, ZeroizeOnDrop};

/// What SLIP-0010 keys the seed's HMAC with for this curve.
const CURVE: &[u8] = b"ed25519 seed";
/// A hardened step has the highest bit set (BIP32).
const HARDENED: u32 = 1 << 31;

/// A step that does not exist.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("expected the number of a hardened step, under 2147483648, found {found}")]
pub struct StepError {
    /// The number.
    pub found: u32,
}

/// A private key with its chain code: whoever has it has every key below it. It is wiped when it is
/// dropped.
#[derive(Zeroize, ZeroizeOnDrop)]
pub struct KeyNode {
    key: [u8; 32],
    chain_code: [u8; 32],
}

impl KeyNode {
    /// The root, `m`.
    #[must_use]
    pub fn from_seed(seed: &[u8]) -> Self {
        Self::split(&hmac_sha512(CURVE, &[seed]))
    }

    /// One step down: `number` is hardened here, so 44 stands for 44'.
    ///
    /// # Errors
    /// A number of 2^31 or more.
    pub fn child(&self, number: u32) -> Result<Self, StepError> {
        if number >= HARDENED {
            return Err(StepError { found: number });
        }
        let step = (number | HARDENED).to_be_bytes();
        let parts: [&[u8]; 3] = [&[0], &self.key, &step];
        Ok(Self::split(&hmac_sha512(&self.chain_code, &parts)))
    }

    /// Several steps down.
    ///
    /// # Errors
    /// A number of 2^31 or more.
    pub fn descend(&self, numbers: &[u32]) -> Result<Self, StepError> {
        let mut node = Self {
            key: self.key,
            chain_code: self.chain_code,
        };
        for &number in numbers {
            node = node.child(number)?;
        }
        Ok(node)
    }

    /// The key that signs.
    #[must_use]
    pub fn secret_key(&self) -> SecretKey {
        SecretKey::from_seed(&self.key)
    }

    /// The key that verifies.
    #[must_use]
    pub fn public_key(&self) -> PublicKey {
        self.secret_key().public()
    }

    fn split(hash: &[u8; 64]) -> Self {
        let mut node = Self {
            key: [0; 32],
            chain_code: [0; 32],
        };
        node.key.copy_from_slice(&hash[..32]);
        node.chain_code.copy_from_slice(&hash[32..]);
        node
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// SLIP-0010's vectors: the steps, then chain code, private and public key of each node.
    const SHORT: (&str, [u32; 5], [[&str; 3]; 6]) = (
        "000102030405060708090a0b0c0d0e0f",
        [0, 1, 2, 2, 1_000_000_000],
        [
            [
                "90046a93de5380a72b5e45010748567d5ea02bbf6522f979e05c0d8d8ca9fffb",
                "2b4be7f19ee27bbf30c667b642d5f4aa69fd169872f8fc3059c08ebae2eb19e7",
                "a4b2856bfec510abab89753fac1ac0e1112364e7d250545963f135f2a33188ed",
            ],
            [
                "8b59aa11380b624e81507a27fedda59fea6d0b779a778918a2fd3590e16e9c69",
                "68e0fe46dfb67e368c75379acec591dad19df3cde26e63b93a8e704f1dade7a3",
                "8c8a13df77a28f3445213a0f432fde644acaa215fc72dcdf300d5efaa85d350c",
            ],
            [
                "a320425f77d1b5c2505a6b1b27382b37368ee640e3557c315416801243552f14",
                "b1d0bad404bf35da785a64ca1ac54b2617211d2777696fbffaf208f746ae84f2",
                "1932a5270f335bed617d5b935c80aedb1a35bd9fc1e31acafd5372c30f5c1187",
            ],
            [
                "2e69929e00b5ab250f49c3fb1c12f252de4fed2c1db88387094a0f8c4c9ccd6c",
                "92a5b23c0b8a99e37d07df3fb9966917f5d06e02ddbd909c7e184371463e9fc9",
                "ae98736566d30ed0e9d2f4486a64bc95740d89c7db33f52121f8ea8f76ff0fc1",
            ],
            [
                "8f6d87f93d750e0efccda017d662a1b31a266e4a6f5993b15f5c1f07f74dd5cc",
                "30d1dc7e5fc04c31219ab25a27ae00b50f6fd66622f6e9c913253d6511d1e662",
                "8abae2d66361c879b900d204ad2cc4984fa2aa344dd7ddc46007329ac76c429c",
            ],
            [
                "68789923a0cac2cd5a29172a475fe9e0fb14cd6adb5ad98a3fa70333e7afa230",
                "8f94d394a8e8fd6b1bc2f3f49f5c47e385281d5c17e65324b0f62483e37e8793",
                "3c24da049451555d51a7014a37337aa4e12d41e485abccfa46b47dfb2af54b7a",
            ],
        ],
    );
    const LONG: (&str, [u32; 5], [[&str; 3]; 6]) = (
        "fffcf9f6f3f0edeae7e4e1dedbd8d5d2cfccc9c6c3c0bdbab7b4b1aeaba8a5a2\
         9f9c999693908d8a8784817e7b7875726f6c696663605d5a5754514e4b484542",
        [0, 2_147_483_647, 1, 2_147_483_646, 2],
        [
            [
                "ef70a74db9c3a5af931b5fe73ed8e1a53464133654fd55e7a66f8570b8e33c3b",
                "171cb88b1b3c1db25add599712e36245d75bc65a1a5c9e18d76f9f2b1eab4012",
                "8fe9693f8fa62a4305a140b9764c5ee01e455963744fe18204b4fb948249308a",
            ],
            [
                "0b78a3226f915c082bf118f83618a618ab6dec793752624cbeb622acb562862d",
                "1559eb2bbec5790b0c65d8693e4d0875b1747f4970ae8b650486ed7470845635",
                "86fab68dcb57aa196c77c5f264f215a112c22a912c10d123b0d03c3c28ef1037",
            ],
            [
                "138f0b2551bcafeca6ff2aa88ba8ed0ed8de070841f0c4ef0165df8181eaad7f",
                "ea4f5bfe8694d8bb74b7b59404632fd5968b774ed545e810de9c32a4fb4192f4",
                "5ba3b9ac6e90e83effcd25ac4e58a1365a9e35a3d3ae5eb07b9e4d90bcf7506d",
            ],
            [
                "73bd9fff1cfbde33a1b846c27085f711c0fe2d66fd32e139d3ebc28e5a4a6b90",
                "3757c7577170179c7868353ada796c839135b3d30554bbb74a4b1e4a5a58505c",
                "2e66aa57069c86cc18249aecf5cb5a9cebbfd6fadeab056254763874a9352b45",
            ],
            [
                "0902fe8a29f9140480a00ef244bd183e8a13288e4412d8389d140aac1794825a",
                "5837736c89570de861ebc173b1086da4f505d4adb387c6a1b1342d5e4ac9ec72",
                "e33c0f7d81d843c572275f287498e8d408654fdf0d1e065b84e2e6f157aab09b",
            ],
            [
                "5d70af781f3a37b829f0d060924d5e960bdc02e85423494afc0b1a41bbe196d4",
                "551d333177df541ad876a60ea71f00447931c0a9da16f227c11ea080d7391b8d",
                "47150c75db263559a70d5778bf36abbab30fb061ad69f69ece61a72b0cfa4fc0",
            ],
        ],
    );

    #[test]
    fn the_published_vectors() {
        for (seed, steps, expected) in [SHORT, LONG] {
            let root = KeyNode::from_seed(&hex::decode(seed).unwrap());
            for (depth, [chain_code, private, public]) in expected.into_iter().enumerate() {
                let node = root.descend(&steps[..depth]).unwrap();
                assert_eq!(hex::encode(node.chain_code), chain_code, "depth {depth}");
                assert_eq!(hex::encode(node.key), private, "depth {depth}");
                assert_eq!(hex::encode(node.public_key().to_bytes()), public);
            }
        }
    }

    #[test]
    fn there_is_no_step_past_the_hardened_ones() {
        let root = KeyNode::from_seed(&[1; 16]);
        assert!(root.child(HARDENED - 1).is_ok());
        let refused = root.child(HARDENED).err().unwrap();
        assert_eq!(
            refused.to_string(),
            "expected the number of a hardened step, under 2147483648, found 2147483648"
        );
        assert!(root.descend(&[44, u32::MAX]).is_err());
    }
}
