/**
 * A site for measurements alone: an empty page, the product's built files, and what the bench made. It
 * is isolated across origins, so that its clocks are fine and its memory can be asked for.
 */
import { createReadStream, existsSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import { extname, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';
import { HOST } from '../nodes/ports.js';

const root = fileURLToPath(new URL('../../', import.meta.url));
const TYPES = { '.js': 'text/javascript', '.wasm': 'application/wasm' };
const PAGE = '<!doctype html><title>bench</title>';

/** Where each path of the site is. */
const folders = [
  ['/made/', `${root}target/bench/`],
  ['/scripts/', `${root}tests/bench/`],
  ['/search/', `${root}www/workers/work/pkg/`],
  ['/', `${root}dist/`],
];

export async function startSite() {
  const server = createServer(({ url }, response) => {
    const path = normalize(new URL(url, 'http://site').pathname);
    const headers = {
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-embedder-policy': 'require-corp',
      'cache-control': path.startsWith('/assets/') ? 'max-age=31536000, immutable' : 'no-cache',
    };
    if (path === '/bench') {
      response.writeHead(200, { ...headers, 'content-type': 'text/html' }).end(PAGE);
      return;
    }
    const [prefix, folder] = folders.find(([start]) => path.startsWith(start));
    const file = folder + path.slice(prefix.length);
    if (!existsSync(file) || !statSync(file).isFile()) {
      response.writeHead(404, headers).end();
      return;
    }
    const type = TYPES[extname(file)] ?? 'application/octet-stream';
    const length = statSync(file).size;
    response.writeHead(200, { ...headers, 'content-type': type, 'content-length': length });
    createReadStream(file).pipe(response);
  });
  await new Promise((resolve) => server.listen(0, HOST, resolve));
  return {
    url: `http://${HOST}:${server.address().port}/`,
    stop: () => new Promise((resolve) => (server.closeAllConnections(), server.close(resolve))),
  };
}
