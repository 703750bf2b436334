// Packages from npm, exactly as the lockfiles hold them, and without their install scripts.

import { existsSync } from 'node:fs';
import { hashOf, stampedStep } from '../lib/stamps.js';
import { Failure, root, run } from '../lib/steps.js';

/** The folders under tests/ with packages of their own: real nodes are no part of the product. */
const testFolders = ['tests/nodes'];

export function checkNode() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  if (major > 20 || (major === 20 && minor >= 19)) return;
  throw new Failure(
    `Node 20.19 or newer is expected, and this is ${process.versions.node}. Type:\n` +
      '  Debian, Ubuntu, WSL:  sudo npm install -g n && sudo n 22 && hash -r\n' +
      '  Fedora:  sudo dnf install -y nodejs\n' +
      '  macOS:  brew install node\n' +
      'or get one from https://nodejs.org',
  );
}

export async function setUpPackages() {
  await install('.', 'npm packages');
}

export async function setUpTestPackages() {
  for (const folder of testFolders) {
    if (existsSync(`${root}/${folder}/package-lock.json`)) {
      await install(folder, `npm packages of ${folder}`);
    }
  }
}

/** What others made, to measure beside. */
export async function setUpBenchPackages() {
  await install('tests/bench', 'npm packages of tests/bench');
}

/**
 * @param {string} folder
 * @param {string} name
 */
async function install(folder, name) {
  const within = folder === '.' ? '' : `${folder}/`;
  const stamp = hashOf([`${within}package.json`, `${within}package-lock.json`]);
  const made = `${within}node_modules`;
  await stampedStep(name, { stamp, made, file: `${made}/.farthing-stamp` }, async () => {
    const args = ['ci', '--ignore-scripts', '--no-audit', '--no-fund'];
    await run('npm', args, { cwd: `${root}/${folder}` });
  });
}
