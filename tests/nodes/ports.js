/** Free ports of this machine, and waiting for a port to answer or for anything else to come true. */
import { connect, createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

export const HOST = '127.0.0.1';

/**
 * Below the ports that systems give to outgoing connections (Linux begins at 32768), so that none of
 * them can take a port before the program it is meant for listens.
 */
const PORTS = { first: 10_000, count: 22_000 };
let next = process.pid * 131;

/** A port that nobody listens on now, and that nothing else of this process is given. */
export async function freePort() {
  for (let tried = 0; tried < PORTS.count; tried += 1) {
    const port = PORTS.first + (next % PORTS.count);
    next += 1;
    if (await isFree(port)) return port;
  }
  throw new Error(`no port of ${HOST} is free from ${PORTS.first} on`);
}

/** Whether `port` can be listened on now. */
function isFree(port) {
  const server = createServer();
  return new Promise((resolve, reject) => {
    server.once('error', (error) => (error.code === 'EADDRINUSE' ? resolve(false) : reject(error)));
    server.listen(port, HOST, () => server.close(() => resolve(true)));
  });
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
