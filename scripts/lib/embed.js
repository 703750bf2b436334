// The modules that pages of others import: each keeps its name, and has its types beside it.

import { root, run } from './steps.js';

/** Below `www`, without their ending. */
export const modules = ['embed/work'];

/**
 * Writes what TypeScript must know of each module, made from its source: a file that imports nothing.
 * @param {string} folder the site's
 */
export async function writeDeclarations(folder) {
  const generator = 'node_modules/dts-bundle-generator/dist/bin/dts-bundle-generator.js';
  const options = ['--project', 'www/tsconfig.json', '--no-banner'];
  // It exports what the module does, and no other name that its types are made of.
  options.push('--export-referenced-types', 'false');
  for (const name of modules) {
    const files = ['--out-file', `${folder}/${name}.d.ts`, `${root}/www/${name}.ts`];
    await run(process.execPath, [generator, ...options, ...files]);
  }
}
