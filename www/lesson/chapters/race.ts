// Chapter 11, global crime fighting: the attacker's race.

import { html } from 'lit';
import { integer, percent } from '../../lib/format.ts';
import {
  LIMITS,
  PAPER,
  PAPER_THOUSANDTH,
  type LessonView,
  type RaceView,
} from '../../lib/lesson-messages.ts';
import { en } from '../../strings/en.ts';
import type { Chapter, Figure, Run, Table, Values } from '../chapter.ts';
import '../race-picture.ts';

const says = en.lesson.race;
/** Races after which the conclusion holds. */
const ENOUGH = 10_000;

const q = (values: Values): number => values.q ?? 30;
const z = (values: Values): number => values.z ?? 6;
const share = (perCent: number): string => `${perCent}%`;

/** The scene of this chapter, if the view is one. */
function raceOf(view: LessonView | undefined): RaceView | undefined {
  return view?.scene.type === 'race' ? view.scene : undefined;
}

/** What the paper printed for a share: depth and odds. */
function printed(perCent: number): readonly (readonly [number, number])[] {
  return PAPER.find((table) => table.share === perCent)?.odds ?? [];
}

/** What this visit measured at a share, the latest run of each depth. */
function measuredAt(perCent: number, runs: readonly Run[]): Map<number, RaceView> {
  const found = new Map<number, RaceView>();
  for (const { values, view } of runs) {
    const race = raceOf(view);
    if (race && q(values) === perCent && race.rate !== null) found.set(z(values), race);
  }
  return found;
}

function figures(view: LessonView | undefined, values: Values): Figure[] {
  const race = raceOf(view);
  const rate = race?.rate ?? undefined;
  const all: Figure[] = [
    {
      id: 'rate',
      label: says.figures.rate,
      kind: 'measured',
      value: rate,
      text: rate === undefined ? en.lesson.noFigure : percent(rate),
      ...(race &&
        rate !== undefined && {
          note: says.figures.interval(percent(race.low), percent(race.high), integer(race.races)),
        }),
    },
    {
      id: 'exact',
      label: says.figures.exact,
      kind: 'computed',
      value: race?.odds.exact,
      text: race ? percent(race.odds.exact) : en.lesson.noFigure,
      note: says.figures.exactNote,
    },
    {
      id: 'paper',
      label: says.figures.paper,
      kind: 'computed',
      value: race?.odds.paper,
      text: race ? percent(race.odds.paper) : en.lesson.noFigure,
      note: says.figures.paperNote,
    },
  ];
  const [depth, odds] = printed(q(values)).find(([depth]) => depth === z(values)) ?? [];
  if (depth !== undefined)
    all.push({
      id: 'printed',
      label: says.figures.printed,
      kind: 'published',
      value: odds,
      text: percent(odds ?? 0),
      note: says.figures.printedNote(depth),
    });
  if (race?.undecided)
    all.push({
      id: 'undecided',
      label: says.figures.undecided,
      kind: 'measured',
      value: race.undecided,
      text: integer(race.undecided),
      note: says.figures.undecidedNote,
    });
  return all;
}

function tables(view: LessonView | undefined, values: Values, runs: readonly Run[]): Table[] {
  const race = raceOf(view);
  if (!race) return [];
  const { columns } = says;
  const table = new Map(printed(q(values)));
  const measured = measuredAt(q(values), runs);
  return [
    {
      caption: says.tableRace,
      head: [says.tableWho, says.tableBlocks],
      rows: [
        [says.honest, integer(race.contest.honest)],
        [says.attacker, integer(race.contest.attacker)],
      ],
    },
    {
      caption: says.tableOdds(share(q(values))),
      head: [
        columns.depth,
        columns.exact,
        columns.paper,
        columns.printed,
        columns.measured,
        columns.races,
      ],
      rows: race.curve.map(({ depth, exact, paper }) => {
        const found = measured.get(depth);
        const odds = table.get(depth);
        return [
          String(depth),
          percent(exact),
          percent(paper),
          odds === undefined ? '' : percent(odds),
          found?.rate == null ? '' : percent(found.rate),
          found ? integer(found.races) : '',
        ];
      }),
    },
  ];
}

export const race: Chapter = {
  number: 11,
  name: says.name,
  opening: (values) => says.opening(share(q(values))),
  story: says.story,
  controls: [
    {
      key: 'q',
      label: says.share,
      short: 'q',
      ...LIMITS.share,
      step: 1,
      initial: 30,
      read: share,
    },
    {
      key: 'z',
      label: says.depth,
      short: 'z',
      hint: says.depthHint,
      ...LIMITS.depth,
      step: 1,
      initial: 6,
      read: says.blocks,
    },
  ],
  question: {
    ask: (values) => says.ask(share(q(values)), z(values)),
    label: says.askLabel,
    least: 0,
    most: 100,
    step: 1,
    initial: 50,
    read: (value) => `${value}%`,
  },
  speeds: [
    { label: says.speeds.watch, rate: 2 },
    { label: says.speeds.quick, rate: 40 },
    { label: says.speeds.many, rate: 10_000 },
    { label: says.speeds.flat, rate: Infinity },
  ],
  whole: true,
  end: LIMITS.raceEnd.most,
  setup: (seed, values) => ({ type: 'race', seed, share: q(values), depth: z(values) }),
  at: (position) => says.at(integer(position)),
  sentence(view) {
    const race = raceOf(view);
    if (!race || race.rate === null) return says.first;
    return says.sentence(integer(race.won), integer(race.races), percent(race.rate), race.races);
  },
  picture: (view, values, runs) =>
    html`<race-picture
      .race=${raceOf(view)}
      .depth=${z(values)}
      .share=${q(values)}
      .printed=${printed(q(values))}
      .measured=${measuredAt(q(values), runs)}
    ></race-picture>`,
  figures,
  tables,
  // The question is in per cent.
  measured: (view) => {
    const rate = raceOf(view)?.rate;
    return rate == null ? undefined : 100 * rate;
  },
  readMeasured: (value) => percent(value / 100),
  enough(view) {
    const races = raceOf(view)?.races ?? 0;
    return { share: races / ENOUGH, missing: says.missing(integer(races), integer(ENOUGH)) };
  },
  conclusion: says.conclusion,
  notes: [
    ...says.notes,
    {
      title: says.thousandthTitle,
      text: PAPER_THOUSANDTH.map(([perCent, depth]) => says.thousandth(share(perCent), depth)),
    },
  ],
};
