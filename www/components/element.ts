// The base of all components: light DOM, so that one style sheet, labels, form fields and the
// browser's own find-in-page reach everything. Peers' words come in as text nodes only: Lit's
// templates never make HTML of a value, and nothing here uses unsafeHTML.

import { LitElement } from 'lit';

export abstract class LightElement extends LitElement {
  protected override createRenderRoot(): this {
    return this;
  }
}

/** Defines an element once: with Vite's reloads a module may run again. */
export function define(name: string, type: CustomElementConstructor): void {
  if (!customElements.get(name)) customElements.define(name, type);
}
