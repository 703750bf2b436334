// A browser, its driver and a bridge, for the tests alone.

import { attempt, step } from '../lib/steps.js';
import { howToInstall, installPackages, isMac } from '../lib/system.js';
import { Failure } from '../lib/steps.js';

/**
 * @typedef {object} Program
 * @property {string} name
 * @property {string} variable the environment variable that names it and overrides the search
 * @property {string[]} places where it is looked for, first come first served
 * @property {string} asked what to ask it so that it answers at once
 * @property {import('../lib/system.js').Names} packages
 */

/** @type {Program[]} */
const programs = [
  {
    name: 'Chromium',
    variable: 'CHROMIUM',
    places: [
      'chromium',
      'chromium-browser',
      'google-chrome',
      '/Applications/Chromium.app/Contents/MacOS/Chromium',
      '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
    ],
    asked: '--version',
    packages: { debian: ['chromium'], fedora: ['chromium'], mac: ['--cask', 'chromium'] },
  },
  {
    name: "Chromium's driver",
    variable: 'CHROMEDRIVER',
    places: [
      'chromedriver',
      '/usr/lib/chromium-browser/chromedriver',
      '/usr/lib64/chromium-browser/chromedriver',
    ],
    asked: '--version',
    packages: {
      debian: ['chromium-driver'],
      fedora: ['chromedriver'],
      mac: ['--cask', 'chromedriver'],
    },
  },
  {
    name: 'websockify',
    variable: 'WEBSOCKIFY',
    places: ['websockify'],
    asked: '--help',
    packages: { debian: ['websockify'], fedora: ['python3-websockify'], mac: ['websockify'] },
  },
];

/** Finds or installs each, and leaves its path in the environment of this process. */
export async function setUpBrowser() {
  for (const program of programs) {
    if (await find(program)) continue;
    if (isMac && program.name === 'websockify') {
      throw new Failure(`websockify is missing. Type:\n  pip3 install websockify`);
    }
    await installPackages(program.name, program.packages);
    if (!(await find(program))) {
      throw new Failure(
        `${program.name} is not where it is expected. Name it:\n` +
          `  export ${program.variable}=/path/to/it\n${howToInstall(program.packages)}`,
      );
    }
  }
}

/** @param {Program} program */
async function find({ name, variable, places, asked }) {
  const given = process.env[variable];
  for (const place of given ? [given] : places) {
    const found = await attempt(place, [asked]);
    if (found.code !== 0) continue;
    const path = place.includes('/')
      ? place
      : (await attempt('sh', ['-c', `command -v ${place}`])).output.trim();
    process.env[variable] = path;
    await step(name, () =>
      found.output.trim().split('\n')[0]?.startsWith('Usage')
        ? path
        : found.output.trim().split('\n')[0],
    );
    return true;
  }
  return false;
}
