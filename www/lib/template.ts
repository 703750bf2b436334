// Block templates of the node behind this site (BIP22, BIP23): asked for, waited for, and checked. What
// they hold is verified by the client; here it only becomes what the client's messages say it is.

import type { BlockTemplate, TemplateTransaction } from './messages.js';
import { en } from '../strings/en.ts';

const says = en.work;

/** A node that has nothing new answers after a minute or so; one that says nothing for longer is gone. */
const LIMIT_MS = 180_000;
/** The first answer comes at once. */
const FIRST_LIMIT_MS = 10_000;
/** More than any block of 400,000 weight units holds. */
const MOST_TRANSACTIONS = 10_000;

/** Why there is no template: a sentence. */
export class TemplateError extends Error {}

/**
 * What the node proposes. With the `longpollid` of the last one the answer comes when there is
 * something better to work on.
 */
export async function fetchTemplate(
  url: string,
  longpollid: string | undefined,
  signal: AbortSignal,
): Promise<BlockTemplate> {
  const address = new URL(url);
  if (longpollid !== undefined) address.searchParams.set('longpollid', longpollid);
  const limit = AbortSignal.timeout(longpollid === undefined ? FIRST_LIMIT_MS : LIMIT_MS);
  const response = await fetch(address, {
    cache: 'no-store',
    signal: AbortSignal.any([signal, limit]),
  });
  if (!response.ok) {
    const why = (await response.text()).trim().slice(0, 300);
    throw new TemplateError(says.noTemplate(why || String(response.status)));
  }
  return readTemplate(await response.json());
}

/** Reads the JSON of a template: counts of units and bytes become bigint. */
export function readTemplate(found: unknown): BlockTemplate {
  const t = fields(found, 'template');
  const transactions = list(t, 'transactions', MOST_TRANSACTIONS).map(readTransaction);
  return {
    version: whole(t, 'version', -(2 ** 31), 2 ** 31 - 1),
    previousblockhash: hex(t, 'previousblockhash', 64),
    transactions,
    coinbasevalue: units(t, 'coinbasevalue'),
    target: hex(t, 'target', 64),
    mintime: whole(t, 'mintime', 0, 2 ** 32 - 1),
    curtime: whole(t, 'curtime', 0, 2 ** 32 - 1),
    mutable: list(t, 'mutable', 64).map(String),
    noncerange: hex(t, 'noncerange', 16),
    sizelimit: units(t, 'sizelimit'),
    weightlimit: units(t, 'weightlimit'),
    bits: hex(t, 'bits', 8),
    height: whole(t, 'height', 0, 2 ** 31 - 1),
    default_witness_commitment: hex(t, 'default_witness_commitment'),
    longpollid: text(t, 'longpollid'),
  };
}

function readTransaction(found: unknown): TemplateTransaction {
  const t = fields(found, 'transaction');
  return {
    data: hex(t, 'data'),
    txid: hex(t, 'txid', 64),
    hash: hex(t, 'hash', 64),
    fee: units(t, 'fee'),
    weight: units(t, 'weight'),
    depends: list(t, 'depends', MOST_TRANSACTIONS).map((position) =>
      whole({ depends: position }, 'depends', 1, MOST_TRANSACTIONS),
    ),
  };
}

type Fields = Record<string, unknown>;

function fields(found: unknown, what: string): Fields {
  if (typeof found === 'object' && found !== null && !Array.isArray(found)) return found as Fields;
  throw new TemplateError(says.badTemplate(what, kind(found)));
}

function whole(from: Fields, name: string, least: number, most: number): number {
  const value = from[name];
  if (typeof value === 'number' && Number.isInteger(value) && value >= least && value <= most)
    return value;
  throw new TemplateError(says.badTemplate(name, kind(value)));
}

/** JSON's numbers are exact up to 2^53: more than all units that there are. */
const units = (from: Fields, name: string): bigint =>
  BigInt(whole(from, name, 0, Number.MAX_SAFE_INTEGER));

function text(from: Fields, name: string): string {
  const value = from[name];
  if (typeof value === 'string' && value !== '' && value.length <= 200) return value;
  throw new TemplateError(says.badTemplate(name, kind(value)));
}

function hex(from: Fields, name: string, digits?: number): string {
  const value = from[name];
  const fits =
    typeof value === 'string' &&
    (digits === undefined ? value.length % 2 === 0 : value.length === digits) &&
    /^[0-9a-f]*$/i.test(value);
  if (fits) return value;
  throw new TemplateError(says.badTemplate(name, kind(value)));
}

function list(from: Fields, name: string, most: number): unknown[] {
  const value = from[name];
  if (Array.isArray(value) && value.length <= most) return value;
  throw new TemplateError(says.badTemplate(name, kind(value)));
}

/** A peer's value in a sentence of ours: short. */
function kind(value: unknown): string {
  if (value === undefined) return 'nothing';
  return (JSON.stringify(value) ?? typeof value).slice(0, 60);
}
