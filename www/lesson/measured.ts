// How wide an element is and how large its text: drawings are made for their place, never scaled, so
// that their words stay as large as all others.

import type { LitElement, ReactiveController } from 'lit';

export class Measured implements ReactiveController {
  width = 0;
  rem = 16;
  readonly #host: LitElement;
  readonly #observer = new ResizeObserver(() => this.look());

  constructor(host: LitElement) {
    this.#host = host;
    host.addController(this);
  }

  hostConnected(): void {
    this.#observer.observe(this.#host);
  }

  hostDisconnected(): void {
    this.#observer.disconnect();
  }

  look(): void {
    const width = Math.floor(this.#host.clientWidth);
    const rem = parseFloat(getComputedStyle(document.documentElement).fontSize) || 16;
    if (width === this.width && rem === this.rem) return;
    this.width = width;
    this.rem = rem;
    this.#host.requestUpdate();
  }
}
