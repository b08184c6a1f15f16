import { expect, it } from 'vitest';
import { fileFor } from './cuts.ts';

const files = [
  { cut: 'door', profile: 'B' },
  { cut: 'lift', profile: 'A' },
  { cut: 'lift', profile: 'B' },
] as const;

it('a screen gets the cut of its place in the size that it shows, and never one that is too much for it', () => {
  expect(fileFor(files, 'lift', 'A')).toBe(files[1]);
  expect(fileFor(files, 'lift', 'B')).toBe(files[2]);
  expect(fileFor(files, 'gate', 'A')).toBe(files[0]);
  expect(fileFor(files, 'unit-door', 'B')).toBe(files[0]);
  expect(fileFor([files[1]], 'lift', 'B')).toBeUndefined();
});
