// Compile-time tests of the contract: a change of the core's types that would surprise a page does
// not compile here. Nothing imports this file.

import type { FromWorker, ToWorker } from './envelope.js';
import type { Command, Event, InvoiceRequest, InvoiceStatus, PeerView, Reply } from './messages.js';

type Same<A, B> =
  (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
type Expect<T extends true> = T;

/** Units are exact: never a float. */
export type AmountsAreBigint = Expect<Same<InvoiceRequest['due'], bigint>>;
export type ByteCountsAreBigint = Expect<Same<PeerView['bytesReceived'], bigint>>;
export type TimesAreNumber = Expect<Same<InvoiceRequest['expiresIn'], number>>;
/** What may be missing is null, as the worker writes it, not undefined. */
export type MissingIsNull = Expect<Same<PeerView['userAgent'], string | null>>;
export type EventsAreTagged = Expect<
  Same<Event['type'], 'chain' | 'peers' | 'invoice' | 'wallet' | 'notice'>
>;
export type RepliesAreTagged = Expect<
  Same<Reply['type'], 'done' | 'invoice' | 'invoices' | 'block' | 'transaction' | 'spend' | 'work'>
>;
export type ConfirmingCounts = Expect<
  Same<
    Extract<InvoiceStatus, { type: 'confirming' }>,
    { type: 'confirming'; depth: number; of: number }
  >
>;
/** An answer says which question it answers. */
export type RepliesHaveIds = Expect<Same<Extract<FromWorker, { type: 'reply' }>['id'], number>>;
export type CommandsCross = Expect<
  Same<Extract<ToWorker, { type: 'command' }>['command'], Command>
>;

/** Every kind of message is handled: a new one does not compile until it is named here. */
export function allNamed(message: FromWorker): string {
  switch (message.type) {
    case 'running':
    case 'event':
    case 'reply':
    case 'refused':
    case 'trapped':
    case 'again':
    case 'failed':
      return message.type;
    default: {
      const never: never = message;
      return never;
    }
  }
}
