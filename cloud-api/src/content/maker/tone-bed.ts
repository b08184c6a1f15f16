const sampleRate = 48_000;
/** Fast attack, long soft tail, like a finger on a wooden key. */
const decayPerSecond = 3.2;
const attackPerSecond = 220;
/** After this long a note is −43 dB and is left out, which saves most of the work. */
const tailSeconds = 1.55;
const loudness = 0.09;

/** Hertz of a MIDI note number; 69 is A4. */
const hertz = (note: number): number => 440 * 2 ** ((note - 69) / 12);

/**
 * Source expression of ffmpeg's `aevalsrc` for a quiet tune: each note is its sine, a faint octave above and an exponential tail.
 * Whole milliseconds and rounded hertz keep the text, and so the sound, the same everywhere.
 */
export function toneBed(tune: readonly number[], beatMs: number, seconds: number): string {
  const notes = tune.map((note, index) => voice(hertz(note), (index * beatMs) / 1_000)).join('+');
  return `aevalsrc='${loudness}*(${notes})':s=${sampleRate}:d=${seconds}`;
}

function voice(frequency: number, start: number): string {
  const t = `(t-${start.toFixed(3)})`;
  const omega = (2 * Math.PI * frequency).toFixed(3);
  const sine = `(sin(${omega}*${t})+0.25*sin(2*${omega}*${t}))`;
  const swell = `exp(-${decayPerSecond}*${t})*(1-exp(-${attackPerSecond}*${t}))`;
  const [from, to] = [start.toFixed(3), (start + tailSeconds).toFixed(3)];
  return `if(between(t,${from},${to}),${sine}*${swell})`;
}
