// The peers and what they said. All of it but our own words is untrusted text.

import { html, nothing, type TemplateResult } from 'lit';
import { shape, type Shape } from '../components/icons.ts';
import { bytes, integer, moment, span } from '../lib/format.ts';
import type { PeerState, PeerView } from '../lib/messages.ts';
import type { Session } from '../lib/session.ts';
import { en } from '../strings/en.ts';

const says = en.peer;
const SHAPES: Record<PeerState['type'], Shape> = {
  connecting: 'clock',
  handshaking: 'clock',
  ready: 'eye',
  waiting: 'hourglass',
  banned: 'clash',
};

const fact = (label: string, value: string): TemplateResult =>
  html`<div>
    <dt>${label}</dt>
    <dd class="num">${value}</dd>
  </div>`;

/** Why a peer is not there, and until when. */
function reason(state: PeerState, now: number): TemplateResult | typeof nothing {
  if (state.type !== 'waiting' && state.type !== 'banned') return nothing;
  const at = state.type === 'banned' ? state.until : state.retryAt;
  return html`<p class="num">
    ${state.reason} · ${at > now ? says.retry(span(at - now)) : says.retryNow}
  </p>`;
}

function said(peer: PeerView): TemplateResult | typeof nothing {
  if (!peer.said.length) return nothing;
  return html`<details class="more" data-testid="said">
    <summary>${says.said(peer.said.length)}</summary>
    <div class="scroll" tabindex="0" role="group" aria-label=${says.said(peer.said.length)}>
      <table>
        <thead>
          <tr>
            <th scope="col">${says.when}</th>
            <th scope="col">${says.who}</th>
            <th scope="col">${says.command}</th>
            <th scope="col">${says.summary}</th>
            <th scope="col">${says.bytes}</th>
          </tr>
        </thead>
        <tbody>
          ${[...peer.said].reverse().map(
            (line) =>
              html`<tr>
                <td>${moment(line.at)}</td>
                <td>${line.ours ? says.ours : says.theirs}</td>
                <td class="hash">${line.command}</td>
                <td>${line.summary}</td>
                <td>${integer(line.bytes)}</td>
              </tr>`,
          )}
        </tbody>
      </table>
    </div>
  </details>`;
}

function card(peer: PeerView, now: number): TemplateResult {
  const { state } = peer;
  const tone = state.type === 'banned' ? 'bad' : state.type === 'waiting' ? 'risk' : 'wait';
  const unknown = says.unknown;
  return html`<li
    class="card peer"
    data-testid="peer"
    data-url=${peer.url}
    data-state=${state.type}
  >
    <div class="row spread">
      <h3>${peer.operator}</h3>
      <span class="tag ${tone}">${shape(SHAPES[state.type])}${says.states[state.type]}</span>
    </div>
    <p class="cap hash">${peer.url}</p>
    ${reason(state, now)}
    <dl class="facts">
      ${fact(says.agent, peer.userAgent ?? unknown)}
      ${fact(says.protocol, peer.protocolVersion === null ? unknown : String(peer.protocolVersion))}
      ${fact(says.services, peer.services.length ? peer.services.join(', ') : unknown)}
      ${fact(says.height, peer.height === null ? unknown : integer(peer.height))}
      ${fact(says.ping, peer.pingMs === null ? unknown : says.pingValue(integer(peer.pingMs)))}
      ${peer.clockOffset === null ? nothing : fact(says.clock, says.clockValue(peer.clockOffset))}
      ${fact(says.heard, peer.lastHeard === null ? unknown : says.ago(span(now - peer.lastHeard)))}
      ${fact(says.traffic, says.trafficValue(bytes(peer.bytesReceived), bytes(peer.bytesSent)))}
      ${fact(says.looked, integer(peer.transactions))}
    </dl>
    ${said(peer)}
  </li>`;
}

export function peers(session: Session, now: number): TemplateResult {
  return html`<section aria-labelledby="peers">
    <h2 id="peers" class="above">${en.chainPage.peers}</h2>
    ${session.peers.length ? nothing : html`<p class="cap">${en.chainPage.peersNone}</p>`}
    <ul class="peers" data-testid="peers">
      ${session.peers.map((peer) => card(peer, now))}
    </ul>
  </section>`;
}
