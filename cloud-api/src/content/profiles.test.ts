import { describe, expect, it } from 'vitest';
import { framing, hasPixelsFor, needsNoConverter, planFiles, type FileSource } from './profiles.ts';

const phone: FileSource = { width: 1080, height: 1920, durationMs: 40_000, conforms: false };
const planned = (source: Partial<FileSource>) =>
  planFiles({ ...phone, ...source }).map(({ cut, profile, durationMs, how }) =>
    [cut, profile, durationMs, how].join(' '),
  );

describe('a picture on a screen', () => {
  it('fills it if it is tall, and stands before its own blur if it is not', () => {
    expect(framing({ width: 1080, height: 1920 })).toBe('fill');
    expect(framing({ width: 1920, height: 1080 })).toBe('blurred-sides');
    expect(framing({ width: 1000, height: 1000 })).toBe('blurred-sides');
  });

  it('is never blown up for a larger screen', () => {
    expect(hasPixelsFor({ width: 1080, height: 1920 }, 'A')).toBe(true);
    expect(hasPixelsFor({ width: 1000, height: 1920 }, 'A')).toBe(false);
    expect(hasPixelsFor({ width: 1920, height: 1080 }, 'A')).toBe(true);
    expect(hasPixelsFor({ width: 1000, height: 1000 }, 'A')).toBe(false);
    expect(hasPixelsFor({ width: 720, height: 1280 }, 'B')).toBe(true);
  });
});

describe('the files of a clip', () => {
  it('are six seconds for a door and fifteen for a lift, in both sizes, with the pictures coded once', () => {
    expect(planned({})).toEqual([
      'lift A 15000 encode',
      'lift B 15000 encode',
      'door A 6000 trim-lift',
      'door B 6000 trim-lift',
    ]);
  });

  it('have no larger size where the source is smaller', () => {
    expect(planned({ width: 640, height: 360 })).toEqual(['lift B 15000 encode', 'door B 6000 trim-lift']);
  });

  it('are one for both places if the source is short', () => {
    expect(planned({ width: 540, height: 960, durationMs: 5_000 })).toEqual([
      'lift B 5000 encode',
      'door B 5000 same-as-lift',
    ]);
  });

  it.each([
    [6_000, ['lift B 6000 keep', 'door B 6000 same-as-lift'], true],
    [9_000, ['lift B 9000 keep', 'door B 6000 trim-source'], false],
    [40_000, ['lift B 15000 trim-source', 'door B 6000 trim-source'], false],
  ])('of a source of %i ms that is a clip already keep its pictures', (durationMs, files, isWhole) => {
    const source = { width: 720, height: 1280, durationMs, conforms: true };
    expect(planned(source)).toEqual(files);
    expect(needsNoConverter(source)).toBe(isWhole);
  });
});
