// The fields of a header, as they are hashed.

import { html, type TemplateResult } from 'lit';
import '../components/hash-text.ts';
import { integer, moment } from '../lib/format.ts';
import type { HeaderView } from '../lib/messages.ts';
import { en } from '../strings/en.ts';

const says = en.chainPage;

export const headerFacts = (header: HeaderView): TemplateResult =>
  html`<dl class="facts">
    <div>
      <dt>${says.hash}</dt>
      <dd>
        <hash-text .value=${header.hash} .head=${4} .tail=${12} .name=${says.hash}></hash-text>
      </dd>
    </div>
    <div>
      <dt>${says.previous}</dt>
      <dd>
        <hash-text
          .value=${header.previous}
          .head=${4}
          .tail=${12}
          .name=${says.previous}
          .href=${`#block=${header.previous}`}
        ></hash-text>
      </dd>
    </div>
    <div>
      <dt>${says.root}</dt>
      <dd><hash-text .value=${header.merkleRoot} .name=${says.root}></hash-text></dd>
    </div>
    <div>
      <dt>${says.time}</dt>
      <dd class="num">${moment(header.time)}</dd>
    </div>
    <div>
      <dt>${says.bits}</dt>
      <dd class="hash">${header.bits.toString(16).padStart(8, '0')}</dd>
    </div>
    <div>
      <dt>${says.nonce}</dt>
      <dd class="num">${integer(header.nonce)}</dd>
    </div>
    <div>
      <dt>${says.version}</dt>
      <dd class="hash">${(header.version >>> 0).toString(16).padStart(8, '0')}</dd>
    </div>
  </dl>`;
