// Firefox, where it is installed: figures of one browser tell little of another.

import { attempt } from '../lib/steps.js';
import { howToInstall } from '../lib/system.js';

const PLACES = ['firefox-esr', 'firefox', '/Applications/Firefox.app/Contents/MacOS/firefox'];
const PACKAGES = { debian: ['firefox-esr'], fedora: ['firefox'], mac: ['--cask', 'firefox'] };

/** Its path and its version; none where there is none: then it says what to type. */
export async function findFirefox() {
  const given = process.env.FIREFOX;
  for (const place of given ? [given] : PLACES) {
    const found = await attempt(place, ['--version']);
    if (found.code !== 0) continue;
    const path = place.includes('/')
      ? place
      : (await attempt('sh', ['-c', `command -v ${place}`])).output.trim();
    const version = found.output.trim().split('\n').at(-1) ?? '';
    console.log(`    in Firefox too: ${version}`);
    return { path, version };
  }
  const why = given ? `${given} does not start` : `it is not installed. ${howToInstall(PACKAGES)}`;
  console.log(`    skipped: the search in Firefox: ${why}`);
  return undefined;
}
