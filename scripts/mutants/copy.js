// The copy of the working tree in which mutants are at work, under target/mutants. The tree itself is
// left alone.

import {
  existsSync,
  mkdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, resolve } from 'node:path';
import { asking, weave } from '../lib/mutants.js';
import { root, run } from '../lib/steps.js';

/** @typedef {import('../lib/mutants.js').Mutant} Mutant */

export const copy = `${root}/target/mutants/tree`;

export const env = {
  FARTHING_DATA: resolve(root, process.env.FARTHING_DATA ?? '../shared/data'),
  FARTHING_DATA_REQUIRED: '1',
  // One of its own: for cargo the copy's packages are the same as the tree's.
  CARGO_TARGET_DIR: `${root}/target/mutants/built`,
};

/** What the copy makes for itself, or has of the tree. */
const made = ['./target', './dist', '*/node_modules', '*/pkg'];
const shared = ['node_modules', 'tests/nodes/node_modules', 'target/tools'];

/**
 * Brings the copy to what the working tree holds, with the mutants woven in. What stays as it was
 * is not written, so that cargo compiles what changed.
 * @param {Mutant[]} all
 */
export async function weaveCopy(all) {
  mkdirSync(copy, { recursive: true });
  const listed = await run('git', ['ls-files', '-z', '-co', '--exclude-standard']);
  const rust = all.map(({ file }) => file).filter((file) => file.endsWith('.rs'));
  const roots = new Set(rust.map(packageOf).map(rootOf));
  for (const path of listed.split('\0').filter((path) => path && existsSync(`${root}/${path}`))) {
    if (!statSync(`${root}/${path}`).isFile()) continue;
    let bytes = readFileSync(`${root}/${path}`);
    const its = all.filter(({ file }) => file === path);
    if (its.length > 0) bytes = Buffer.from(weave(bytes.toString(), its));
    if (roots.has(path)) bytes = Buffer.concat([bytes, Buffer.from(asking)]);
    const to = `${copy}/${path}`;
    if (existsSync(to) && readFileSync(to).equals(bytes)) continue;
    mkdirSync(dirname(to), { recursive: true });
    writeFileSync(to, bytes);
  }
  const there = new Set(listed.split('\0').filter((path) => existsSync(`${root}/${path}`)));
  const kept = made.flatMap((path) => ['-path', path, '-prune', '-o']);
  const files = ['.', ...kept, '-type', 'f', '-printf', '%P\\n'];
  const copied = await run('find', files, { cwd: copy });
  for (const path of copied.split('\n').filter((path) => path && !there.has(path))) {
    rmSync(`${copy}/${path}`);
  }
  for (const path of shared.filter((path) => !existsSync(`${copy}/${path}`))) {
    mkdirSync(dirname(`${copy}/${path}`), { recursive: true });
    symlinkSync(`${root}/${path}`, `${copy}/${path}`);
  }
}

/** The folder of the package that a file is of. @param {string} path */
export function packageOf(path) {
  let folder = dirname(path);
  while (!existsSync(`${root}/${folder}/Cargo.toml`)) folder = dirname(folder);
  return folder;
}

/** The root of a package's crate. @param {string} folder */
export function rootOf(folder) {
  const library = `${folder}/src/lib.rs`;
  return existsSync(`${root}/${library}`) ? library : `${folder}/src/main.rs`;
}
