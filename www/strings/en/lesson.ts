// The lessons: the frame that all chapters share, and each chapter.

import type { LinkProblem } from '../../lesson/link.ts';
import { network } from './lesson-network.ts';
import { plural } from './words.ts';

export const lesson = {
  lesson: {
    title: 'Lessons',
    chapters: 'Chapters',
    chapter: (number: number, name: string): string => `Chapter ${number} · ${name}`,
    worker: {
      closed: 'the run was ended',
      unreadable: 'a message from the lab cannot be read',
      notLoaded: 'the lab’s script cannot be loaded',
      notFetched: (status: number): string =>
        `the lab cannot be fetched: the site answers ${status}`,
    },
    broken: (why: string): string => `The lab broke: ${why}.`,

    predict: 'Predict first',
    predictHint: 'First say what you expect; then play.',
    predictedTitle: 'Your prediction',
    predictedColumn: 'Predicted',
    position: 'Up to',
    transport: 'The run',
    seedBad: 'A seed is a whole number from 0 to 4,294,967,295.',
    linkIsAbove: 'It is in the address bar',
    commit: 'That is my prediction',
    without: 'Play without a prediction',
    predicted: (value: string): string => `You predicted ${value}.`,
    notPredicted: 'Played without a prediction.',
    compared: (predicted: string, measured: string): string =>
      `You predicted ${predicted}; measured so far: ${measured}.`,
    comparedLast: (predicted: string, measured: string): string =>
      `You predicted ${predicted}. Measured: ${measured}.`,

    settings: 'Settings',
    seed: 'Seed',
    seedHint: 'The same seed and settings, the same run, on every machine.',
    newSeed: 'Another seed',
    speed: 'Speed',
    play: 'Play',
    pause: 'Pause',
    stop: 'Stop',
    stopHint: 'Ends the run, and goes back to its beginning',
    back: 'Step back',
    forwards: 'Step forwards',
    goTo: (at: string): string => `Run to ${at}`,
    goToHint: (at: string): string =>
      `This link shows the run at ${at}. Nothing runs before a click.`,
    going: 'On the way…',
    ended: 'This is the end of the run.',
    phases: {
      ready: 'not begun',
      playing: 'playing',
      going: 'on the way',
      paused: 'paused',
      ended: 'ended',
      broken: 'broken',
    },

    figures: 'Measured, and what is known of it',
    kinds: { measured: 'measured here', computed: 'computed', published: 'published' },
    noFigure: '–',
    conclusion: 'Conclusion',
    conclusionLater: (missing: string): string =>
      `The conclusion comes when enough was measured: ${missing}.`,
    notes: 'More to read',
    table: 'The same as tables',
    runs: 'Runs of this visit',
    csv: 'Save the figures (CSV)',
    csvName: (chapter: number): string => `farthing-lesson-${chapter}.csv`,
    link: 'Copy a link to this moment',
    present: 'Present',
    presentEnd: 'End the presentation',
    trace: 'Trace',
    traceHint: 'A hash over all that happened: two runs with the same one are the same run.',

    help: 'Keys',
    helpTitle: 'Keys of this page',
    close: 'Close',
    keys: [
      ['Space', 'play and pause'],
      ['← →', 'step back and forwards'],
      ['Digits', 'choose a chapter'],
      ['T', 'open and close the tables'],
      ['P', 'present: large text for a projector'],
      ['S', 'stop'],
      ['?', 'this list'],
    ],

    problems: (problem: LinkProblem): string => {
      switch (problem.type) {
        case 'chapter':
          return `There is no chapter “${problem.found}” here yet: this is another one.`;
        case 'language':
          return `These lessons are in English only so far: there is no “${problem.found}”.`;
        case 'unknown':
          return `The link’s “${problem.key}” means nothing here, and was left out.`;
        case 'range':
          return `The link’s ${problem.key}=${problem.found} was left out: it goes from ${problem.least} to ${problem.most}, in its steps.`;
      }
    },

    network,
    race: {
      name: 'Global crime fighting',
      opening: (share: string): string =>
        `Can a thief with ${share} of the machines undo a payment?`,
      story:
        'Marlon pays Suresh for a pizza, and secretly mines a branch of the chain without that payment. Suresh hands over the pizza once the honest chain has z blocks, the payment’s own among them. If Marlon’s branch is level with the honest chain then, or ever after, he has both the pizza and his money.',
      share: 'Attacker’s share of all hash power, q',
      depth: 'Blocks that Suresh waits for, z',
      depthHint: 'The payment’s own block is the first: z is his count of confirmations.',
      blocks: (count: number): string => `${count} ${plural(count, 'block', 'blocks')}`,
      ask: (share: string, depth: number): string =>
        `Marlon has ${share} of the hash power; Suresh waits for ${depth} ${plural(depth, 'block', 'blocks')}. Of 100 such attacks, how many succeed?`,
      askLabel: 'Attacks that succeed, of 100',
      speeds: {
        watch: 'block by block',
        quick: 'race by race',
        many: 'hundreds of races a second',
        flat: 'as fast as it goes',
      },
      at: (blocks: string): string => `block ${blocks}`,
      first: 'The first race is on.',
      sentence: (won: string, races: string, rate: string, count: number): string =>
        `Marlon won ${won} of ${races} ${plural(count, 'race', 'races')}: ${rate}.`,
      thisRace: 'This race',
      honest: 'honest chain',
      attacker: 'Marlon’s branch',
      handedOver: 'pizza handed over',
      notHandedOver: (left: number): string =>
        `Suresh waits: ${left} ${plural(left, 'block', 'blocks')} to go.`,
      on: (lead: number): string =>
        lead > 0
          ? `The pizza is gone. Marlon is ${lead} ${plural(lead, 'block', 'blocks')} behind, and mines on.`
          : 'The pizza is gone.',
      won: 'Marlon is level: he publishes his branch, and the payment is undone.',
      lost: 'Marlon is so far behind that his odds are below one in a billion: he gives up.',
      undecided: 'After a million blocks nobody has won: left undecided.',
      notBegun: 'No race yet.',
      lead: 'Lead of the honest chain',
      leadText: (blocks: string, lead: number): string =>
        `Lead of the honest chain over ${blocks} blocks of this race: now ${lead}.`,
      axisBlocks: 'blocks of this race',
      axisLead: 'lead',
      axisDepth: 'blocks waited for, z',
      axisOdds: 'odds',
      odds: 'How often the attacker wins, by blocks waited for',
      oddsText: (share: string): string =>
        `The odds by depth for a share of ${share}, on a logarithmic scale: the exact form, the Bitcoin paper’s form, the printed values and what was measured here.`,
      series: {
        measured: 'measured here, with 95% intervals',
        exact: 'exact form (Rosenfeld)',
        paper: 'the Bitcoin paper’s form',
        printed: 'printed in the paper',
      },
      figures: {
        rate: 'Attacks that succeeded',
        interval: (low: string, high: string, races: string): string =>
          `95 of 100 such runs find the true odds within ${low} to ${high} (${races} races)`,
        exact: 'Exact odds',
        exactNote: 'Rosenfeld 2014, n = z confirmations',
        paper: 'The Bitcoin paper’s form',
        paperNote: 'the same race, to z honest blocks',
        printed: 'Printed in the paper',
        printedNote: (depth: number): string => `section 11, table for this share, z = ${depth}`,
        undecided: 'Races left undecided',
        undecidedNote: 'after a million blocks: at a half a race may take for ever',
      },
      columns: {
        depth: 'z',
        exact: 'Exact',
        paper: 'Paper’s form',
        printed: 'Printed',
        measured: 'Measured here',
        races: 'Races',
      },
      tableOdds: (share: string): string => `Odds by blocks waited for, at ${share}`,
      tableRace: 'This race',
      tableWho: 'Who',
      tableBlocks: 'Blocks since the fork',
      thousandthTitle: 'How long to wait, by the paper',
      thousandth: (share: string, depth: number): string =>
        `The paper: below one in a thousand at ${share} from z = ${depth} on.`,
      missing: (races: string, of: string): string => `${races} of ${of} races`,
      conclusion: {
        sentence:
          'Below a half the odds fall exponentially with each block waited for; from a half on he always wins.',
        why: [
          'Each block that Suresh waits for multiplies Marlon’s odds by about the same number below one: waiting is cheap, catching up is not. With half of the hash power or more he is level again some day, however long Suresh waits: no depth is safe from a majority.',
          'Why does the measurement agree with the exact form, and not with the paper’s? The paper takes it that the honest miners need exactly their average time for the z blocks, which makes Marlon’s blocks in that time a Poisson count. Their time varies too: when they are slow, he has longer. His blocks really follow a negative binomial law, which spreads wider, and a fair coin tossed for each block, as here, finds that one. For several blocks the paper’s form is too kind to Suresh.',
        ],
      },
      notes: [
        {
          title: 'What z counts, and what n is',
          text: [
            'Here z is the number of blocks that the honest miners find, from the fork on, before Suresh hands over. The payment’s own block is the first of them, so z is what merchants call n confirmations: n = z. Rosenfeld’s form is written for that n.',
            'The formula of the Bitcoin paper is for the same race, to z honest blocks, so the two forms stand side by side at n = z. The paper’s text counts otherwise: its merchant waits until z blocks were added after the payment’s own, which is n = z + 1 confirmations. Its table read that way errs on the safe side.',
          ],
        },
        {
          title: 'What is simulated',
          text: [
            'Who finds the next block is drawn afresh for each: Marlon with probability q. Nothing else of all the machines matters to the race, since a search for a hash has no memory. He has won when he is level after the pizza was handed over: the next block that he finds makes his branch the longer one, or, as Rosenfeld puts it, he had one block ready beforehand.',
            'A race is lost when he is so far behind that the odds of ever being level, (q/p) to the power of his deficit, are below one in a billion. That changes the measured share by less than that.',
          ],
        },
      ],
    },
  },
};
