// What is there, what is on its way, and whose it is: the wallet's and the till's.

import { html, nothing, type TemplateResult } from 'lit';
import { amountText, bigAmount } from '../components/amount.ts';
import { integer } from '../lib/format.ts';
import type { AccountView, WalletView } from '../lib/messages.ts';
import { en } from '../strings/en.ts';

const says = en.walletPage;
const PARTS = ['spendable', 'immature', 'incoming', 'change'] as const;
type Part = (typeof PARTS)[number];

/** Units of one kind in every account. */
export const sumOf = (view: WalletView | undefined, part: Part): bigint =>
  (view?.accounts ?? []).reduce((sum, account) => sum + account[part], 0n);

/** Whether blocks that may hold one's coins were not looked at yet. */
export const isScanning = (view: WalletView): boolean => view.scannedTo < view.tip;

export const accountName = (account: number): string =>
  says.accounts[account] ?? says.account(account);

function row(account: AccountView, unit: string): TemplateResult {
  const parts = PARTS.filter((part) => part === 'spendable' || account[part] > 0n);
  return html`<div data-testid="account" data-account=${account.account}>
    <h3>${accountName(account.account)}</h3>
    <dl class="sums">
      ${parts.map(
        (part) =>
          html`<div>
            <dt>${says.parts[part]}</dt>
            <dd class="num" data-testid=${part} data-units=${account[part].toString()}>
              ${amountText(account[part], unit)}
            </dd>
          </div>`,
      )}
    </dl>
  </div>`;
}

export function balance(view: WalletView | undefined, unit: string): TemplateResult {
  // The till's account is worth a word once it has been used.
  const accounts = (view?.accounts ?? []).filter(
    (account) =>
      account.account === 0 || account.nextIndex > 0 || PARTS.some((p) => account[p] > 0n),
  );
  return html`<section class="card balance" aria-labelledby="balance">
    <h2 id="balance">${says.balance}</h2>
    ${bigAmount(sumOf(view, 'spendable'), unit, 'balance')}
    ${accounts.map((account) => row(account, unit))}
  </section>`;
}

/** How far the search for one's coins is. */
export function scan(view: WalletView | undefined): TemplateResult | typeof nothing {
  if (!view || !isScanning(view)) return nothing;
  const done = Math.max(0, view.scannedTo - view.scannedFrom);
  const of = Math.max(1, view.tip - view.scannedFrom);
  return html`<section
    class="card fetch"
    aria-labelledby="scan"
    data-testid="scan"
    data-height=${view.scannedTo}
    data-of=${view.tip}
  >
    <h2 id="scan">${says.scan}</h2>
    <progress max=${of} value=${done} aria-labelledby="scan"></progress>
    <p class="num">${en.chainPage.progressOf(integer(view.scannedTo), integer(view.tip))}</p>
  </section>`;
}
