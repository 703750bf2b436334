// Which system this is, and what a person types on it to get a package.

import { existsSync, readFileSync } from 'node:fs';
import { attempt, Failure, run, step } from './steps.js';

const osRelease = existsSync('/etc/os-release') ? readFileSync('/etc/os-release', 'utf8') : '';
const family = /^ID(?:_LIKE)?=.*\b(debian|ubuntu|fedora|rhel)\b/m.exec(osRelease)?.[1];

export const isMac = process.platform === 'darwin';
export const isDebian = family === 'debian' || family === 'ubuntu';
export const isFedora = family === 'fedora' || family === 'rhel';
export const isWsl =
  existsSync('/proc/version') && /microsoft/i.test(readFileSync('/proc/version', 'utf8'));
const isRoot = process.getuid?.() === 0;

/**
 * @typedef {object} Names how each system calls a package
 * @property {string[]} debian
 * @property {string[]} fedora
 * @property {string[]} mac arguments of `brew install`
 */

/**
 * What to type to get it, on this system if it is known and else on each.
 * @param {Names} names
 */
export function howToInstall({ debian, fedora, mac }) {
  const lines = {
    debian: `  Debian, Ubuntu${isWsl ? ' (and in WSL)' : ', WSL'}:  sudo apt-get install -y ${debian.join(' ')}`,
    fedora: `  Fedora:  sudo dnf install -y ${fedora.join(' ')}`,
    mac: `  macOS:  brew install ${mac.join(' ')}`,
  };
  const known = isMac ? lines.mac : isDebian ? lines.debian : isFedora ? lines.fedora : undefined;
  return `Type:\n${known ?? Object.values(lines).join('\n')}`;
}

/**
 * On Debian and Ubuntu as root, as in a container, packages are installed without asking; anybody
 * else is told what to type.
 * @param {string} what for the message
 * @param {Names} names
 */
export async function installPackages(what, names) {
  if (!isDebian || !isRoot) throw new Failure(`${what} is missing.\n${howToInstall(names)}`);
  const args = ['install', '-y', '--no-install-recommends', ...names.debian];
  const env = { DEBIAN_FRONTEND: 'noninteractive' };
  await step(`apt-get install ${names.debian.join(' ')}`, async () => {
    if ((await attempt('apt-get', args, { env })).code === 0) return;
    await run('apt-get', ['update'], { env });
    await run('apt-get', args, { env });
  });
}
