// A worker whose module trapped: its memory may hold anything, so that is told once, and nothing of it
// is called any more. Whoever started the worker ends it and starts another.

declare const self: DedicatedWorkerGlobalScope;

export class Trap {
  readonly #told: (reason: string) => void;
  #sprung = false;

  /** `told` hears why, once; whatever nobody caught counts too. */
  constructor(told: (reason: string) => void) {
    this.#told = told;
    self.addEventListener('error', (event) => {
      event.preventDefault();
      this.spring(event.error ?? event.message);
    });
    self.addEventListener('unhandledrejection', (event) => {
      event.preventDefault();
      this.spring(event.reason);
    });
  }

  get sprung(): boolean {
    return this.#sprung;
  }

  /** Does the work, unless the module cannot be trusted any more. */
  readonly guarded = (work: () => void): void => {
    if (this.#sprung) return;
    try {
      work();
    } catch (error) {
      this.spring(error);
    }
  };

  readonly spring = (error: unknown): void => {
    if (this.#sprung) return;
    this.#sprung = true;
    this.#told(error instanceof Error ? error.message : String(error));
  };
}
