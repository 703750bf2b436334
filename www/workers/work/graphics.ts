// The search on the graphics processor (WebGPU). It is fast and not trusted: each of its claims is hashed
// again by this worker's module, and now and then it searches for an easy target what the module searches
// too, so that a processor that misses what there is does not go unnoticed.

import { Searcher, type Searched } from './pkg/work.js';
import type { Unfit } from '../../lib/work-envelope.js';
import { HEAD, MOST_FOUND, shader, VERSION, WORKGROUP } from './shader.js';

/** The graphics processor is of no use here. */
export class UnfitError extends Error {
  constructor(
    readonly unfit: Unfit,
    detail: string = unfit,
  ) {
    super(detail);
  }
}

/** A browser ends a dispatch that takes seconds; one that is never answered is a processor that hangs. */
const PATIENCE_MS = 10_000;
/** `maxComputeWorkgroupsPerDimension`, of every adapter. */
const MOST_GROUPS = 65_535;
const MOST_VERSIONS = 16;
const FOUND_BYTES = 8 + 8 * MOST_FOUND;
/** It is looked at anew after so long. */
const DOUBT_MS = 60_000;
/** Hashes of such a look, of which one in 256 is found. */
const PROBE = 4096;
const EASY_TARGET = `00${'f'.repeat(62)}`;

export class Graphics {
  /** The adapter, as far as the browser tells. */
  readonly name: string;
  readonly #device: GPUDevice;
  readonly #pipeline: GPUComputePipeline;
  readonly #bindings: GPUBindGroup;
  readonly #job: GPUBuffer;
  readonly #found: GPUBuffer;
  readonly #read: GPUBuffer;
  #believed = -Infinity;

  private constructor(name: string, device: GPUDevice, pipeline: GPUComputePipeline) {
    this.name = name;
    this.#device = device;
    this.#pipeline = pipeline;
    const buffer = (size: number, usage: number): GPUBuffer => device.createBuffer({ size, usage });
    const { STORAGE, COPY_SRC, COPY_DST, MAP_READ } = GPUBufferUsage;
    this.#job = buffer(4 * (HEAD + VERSION * MOST_VERSIONS), STORAGE | COPY_DST);
    this.#found = buffer(FOUND_BYTES, STORAGE | COPY_SRC | COPY_DST);
    this.#read = buffer(FOUND_BYTES, MAP_READ | COPY_DST);
    const resources = [this.#job, this.#found];
    this.#bindings = device.createBindGroup({
      layout: pipeline.getBindGroupLayout(0),
      entries: resources.map((buffer, binding) => ({ binding, resource: { buffer } })),
    });
  }

  /**
   * The best that this browser gives; `software`: also one that is a program. `failed` hears when it is
   * lost, or complains.
   */
  static async open(software: boolean, failed: (why: string) => void): Promise<Graphics> {
    const adapter = await navigator.gpu?.requestAdapter({ powerPreference: 'high-performance' });
    if (!adapter) throw new UnfitError('absent');
    const { vendor, architecture } = adapter.info;
    if (isSoftware(adapter) && !software) throw new UnfitError('software');
    const device = await adapter.requestDevice();
    void device.lost.then(({ message }) => failed(`The graphics processor was lost: ${message}`));
    device.addEventListener('uncapturederror', ({ error }) => failed(error.message));
    const module = device.createShaderModule({ code: shader() });
    const compute = { module, entryPoint: 'search' };
    const pipeline = await device.createComputePipelineAsync({ layout: 'auto', compute });
    return new Graphics([vendor, architecture].filter(Boolean).join(' '), device, pipeline);
  }

  /**
   * Compares what it finds for an easy target with what the module finds, unless that was done lately.
   * Rejects where they differ.
   */
  async doubt(header: string, versionMask: number): Promise<void> {
    if (performance.now() - this.#believed < DOUBT_MS) return;
    const easy = new Searcher(header, EASY_TARGET, versionMask);
    const count = Math.ceil(PROBE / easy.versions);
    const from = Math.floor(Math.random() * (2 ** 32 - count));
    const expected: string[] = [];
    for (let next = from; next < from + count;) {
      const found = easy.search(0, next, from + count - next);
      expected.push(...found.headers);
      next = found.exhausted ? from + count : found.next;
    }
    const found: string[] = [];
    for (let next = from; next < from + count;) {
      const searched = await this.search(easy, 0, next, from + count - next);
      found.push(...searched.headers);
      next = searched.exhausted ? from + count : searched.next;
    }
    easy.free();
    if (expected.sort().join() !== found.sort().join())
      throw new UnfitError('wrong', `expected ${expected.length} hashes, found ${found.length}`);
    this.#believed = performance.now();
  }

  /**
   * Tries `count` nonces from `from` on or fewer, with a group's versions. Where more was found than is
   * reported, fewer are tried: nothing is lost.
   */
  async search(searcher: Searcher, group: number, from: number, count: number): Promise<Searched> {
    const words = searcher.words(group);
    let nonces = Math.min(count, WORKGROUP * MOST_GROUPS);
    let claims: Uint32Array | undefined;
    while (!(claims = await this.#dispatch(words, searcher.versions, from, nonces))) {
      if (nonces * searcher.versions <= MOST_FOUND)
        throw new UnfitError('wrong', 'it found more than it tried');
      nonces = Math.ceil(nonces / 2);
    }
    try {
      return searcher.check(group, from, nonces, claims);
    } catch (error) {
      throw new UnfitError('wrong', String(error));
    }
  }

  /** What is claimed; nothing if that is more than fits. */
  async #dispatch(
    words: Uint32Array,
    versions: number,
    from: number,
    count: number,
  ): Promise<Uint32Array | undefined> {
    const { queue } = this.#device;
    queue.writeBuffer(this.#job, 0, new Uint32Array([from, count, ...words]));
    const encoder = this.#device.createCommandEncoder();
    encoder.clearBuffer(this.#found, 0, 8);
    const pass = encoder.beginComputePass();
    pass.setPipeline(this.#pipeline);
    pass.setBindGroup(0, this.#bindings);
    pass.dispatchWorkgroups(Math.ceil(count / WORKGROUP), versions);
    pass.end();
    encoder.copyBufferToBuffer(this.#found, 0, this.#read, 0, FOUND_BYTES);
    queue.submit([encoder.finish()]);
    await answered(this.#read.mapAsync(GPUMapMode.READ)).catch((error: unknown) => {
      throw new Error(`The graphics processor was lost: ${String(error)}`);
    });
    const found = new Uint32Array(this.#read.getMappedRange().slice(0));
    this.#read.unmap();
    const [counted = 0] = found;
    return counted > MOST_FOUND ? undefined : found.subarray(2, 2 + 2 * counted);
  }
}

/** Whether it is a program; Chromium had that on the adapter itself until 2025. */
const isSoftware = (adapter: GPUAdapter & { isFallbackAdapter?: boolean }): boolean =>
  adapter.info.isFallbackAdapter ?? adapter.isFallbackAdapter ?? false;

/** What is not answered in time rejects. */
async function answered(answer: Promise<unknown>): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('it did not answer')), PATIENCE_MS);
  });
  await Promise.race([answer, late]).finally(() => clearTimeout(timer));
}
