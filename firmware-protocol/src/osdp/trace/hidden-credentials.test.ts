import { describe, expect, test } from 'vitest';
import type { FrameContent, OsdpFrame } from '../frame/frame.ts';
import { decodeFrame, encodeFrame } from '../frame/frame.ts';
import { hex } from '../frame/hex.fixture.ts';
import { toHex } from '../frame/hex.ts';
import { encodeCommand } from '../messages/commands.ts';
import type { Reply } from '../messages/replies.ts';
import { encodeReply } from '../messages/replies.ts';
import { FrameCutter } from './frame-cutter.ts';
import { traceFrame } from './frame-trace.ts';
import { withoutCredentials } from './hidden-credentials.ts';

function frameOf(content: Pick<FrameContent, 'direction' | 'code' | 'data'> & Partial<FrameContent>): OsdpFrame {
  const place = { address: 1, sequence: 2, check: 'crc', security: undefined, mac: undefined } as const;
  const frame = decodeFrame(encodeFrame({ ...place, ...content }));
  if (typeof frame === 'string') {
    throw new Error(frame);
  }
  return frame;
}

function recorded(frame: OsdpFrame): { check: string; data: unknown } {
  const hidden = decodeFrame(withoutCredentials({ kind: 'frame', frame }));
  if (typeof hidden === 'string') {
    throw new Error(hidden);
  }
  const { check, data } = traceFrame(hidden);
  return { check, data };
}

describe('a record of the line does not let anybody in', () => {
  test.each<[string, Reply, object]>([
    ['typed digits', { kind: 'keypad', reader: 1, keys: '9301*#' }, { reader: 1, keys: '000000' }],
    [
      'card bits',
      { kind: 'raw', reader: 0, format: 1, bitCount: 26, bits: hex('EA0DC0C0') },
      { reader: 0, format: 1, bitCount: 26, bits: '30303030' },
    ],
    [
      'card characters',
      { kind: 'fmt', reader: 0, direction: 'forward', text: '4711' },
      { reader: 0, direction: 'forward', text: '0000' },
    ],
    ['a fingerprint', { kind: 'bioreadr', data: hex('0102') }, { data: '3030' }],
  ])('%s are blank, and the frame is still good', (_what, reply, data) => {
    expect(recorded(frameOf({ direction: 'reply', ...encodeReply(reply) }))).toEqual({ check: 'ok', data });
  });

  test('a key in clear is blank', () => {
    const key = hex('C0C1C2C3C4C5C6C7C8C9CACBCCCDCECF');
    const frame = frameOf({ direction: 'command', ...encodeCommand({ kind: 'keyset', keyType: 1, key }) });
    const hidden = decodeFrame(withoutCredentials({ kind: 'frame', frame }));
    expect(typeof hidden === 'string' ? hidden : toHex(hidden.data)).toBe(`0110${'30'.repeat(16)}`);
  });
});

test('all other frames, and what is encrypted, are recorded bit for bit', () => {
  const frames = [
    frameOf({ direction: 'command', ...encodeCommand({ kind: 'poll' }) }),
    frameOf({ direction: 'reply', ...encodeReply({ kind: 'istatr', inputs: ['active'] }) }),
    frameOf({
      direction: 'reply',
      code: 0x53,
      data: new Uint8Array(16),
      security: { type: 0x18, data: new Uint8Array() },
      mac: hex('01020304'),
    }),
  ];
  for (const frame of frames) {
    expect(withoutCredentials({ kind: 'frame', frame })).toEqual(frame.raw);
  }
});

test('of what was damaged only the place and the length are recorded', () => {
  const [cut] = new FrameCutter().push(hex('53800A0005530130AAAA'));
  const [noise] = new FrameCutter().push(hex('3031'));
  expect([cut, noise].map((part) => part && toHex(withoutCredentials(part)))).toEqual(['53800A00055300000000', '0000']);
});
