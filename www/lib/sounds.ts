// Two sounds that nobody confuses: two rising notes for settled, three low beats for an alarm. They
// are made, not fetched. A browser plays nothing before a person has touched the page.

let context: AudioContext | undefined;

/** Call it on a touch or a click: later sounds are then allowed. */
export function allowSounds(): void {
  try {
    context ??= new AudioContext();
    void context.resume();
  } catch {
    // No audio: everything that a sound says is on the screen too.
  }
}

function note(at: number, hertz: number, seconds: number, shape: OscillatorType, loud: number) {
  if (!context) return;
  const start = context.currentTime + at;
  const tone = context.createOscillator();
  const volume = context.createGain();
  tone.type = shape;
  tone.frequency.value = hertz;
  // Ramps, so that nothing clicks.
  volume.gain.setValueAtTime(0, start);
  volume.gain.linearRampToValueAtTime(loud, start + 0.015);
  volume.gain.exponentialRampToValueAtTime(0.0001, start + seconds);
  tone.connect(volume).connect(context.destination);
  tone.start(start);
  tone.stop(start + seconds + 0.05);
}

/** Settled: E5 to B5. */
export function playSettled(): void {
  note(0, 659.26, 0.35, 'sine', 0.25);
  note(0.16, 987.77, 0.7, 'sine', 0.25);
}

/** Alarm: three low beats. */
export function playAlarm(): void {
  for (const at of [0, 0.28, 0.56]) note(at, 174.61, 0.22, 'square', 0.18);
}
