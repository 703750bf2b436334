/** Free ports of this machine, and waiting for a port to answer or for anything else to come true. */
import { connect, createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

export const HOST = '127.0.0.1';

/** A port that nobody listens on now. */
export async function freePort() {
  const server = createServer();
  await new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, HOST, resolve);
  });
  const { port } = server.address();
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/**
 * Waits until `condition` gives something true, and gives that. An error that it throws counts as
 * "not yet" and is told in the end.
 */
export async function until(what, condition, { deadline = 30_000, every = 50, explain } = {}) {
  const end = performance.now() + deadline;
  let last;
  for (;;) {
    try {
      last = await condition();
      if (last) return last;
    } catch (error) {
      last = error;
    }
    if (performance.now() >= end) break;
    await sleep(every);
  }
  const more = explain ? `\n${await explain()}` : '';
  const seen = last instanceof Error ? last.message : JSON.stringify(last);
  throw new Error(`waited ${deadline / 1000} s for: ${what}; last: ${seen}${more}`);
}

/** Waits until something listens. */
export function listening(host, port, options) {
  return until(
    `something listens on ${host}:${port}`,
    () =>
      new Promise((resolve, reject) => {
        const socket = connect(port, host);
        socket.once('error', reject);
        socket.once('connect', () => {
          socket.destroy();
          resolve(true);
        });
      }),
    options,
  );
}
