/** How a node's process ends. */
import { once } from 'node:events';

/** Ends a process with this signal and waits until it is gone; one that is gone already is no error. */
export async function end(child, signal) {
  if (!child || child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, 'exit');
  child.kill(signal);
  await gone;
}
