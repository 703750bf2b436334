/** The built site on a static host that reads `_headers`, as such hosts do: no binary, no node. */
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { HOST } from '../../nodes/ports.js';

const DIST = process.env.FARTHING_DIST || fileURLToPath(new URL('../../../dist/', import.meta.url));
const TYPES = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.wasm': 'application/wasm',
};

/** Pattern and headers of each section. */
async function sections() {
  const found = [];
  for (const line of (await readFile(join(DIST, '_headers'), 'utf8')).split('\n')) {
    if (line.startsWith('/')) {
      const parts = line.trim().split('*');
      const pattern = parts.map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&')).join('.*');
      found.push({ pattern: new RegExp(`^${pattern}$`), headers: [] });
    } else if (/^ +\S/.test(line)) {
      const at = line.indexOf(': ');
      found.at(-1).headers.push([line.slice(0, at).trim(), line.slice(at + 2)]);
    }
  }
  return found;
}

/** Serves it; gives its address, and a way to end it. */
export async function serveSite() {
  const all = await sections();
  const paths = [];
  const server = createServer(async (request, response) => {
    const { pathname } = new URL(request.url, 'http://site');
    const path = pathname === '/' ? '/index.html' : pathname;
    paths.push(path);
    try {
      const bytes = await readFile(join(DIST, path));
      response.setHeader('content-type', TYPES[extname(path)] ?? 'application/octet-stream');
      for (const { headers } of all.filter(({ pattern }) => pattern.test(path)))
        for (const [name, value] of headers) response.appendHeader(name, value);
      response.end(bytes);
    } catch {
      response.writeHead(404).end('not found');
    }
  });
  await new Promise((resolve) => server.listen(0, HOST, resolve));
  return {
    url: `http://${HOST}:${server.address().port}/`,
    /** What was asked for. */
    paths,
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}
