// The search in WGSL: double SHA-256 of a header, written out round by round, so that constants fold and
// nothing is indexed. An invocation tries one nonce with one version.

/** What is reported at most; more than that says that the piece was too large. */
export const MOST_FOUND = 64;
/** Invocations of a workgroup: what every adapter has. */
export const WORKGROUP = 256;
/** Numbers before the versions: first nonce, how many, three words of the header, the target's first. */
export const HEAD = 6;
/** Numbers of a version: the midstate, and the state four rounds on. */
export const VERSION = 16;

const hex = (value: number): string => `0x${(value >>> 0).toString(16)}u`;

/** The primes' roots of FIPS 180-4: 32 bits of the fraction. */
function constants(count: number, root: (prime: number) => number): string[] {
  const primes: number[] = [];
  for (let n = 2; primes.length < count; n++) if (primes.every((p) => n % p !== 0)) primes.push(n);
  return primes.map((prime) => hex((root(prime) % 1) * 2 ** 32));
}
const K = constants(64, Math.cbrt);
const INITIAL = constants(8, Math.sqrt);
const PADDING = hex(0x8000_0000);
const ZERO = hex(0);

/** Lines that compute rounds `first` to `last` of a message of sixteen words; gives the state's names. */
function rounds(name: string, begin: string[], message: string[], first: number, last: number) {
  const w = [...message];
  const lines: string[] = [];
  for (let t = 16; t <= last; t++) {
    w[t] = `${name}w${t}`;
    lines.push(
      `let ${w[t]} = ${w[t - 16]} + small0(${w[t - 15]}) + ${w[t - 7]} + small1(${w[t - 2]});`,
    );
  }
  let [a, b, c, d, e, f, g, h] = begin as [
    string,
    string,
    string,
    string,
    string,
    string,
    string,
    string,
  ];
  for (let t = first; t <= last; t++) {
    const [one, newA, newE] = [`${name}t${t}`, `${name}a${t}`, `${name}e${t}`];
    lines.push(
      `let ${one} = ${h} + big1(${e}) + choose(${e}, ${f}, ${g}) + ${K[t]} + ${w[t]};`,
      `let ${newA} = ${one} + big0(${a}) + majority(${a}, ${b}, ${c});`,
      `let ${newE} = ${d} + ${one};`,
    );
    [a, b, c, d, e, f, g, h] = [newA, a, b, c, newE, e, f, g];
  }
  return { lines, state: [a, b, c, d, e, f, g, h] };
}

/** The program; its entry is `search`. */
export function shader(): string {
  const word = (at: string): string => `job[${at}]`;
  const first = rounds(
    'p',
    Array.from({ length: 8 }, (_, at) => `begun${at}`),
    [
      word('2'),
      word('3'),
      word('4'),
      'swapped',
      PADDING,
      ...Array<string>(10).fill(ZERO),
      hex(640),
    ],
    4,
    63,
  );
  const again = rounds(
    'q',
    INITIAL,
    [...INITIAL.map((_, at) => `hash${at}`), PADDING, ...Array<string>(6).fill(ZERO), hex(256)],
    0,
    // A state's fifth word is its last after three more rounds.
    60,
  );
  return /* wgsl */ `
struct Found { count: atomic<u32>, claims: array<vec2<u32>, ${MOST_FOUND}> }
@group(0) @binding(0) var<storage, read> job: array<u32>;
@group(0) @binding(1) var<storage, read_write> found: Found;

fn rotate(x: u32, by: u32) -> u32 { return (x >> by) | (x << (32u - by)); }
fn small0(x: u32) -> u32 { return rotate(x, 7u) ^ rotate(x, 18u) ^ (x >> 3u); }
fn small1(x: u32) -> u32 { return rotate(x, 17u) ^ rotate(x, 19u) ^ (x >> 10u); }
fn big0(x: u32) -> u32 { return rotate(x, 2u) ^ rotate(x, 13u) ^ rotate(x, 22u); }
fn big1(x: u32) -> u32 { return rotate(x, 6u) ^ rotate(x, 11u) ^ rotate(x, 25u); }
fn choose(e: u32, f: u32, g: u32) -> u32 { return g ^ (e & (f ^ g)); }
fn majority(a: u32, b: u32, c: u32) -> u32 { return (a & b) | (c & (a | b)); }
fn swap(x: u32) -> u32 { return (rotate(x, 8u) & 0xff00ff00u) | (rotate(x, 24u) & 0x00ff00ffu); }

@compute @workgroup_size(${WORKGROUP})
fn search(@builtin(global_invocation_id) id: vec3<u32>) {
  if (id.x >= job[1]) { return; }
  let nonce = job[0] + id.x;
  let swapped = swap(nonce);
  let at = ${HEAD}u + ${VERSION}u * id.y;
${INITIAL.map((_, at) => `  let begun${at} = job[at + ${8 + at}u]${at % 4 === 0 ? ' + swapped' : ''};`).join('\n')}
${first.lines.map((line) => `  ${line}`).join('\n')}
${INITIAL.map((_, at) => `  let hash${at} = job[at + ${at}u] + ${first.state[at]};`).join('\n')}
${again.lines.map((line) => `  ${line}`).join('\n')}
  if (swap(${INITIAL[7]} + ${again.state[4]}) > job[5]) { return; }
  let slot = atomicAdd(&found.count, 1u);
  if (slot < ${MOST_FOUND}u) { found.claims[slot] = vec2<u32>(nonce, id.y); }
}
`;
}
