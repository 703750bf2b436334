// What a stage was last made of, so that it is skipped while that stays the same.

import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { root, step } from './steps.js';

/**
 * A hash of files and folders, with their names.
 * @param {string[]} paths relative to the root; a missing one counts as such
 * @param {(path: string) => boolean} [skip]
 */
export function hashOf(paths, skip = () => false) {
  const hash = createHash('sha256');
  const add = (/** @type {string} */ path) => {
    if (skip(path)) return;
    const full = join(root, path);
    if (!existsSync(full)) {
      hash.update(`missing ${path}\n`);
    } else if (statSync(full).isDirectory()) {
      for (const name of readdirSync(full).sort()) add(join(path, name));
    } else {
      const bytes = readFileSync(full);
      hash.update(`${path} ${bytes.length}\n`).update(bytes);
    }
  };
  paths.forEach(add);
  return hash.digest('hex');
}

/**
 * A step that is skipped while `stamp` is what it was at its last success and `made` exists.
 * @param {string} name
 * @param {{ stamp: string, made: string, file: string }} last what it depends on, what it makes,
 *   and the file that remembers
 * @param {() => Promise<unknown>} work
 */
export async function stampedStep(name, { stamp, made, file }, work) {
  await step(name, async () => {
    const there = existsSync(join(root, made)) && existsSync(join(root, file));
    if (there && readFileSync(join(root, file), 'utf8') === stamp) return 'unchanged';
    const found = await work();
    mkdirSync(dirname(join(root, file)), { recursive: true });
    writeFileSync(join(root, file), stamp);
    return found;
  });
}
