// What a person should know beside the sentence: the client's notices, until they are dismissed.

import { html, nothing, type TemplateResult } from 'lit';
import { shape } from './icons.ts';
import type { Session } from '../lib/session.ts';
import { en } from '../strings/en.ts';

export function notices(session: Session): TemplateResult | typeof nothing {
  const { problem, client } = session;
  const stopped =
    client.type === 'failed' || client.type === 'restarting' ? client.reason : problem;
  if (!session.notices.length && !stopped) return nothing;
  return html`<ul class="notices">
    ${
      stopped
        ? html`<li class="risk" data-testid="notice" data-kind="client">
            ${shape('triangle')}<span>${stopped}</span>
          </li>`
        : nothing
    }
    ${session.notices.map(
      (notice) =>
        html`<li class="risk" data-testid="notice" data-kind=${notice.kind}>
          ${shape('triangle')}<span><b>${en.notices[notice.kind]}:</b> ${notice.text}</span>
          <button type="button" class="quiet" @click=${() => session.dismiss(notice)}>
            ${en.dismiss}
          </button>
        </li>`,
    )}
  </ul>`;
}
