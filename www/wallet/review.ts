// A request to spend, as it will be signed: who gets how much, what it costs, what comes back.

import { html, nothing, type TemplateResult } from 'lit';
import { amountText } from '../components/amount.ts';
import '../components/hash-text.ts';
import { shape } from '../components/icons.ts';
import { shorten } from '../lib/format.ts';
import type { SpendOutput, SpendRequest } from '../lib/messages.ts';
import { en } from '../strings/en.ts';

const says = en.walletPage.review;

type Payment = Extract<SpendOutput, { type: 'payment' }>;

export const paymentsOf = (request: SpendRequest): Payment[] =>
  request.outputs.filter((output): output is Payment => output.type === 'payment');

const total = (amounts: bigint[]): bigint => amounts.reduce((sum, amount) => sum + amount, 0n);

export const paidBy = (request: SpendRequest): bigint =>
  total(paymentsOf(request).map(({ amount }) => amount));

function fact(name: string, label: string, value: TemplateResult | string): TemplateResult {
  return html`<div data-testid="review-${name}">
    <dt>${label}</dt>
    <dd class="num">${value}</dd>
  </div>`;
}

function money(name: string, label: string, units: bigint, unit: string): TemplateResult {
  return html`<div>
    <dt>${label}</dt>
    <dd class="num" data-testid="review-${name}" data-units=${units.toString()}>
      ${units === 0n ? says.none : amountText(units, unit)}
    </dd>
  </div>`;
}

export function review(request: SpendRequest, unit: string): TemplateResult {
  const paid = paidBy(request);
  const change = total(
    request.outputs.flatMap((output) => (output.type === 'change' ? [output.amount] : [])),
  );
  const coins = total(request.inputs.map(({ amount }) => amount));
  return html`<section class="card" data-testid="review" aria-labelledby="review">
    <h2 id="review">${en.walletPage.actions.send}</h2>
    <dl class="facts">
      ${paymentsOf(request).map(
        ({ address, amount }) =>
          html`<div>
              <dt>${says.to}</dt>
              <dd class="hash" data-testid="review-to" data-address=${address}>${address}</dd>
            </div>
            ${money('amount', says.pays, amount, unit)}`,
      )}
      ${money('fee', says.fee, request.fee, unit)} ${money('change', says.change, change, unit)}
      ${money('total', says.total, coins - change, unit)}
      ${fact('coins', says.coins, says.coinsValue(request.inputs.length, amountText(coins, unit)))}
      ${
        request.replaces
          ? html`<div>
              <dt>${says.replaces}</dt>
              <dd class="hash" data-testid="review-replaces" data-txid=${request.replaces}>
                ${shorten(request.replaces)}
              </dd>
            </div>`
          : nothing
      }
    </dl>
    ${
      paid > 0n && request.fee * 10n > paid
        ? html`<ul class="notices">
            <li class="risk">${shape('triangle')}<span>${says.high}</span></li>
          </ul>`
        : nothing
    }
  </section>`;
}
