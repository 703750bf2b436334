// The mark, and the shapes that go with a word: a state is never told by colour alone.

import { svg, html, type TemplateResult } from 'lit';
import type { Tone } from '../lib/facts.ts';

const WREN =
  'M8.4 22.6 12 20.4c.6-2.7 2.8-4.6 5.6-4.6 2.7 0 4.6 1.5 6.1 3.3 1.7 2 3.7 2.7 6 2.3 1-.2 1.7-.7 2.2-1.5l4.9-8 3.2 2-3 8c.3 7-4.2 12.6-11.7 13.2-7.4.6-13.1-3.6-13.3-9.4 0-.7 0-1.4.2-2zM16.9 18.95a1 1 0 1 0 .01 0zM20.4 25.1c2.6 3.7 7.4 4.7 12.3 1.5-3.2 5-10 4.9-12.3-1.5z';
const LEGS = 'M21.6 34.7 20.7 39.3m5.9-4.7.8 4.7M17.9 39.3h4.5m2.7 0h4.5';

/** The wren of the last farthing, in its ring. */
export const mark = (): TemplateResult =>
  html`<svg class="wren" viewBox="0 0 48 48" aria-hidden="true">
    <circle cx="24" cy="24" r="22.2" fill="none" stroke="currentColor" stroke-width="2" />
    <path fill="currentColor" fill-rule="evenodd" d=${WREN} />
    <path fill="none" stroke="currentColor" stroke-width="1.4" stroke-linecap="round" d=${LEGS} />
  </svg>`;

const ring = svg`<circle cx="14" cy="14" r="12" />`;
const SHAPES = {
  clock: svg`${ring}<path d="M14 7v7l4.5 3" />`,
  eye: svg`<path d="M2 14c3-5.3 7.3-8 12-8s9 2.7 12 8c-3 5.3-7.3 8-12 8s-9-2.7-12-8z" /><circle cx="14" cy="14" r="3.6" />`,
  blocks: svg`<path d="M3 15h10v10H3zM15 15h10v10H15zM9 3h10v10H9z" />`,
  check: svg`${ring}<path d="M8.5 14.5l4 4 7.5-8.5" />`,
  clash: svg`<path d="M9.5 2h9L26 9.5v9L18.5 26h-9L2 18.5v-9z" /><path d="M14 8v7.5M14 19v1.5" />`,
  triangle: svg`<path d="M14 3l12 21H2z" /><path d="M14 11v6M14 20v1" />`,
  question: svg`${ring}<path d="M10.5 11c0-2 1.5-3.5 3.5-3.5s3.5 1.3 3.5 3.2c0 2.7-3.5 2.8-3.5 5.3M14 19.5v1.5" />`,
  stop: svg`${ring}<path d="M5.5 5.5l17 17" />`,
  hourglass: svg`<path d="M7 3h14M7 25h14M8.5 3c0 6 5.5 7 5.5 11s-5.5 5-5.5 11M19.5 3c0 6-5.5 7-5.5 11s5.5 5 5.5 11" />`,
  sliders: svg`<path d="M3 9h11M22 9h3M3 19h3M14 19h11" /><circle cx="18" cy="9" r="3.5" /><circle cx="10" cy="19" r="3.5" />`,
  copy: svg`<path d="M9 9h15v15H9zM19 9V4H4v15h5" />`,
  back: svg`<path d="M17 5l-9 9 9 9" />`,
  till: svg`<path d="M4 13h20v11H4zM7 13l2-9h10l2 9M9 18h1M14 18h1M19 18h1" />`,
  tryit: svg`<path d="M9 4v20l14-10z" />`,
  wallet: svg`<path d="M4 8h18a2 2 0 0 1 2 2v12a2 2 0 0 1-2 2H6a2 2 0 0 1-2-2zM4 8l14-4v4M18 16h2" />`,
  work: svg`<path d="M5 23L18 10M8 7c6-5 13-3 15 6M15 7l6 6" />`,
  lock: svg`<path d="M6 13h16v11H6zM9 13V9a5 5 0 0 1 10 0v4" />`,
  unlock: svg`<path d="M6 13h16v11H6zM9 13V8a5 5 0 0 1 9.6-2" />`,
  lesson: svg`<path d="M14 4L2 10l12 6 12-6zM7 13v6c4 3 10 3 14 0v-6" />`,
  pause: svg`<path d="M9 5v18M19 5v18" />`,
  stepBack: svg`<path d="M20 5L9 14l11 9zM6 5v18" />`,
  stepOn: svg`<path d="M8 5l11 9-11 9zM22 5v18" />`,
  square: svg`<path d="M6 6h16v16H6z" />`,
  screen: svg`<path d="M3 5h22v14H3zM14 19v5M9 25h10" />`,
  chain: svg`<path d="M2.5 9.5h9v9h-9zM16.5 9.5h9v9h-9zM11.5 14h5" />`,
} as const;

export type Shape = keyof typeof SHAPES;

/** A shape in the text's colour; always beside a word. */
export const shape = (name: Shape): TemplateResult =>
  html`<svg
    class="shape"
    viewBox="0 0 28 28"
    fill="none"
    stroke="currentColor"
    stroke-width="2.4"
    stroke-linecap="round"
    stroke-linejoin="round"
    aria-hidden="true"
  >
    ${SHAPES[name]}
  </svg>`;

/** The shape of a tone where nothing more special is known. */
export const toneShape = (tone: Tone): Shape =>
  tone === 'good' ? 'check' : tone === 'bad' ? 'clash' : tone === 'risk' ? 'triangle' : 'clock';
