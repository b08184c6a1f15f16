import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { FrameContent, Sequence } from './frame.ts';
import { SOM, decodeFrame, encodeFrame, frameExtent, isCheckValid } from './frame.ts';
import { hex } from './hex.fixture.ts';
import { toHex } from './hex.ts';
import type { StreamItem } from './stream-parser.ts';
import { STREAM_BUFFER_BYTES_MAX, StreamParser } from './stream-parser.ts';

const ack = 'FF538008000540689F';

function frames(items: readonly StreamItem[]): string[] {
  return items.flatMap((item) => (item.kind === 'frame' ? [toHex(item.frame.raw)] : []));
}

function discarded(items: readonly StreamItem[]): string {
  return items.map((item) => (item.kind === 'discarded' ? toHex(item.bytes) : '')).join('');
}

const securityBlock = fc.option(
  fc.record({ type: fc.integer({ min: 0x11, max: 0x14 }), data: fc.uint8Array({ maxLength: 1 }) }),
  { nil: undefined },
);
const contents: fc.Arbitrary<FrameContent> = fc.record({
  direction: fc.constantFrom('command' as const, 'reply' as const),
  address: fc.integer({ min: 0, max: 0x7f }),
  sequence: fc.constantFrom<Sequence>(0, 1, 2, 3),
  check: fc.constantFrom('crc' as const, 'checksum' as const),
  security: securityBlock,
  code: fc.integer({ min: 0, max: 0xff }),
  data: fc.uint8Array({ maxLength: 64 }),
  mac: fc.constant(undefined),
});
/** Anything but a byte that could start or separate frames. */
const noise = fc.uint8Array({ maxLength: 20 }).map((bytes) => bytes.map((byte) => byte % 0x50));

function inPieces(bytes: Uint8Array, cuts: readonly number[]): Uint8Array[] {
  const places = [0, ...cuts.map((cut) => cut % (bytes.length + 1)), bytes.length].toSorted((a, b) => a - b);
  return places.slice(1).map((place, index) => bytes.subarray(places[index], place));
}

/** Every run of bytes that would pass for a frame. */
function framesAnywhere(stream: Uint8Array): string[] {
  return [...stream.keys()].flatMap((from) => {
    const extent = stream[from] === SOM ? frameExtent(stream, from, stream.length) : 'start';
    const isWhole = typeof extent === 'number' && from + extent <= stream.length;
    return isWhole && isCheckValid(stream, from, from + extent) ? [toHex(stream.subarray(from, from + extent))] : [];
  });
}

describe('StreamParser', () => {
  test('what is encoded is decoded again', () => {
    fc.assert(
      fc.property(contents, fc.boolean(), (content, mark) => {
        expect(decodeFrame(encodeFrame(content, { mark }))).toMatchObject(content);
      }),
    );
  });

  test('frames come out whole and in order however the stream is cut, and noise between them is told', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(noise, contents)), fc.array(fc.nat()), (parts, cuts) => {
        const stream = parts.flatMap(([before, content]) => [...before, ...encodeFrame(content)]);
        const parser = new StreamParser();
        const items = inPieces(Uint8Array.from(stream), cuts).flatMap((piece) => parser.push(piece));
        expect(frames(items)).toEqual(parts.map(([, content]) => toHex(encodeFrame(content, { mark: false }))));
        expect(discarded(items)).toBe(parts.map(([before]) => toHex(before)).join(''));
        expect(parser.pendingBytes).toBe(0);
      }),
    );
  });

  test('whatever arrives, it keeps a bounded rest and accounts for each byte', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 4000, size: 'max' }), { maxLength: 4 }), (chunks) => {
        const parser = new StreamParser();
        const items = chunks.flatMap((chunk) => parser.push(chunk));
        expect(parser.pendingBytes).toBeLessThan(STREAM_BUFFER_BYTES_MAX / 2);
        items.push(...parser.endOfSilence());
        expect(parser.pendingBytes).toBe(0);
        const told = items.map((item) => (item.kind === 'frame' ? item.frame.raw.length : item.bytes.length));
        const all = chunks.flatMap((chunk) => [...chunk]);
        const sum = told.reduce((total, size) => total + size, 0);
        expect(sum).toBeLessThanOrEqual(all.length);
        expect(sum).toBeGreaterThanOrEqual(all.filter((byte) => byte !== 0xff).length);
      }),
      { numRuns: 50 },
    );
  });

  test('a good frame inside a damaged one is found', () => {
    const parser = new StreamParser();
    const items = parser.push(hex(`5380140005${ack}00000000000000000000`));
    expect(frames(items)).toEqual(['538008000540689F']);
    expect(items[0]).toMatchObject({ kind: 'discarded', reason: 'check' });
  });

  test('a good frame behind a false start is found when the line falls silent', () => {
    const parser = new StreamParser();
    expect(parser.push(hex(`53000004${ack}`))).toEqual([]);
    const items = parser.endOfSilence();
    expect(frames(items)).toEqual(['538008000540689F']);
    expect(items[0]).toMatchObject({ kind: 'discarded', reason: 'silence' });
  });

  test('good frames behind a false start are found as soon as as many bytes have come as it promised', () => {
    const parser = new StreamParser();
    // It promises 20 bytes; the second frame completes it.
    const [first, second] = [parser.push(hex(`5300140004${ack}`)), parser.push(hex(ack))];
    expect(first).toEqual([]);
    expect(frames(second)).toEqual(['538008000540689F', '538008000540689F']);
    expect(discarded(second)).toBe('5300140004');
    expect(parser.pendingBytes).toBe(0);
  });

  test('no false start costs a frame once the line has been silent, and no order of pieces changes that', () => {
    const falseStart = fc
      .tuple(fc.integer({ min: 0, max: 0xff }), fc.integer({ min: 7, max: 1440 }))
      .map(([address, length]) => [0x53, address, length & 0xff, length >> 8]);
    fc.assert(
      fc.property(fc.array(fc.tuple(falseStart, contents)), fc.array(fc.nat()), (parts, cuts) => {
        const stream = Uint8Array.from(parts.flatMap(([before, content]) => [...before, ...encodeFrame(content)]));
        // One in 65,536 false starts is a frame by chance, and nobody could tell.
        const whole = parts.map(([, content]) => toHex(encodeFrame(content, { mark: false })));
        fc.pre(framesAnywhere(stream).every((frame) => whole.includes(frame)));
        const parser = new StreamParser();
        const items = inPieces(stream, cuts).flatMap((piece) => parser.push(piece));
        items.push(...parser.endOfSilence());
        expect(frames(items)).toEqual(whole);
      }),
    );
  });

  test('an impossible length is not waited for', () => {
    const parser = new StreamParser();
    expect(frames(parser.push(hex(`5300FFFF${ack}`)))).toEqual(['538008000540689F']);
  });

  test('marks before and between frames say nothing', () => {
    const parser = new StreamParser();
    expect(parser.push(hex(`FFFF${ack}FFFFFF${ack}FF`)).map((item) => item.kind)).toEqual(['frame', 'frame']);
  });
});
