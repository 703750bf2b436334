// The part of TOML that this repository's tables keep to: one kind of [[table]], and in it strings,
// literal strings of one or many lines, and lists of strings. Comments stand on lines of their own.

import { read } from './facts.js';
import { Failure } from './steps.js';

/** @typedef {{ line: number, strings: Map<string, string>, lists: Map<string, string[]> }} Table */

const string = String.raw`"[^"\n]*"`;
const entry = new RegExp(
  [
    String.raw`^(?<key>\w+) = (?:`,
    String.raw`'''\n?(?<long>[^]*?)'''`,
    String.raw`|'(?<literal>[^'\n]*)'`,
    String.raw`|(?<plain>${string})`,
    String.raw`|\[(?<list>\s*(?:${string}\s*,?\s*)*)\]`,
    String.raw`)$`,
  ].join(''),
  'gm',
);

/**
 * The tables of a file.
 * @param {string} file relative to the repository's root
 * @param {string} name of the tables
 * @returns {Table[]}
 */
export function tables(file, name) {
  const parts = read(file).split(new RegExp(String.raw`^\[\[${name}\]\]$`, 'm'));
  let line = 1 + newlines(parts[0] ?? '');
  const found = parts.slice(1).map((part) => {
    const table = parse(part, `${file}:${line}`, line);
    line += newlines(part);
    return table;
  });
  if (found.length === 0) throw new Failure(`${file}: expected [[${name}]] tables, found none`);
  return found;
}

/**
 * @param {string} part
 * @param {string} where
 * @param {number} line
 * @returns {Table}
 */
function parse(part, where, line) {
  /** @type {Table} */
  const table = { line, strings: new Map(), lists: new Map() };
  const rest = part.replace(entry, (...found) => {
    const { key, long, literal, plain, list } = found.at(-1);
    if (table.strings.has(key) || table.lists.has(key)) {
      throw new Failure(`${where}: expected ${key} once`);
    }
    if (list !== undefined)
      table.lists.set(key, list.match(new RegExp(string, 'g'))?.map(bare) ?? []);
    else table.strings.set(key, long ?? literal ?? bare(plain));
    return '';
  });
  const left = rest.replace(/^\s*#.*$/gm, '').trim();
  if (left) throw new Failure(`${where}: expected KEY = a string or a list, found ${left}`);
  return table;
}

const bare = (/** @type {string} */ quoted) => quoted.slice(1, -1);
const newlines = (/** @type {string} */ text) => text.split('\n').length - 1;

/**
 * A string that a table must have.
 * @param {Table} table
 * @param {string} key
 * @param {string} file
 */
export function text(table, key, file) {
  const found = table.strings.get(key);
  if (found === undefined) throw new Failure(`${file}:${table.line}: expected ${key} = "…"`);
  return found;
}
