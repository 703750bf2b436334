// One chapter, whole: the question first, then the run with its buttons, its picture, its figures
// beside the published ones, its tables, and the conclusion. `<farthing-lesson chapter="11" seed="42">`
// stands on any page; what is particular to a chapter is in chapters/.

import { html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { LightElement, define } from '../components/element.ts';
import { shape } from '../components/icons.ts';
import '../components/live-region.ts';
import { Lab } from '../lib/lab.ts';
import type { LessonView } from '../lib/lesson-messages.ts';
import { en } from '../strings/en.ts';
import type { Chapter, Run, Values } from './chapter.ts';
import { CHAPTERS } from './chapters/index.ts';
import { csvOf } from './csv.ts';
import { FIRST_SEED, MOST_SEED, defaults, type LessonLink } from './link.ts';
import { conclusion, figures, notes, runsTable, table } from './parts.ts';
import { Player } from './player.ts';
import { settings } from './settings.ts';

const says = en.lesson;

export class FarthingLesson extends LightElement {
  static override properties = {
    chapter: { type: Number },
    seed: { type: Number },
    moment: {},
    tick: { state: true },
  };
  /** By its number in the course. */
  declare chapter: number;
  declare seed: number;
  /** Settings and a position to go to, as a link has them; the first look at it counts. */
  declare moment: LessonLink | undefined;
  declare tick: number;

  #values: Values = {};
  #speed = 0;
  /** Where the link wants to be, until somebody plays something else. */
  #wanted = 0;
  #predicting = 0;
  #predicted: number | undefined;
  /** Whether the question was answered, or passed over. */
  #asked = false;
  #concluded = false;
  #runs: Run[] = [];
  #player: Player | undefined;
  #error = '';
  readonly #events = {
    set: (key: string, value: number): void => this.#set(key, value),
    speed: (speed: number): void => this.#setSpeed(speed),
    seed: (text: string): void => this.#setSeed(text),
  };

  constructor() {
    super();
    this.chapter = CHAPTERS[0]?.number ?? 0;
    this.seed = FIRST_SEED;
    this.tick = 0;
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#player?.stop();
  }

  override willUpdate(changed: PropertyValues): void {
    if (changed.has('moment') && this.moment) {
      this.chapter = this.moment.chapter;
      this.seed = this.moment.seed;
    }
    if (changed.has('moment') || (changed.has('chapter') && !this.moment)) this.#open();
    else if (changed.has('seed') && this.#player) this.#reload();
  }

  get #declared(): Chapter {
    const chapter = CHAPTERS.find(({ number }) => number === this.chapter) ?? CHAPTERS[0];
    if (!chapter) throw new Error('expected at least one chapter');
    return chapter;
  }

  /** Another chapter, or another link. */
  #open(): void {
    const chapter = this.#declared;
    this.#player?.stop();
    this.#values = { ...defaults(chapter), ...this.moment?.values };
    this.#wanted = this.moment?.position ?? 0;
    this.#speed = 0;
    this.#runs = [];
    this.#ask();
    this.#player = new Player(chapter.setup(this.seed, this.#values), {
      open: () => new Lab(),
      now: () => performance.now(),
      wait: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
      changed: () => this.#changed(),
    });
  }

  #ask(): void {
    this.#asked = false;
    this.#predicted = undefined;
    this.#predicting = this.#declared.question.initial;
    this.#concluded = false;
  }

  /** Another run of the same settings. */
  #reload(): void {
    this.#keep();
    this.#concluded = false;
    this.#player?.load(this.#declared.setup(this.seed, this.#values));
  }

  #changed(): void {
    const { view } = this.#player ?? {};
    if (view && this.#declared.enough(view).share >= 1) this.#concluded = true;
    this.tick += 1;
    if (!this.#player?.busy) this.#tell();
  }

  /** A run that is left stays in the table. */
  #keep(): void {
    const run = this.#run();
    if (run) this.#runs = [...this.#runs, run];
  }

  #run(): Run | undefined {
    const { view } = this.#player ?? {};
    if (!view || view.position === 0) return undefined;
    return { seed: this.seed, values: this.#values, predicted: this.#predicted, view };
  }

  get #all(): Run[] {
    const run = this.#run();
    return run ? [...this.#runs, run] : this.#runs;
  }

  /** Where it is now, for a link. */
  get here(): LessonLink {
    return {
      chapter: this.#declared.number,
      seed: this.seed,
      values: this.#values,
      position: this.#player?.view ? this.#linked(this.#player.view.position) : this.#wanted,
      present: false,
    };
  }

  /** Links have two decimals. */
  #linked(position: number): number {
    return Math.round(position * 100) / 100;
  }

  #tell(): void {
    this.dispatchEvent(new CustomEvent('lesson-moved', { bubbles: true }));
  }

  /** Plays, or pauses. */
  toggle(): void {
    if (this.#player?.busy) this.#player.pause();
    else this.#play();
  }

  #play(): void {
    const player = this.#player;
    if (!player || player.busy) return;
    if (!this.#asked) return this.querySelector<HTMLElement>('#prediction')?.focus();
    this.#wanted = 0;
    const { speeds, whole } = this.#declared;
    void player.play({ rate: speeds[this.#speed]?.rate ?? 1, whole });
  }

  /** One step forwards or back. */
  step(forwards: boolean): void {
    if (!this.#asked) return this.querySelector<HTMLElement>('#prediction')?.focus();
    this.#wanted = 0;
    void this.#player?.go({ type: forwards ? 'next' : 'back' });
  }

  stop(): void {
    this.#keep();
    this.#wanted = 0;
    this.#player?.stop();
  }

  toggleTables(): void {
    const tables = this.querySelector<HTMLDetailsElement>('#tables');
    if (tables) tables.open = !tables.open;
  }

  #goWanted(): void {
    const position = this.#wanted;
    this.#asked = true;
    void this.#player?.go({ type: 'to', position });
  }

  #answer(predicted: number | undefined): void {
    this.#predicted = predicted;
    this.#asked = true;
    this.tick += 1;
    void this.updateComplete.then(() =>
      this.querySelector<HTMLElement>('[data-testid="play"]')?.focus(),
    );
  }

  #set(key: string, value: number): void {
    if (this.#values[key] === value) return;
    this.#keep();
    this.#values = { ...this.#values, [key]: value };
    this.#wanted = 0;
    this.#ask();
    this.#player?.load(this.#declared.setup(this.seed, this.#values));
    this.#tell();
  }

  #setSeed(text: string): void {
    const seed = Number(text);
    if (!/^\d{1,10}$/.test(text) || seed > MOST_SEED) {
      this.#error = says.seedBad;
      this.tick += 1;
      return;
    }
    this.#error = '';
    this.#wanted = 0;
    this.seed = seed;
    this.#tell();
  }

  #setSpeed(speed: number): void {
    this.#speed = speed;
    const player = this.#player;
    const playing = player?.phase === 'playing';
    if (playing) player.pause();
    if (playing) this.#play();
    this.tick += 1;
  }

  override render(): TemplateResult {
    const chapter = this.#declared;
    const player = this.#player;
    const view = player?.view;
    const sentence = view ? chapter.sentence(view, this.#values) : chapter.opening(this.#values);
    return html`
      <p class="kicker">${says.chapter(chapter.number, chapter.name)}</p>
      <h1 class="sentence num" data-testid="sentence">${sentence}</h1>
      <p class="sub story">${chapter.story}</p>
      <div
        class="lesson-grid"
        data-testid="lesson"
        data-chapter=${chapter.number}
        data-phase=${player?.phase ?? 'ready'}
        data-position=${view?.position ?? 0}
        data-trace=${view?.trace ?? ''}
        data-arrived=${String(view?.arrived ?? true)}
      >
        <div class="lesson-side">
          ${this.#question(chapter, view)}
          ${settings(chapter, { values: this.#values, speed: this.#speed, seed: this.seed, error: this.#error }, this.#events)}
        </div>
        <div class="lesson-stage">
          <section class="card stage" aria-label=${chapter.name}>
            ${this.#transport(chapter, view)}
            <div class="picture">${chapter.picture(view, this.#values, this.#all)}</div>
          </section>
          ${figures(chapter.figures(view, this.#values))}
          ${conclusion(chapter, view, this.#concluded, this.#predicted)}
          ${this.#tables(chapter, view)} ${notes(chapter)}
        </div>
      </div>
      <live-region .text=${sentence}></live-region>
    `;
  }

  #question(chapter: Chapter, view: LessonView | undefined): TemplateResult {
    const { question } = chapter;
    if (this.#asked) {
      const measured = view && chapter.measured(view);
      const said = this.#predicted === undefined ? undefined : question.read(this.#predicted);
      return html`<section
        class="card predict"
        aria-labelledby="predict"
        data-testid="predicted"
        data-value=${this.#predicted ?? ''}
      >
        <h2 id="predict">${says.predictedTitle}</h2>
        <p class="asked">${question.ask(this.#values)}</p>
        <p class="answer">
          ${
            said === undefined
              ? says.notPredicted
              : measured === undefined
                ? says.predicted(said)
                : says.compared(said, chapter.readMeasured(measured))
          }
        </p>
      </section>`;
    }
    return html`<section class="card predict open" aria-labelledby="predict">
      <h2 id="predict">${says.predict}</h2>
      <p class="asked">${question.ask(this.#values)}</p>
      <label class="slider" for="prediction"
        ><span>${question.label}</span
        ><output class="num">${question.read(this.#predicting)}</output></label
      >
      <input
        id="prediction"
        type="range"
        data-testid="field-prediction"
        min=${question.least}
        max=${question.most}
        step=${question.step}
        .value=${String(this.#predicting)}
        aria-valuetext=${question.read(this.#predicting)}
        @input=${(event: Event) => {
          this.#predicting = Number((event.target as HTMLInputElement).value);
          this.tick += 1;
        }}
      />
      <div class="row">
        <button
          type="button"
          class="primary"
          data-testid="predict"
          @click=${() => this.#answer(this.#predicting)}
        >
          ${says.commit}
        </button>
        <button
          type="button"
          class="quiet"
          data-testid="skip-prediction"
          @click=${() => this.#answer(undefined)}
        >
          ${says.without}
        </button>
      </div>
    </section>`;
  }

  #transport(chapter: Chapter, view: LessonView | undefined): TemplateResult {
    const phase = this.#player?.phase ?? 'ready';
    const busy = this.#player?.busy ?? false;
    const wanted = this.#wanted > 0 && !view;
    return html`<div class="transport" role="group" aria-label=${says.transport}>
        ${
          wanted
            ? html`<button
                type="button"
                class="primary"
                data-testid="go-to"
                @click=${() => this.#goWanted()}
              >
                ${says.goTo(chapter.at(this.#wanted))}
              </button>`
            : html`<button
                type="button"
                class="play ${this.#asked ? 'primary' : ''}"
                data-testid="play"
                aria-pressed=${String(busy)}
                @click=${() => this.toggle()}
              >
                ${shape(busy ? 'pause' : 'tryit')}<span>${busy ? says.pause : says.play}</span>
              </button>`
        }
        <button
          type="button"
          class="icon"
          data-testid="step-back"
          aria-label=${says.back}
          title=${says.back}
          @click=${() => this.step(false)}
        >
          ${shape('stepBack')}
        </button>
        <button
          type="button"
          class="icon"
          data-testid="step"
          aria-label=${says.forwards}
          title=${says.forwards}
          @click=${() => this.step(true)}
        >
          ${shape('stepOn')}
        </button>
        <button
          type="button"
          class="icon"
          data-testid="stop"
          aria-label=${says.stop}
          title=${says.stopHint}
          @click=${() => this.stop()}
        >
          ${shape('square')}
        </button>
        ${chapter
          .actions?.(view, this.#values)
          .map(
            ({ id, label, values, enabled }) =>
              html`<button
                type="button"
                data-testid=${id}
                ?disabled=${!enabled}
                @click=${() => this.#actOn(values)}
              >
                ${label}
              </button>`,
          )}
        <span class="at num" data-testid="at"
          >${view ? chapter.at(this.#linked(view.position)) : says.phases[phase]}</span
        >
      </div>
      <p class="cap stage-word" data-testid="stage-word">
        ${
          phase === 'broken'
            ? html`<span class="risk-text row"
                >${shape('triangle')}${says.broken(this.#player?.problem ?? '')}</span
              >`
            : phase === 'going' && view && !view.arrived
              ? says.going
              : phase === 'ended'
                ? says.ended
                : wanted
                  ? says.goToHint(chapter.at(this.#wanted))
                  : this.#asked
                    ? nothing
                    : says.predictHint
        }
      </p>`;
  }

  /** A setting that takes the present moment: the run goes on from there. */
  #actOn(values: Values): void {
    const playing = this.#player?.phase === 'playing';
    this.#values = values;
    void this.#player?.change(this.#declared.setup(this.seed, values)).then((undisturbed) => {
      if (playing && undisturbed) this.#play();
    });
    this.#tell();
  }

  #tables(chapter: Chapter, view: LessonView | undefined): TemplateResult {
    const runs = this.#all;
    return html`<details class="card fold" id="tables" data-testid="tables">
      <summary>${says.table}</summary>
      ${[...chapter.tables(view, this.#values, runs), ...runsTable(chapter, runs)].map(table)}
      ${view ? html`<p class="cap trace">${says.trace}: <span class="hash" data-testid="trace">${view.trace}</span>. ${says.traceHint}</p>` : nothing}
      <button
        type="button"
        data-testid="csv"
        ?disabled=${runs.length === 0}
        @click=${() => this.#save(chapter)}
      >
        ${says.csv}
      </button>
    </details>`;
  }

  #save(chapter: Chapter): void {
    const url = URL.createObjectURL(new Blob([csvOf(chapter, this.#all)], { type: 'text/csv' }));
    const link = document.createElement('a');
    link.href = url;
    link.download = says.csvName(chapter.number);
    link.click();
    setTimeout(() => URL.revokeObjectURL(url), 10_000);
  }
}

define('farthing-lesson', FarthingLesson);
