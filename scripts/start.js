// Sets up, builds and starts Farthing, and opens its page. What follows `--` goes to the binary:
//   npm start -- --bitcoin 127.0.0.1:18444

import { spawn } from 'node:child_process';
import { pathToFileURL } from 'node:url';
import { buildSite } from './build.js';
import { binary, buildBinary } from './lib/binary.js';
import { command, elapsed, root } from './lib/steps.js';
import { isMac, isWsl } from './lib/system.js';
import { setUp } from './setup.js';

/**
 * Runs the binary and opens its page.
 * @param {string[]} args
 * @param {'inherit' | 'ignore'} [input] what it reads from
 */
export function serve(args, input = 'inherit') {
  const child = spawn(binary, args, { cwd: root, stdio: [input, 'pipe', 'inherit'] });
  let opened = false;
  child.stdout.on('data', (bytes) => {
    process.stdout.write(bytes);
    const address = /http:\/\/\S+/.exec(String(bytes))?.[0];
    if (!address || opened) return;
    opened = true;
    open(address);
  });
  // Ctrl-C reaches both; the binary says good-bye, and this process ends with it.
  for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM'])) {
    process.on(signal, () => child.kill(signal));
  }
  child.on('exit', (code) => (process.exitCode = code ?? 1));
  return child;
}

/** @param {string} address */
function open(address) {
  const display = isMac || isWsl || process.env.DISPLAY || process.env.WAYLAND_DISPLAY;
  if (!display || process.env.CI) return;
  const [program, ...args] = isMac
    ? ['open', address]
    : isWsl
      ? ['explorer.exe', address]
      : ['xdg-open', address];
  const child = spawn(program, args, { stdio: 'ignore', detached: true });
  // The address is printed: somebody without such a program opens it by hand.
  child.on('error', () => {});
  child.unref();
}

/** Sets up and builds what `serve` runs. */
export async function prepare() {
  await setUp();
  await buildSite();
  await buildBinary();
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  await command('Starting Farthing', prepare);
  if (!process.exitCode) {
    console.log(`Ready after ${elapsed()}.`);
    serve(process.argv.slice(2));
  }
}
