// Says changes to those who listen instead of look: politely, and at most once in a few seconds, the
// newest sentence only.

import { html, type TemplateResult } from 'lit';
import { LightElement, define } from './element.ts';

const LEAST_MS = 3000;

export class LiveRegion extends LightElement {
  static override properties = { text: {}, spoken: { state: true } };
  declare text: string;
  declare spoken: string;
  #last = 0;
  #timer = 0;

  constructor() {
    super();
    this.text = '';
    this.spoken = '';
  }

  override willUpdate(): void {
    if (this.text === this.spoken || this.#timer) return;
    const wait = Math.max(0, this.#last + LEAST_MS - performance.now());
    this.#timer = window.setTimeout(() => {
      this.#timer = 0;
      this.#last = performance.now();
      this.spoken = this.text;
    }, wait);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearTimeout(this.#timer);
    this.#timer = 0;
  }

  override render(): TemplateResult {
    return html`<div class="unseen" role="status" aria-live="polite">${this.spoken}</div>`;
  }
}
define('live-region', LiveRegion);
