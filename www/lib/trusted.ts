// Trusted Types: under `require-trusted-types-for 'script'` a worker's address must come from a
// named policy. Ours takes the addresses that the build made and no other.

interface ScriptPolicy {
  createScriptURL(url: string): string;
}

interface TrustedTypes {
  createPolicy(name: string, rules: { createScriptURL: (url: string) => string }): ScriptPolicy;
}

const known = new Set<string>();
let policy: ScriptPolicy | undefined;

function check(url: string): string {
  if (!known.has(url)) {
    throw new TypeError(`expected the address of one of our workers, found ${url}`);
  }
  return url;
}

/** Starts the worker whose script the build put at `url` (an import with `?worker&url`). */
export function startWorker(url: string, name: string): Worker {
  known.add(url);
  const trustedTypes = (globalThis as { trustedTypes?: TrustedTypes }).trustedTypes;
  policy ??= trustedTypes?.createPolicy('farthing', { createScriptURL: check }) ?? {
    createScriptURL: check,
  };
  return new Worker(policy.createScriptURL(url), { type: 'module', name });
}
