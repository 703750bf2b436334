// The core's rooms, in the order of the table in src/core/src/lib.rs: each imports only rooms above
// it. A room's tests may look anywhere.

import { read } from '../lib/facts.js';
import { Failure } from '../lib/steps.js';
import { tracked } from './files.js';

const core = 'src/core/src';

export async function checkRooms() {
  const table = read(`${core}/lib.rs`).matchAll(/^\/\/! \| \[`(\w+)`\] \|/gm);
  const rooms = [...table].map((row) => row[1] ?? '');
  const paths = (await tracked()).filter((path) => /^src\/core\/src\/\w+\/.*\.rs$/.test(path));
  /** @type {string[]} */
  const problems = [];
  for (const path of paths) {
    const inRoom = path.slice(core.length + 1).split('/');
    const place = rooms.indexOf(inRoom[0] ?? '');
    if (place < 0) problems.push(`${path}: expected its room in the table of ${core}/lib.rs`);
    if (inRoom.some((part) => /^tests(\.rs)?$|_tests\.rs$/.test(part))) continue;
    const [code = ''] = read(path).split(/^#\[cfg\(test\)\]\nmod \w+ \{/m);
    code.split('\n').forEach((text, at) => {
      for (const [, name = ''] of text.replace(/\/\/.*/, '').matchAll(/\bcrate::(\w+|\{)/g)) {
        if (name === '{') {
          problems.push(`${path}:${at + 1}: expected one use for each room, found crate::{`);
        } else if (rooms.indexOf(name) > place) {
          problems.push(`${path}:${at + 1}: ${rooms[place]} imports ${name}, which is below it`);
        }
      }
    });
  }
  if (rooms.length === 0 || paths.length === 0) {
    throw new Failure(`${core}/lib.rs: expected a table of rooms and their files, found none`);
  }
  if (problems.length > 0) throw new Failure(problems.join('\n'));
  return rooms.join(' > ');
}
