/**
 * Stands between a miner at the command line and a node's API, and notes when each block was handed
 * over: the clock of an arrival starts where the node's own work on the block does.
 */
import { createServer, request } from 'node:http';
import { HOST } from '../nodes/ports.js';

/** Milliseconds since 1970, finer than Date.now(): the page's clock counts from the same. */
export const now = () => performance.timeOrigin + performance.now();

export async function startRelay(port) {
  /** Of each block: when it was handed over, and its bytes in hex. */
  const blocks = [];
  const server = createServer((asked, answered) => {
    const { method, url, headers } = asked;
    const parts = [];
    asked.on('data', (part) => parts.push(part));
    asked.on('end', () => {
      const body = Buffer.concat(parts);
      if (url === '/api/block') blocks.push({ at: now(), hex: body.toString() });
      const onward = request({ host: HOST, port, method, path: url, headers }, (answer) => {
        answered.writeHead(answer.statusCode, answer.headers);
        answer.pipe(answered);
      });
      onward.on('error', () => answered.destroy());
      onward.end(body);
    });
  });
  await new Promise((resolve) => server.listen(0, HOST, resolve));
  return {
    url: `http://${HOST}:${server.address().port}`,
    blocks,
    stop: () => new Promise((resolve) => (server.closeAllConnections(), server.close(resolve))),
  };
}
