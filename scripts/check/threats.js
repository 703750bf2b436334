// tests/threats.toml maps each attack that Farthing must withstand to the tests that show it. A
// test that is named there and gone fails the check; an attack without a test is printed.

import { existsSync } from 'node:fs';
import { read } from '../lib/facts.js';
import { Failure, root } from '../lib/steps.js';
import { tables, text } from '../lib/tables.js';

const file = 'tests/threats.toml';

/** @typedef {{ id: string, attack: string, tests: string[], line: number }} Row */

export function checkThreats() {
  const rows = threats();
  const problems = rows.flatMap((row) =>
    row.tests
      .filter((test) => !exists(test))
      .map((test) => `${file}:${row.line}: ${row.id}: expected the test ${test}, found none`),
  );
  const ids = new Set(rows.map(({ id }) => id));
  if (ids.size !== rows.length) problems.push(`${file}: expected each id once`);
  if (problems.length > 0) throw new Failure(problems.join('\n'));
  const unmapped = rows.filter(({ tests }) => tests.length === 0);
  for (const { id, attack } of unmapped) console.log(`    not yet mapped: ${id}: ${attack}`);
  return `${rows.length - unmapped.length} of ${rows.length} rows mapped to tests`;
}

/** @returns {Row[]} */
export function threats() {
  return tables(file, 'row').map((table) => {
    const tests = table.lists.get('tests');
    if (!tests) throw new Failure(`${file}:${table.line}: expected tests = […]`);
    const [id, attack] = [text(table, 'id', file), text(table, 'attack', file)];
    return { id, attack, tests, line: table.line };
  });
}

/**
 * A test is `path/of/file::name`: a function under a test attribute, or the title of a test in
 * JavaScript. One that is ignored or skipped shows nothing.
 * @param {string} test
 */
function exists(test) {
  const [path = '', ...rest] = test.split('::');
  const name = rest.join('::');
  if (!name || !existsSync(`${root}/${path}`)) return false;
  const text = read(path);
  return path.endsWith('.rs') ? isRustTest(text, name) : isScriptTest(text, name);
}

/**
 * @param {string} text
 * @param {string} name
 */
function isRustTest(text, name) {
  const above = String.raw`^[ \t]*((?:#\[[^\]]*\]\s*|//[^\n]*\n\s*)+)`;
  const found = new RegExp(`${above}(?:pub )?(?:async )?fn ${name}\\b`, 'm').exec(text)?.[1];
  const attributes = found?.replace(/^\s*\/\/.*$/gm, '') ?? '';
  return /#\[(?:\w+::)?(?:wasm_bindgen_)?test\b/.test(attributes) && !/\bignore\b/.test(attributes);
}

/**
 * @param {string} text
 * @param {string} title
 */
function isScriptTest(text, title) {
  const code = text.replace(/\/\*[^]*?\*\//g, '').replace(/^\s*\/\/.*$/gm, '');
  if (/\b(?:describe|suite)\.(?:skip|todo)\(/.test(code)) return false;
  const literal = title.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  const never = String.raw`(?!\s*\{[^}]*\b(?:skip|todo): *(?:true|['"\`]))`;
  return new RegExp(String.raw`(?<![.\w])(?:test|it|story)\(\s*(['"\`])${literal}\1,${never}`).test(
    code,
  );
}
