/** A slow wire: what a node says comes a piece at a time, so that a fetch can be watched. */
import { createServer, connect } from 'node:net';
import { HOST } from './ports.js';

/** Carries TCP to a node, with a pause after each piece that it sends. */
export async function slowWire(node, pause = 400) {
  const ends = new Set();
  const server = createServer((client) => {
    const upstream = connect(node.port, node.host);
    for (const end of [client, upstream]) {
      ends.add(end);
      end.on('error', () => {});
      end.on('close', () => {
        client.destroy();
        upstream.destroy();
      });
    }
    client.pipe(upstream);
    upstream.on('data', (bytes) => {
      client.write(bytes);
      if (bytes.length < 1_000) return;
      upstream.pause();
      setTimeout(() => upstream.resume(), pause);
    });
  });
  await new Promise((resolve) => server.listen(0, HOST, resolve));
  const { port } = server.address();
  return {
    host: HOST,
    port,
    address: `${HOST}:${port}`,
    close() {
      for (const end of ends) end.destroy();
      server.close();
    },
  };
}
