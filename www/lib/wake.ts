// Keeps the screen awake while an invoice is open. The lock falls when the page is hidden, and is
// taken again when it is shown. Without the API (plain http, older browsers) nothing happens.

let wanted = false;
let lock: WakeLockSentinel | undefined;

async function hold(): Promise<void> {
  if (!wanted || lock || document.visibilityState !== 'visible' || !('wakeLock' in navigator))
    return;
  try {
    const held = await navigator.wakeLock.request('screen');
    if (!wanted) return void held.release();
    lock = held;
    held.addEventListener('release', () => (lock = undefined));
  } catch {
    // Refused, as on a low battery: the page works, the screen may sleep.
  }
}

document.addEventListener('visibilitychange', () => void hold());

export function stayAwake(awake: boolean): void {
  wanted = awake;
  if (awake) void hold();
  else void lock?.release();
}
