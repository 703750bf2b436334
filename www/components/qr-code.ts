// The payment code: dark on white with its quiet zone in both themes, since a phone's camera has no
// dark mode. Drawn as one SVG path; a changed link draws a changed code.

import { html, svg, nothing, type TemplateResult } from 'lit';
import { generate, correction } from 'lean-qr';
import { LightElement, define } from './element.ts';
import { en } from '../strings/en.ts';

/** Modules of white around the code, as ISO/IEC 18004 asks. */
const QUIET = 4;

export class QrCode extends LightElement {
  static override properties = { uri: {}, label: {} };
  declare uri: string;
  declare label: string;

  #drawn = '';
  #path = '';
  #size = 0;

  constructor() {
    super();
    this.uri = '';
    this.label = '';
  }

  override render(): TemplateResult {
    this.#draw();
    const side = this.#size + 2 * QUIET;
    return html`<div class="qr" data-testid="qr" data-uri=${this.uri}>
      ${
        this.#path
          ? html`<svg
              viewBox="0 0 ${side} ${side}"
              shape-rendering="crispEdges"
              role="img"
              aria-label=${this.label}
            >
              ${svg`<path d=${this.#path} />`}
            </svg>`
          : this.uri
            ? html`<p>${en.noCode}</p>`
            : nothing
      }
    </div>`;
  }

  #draw(): void {
    if (this.uri === this.#drawn) return;
    this.#drawn = this.uri;
    this.#path = '';
    try {
      const code = generate(this.uri, { minCorrectionLevel: correction.M });
      this.#size = code.size;
      let path = '';
      for (let y = 0; y < code.size; y += 1) {
        for (let x = 0; x < code.size; x += 1) {
          if (!code.get(x, y)) continue;
          let run = 1;
          while (code.get(x + run, y)) run += 1;
          path += `M${x + QUIET} ${y + QUIET}h${run}v1h-${run}z`;
          x += run;
        }
      }
      this.#path = path;
    } catch {
      // Longer than the largest code holds: the sentence says to copy it.
    }
  }
}
define('qr-code', QrCode);
