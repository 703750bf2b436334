// Runs the steps of a command one after the other, says which one is at work and how long each
// took. Nothing here needs an installed package: it runs before the set-up did.

import { spawn } from 'node:child_process';

/** The repository's root, where every command runs. */
export const root = new URL('../..', import.meta.url).pathname.replace(/\/$/, '');

/** Something that a person can mend: its message says what to type. No stack trace is shown. */
export class Failure extends Error {}

const started = performance.now();

/** @param {number} since a reading of `performance.now()` */
export function elapsed(since = started) {
  const seconds = (performance.now() - since) / 1000;
  if (seconds < 60) return `${seconds.toFixed(1)} s`;
  return `${Math.floor(seconds / 60)} min ${String(Math.floor(seconds % 60)).padStart(2, '0')} s`;
}

/**
 * One step: its name, what it does, and the time it took. The work may answer with a word about
 * what it found ("already there").
 * @template T
 * @param {string} name
 * @param {() => T | Promise<T>} work
 * @returns {Promise<T>}
 */
export async function step(name, work) {
  const since = performance.now();
  if (process.stdout.isTTY) process.stdout.write(`  … ${name}\r`);
  // A long step that prints nothing looks like one that hangs.
  const ticking = setInterval(() => console.log(`  … ${name} (${elapsed(since)})`), 15_000);
  try {
    const found = await work();
    const word = typeof found === 'string' ? `: ${found}` : '';
    console.log(`  ✓ ${name}${word} (${elapsed(since)})`);
    return found;
  } catch (error) {
    console.log(`  ✗ ${name} (${elapsed(since)})`);
    throw error;
  } finally {
    clearInterval(ticking);
  }
}

/**
 * @typedef {object} RunOptions
 * @property {string} [cwd]
 * @property {Record<string, string | undefined>} [env] added to this process's environment
 * @property {boolean} [show] pass its output on while it runs
 * @property {string} [hint] what to type when it fails
 */

/**
 * Runs a program without a shell and answers with its output. A program that fails is a `Failure`
 * with the end of what it said.
 * @param {string} program
 * @param {string[]} args
 * @param {RunOptions} [options]
 * @returns {Promise<string>}
 */
export async function run(program, args, { cwd = root, env = {}, show = false, hint } = {}) {
  const found = await attempt(program, args, { cwd, env, show });
  if (found.code === 0) return found.output;
  const line = [program, ...args].join(' ');
  const why = found.missing ? `${program} was not found` : `it ended with ${found.code}`;
  const said = show ? '' : `\n${found.all.trimEnd().split('\n').slice(-60).join('\n')}`;
  throw new Failure(`${line}: ${why}${said}${hint ? `\n${hint}` : ''}`);
}

/**
 * As `run`, but a failure is an answer.
 * @param {string} program
 * @param {string[]} args
 * @param {RunOptions} [options]
 * @returns {Promise<{ code: number | string, output: string, all: string, missing: boolean }>}
 */
export function attempt(program, args, { cwd = root, env = {}, show = false } = {}) {
  return new Promise((resolve) => {
    const child = spawn(program, args, {
      cwd,
      // What is kept to be shown after a failure holds no terminal's colours.
      env: { ...process.env, ...(show ? {} : { NO_COLOR: '1' }), ...env },
      stdio: ['ignore', show ? 'inherit' : 'pipe', show ? 'inherit' : 'pipe'],
    });
    let output = '';
    let all = '';
    child.stdout?.on('data', (bytes) => {
      output += bytes;
      all += bytes;
    });
    child.stderr?.on('data', (bytes) => {
      all += bytes;
    });
    child.on('error', (error) => {
      const missing = 'code' in error && error.code === 'ENOENT';
      resolve({ code: 127, output, all: `${all}${error.message}`, missing });
    });
    child.on('close', (code, signal) => {
      resolve({ code: code ?? signal ?? 1, output, all, missing: false });
    });
  });
}

/**
 * The frame of a command: its title, its work, the time in all, and a failure told in words.
 * @param {string} title
 * @param {() => Promise<void>} work
 */
export async function command(title, work) {
  console.log(title);
  try {
    await work();
    console.log(`Done: ${title} (${elapsed()})`);
  } catch (error) {
    console.error(error instanceof Failure ? `\n${error.message}` : error);
    console.error(`\nFailed: ${title} (${elapsed()})`);
    process.exitCode = 1;
  }
}
