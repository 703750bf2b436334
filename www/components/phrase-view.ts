// The words of a phrase, in order, to be written on paper. There is no button that copies them: a
// clipboard is read by every program.

import { html, type TemplateResult } from 'lit';
import { LightElement, define } from './element.ts';
import { en } from '../strings/en.ts';

const says = en.keys.phrase;

export class PhraseView extends LightElement {
  static override properties = { words: { attribute: false } };
  declare words: readonly string[];

  constructor() {
    super();
    this.words = [];
  }

  override render(): TemplateResult {
    return html`<p class="cap">${says.text}</p>
      <ol class="phrase" translate="no" aria-label=${says.title} data-testid="phrase">
        ${this.words.map(
          (word, at) =>
            html`<li>
              <span class="num cap" aria-hidden="true">${at + 1}</span>
              <span data-testid="phrase-word">${word}</span>
            </li>`,
        )}
      </ol>`;
  }
}
define('phrase-view', PhraseView);
