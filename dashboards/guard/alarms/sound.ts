const place = 'gatecast.guard.sound';
const listeners = new Set<() => void>();

/** Whether this phone rings; on until somebody turns it off. */
export const isSoundOn = (): boolean => localStorage.getItem(place) !== 'off';

export function turnSound(on: boolean): void {
  localStorage.setItem(place, on ? 'on' : 'off');
  for (const listener of listeners) listener();
}

export function onSoundTurned(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Three tones. A browser keeps silent until its page was touched once. */
export function ring(context: AudioContext): void {
  const tones = [
    { hertz: 880, at: 0 },
    { hertz: 660, at: 0.28 },
    { hertz: 880, at: 0.56 },
  ];
  for (const { hertz, at } of tones) {
    const start = context.currentTime + at;
    const tone = new OscillatorNode(context, { frequency: hertz, type: 'square' });
    const volume = new GainNode(context, { gain: 0.2 });
    tone.connect(volume).connect(context.destination);
    tone.start(start);
    tone.stop(start + 0.24);
  }
}
