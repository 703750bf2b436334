// What a learner sets: the controls of a chapter, the speed, the seed.

import { html, nothing, type TemplateResult } from 'lit';
import { en } from '../strings/en.ts';
import type { Chapter, Control, Values } from './chapter.ts';

const says = en.lesson;

export interface SettingsNow {
  values: Values;
  speed: number;
  seed: number;
  /** What is wrong with the seed. */
  error: string;
}

export interface SettingsEvents {
  set(key: string, value: number): void;
  speed(speed: number): void;
  /** As it was typed. */
  seed(text: string): void;
}

/** The settings of a run, its speed and its seed. */
export function settings(chapter: Chapter, now: SettingsNow, on: SettingsEvents): TemplateResult {
  return html`<section class="card controls" aria-labelledby="settings">
    <h2 id="settings">${says.settings}</h2>
    ${chapter.controls.filter(({ quiet }) => !quiet).map((control) => slider(control, now.values, on))}
    <div class="field">
      <label for="speed">${says.speed}</label>
      <select
        id="speed"
        data-testid="field-speed"
        .value=${String(now.speed)}
        @change=${(event: Event) => on.speed(Number((event.target as HTMLSelectElement).value))}
      >
        ${chapter.speeds.map(({ label }, index) => html`<option value=${index} ?selected=${index === now.speed}>${label}</option>`)}
      </select>
    </div>
    <div class="field">
      <label for="seed">${says.seed}</label>
      <div class="row seed">
        <input
          id="seed"
          class="num"
          inputmode="numeric"
          autocomplete="off"
          data-testid="field-seed"
          .value=${String(now.seed)}
          aria-describedby="seed-hint"
          aria-invalid=${now.error ? 'true' : nothing}
          @change=${(event: Event) => on.seed((event.target as HTMLInputElement).value.trim())}
        />
        <button
          type="button"
          data-testid="new-seed"
          @click=${() => on.seed(String(crypto.getRandomValues(new Uint16Array(1))[0]))}
        >
          ${says.newSeed}
        </button>
      </div>
      <p class="hint" id="seed-hint">
        ${now.error ? html`<span class="error" role="alert" data-testid="error" data-field="seed">${now.error}</span>` : says.seedHint}
      </p>
    </div>
  </section>`;
}

function slider(
  { key, label, hint, least, most, step, read }: Control,
  values: Values,
  on: SettingsEvents,
): TemplateResult {
  const value = values[key] ?? least;
  return html`<div class="field">
    <label class="slider" for="control-${key}"
      ><span>${label}</span
      ><output class="num" data-testid="value-${key}" data-value=${value}
        >${read(value)}</output
      ></label
    >
    <input
      id="control-${key}"
      type="range"
      data-testid="field-${key}"
      min=${least}
      max=${most}
      step=${step}
      .value=${String(value)}
      aria-valuetext=${read(value)}
      aria-describedby=${hint ? `hint-${key}` : nothing}
      @input=${(event: Event) => on.set(key, Number((event.target as HTMLInputElement).value))}
    />
    ${hint ? html`<p class="hint" id="hint-${key}">${hint}</p>` : nothing}
  </div>`;
}
