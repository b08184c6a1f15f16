import { expect, it } from 'vitest';
import { notesMs, notesOf, type Feedback } from './feedback-notes.ts';

const all = Object.keys(notesOf) as Feedback[];
const shape = (feedback: Feedback): number[] => {
  const notes = notesOf[feedback];
  return notes.slice(1).map(({ hz }, index) => Math.sign(hz - (notes[index]?.hz ?? 0)));
};

it('right, wrong, wait and help differ in their shape, not only in their pitch', () => {
  expect(new Set(all.map((feedback) => shape(feedback).join())).size).toBe(all.length);
  expect(shape('right')).toEqual([1]);
  expect(shape('wrong')).toEqual([-1]);
});

it('a sound is over within a second, its notes one after the other', () => {
  for (const feedback of all) {
    expect(notesMs(feedback)).toBeLessThan(1_000);
    notesOf[feedback].slice(1).forEach((note, index) => {
      const before = notesOf[feedback][index];
      expect(note.atSeconds).toBeGreaterThanOrEqual((before?.atSeconds ?? 0) + (before?.forSeconds ?? 0));
    });
  }
});

it('can be heard from small loudspeakers and by old ears', () => {
  for (const { hz } of Object.values(notesOf).flat()) {
    expect(hz).toBeGreaterThanOrEqual(500);
    expect(hz).toBeLessThanOrEqual(1_500);
  }
});
