// The lessons' page: the chapters, keys, links, and presentations. The chapter itself is
// farthing-lesson; this page keeps its address.

import { html, nothing, type TemplateResult } from 'lit';
import { LightElement, define } from '../components/element.ts';
import { shape } from '../components/icons.ts';
import '../components/page-header.ts';
import { en } from '../strings/en.ts';
import { CHAPTERS } from './chapters/index.ts';
import './farthing-lesson.ts';
import type { FarthingLesson } from './farthing-lesson.ts';
import {
  FIRST_SEED,
  defaults,
  readLink,
  writeLink,
  type LessonLink,
  type LinkProblem,
} from './link.ts';

const says = en.lesson;
/** Digits that belong to one number come within this time. */
const DIGITS_MS = 900;

export class LessonPage extends LightElement {
  static override properties = {
    link: { state: true },
    problems: { state: true },
    present: { state: true },
    copied: { state: true },
  };
  declare link: LessonLink;
  declare problems: LinkProblem[];
  declare present: boolean;
  declare copied: string;
  /** What this page wrote into its own address. */
  #written = '';
  #digits = '';
  #digitsTimer = 0;
  #page = new AbortController();

  constructor() {
    super();
    this.present = false;
    this.copied = '';
    this.#read();
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#page = new AbortController();
    const { signal } = this.#page;
    addEventListener('keydown', (event) => this.#key(event), { signal });
    addEventListener(
      'hashchange',
      () => {
        if (location.hash !== this.#written) this.#read();
      },
      { signal },
    );
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#page.abort();
    clearTimeout(this.#digitsTimer);
  }

  #read(): void {
    const { link, problems } = readLink(location.hash, CHAPTERS);
    this.link = link;
    this.problems = problems;
    this.#setPresent(link.present);
  }

  get #lesson(): FarthingLesson | null {
    return this.querySelector('farthing-lesson');
  }

  override render(): TemplateResult {
    return html`
      <a class="skip" href="#main" @click=${(e: Event) => this.#skip(e)}>${en.skip}</a>
      <page-header page="lesson"></page-header>
      <main id="main" tabindex="-1">
        ${this.#bar()} ${this.#problems()}
        <farthing-lesson
          .moment=${this.link}
          @lesson-moved=${() => this.#moved()}
        ></farthing-lesson>
      </main>
      ${help()}
    `;
  }

  override updated(): void {
    const chapter = CHAPTERS.find(({ number }) => number === this.link.chapter);
    const title = `${chapter ? `${chapter.name} · ` : ''}${says.title} · ${en.name}`;
    if (document.title !== title) document.title = title;
  }

  #bar(): TemplateResult {
    return html`<div class="lesson-bar">
      <nav aria-label=${says.chapters}>
        ${CHAPTERS.map(
          ({ number, name }) =>
            html`<a
              href="#chapter=${number}"
              data-testid="chapter-${number}"
              aria-current=${number === this.link.chapter ? 'page' : 'false'}
              @click=${(event: Event) => this.#choose(event, number)}
              ><b class="num">${number}</b> <span>${name}</span></a
            >`,
        )}
      </nav>
      <div class="row tools">
        <button
          type="button"
          class="quiet"
          data-testid="copy-link"
          @click=${() => void this.#copy()}
        >
          ${shape('copy')}<span>${this.copied || says.link}</span>
        </button>
        <button
          type="button"
          class="quiet"
          data-testid="present"
          aria-pressed=${String(this.present)}
          @click=${() => this.#toggle()}
        >
          ${shape('screen')}<span>${this.present ? says.presentEnd : says.present}</span>
        </button>
        <button type="button" class="quiet" data-testid="help" @click=${() => this.#help()}>
          ${shape('question')}<span>${says.help}</span>
        </button>
      </div>
    </div>`;
  }

  #problems(): TemplateResult | typeof nothing {
    if (!this.problems.length) return nothing;
    return html`<ul class="notices">
      ${this.problems.map(
        (problem) =>
          html`<li class="risk" data-testid="link-problem" data-type=${problem.type}>
            ${shape('triangle')}<span>${says.problems(problem)}</span>
          </li>`,
      )}
    </ul>`;
  }

  #choose(event: Event, number: number): void {
    event.preventDefault();
    this.#open(number);
  }

  #open(number: number): void {
    const chapter = CHAPTERS.find((each) => each.number === number);
    if (!chapter) {
      this.problems = [{ type: 'chapter', found: String(number) }];
      return;
    }
    this.problems = [];
    this.link = {
      ...{ chapter: number, seed: FIRST_SEED, values: defaults(chapter) },
      ...{ position: 0, present: this.present },
    };
    this.#write(this.link);
  }

  #moved(): void {
    const { here } = this.#lesson ?? {};
    if (here) this.#write({ ...here, present: this.present });
  }

  #write(link: LessonLink): void {
    const chapter = CHAPTERS.find(({ number }) => number === link.chapter);
    if (!chapter) return;
    const hash = writeLink(link, chapter);
    this.#written = hash;
    if (location.hash !== hash) history.replaceState(null, '', hash);
  }

  async #copy(): Promise<void> {
    this.#moved();
    try {
      await navigator.clipboard.writeText(location.href);
      this.copied = en.copied;
    } catch {
      this.copied = says.linkIsAbove;
    }
    setTimeout(() => (this.copied = ''), 2500);
  }

  #toggle(): void {
    this.#setPresent(!this.present);
    this.#moved();
  }

  #setPresent(present: boolean): void {
    this.present = present;
    document.documentElement.toggleAttribute('data-present', present);
  }

  #help(): void {
    this.querySelector<HTMLDialogElement>('#keys')?.showModal();
  }

  #key(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
    const at = event.target as Element | null;
    // What a field or a dialog does with a key is its own.
    if (at?.closest('input, select, textarea, dialog[open]')) return;
    const onButton = at?.closest('button, a, summary') !== null && at !== null;
    const lesson = this.#lesson;
    if (event.key === ' ' && !onButton) lesson?.toggle();
    else if (event.key === 'ArrowRight') lesson?.step(true);
    else if (event.key === 'ArrowLeft') lesson?.step(false);
    else if (event.key === '?') this.#help();
    else if (event.key === 't') lesson?.toggleTables();
    else if (event.key === 's') lesson?.stop();
    else if (event.key === 'p') this.#toggle();
    else if (/^\d$/.test(event.key)) this.#digit(event.key);
    else return;
    event.preventDefault();
  }

  /** Chapters have up to two digits: `1` waits for another. */
  #digit(digit: string): void {
    clearTimeout(this.#digitsTimer);
    this.#digits += digit;
    const choose = (): void => {
      const number = Number(this.#digits);
      this.#digits = '';
      this.#open(number);
    };
    if (this.#digits.length === 2 || digit !== '1') choose();
    else this.#digitsTimer = window.setTimeout(choose, DIGITS_MS);
  }

  #skip(event: Event): void {
    event.preventDefault();
    this.querySelector<HTMLElement>('#main')?.focus();
  }
}

const help = (): TemplateResult =>
  html`<dialog id="keys" data-testid="keys" aria-labelledby="keys-title">
    <h2 id="keys-title">${says.helpTitle}</h2>
    <dl class="facts">
      ${says.keys.map(
        ([key, what]) =>
          html`<div>
            <dt><kbd>${key}</kbd></dt>
            <dd>${what}</dd>
          </div>`,
      )}
    </dl>
    <form method="dialog">
      <button class="primary" data-testid="close-keys">${says.close}</button>
    </form>
  </dialog>`;
define('lesson-page', LessonPage);
