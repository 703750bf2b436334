// The types that cross between page and worker are written by the crates that own them; the committed
// files are what they would write now.

import { run } from '../lib/steps.js';

const writers = [
  ['farthing-core', 'typescript'],
  ['farthing-lab', 'lesson-types'],
];

export async function checkMessages() {
  for (const [crate, example] of writers) {
    const args = ['run', '--locked', '-p', crate ?? '', '--features', 'typescript'];
    args.push('--example', example ?? '');
    await run('cargo', [...args, '--', '--check'], { hint: `Type: cargo ${args.join(' ')}` });
  }
  return 'as the crates have them';
}
