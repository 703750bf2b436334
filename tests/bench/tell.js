/** What every measuring script here does alike: its rounds, its answer in lines of JSON. */

/** Prints what was measured: a sample a round. */
export function tell(name, samples) {
  console.log(JSON.stringify({ name, samples }));
}

/** Units a second that a run does. */
export async function rate(units, run) {
  const since = performance.now();
  await run();
  return (units * 1000) / (performance.now() - since);
}

/** Things that are compared take turns, so that a busy moment of the machine strikes all of them. */
export async function rates(rounds, units, things) {
  const found = Object.fromEntries(Object.keys(things).map((name) => [name, []]));
  // Once without a clock: a script is compiled while it runs.
  for (const run of Object.values(things)) await run();
  for (let round = 0; round < rounds; round += 1) {
    for (const [name, run] of Object.entries(things)) found[name].push(await rate(units, run));
  }
  for (const [name, samples] of Object.entries(found)) tell(name, samples);
}
