/** A fifth apart, a doorbell's length. */
const notesHz = [880, 1_320] as const;
const noteSeconds = 0.3;
/** A browser that may not play leaves its audio waiting for somebody's finger. */
const resumeMsMax = 1_000;
/** Long enough for an audio clock that runs to have moved. */
const listenMs = 150;

/** Plays a short tone, this loud, and resolves with whether the browser's audio runs; of the loudspeaker behind it nobody here knows. */
export async function playTone(volumePercent: number): Promise<boolean> {
  const context = new AudioContext();
  await Promise.race([context.resume(), pause(resumeMsMax)]);
  if (context.state !== 'running') {
    await context.close();
    return false;
  }
  const began = context.currentTime;
  const gain = context.createGain();
  gain.gain.value = volumePercent / 100;
  gain.connect(context.destination);
  notesHz.forEach((hz, index) => {
    const note = context.createOscillator();
    note.frequency.value = hz;
    note.connect(gain);
    note.start(began + index * noteSeconds);
    note.stop(began + (index + 1) * noteSeconds);
    if (index === notesHz.length - 1) note.addEventListener('ended', () => void context.close());
  });
  await pause(listenMs);
  return context.currentTime > began;
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
