// Targets, hashes and what they are worth. Hex is as people write it, big-endian; a header is hex in
// the order of its bytes.

/** Bitcoin's easiest target: what a difficulty of 1 means. */
const DIFFICULTY_ONE = 0xffffn << 208n;

/** Hashes that a hit takes, expected, for a target in hex: 2^256 / (target + 1). */
export function expectedHashes(target: string): number {
  return Number(((1n << 256n) * 1000n) / (BigInt(`0x${target}`) + 1n)) / 1000;
}

/** The difficulty that a hash would have met. */
export function difficulty(hash: string): number {
  const value = BigInt(`0x${hash}`);
  // Doubles hold such quotients in their whole range; what they round away nobody reads.
  return value === 0n ? Infinity : Number(DIFFICULTY_ONE) / Number(value);
}

/** The target that a header names for itself, in its compact form: its block's. */
export function blockTarget(header: string): string {
  const bits =
    header
      .slice(144, 152)
      .match(/../g)
      ?.map((byte) => Number.parseInt(byte, 16)) ?? [];
  const [low = 0, middle = 0, high = 0, size = 0] = bits;
  const mantissa = BigInt(((high & 0x7f) << 16) | (middle << 8) | low);
  const shift = 8n * BigInt(size - 3);
  const target = shift >= 0n ? mantissa << shift : mantissa >> -shift;
  // A negative or an overflowing one is met by nothing.
  const valid = high < 0x80 && target < 1n << 256n;
  return (valid ? target : 0n).toString(16).padStart(64, '0');
}

/** Whether a hash meets a target: both are hex of the same length. */
export const meets = (hash: string, target: string): boolean => hash <= target;
