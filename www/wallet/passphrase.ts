// Fields for a passphrase. On practice networks it is filled in, and may be changed.

import { html, nothing, type TemplateResult } from 'lit';
import { en } from '../strings/en.ts';
import { SHORTEST_PASSPHRASE, typed } from './part.ts';

const says = en.walletPage;

function field(
  id: string,
  label: string,
  value: string,
  kind: 'new' | 'current',
  hint: string,
): TemplateResult {
  return html`<div class="field">
    <label for=${id}>${label}</label>
    <input
      id=${id}
      data-testid="field-${id}"
      type=${value ? 'text' : 'password'}
      autocomplete=${kind === 'new' ? 'new-password' : 'current-password'}
      autocapitalize="off"
      spellcheck="false"
      maxlength="200"
      aria-describedby=${hint ? `${id}-hint` : nothing}
      .defaultValue=${value}
    />
    ${hint ? html`<p class="hint" id="${id}-hint">${hint}</p>` : nothing}
  </div>`;
}

/** A new passphrase, twice where nothing is filled in. */
export const newPassphrase = (usual: string, prefix = ''): TemplateResult =>
  html`${field(
    `${prefix}passphrase`,
    prefix ? says.keys.next : says.passphrase,
    usual,
    'new',
    usual ? says.passphrasePractice : says.passphraseHint,
  )}${usual ? nothing : field(`${prefix}passphrase-again`, says.passphraseAgain, '', 'new', '')}`;

export const givenPassphrase = (usual: string): TemplateResult =>
  field('passphrase', says.passphrase, usual, 'current', '');

/** What was typed as a new passphrase. Throws what is wrong with it. */
export function readNewPassphrase(host: HTMLElement, usual: string, prefix = ''): string {
  const passphrase = typed(host, `${prefix}passphrase`);
  if ([...passphrase].length < SHORTEST_PASSPHRASE) throw new Error(says.passphraseShort);
  if (!usual && passphrase !== typed(host, `${prefix}passphrase-again`))
    throw new Error(says.passphraseDiffers);
  return passphrase;
}
