// What a chapter is: a declaration of its controls, its texts, its picture and its figures. The frame
// around it (question, buttons, tables, links, export) is the same for all.

import type { TemplateResult } from 'lit';
import type { LessonView, Setup } from '../lib/lesson-messages.ts';

/** The settings of a run, by the names that a link gives them. */
export type Values = Readonly<Record<string, number>>;

/** A number that the learner sets. */
export interface Control {
  /** In links, files and test ids. */
  key: string;
  label: string;
  /** For the head of a column. */
  short?: string;
  hint?: string;
  least: number;
  most: number;
  step: number;
  initial: number;
  /** The value as it is read: `30%`. */
  read(value: number): string;
  /** Whether it is set by an action of the chapter instead of a slider. */
  quiet?: boolean;
}

export interface Speed {
  label: string;
  /** Positions a second; `Infinity`: as fast as it goes. */
  rate: number;
}

/** The question that comes before the run; its answer is compared with what is measured. */
export interface Question {
  ask(values: Values): string;
  label: string;
  least: number;
  most: number;
  step: number;
  initial: number;
  read(value: number): string;
}

/** A number under the picture. */
export interface Figure {
  id: string;
  label: string;
  /** The number itself, for files and tests; none: not measured yet. */
  value: number | undefined;
  /** As it is read. */
  text: string;
  /** Where it is from: measured here, computed, or printed. */
  kind: 'measured' | 'computed' | 'published';
  note?: string;
}

export interface Table {
  caption: string;
  head: readonly string[];
  rows: readonly (readonly string[])[];
}

/** A run of this visit, for the table and the file. */
export interface Run {
  seed: number;
  values: Values;
  predicted: number | undefined;
  view: LessonView;
}

/** Something else that the learner does during a run: a setting that takes the present position. */
export interface Action {
  id: string;
  label: string;
  /** The settings after it. */
  values: Values;
  enabled: boolean;
}

export interface Chapter {
  number: number;
  name: string;
  /** What it is about, before anything was played. */
  opening(values: Values): string;
  story: string;
  controls: readonly Control[];
  question: Question;
  speeds: readonly Speed[];
  /** Whether positions are whole numbers. */
  whole: boolean;
  /** The last position that a link may name. */
  end: number;
  setup(seed: number, values: Values): Setup;
  /** The position in words. */
  at(position: number): string;
  /** What is known, in one sentence. */
  sentence(view: LessonView, values: Values): string;
  /** The picture; the records of this visit may be in it. */
  picture(view: LessonView | undefined, values: Values, runs: readonly Run[]): TemplateResult;
  figures(view: LessonView | undefined, values: Values): Figure[];
  tables(view: LessonView | undefined, values: Values, runs: readonly Run[]): Table[];
  actions?(view: LessonView | undefined, values: Values): Action[];
  /** What the prediction is compared with, once there is something. */
  measured(view: LessonView): number | undefined;
  readMeasured(value: number): string;
  /** Whether enough was played for the conclusion; if not, what is missing. */
  enough(view: LessonView | undefined): { share: number; missing: string };
  conclusion: { sentence: string; why: readonly string[] };
  /** More to read for those who ask. */
  notes: readonly { title: string; text: readonly string[] }[];
}
