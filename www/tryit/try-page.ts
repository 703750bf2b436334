// Try it: mine a coin, pay with it, and check the payment, side by side.

import { html, type TemplateResult } from 'lit';
import { LightElement, define } from '../components/element.ts';
import { notices } from '../components/notices.ts';
import '../components/page-header.ts';
import { Following, type Session } from '../lib/session.ts';
import { en } from '../strings/en.ts';

const says = en.tryPage;

export class TryPage extends LightElement {
  declare session: Session;

  constructor() {
    super();
    new Following(this, () => this.session);
  }

  override render(): TemplateResult {
    return html`
      <a class="skip" href="#main" @click=${(e: Event) => this.#skip(e)}>${en.skip}</a>
      <page-header page="tryit" .session=${this.session}></page-header>
      <main id="main" tabindex="-1">
        ${notices(this.session)}
        <h1 class="sentence" data-testid="sentence">${says.sentence}</h1>
        <p class="sub">${says.sub}</p>
      </main>
    `;
  }

  #skip(event: Event): void {
    event.preventDefault();
    this.querySelector<HTMLElement>('#main')?.focus();
  }
}
define('try-page', TryPage);
