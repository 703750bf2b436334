/**
 * Loads bcoin, a full node that nobody here wrote, without any native module: its hashing runs in
 * JavaScript, and its database is bdb's own in-memory one. `BCOIN=/path` takes another build of it.
 */
'use strict';

process.env.NODE_BACKEND = 'js';

const { createRequire } = require('node:module');

const path = require.resolve(process.env.BCOIN || 'bcoin');
const within = createRequire(path);

// bdb asks for leveldown's native file even where only memory stores are opened.
const level = within.resolve('bdb/lib/level.js');
require.cache[level] = {
  id: level,
  filename: level,
  path: level,
  loaded: true,
  children: [],
  exports: within('bdb/lib/memdb.js'),
};

const bcoin = within(path);

// bcoin 1.0 writes regtest addresses with prefixes of its own; the rest of the world agreed on these.
const { addressPrefix } = bcoin.Network.get('regtest');
addressPrefix.pubkeyhash = 0x6f;
addressPrefix.scripthash = 0xc4;
addressPrefix.bech32 = 'bcrt';

module.exports = bcoin;
