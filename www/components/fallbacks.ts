// What a page makes do with where the browser gives it less: over plain http from another machine
// there are no private files, no locks between tabs, no wake lock and no camera.

import { html, nothing, type TemplateResult } from 'lit';
import { shape } from './icons.ts';
import type { Session } from '../lib/session.ts';
import { en } from '../strings/en.ts';

/** Whether the browser treats this page as one that came over a wire that anybody may write on. */
export const isPlain = (): boolean => !isSecureContext;

export function fallbacks(session: Session): TemplateResult | typeof nothing {
  const storage = session.chain?.storage;
  const kept = storage ? (en.chainPage.storages[storage] ?? storage) : undefined;
  if (!isPlain() && storage !== 'memory') return nothing;
  return html`<ul class="notices">
    <li class="risk" data-testid="fallbacks" data-storage=${storage ?? ''}>
      ${shape('triangle')}<span
        >${isPlain() ? en.fallbacks.plain : en.fallbacks.memory}
        ${kept ? en.fallbacks.kept(kept) : ''} ${isPlain() ? en.fallbacks.means : ''}</span
      >
      <a class="button" href="./lan.html">${en.fallbacks.how}</a>
    </li>
  </ul>`;
}
