/** The types of the module for others' pages: a program compiles against them, and a wrong one does not. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import ts from 'typescript';
import { writeDeclarations } from '../../scripts/lib/embed.js';

const site = mkdtempSync(join(tmpdir(), 'farthing-embed-'));
after(() => rmSync(site, { recursive: true }));
await writeDeclarations(site);

/** What the compiler says of each line of a program beside the module, where it says something. */
function complaints(source) {
  const name = join(site, 'program.mts');
  const options = {
    ...{ strict: true, exactOptionalPropertyTypes: true, noUncheckedIndexedAccess: true },
    ...{ noEmit: true, types: [], lib: ['lib.es2022.d.ts', 'lib.dom.d.ts'] },
    ...{ target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.NodeNext },
  };
  writeFileSync(name, source);
  const program = ts.createProgram([name], options);
  const lines = new Map();
  for (const { file, start, messageText } of ts.getPreEmitDiagnostics(program)) {
    assert.equal(file?.fileName, name, String(messageText));
    const { line } = file.getLineAndCharacterOfPosition(start);
    lines.set(line, ts.flattenDiagnosticMessageText(messageText, '\n'));
  }
  return lines;
}

test('a program that uses all of it compiles', () => {
  const program = `
    import { ProofOfWork } from './embed/work.js';
    import type {
      FoundBlock, NetworkOptions, NodeAddress, OwnNetwork, ShareCounts, StartOptions, WorkEvents,
      WorkState, WorkerView,
    } from './embed/work.js';
    const network: OwnNetwork = 'practice:alder-lark';
    const nodes: NodeAddress[] = [{ url: 'wss://node.example/p2p', operator: 'Ann' }];
    const where: NetworkOptions = { network, nodes };
    const work = await ProofOfWork.open(where);
    const how: StartOptions = { address: 'fthp1', pool: '/stratum', workers: 2, quota: 0.5 };
    await work.start({ ...how, pauseWhenHidden: true, pauseOnBattery: true });
    work.quota = work.quota / 2;
    work.workers = work.workers + 1;
    const off: () => void = work.on('block', ({ height, state }: FoundBlock) => {
      const found: [number | undefined, string] = [height, state];
      console.log(found);
    });
    work.on('shares', (shares: ShareCounts) => console.log(shares.accepted + shares.stale));
    work.on('problem', (problem: WorkEvents['problem']) => console.log(problem?.length));
    work.on('state', ({ rate, workers }: WorkState) => {
      const each: number[] = workers.map((one: WorkerView) => one.rate);
      console.log(rate.toFixed(), each);
    });
    off();
    work.stop();
    work.close();
  `;
  assert.deepEqual([...complaints(program)], []);
});

test('a wrong use does not', () => {
  const wrong = [
    [`work.start({ workers: 2 });`, /Property 'address' is missing/],
    [`work.start({ address: 'fthp1', worker: 2 });`, /'worker' does not exist/],
    [`work.start({ address: 'fthp1', quota: '50 %' });`, /'string' is not assignable/],
    [`work.on('blocks', () => {});`, /'"blocks"' is not assignable/],
    [`work.on('block', ({ state }) => state === 'lost');`, /no overlap/],
    [`work.on('shares', ({ accepted }) => accepted.length);`, /'length' does not exist/],
    [`work.state = work.state;`, /read-only/],
    [`new ProofOfWork();`, /'ProofOfWork' is private/],
    [`ProofOfWork.open({ network: 'bitcoin' });`, /"bitcoin"' is not assignable/],
  ];
  const opened = [
    `import { ProofOfWork } from './embed/work.js';`,
    `const work = await ProofOfWork.open();`,
  ];
  const said = complaints([...opened, ...wrong.map(([line]) => line)].join('\n'));
  for (const [index, [line, why]] of wrong.entries())
    assert.match(said.get(opened.length + index) ?? 'nothing', why, line);
  assert.equal(said.size, wrong.length);
});
