/** What the door says with a light, a sound and a voice. */
export type Feedback = 'right' | 'wrong' | 'wait' | 'help';

interface Note {
  readonly hz: number;
  readonly atSeconds: number;
  readonly forSeconds: number;
}

/**
 * Each can be told from the others without words: up for right, down for wrong, one note again and again for wait, a call up and down for help. All are
 * above 500 Hz, where small loudspeakers are heard, and below 1,500 Hz, where old ears still hear.
 */
export const notesOf: Readonly<Record<Feedback, readonly Note[]>> = {
  right: [
    { hz: 784, atSeconds: 0, forSeconds: 0.14 },
    { hz: 1_175, atSeconds: 0.15, forSeconds: 0.3 },
  ],
  wrong: [
    { hz: 784, atSeconds: 0, forSeconds: 0.18 },
    { hz: 523, atSeconds: 0.2, forSeconds: 0.4 },
  ],
  wait: [0, 0.28, 0.56].map((atSeconds) => ({ hz: 659, atSeconds, forSeconds: 0.14 })),
  help: [
    { hz: 659, atSeconds: 0, forSeconds: 0.2 },
    { hz: 988, atSeconds: 0.24, forSeconds: 0.2 },
    { hz: 659, atSeconds: 0.48, forSeconds: 0.2 },
  ],
};

/** The voice begins when the notes are over. */
export const notesMs = (feedback: Feedback): number =>
  Math.max(...notesOf[feedback].map(({ atSeconds, forSeconds }) => (atSeconds + forSeconds) * 1_000));
