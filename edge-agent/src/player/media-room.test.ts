import { describe, expect, it } from 'vitest';
import { diskFloorBytes, evictions } from './media-room.ts';

const file = (sha256: string, bytes: number, wantedAtMs: number) => ({
  sha256,
  bytes,
  wantedAtMs,
  form: 'mp4' as const,
});
const stored = [file('soup', 40, 3), file('tea', 30, 1), file('cake', 20, 2), file('bread', 10, 9)];
const named = new Set(['soup', 'bread']);
const going = (bytes: number, room: { bytesMax?: number; freeBytes?: number | null }, expendable: string[] = []) =>
  evictions(stored, { bytes, named, expendable }, { bytesMax: 1_000, freeBytes: null, ...room }).map((f) => f.sha256);

describe('who goes when there is no room', () => {
  it('nobody while there is', () => {
    expect(going(900, {})).toEqual([]);
  });

  it('first what no manifest names, the longest unwanted before the rest, and no more than needed', () => {
    expect(going(10, { bytesMax: 100 })).toEqual(['tea']);
    expect(going(40, { bytesMax: 100 })).toEqual(['tea', 'cake']);
  });

  it('never what the manifest names because of the limit of ours', () => {
    expect(going(500, { bytesMax: 100 })).toEqual(['tea', 'cake']);
  });

  it('on a full disk also what is needed later, the least needed first', () => {
    const freeBytes = diskFloorBytes + 10;
    expect(going(60, { freeBytes })).toEqual(['tea', 'cake']);
    expect(going(70, { freeBytes }, ['bread', 'soup'])).toEqual(['tea', 'cake', 'bread']);
  });

  it('and nothing is fetched where that is not enough', () => {
    expect(() => going(70, { freeBytes: diskFloorBytes + 10 })).toThrow(expect.objectContaining({ code: 'no-room' }));
  });
});
