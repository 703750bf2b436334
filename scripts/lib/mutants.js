// tests/mutants.toml: for each attack, what its defence would be replaced by. A mutant is an
// expression or a statement of the code and another one in its place. They are all built at once:
// each is woven in beside the true code, and one of them is chosen when it runs: a program reads the
// environment, a module of WebAssembly a place of its own bytes that is written over, and a page what
// Vite tells its modules of the environment. So a mutant costs the run of its tests, and at most the
// second in which Vite writes a site.

import { threats } from '../check/threats.js';
import { read } from './facts.js';
import { Failure } from './steps.js';
import { tables, text } from './tables.js';

export const file = 'tests/mutants.toml';

/** The environment's words for the mutant that is at work: for programs, and for pages. */
export const chosen = 'FARTHING_MUTANT';
export const chosenInPages = `VITE_${chosen}`;

/** What a module of WebAssembly holds, and how much of it: this, and the mutant's name after it. */
const mark = `${chosen}=`;
const SLOT = 96;

/**
 * @typedef {object} Mutant
 * @property {string} id its row and a number
 * @property {string} row of tests/threats.toml
 * @property {string} out the defence that is taken out, in words
 * @property {string} file the code
 * @property {number} from where the text begins that is replaced
 * @property {number} to where it ends
 * @property {string} put what stands in its place
 * @property {string[]} tests that must fail with it
 */

/**
 * All mutants. A text that is not there exactly once, or a test that its row does not name, is a
 * failure: the table has not followed the code.
 * @returns {Mutant[]}
 */
export function mutants() {
  const rows = new Map(threats().map(({ id, tests }) => [id, tests]));
  /** @type {Map<string, number>} */
  const numbers = new Map();
  /** @type {string[]} */
  const problems = [];
  const found = tables(file, 'mutant').flatMap((table) => {
    const row = text(table, 'row', file);
    const number = (numbers.get(row) ?? 0) + 1;
    numbers.set(row, number);
    const [out, path] = [text(table, 'out', file), text(table, 'file', file)];
    const tests = table.lists.get('tests') ?? [];
    try {
      if (tests.length === 0) throw new Failure('expected tests = […] that must fail');
      for (const test of tests) {
        if (!rows.get(row)?.includes(test)) throw new Failure(`expected its row to name ${test}`);
      }
      if (!/\.(rs|ts)$/.test(path)) throw new Failure(`expected Rust or TypeScript, found ${path}`);
      const [from, to] = place(read(path), text(table, 'find', file), table.strings.get('inside'));
      const id = `${row}#${number}`;
      return [{ id, row, out, file: path, from, to, put: text(table, 'put', file), tests }];
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      problems.push(`${file}:${table.line}: ${row}: ${error.message}`);
      return [];
    }
  });
  for (const [at, mutant] of found.entries()) {
    const other = found.slice(0, at).find((it) => overlap(it, mutant));
    if (other) problems.push(`${file}: ${mutant.id} overlaps ${other.id}: expected them apart`);
  }
  if (problems.length > 0) throw new Failure(problems.join('\n'));
  return found;
}

/**
 * @param {Mutant} a
 * @param {Mutant} b
 */
const overlap = (a, b) => a.file === b.file && a.from < b.to && b.from < a.to;

/**
 * Where a text is, whatever white space the formatter put into it; with `inside`, where it is in
 * that longer text.
 * @param {string} code
 * @param {string} find
 * @param {string | undefined} inside
 * @returns {[number, number]}
 */
function place(code, find, inside) {
  const [from, to] = inside === undefined ? [0, code.length] : only(code, inside);
  const [start, end] = only(code.slice(from, to), find);
  return [from + start, from + end];
}

/**
 * @param {string} code
 * @param {string} find
 * @returns {[number, number]}
 */
function only(code, find) {
  const words = find.trim().split(/\s+/);
  const literal = words.map((word) => word.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  const found = [...code.matchAll(new RegExp(literal.join(String.raw`\s+`), 'g'))];
  const [match] = found;
  if (!match || found.length > 1)
    throw new Failure(`expected once: ${find}; found ${found.length}`);
  return [match.index, match.index + match[0].length];
}

/**
 * A file of Rust or TypeScript with its mutants beside the true code.
 * @param {string} code
 * @param {Mutant[]} its
 */
export function weave(code, its) {
  let woven = code;
  for (const { id, file, from, to, put } of [...its].sort((a, b) => b.from - a.from)) {
    const original = code.slice(from, to);
    const statement = /[;}]$/.test(original);
    let choice = '';
    if (file.endsWith('.rs')) {
      choice = `if crate::mutants::on("${id}") { ${put} } else { ${original} }`;
      if (!statement) choice = `(${choice})`;
    } else {
      const on = `import.meta.env.${chosenInPages} === '${id}'`;
      choice = statement
        ? `if (${on}) { ${put} } else { ${original} }`
        : `(${on} ? ${put} : ${original})`;
    }
    woven = woven.slice(0, from) + choice + woven.slice(to);
  }
  return woven;
}

/** What asks which mutant was chosen, at the end of the root of a crate with mutants. */
export const asking = `
#[allow(clippy::all, missing_docs, unreachable_pub)]
mod mutants {
    #[cfg(not(target_family = "wasm"))]
    pub(crate) fn on(id: &str) -> bool {
        static ON: std::sync::OnceLock<String> = std::sync::OnceLock::new();
        ON.get_or_init(|| std::env::var("${chosen}").unwrap_or_default()) == id
    }
    #[cfg(target_family = "wasm")]
    pub(crate) fn on(id: &str) -> bool {
        static SLOT: [u8; ${SLOT}] = *b"${mark.padEnd(SLOT)}";
        std::hint::black_box(&SLOT)[${mark.length}..].trim_ascii() == id.as_bytes()
    }
}
`;

/**
 * A module of WebAssembly in which a mutant is at work, or none.
 * @param {Buffer} module
 * @param {string} mutant
 */
export function fill(module, mutant) {
  const filled = Buffer.from(module);
  const name = `${mark}${mutant}`.padEnd(SLOT);
  if (name.length > SLOT) throw new Failure(`expected a shorter name than ${mutant}`);
  for (let at = filled.indexOf(mark); at >= 0; at = filled.indexOf(mark, at + 1)) {
    filled.write(name, at, 'latin1');
  }
  return filled;
}
