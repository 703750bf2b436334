/** In the place of a browser's workers: they note what they are told, and say what a test has them say. */

/** Every worker that was started, oldest first. */
export const workers = [];

export class FakeWorker {
  said = [];
  ended = false;
  constructor(url, options) {
    Object.assign(this, { url, options });
    workers.push(this);
  }
  postMessage(message) {
    this.said.push(structuredClone(message));
  }
  terminate() {
    this.ended = true;
  }
  says(data) {
    this.onmessage({ data });
  }
  /** The search that it is at. */
  get search() {
    const last = this.said.findLast(({ type }) => type === 'search' || type === 'rest');
    return last?.type === 'search' ? last : undefined;
  }
}
Object.assign(globalThis, { Worker: FakeWorker });
