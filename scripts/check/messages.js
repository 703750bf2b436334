// The types that cross between page and worker are written by the core; the committed file is what
// it would write now.

import { run } from '../lib/steps.js';

const args = ['run', '--locked', '-p', 'farthing-core', '--features', 'typescript'];
const example = ['--example', 'typescript'];

export async function checkMessages() {
  const hint = `Type: cargo ${[...args, ...example].join(' ')}`;
  await run('cargo', [...args, ...example, '--', '--check'], { hint });
  return 'as the core has them';
}
