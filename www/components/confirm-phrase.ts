// Asks for three words of the phrase, at places that chance picks, and tells the page with the event
// `phrase-confirmed` when all are right.

import { html, nothing, type TemplateResult } from 'lit';
import { LightElement, define } from './element.ts';
import { en } from '../strings/en.ts';

const says = en.keys.confirm;
const { word } = en.keys.phrase;

const ASKED = 3;

/** Three places of a phrase, ascending. */
export function somePlaces(length: number): number[] {
  const places = new Set<number>();
  while (places.size < Math.min(ASKED, length)) {
    const [draw = 0] = crypto.getRandomValues(new Uint32Array(1));
    places.add(draw % length);
  }
  return [...places].sort((a, b) => a - b);
}

export class ConfirmPhrase extends LightElement {
  static override properties = {
    words: { attribute: false },
    wrong: { state: true },
  };
  declare words: readonly string[];
  /** The place of the word that is another one, from 0. */
  declare wrong: number | undefined;
  #places: number[] = [];

  constructor() {
    super();
    this.words = [];
    this.wrong = undefined;
  }

  protected override willUpdate(changed: Map<string, unknown>): void {
    if (changed.has('words')) {
      this.#places = somePlaces(this.words.length);
      this.wrong = undefined;
    }
  }

  #check(event: Event): void {
    event.preventDefault();
    const form = event.target as HTMLFormElement;
    const typed = new FormData(form);
    this.wrong = this.#places.find(
      (place) =>
        String(typed.get(`word-${place}`))
          .trim()
          .toLowerCase() !== this.words[place],
    );
    if (this.wrong === undefined) {
      this.dispatchEvent(new CustomEvent('phrase-confirmed', { bubbles: true }));
      form.reset();
    } else {
      form.querySelector<HTMLInputElement>(`[name="word-${this.wrong}"]`)?.select();
    }
  }

  override render(): TemplateResult {
    return html`<form class="stack" @submit=${(event: Event) => this.#check(event)}>
      <h2>${says.title}</h2>
      <p class="cap">${says.text}</p>
      ${this.#places.map(
        (place) =>
          html`<div class="field">
            <label for="confirm-word-${place}">${word(place + 1)}</label>
            <input
              id="confirm-word-${place}"
              name="word-${place}"
              autocomplete="off"
              autocapitalize="none"
              spellcheck="false"
              translate="no"
              required
              aria-invalid=${this.wrong === place ? 'true' : nothing}
              data-testid="confirm-word"
              data-position=${place + 1}
            />
          </div>`,
      )}
      <p class="error" role="alert" data-testid="confirm-problem">
        ${this.wrong === undefined ? '' : says.wrong(this.wrong + 1)}
      </p>
      <button class="primary" data-testid="confirm-phrase">${says.check}</button>
    </form>`;
  }
}
define('confirm-phrase', ConfirmPhrase);
