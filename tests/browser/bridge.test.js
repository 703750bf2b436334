/** Our own bridge carries what websockify carries, to the nodes that it was given and to no other. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { RawPeer, WebSocket, frame, hashOf } from '../nodes/peer.js';
import { Websockify, startFunded, until } from '../nodes/index.js';
import { Farthing } from './support/farthing.js';

const GENESIS = '0f9188f13cb7b2c71f2a335e3a4fc328bf5beb436012afca590b1a11466e2206';

describe('the bridge of the binary', () => {
  let node;
  let farthing;
  /** What the site says of the node behind the bridge. */
  let offered;
  before(async () => {
    ({ node } = await startFunded(1));
    farthing = new Farthing([node]);
    await farthing.start();
    const response = await fetch(new URL('farthing.json', farthing.url));
    const [own, ...bridged] = (await response.json()).nodes;
    assert.equal(own.url, '/p2p', 'the binary’s own node comes first');
    assert.equal(bridged.length, 1);
    [offered] = bridged;
  });
  after(async () => {
    await farthing?.stop();
    await node?.stop();
  });

  const socketAddress = (path) => new URL(path, farthing.url).href.replace(/^http/, 'ws');

  test('tells the page which nodes it reaches', () => {
    const { network, url, operator } = offered;
    assert.equal(network, 'regtest');
    assert.equal(operator, node.address);
    assert.ok(url.startsWith('/'), 'a path of its own origin');
  });

  test('carries the conversation that websockify carries', async () => {
    const websockify = new Websockify(node.host, node.port);
    await websockify.start();
    const peers = [];
    try {
      const heard = [];
      for (const url of [socketAddress(offered.url), websockify.url]) {
        const peer = await RawPeer.connect(url);
        peers.push(peer);
        heard.push((await peer.headersAfter(GENESIS)).map(hashOf));
      }
      assert.ok(heard[0].length > 0);
      assert.deepEqual(heard[0], heard[1]);
    } finally {
      for (const peer of peers) peer.close();
      await websockify.stop();
    }
  });

  test('reaches no other address', async () => {
    const target = offered.url.replace(node.address, '127.0.0.1:22');
    assert.notEqual(target, offered.url);
    const socket = new WebSocket(socketAddress(target));
    const refusal = await new Promise((resolve, reject) => {
      socket.once('unexpected-response', (_, response) => resolve(response.statusCode));
      socket.once('open', () => reject(new Error('the bridge opened a way to another address')));
      socket.once('error', () => {});
    });
    assert.ok(refusal >= 400 && refusal < 500, `refused with ${refusal}`);
    socket.terminate();
  });

  test('ends a conversation with the magic of another network', async () => {
    const peer = new RawPeer();
    await peer.open(socketAddress(offered.url));
    peer.sendBytes(frame('ping', Buffer.alloc(8), Buffer.from('f9beb4d9', 'hex')));
    await until('the bridge closes', () => peer.closed !== null, { deadline: 10_000 });
    // Some nodes speak first; none heard the ping.
    assert.ok(!peer.messages.some(({ command }) => command === 'pong'));

    const next = await RawPeer.connect(socketAddress(offered.url));
    next.close();
  });
});
