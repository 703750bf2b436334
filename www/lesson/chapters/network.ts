// Chapter 10, steps in the network; the longest chain: how often a block is abandoned.

import { html } from 'lit';
import { integer, percent, span } from '../../lib/format.ts';
import { LIMITS, PUBLISHED, type LessonView, type NetworkView } from '../../lib/lesson-messages.ts';
import { en } from '../../strings/en.ts';
import type { Action, Chapter, Figure, Table, Values } from '../chapter.ts';
import '../network-picture.ts';

const says = en.lesson.network;
/** Blocks after which the conclusion holds. */
const ENOUGH = 100;
/** Of a setting that is a moment: it never comes. */
const NEVER = 0;

const n = (values: Values): number => values.n ?? 6;
const moment = (value: number | undefined): number | null =>
  value === undefined || value === NEVER ? null : value;
const seconds = (value: number): string => `${value} s`;

function networkOf(view: LessonView | undefined): NetworkView | undefined {
  return view?.scene.type === 'network' ? view.scene : undefined;
}

function figures(view: LessonView | undefined, values: Values): Figure[] {
  const network = networkOf(view);
  const rate = network?.staleRate ?? undefined;
  const none = en.lesson.noFigure;
  return [
    {
      id: 'stale',
      label: says.figures.stale,
      kind: 'measured',
      value: rate,
      text: rate === undefined ? none : percent(rate),
      ...(network &&
        rate !== undefined && {
          note: says.figures.interval(
            percent(network.low),
            percent(network.high),
            integer(network.found),
          ),
        }),
    },
    {
      id: 'formula',
      label: says.figures.formula,
      kind: 'computed',
      value: network?.formula,
      text: network ? percent(network.formula) : none,
      note: moment(values.cut) === null ? says.figures.formulaNote : says.figures.formulaCut,
    },
    {
      id: 'published',
      label: says.figures.published,
      kind: 'published',
      value: PUBLISHED.stale,
      text: percent(PUBLISHED.stale),
      note: says.figures.publishedNote(seconds(PUBLISHED.delay), seconds(PUBLISHED.spacing)),
    },
    {
      id: 'delay',
      label: says.figures.delay,
      kind: 'measured',
      value: network?.delay ?? undefined,
      text: network?.delay == null ? none : seconds(Math.round(network.delay * 10) / 10),
      note: says.figures.delayNote,
    },
    {
      id: 'agreed',
      label: says.figures.agreed,
      kind: 'measured',
      value: network?.agreed,
      text: network ? percent(network.agreed) : none,
      note: says.figures.agreedNote,
    },
    {
      id: 'deepest',
      label: says.figures.deepest,
      kind: 'measured',
      value: network ? (network.depths.at(-1)?.blocks ?? 0) : undefined,
      text: network ? says.blocks(network.depths.at(-1)?.blocks ?? 0) : none,
      note: says.figures.deepestNote,
    },
  ];
}

function tables(view: LessonView | undefined): Table[] {
  const network = networkOf(view);
  if (!network) return [];
  const { columns } = says;
  return [
    {
      caption: says.tableNodes,
      head: [
        ...[columns.node, columns.tip, columns.height, columns.found],
        ...[columns.reorganised, columns.deepest],
      ],
      rows: network.nodes.map(({ tip, height, found, reorganised, deepest }, node) => [
        ...[says.node(node), says.block(tip), integer(height), integer(found)],
        ...[integer(reorganised), integer(deepest)],
      ]),
    },
    {
      caption: says.tableBlocks,
      head: [
        ...[columns.block, columns.parent, columns.height, columns.by],
        ...[columns.at, columns.branch, columns.holders],
      ],
      rows: [...network.blocks]
        .reverse()
        .map((block) => [
          ...[says.block(block.id), block.parent === null ? '' : says.block(block.parent)],
          ...[integer(block.height), says.node(block.by), says.time(span(block.at))],
          block.best ? says.best : says.abandoned,
          says.holders(holders(block.holders), network.nodes.length),
        ]),
    },
    {
      caption: says.depths,
      head: [columns.depth, columns.times],
      rows: network.depths.map(({ blocks, times }) => [says.blocks(blocks), integer(times)]),
    },
  ];
}

/** How many bits are set. */
function holders(bits: number): number {
  let count = 0;
  for (let left = bits >>> 0; left > 0; left >>>= 1) count += left & 1;
  return count;
}

function actions(view: LessonView | undefined, values: Values): Action[] {
  const position = Math.round((view?.position ?? 0) * 100) / 100;
  const network = networkOf(view);
  const [cut, heal] = [values.cut ?? NEVER, values.heal ?? NEVER];
  // At the beginning the cut of the run before can be left out.
  if (!view && cut !== NEVER)
    return [
      {
        id: 'uncut',
        label: says.uncut,
        values: { ...values, cut: NEVER, heal: NEVER },
        enabled: true,
      },
    ];
  return [
    network?.cut
      ? {
          id: 'heal',
          label: says.heal,
          values: { ...values, heal: position },
          enabled: position > cut,
        }
      : {
          id: 'cut',
          label: cut === NEVER ? says.cut : says.cutAgain,
          values: { ...values, cut: position, heal: NEVER },
          enabled: position > 0 && (cut === NEVER || heal !== NEVER),
        },
  ];
}

export const network: Chapter = {
  number: 10,
  name: says.name,
  opening: (values) => says.opening(n(values)),
  story: says.story,
  controls: [
    {
      key: 'n',
      label: says.nodes,
      short: 'n',
      ...LIMITS.nodes,
      step: 1,
      initial: 6,
      read: says.miners,
    },
    {
      key: 'delay',
      label: says.delay,
      short: 'd',
      hint: says.delayHint(seconds(PUBLISHED.delay)),
      ...LIMITS.delay,
      step: 0.1,
      initial: 60,
      read: seconds,
    },
    {
      key: 'spacing',
      label: says.spacing,
      short: 'T',
      hint: says.spacingHint,
      ...LIMITS.spacing,
      step: 10,
      initial: 600,
      read: seconds,
    },
    ...(['cut', 'heal'] as const).map((key) => ({
      key,
      label: says.moments[key],
      ...LIMITS.networkEnd,
      step: 0.01,
      initial: NEVER,
      read: seconds,
      quiet: true,
    })),
  ],
  question: {
    ask: (values) => says.ask(n(values), seconds(values.delay ?? 0), seconds(values.spacing ?? 0)),
    label: says.askLabel,
    least: 0,
    most: 50,
    step: 0.5,
    initial: 25,
    read: (value) => `${value}%`,
  },
  speeds: [
    { label: says.speeds.watch, rate: 30 },
    { label: says.speeds.quick, rate: 600 },
    { label: says.speeds.many, rate: 6_000 },
    { label: says.speeds.flat, rate: Infinity },
  ],
  whole: false,
  end: LIMITS.networkEnd.most,
  setup: (seed, values) => ({
    type: 'network',
    seed,
    nodes: n(values),
    delay: values.delay ?? 0,
    spacing: values.spacing ?? 0,
    cut: moment(values.cut),
    heal: moment(values.heal),
  }),
  at: (position) => says.at(integer(position)),
  sentence(view) {
    const network = networkOf(view);
    if (!network || network.staleRate === null) return says.first;
    const known = says.sentence(
      integer(network.found),
      integer(network.stale),
      percent(network.staleRate),
    );
    return `${known} ${network.tips === 1 ? says.agree : says.disagree(network.tips)}`;
  },
  picture: (view, values) =>
    html`<network-picture .network=${networkOf(view)} .count=${n(values)}></network-picture>`,
  figures,
  tables,
  actions,
  measured: (view) => {
    const rate = networkOf(view)?.staleRate;
    return rate == null ? undefined : 100 * rate;
  },
  readMeasured: (value) => percent(value / 100),
  enough(view) {
    const found = networkOf(view)?.found ?? 0;
    return { share: found / ENOUGH, missing: says.missing(integer(found), integer(ENOUGH)) };
  },
  conclusion: says.conclusion,
  notes: says.notes,
};
