// tests/mutants.toml: for each attack, what its defence would be replaced by. A mutant is an
// expression or a statement of the code and another one in its place. They are all built at once:
// each is woven in beside the true code, and the environment chooses one of them at run time. So a
// mutant costs the run of its tests and no build.

import { threats } from '../check/threats.js';
import { read } from './facts.js';
import { Failure } from './steps.js';
import { tables, text } from './tables.js';

export const file = 'tests/mutants.toml';

/** The environment's word for the mutant that is at work. */
export const chosen = 'FARTHING_MUTANT';

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
 * A file of Rust with its mutants beside the true code.
 * @param {string} code
 * @param {Mutant[]} its
 */
export function weave(code, its) {
  let woven = code;
  for (const { id, from, to, put } of [...its].sort((a, b) => b.from - a.from)) {
    const original = code.slice(from, to);
    const choice = `if crate::mutants::on("${id}") { ${put} } else { ${original} }`;
    const statement = /[;}]$/.test(original);
    woven = woven.slice(0, from) + (statement ? choice : `(${choice})`) + woven.slice(to);
  }
  return woven;
}

/** What asks the environment, at the end of the root of a crate with mutants. */
export const asking = `
#[allow(clippy::all, missing_docs, unreachable_pub)]
mod mutants {
    pub(crate) fn on(id: &str) -> bool {
        static ON: std::sync::OnceLock<String> = std::sync::OnceLock::new();
        ON.get_or_init(|| std::env::var("${chosen}").unwrap_or_default()) == id
    }
}
`;
