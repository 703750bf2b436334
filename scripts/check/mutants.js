// tests/mutants.toml must fit the code: each text is found once, each test is one of its row.

import { mutants } from '../lib/mutants.js';

export function checkMutants() {
  const all = mutants();
  const rows = new Set(all.map(({ row }) => row));
  return `${all.length} mutants of ${rows.size} rows; npm run test:mutants tries them`;
}
