// The address of a moment of a lesson: `#chapter=11&seed=42&q=30&z=6&t=2000&present=1`. The same link
// shows a whole class the same run. Anybody can write one: every value is checked, and what is not
// taken is said.

import type { Chapter, Control, Values } from './chapter.ts';

/** What a link asks for. */
export interface LessonLink {
  chapter: number;
  seed: number;
  values: Values;
  /** Where in the run. */
  position: number;
  present: boolean;
}

/** What of a link was not taken, and why. */
export type LinkProblem =
  | { type: 'chapter'; found: string }
  | { type: 'language'; found: string }
  | { type: 'unknown'; key: string }
  | { type: 'range'; key: string; found: string; least: number; most: number };

export const MOST_SEED = 2 ** 32 - 1;
export const FIRST_SEED = 1;
/** What is said of a stranger's words is short. */
const LONGEST = 24;
const LANGUAGE = 'en';

export const defaults = (chapter: Chapter): Values =>
  Object.fromEntries(chapter.controls.map(({ key, initial }) => [key, initial]));

/** Reads a link; what is missing or not taken is as a fresh page has it. */
export function readLink(
  hash: string,
  chapters: readonly Chapter[],
): { link: LessonLink; problems: LinkProblem[] } {
  const given = new URLSearchParams(hash.replace(/^#/, ''));
  const problems: LinkProblem[] = [];
  const first = chapters[0];
  if (!first) throw new Error('expected at least one chapter');
  const asked = given.get('chapter');
  const chapter = chapters.find(({ number }) => String(number) === asked) ?? first;
  if (asked !== null && String(chapter.number) !== asked)
    problems.push({ type: 'chapter', found: short(asked) });

  const number = (key: string, least: number, most: number, step: number, initial: number) => {
    const text = given.get(key);
    if (text === null) return initial;
    const found = /^\d{1,12}(\.\d{1,6})?$/.test(text) ? Number(text) : NaN;
    if (found >= least && found <= most && isStep(found, step)) return found;
    problems.push({ type: 'range', key, found: short(text), least, most });
    return initial;
  };
  const control = ({ key, least, most, step, initial }: Control): [string, number] => [
    key,
    number(key, least, most, step, initial),
  ];
  const link = {
    chapter: chapter.number,
    seed: number('seed', 0, MOST_SEED, 1, FIRST_SEED),
    values: Object.fromEntries(chapter.controls.map(control)),
    position: number('t', 0, chapter.end, chapter.whole ? 1 : 0.01, 0),
    present: number('present', 0, 1, 1, 0) === 1,
  };
  const language = given.get('lang');
  if (language !== null && language !== LANGUAGE)
    problems.push({ type: 'language', found: short(language) });
  const known = new Set([
    ...['chapter', 'seed', 't', 'present', 'lang'],
    ...chapter.controls.map(({ key }) => key),
  ]);
  // A chapter that is not there has settings that are not there either: one sentence is enough.
  if (!problems.some(({ type }) => type === 'chapter'))
    for (const key of new Set(given.keys()))
      if (!known.has(key)) problems.push({ type: 'unknown', key: short(key) });
  return { link, problems };
}

/** The link to a moment; what is as on a fresh page is left out. */
export function writeLink(
  { chapter: number, seed, values, position, present }: LessonLink,
  chapter: Chapter,
): string {
  const said: [string, number][] = [
    ['chapter', number],
    ['seed', seed],
  ];
  for (const { key, initial } of chapter.controls) {
    const value = values[key] ?? initial;
    if (value !== initial) said.push([key, value]);
  }
  if (position > 0) said.push(['t', position]);
  if (present) said.push(['present', 1]);
  return `#${said.map(([key, value]) => `${key}=${value}`).join('&')}`;
}

/** Steps are decimal, doubles are not. */
function isStep(value: number, step: number): boolean {
  const steps = value / step;
  return Math.abs(steps - Math.round(steps)) < 1e-6;
}

const short = (text: string): string =>
  text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
