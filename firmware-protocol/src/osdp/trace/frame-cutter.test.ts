import { expect, test } from 'vitest';
import { hex } from '../frame/hex.fixture.ts';
import { toHex } from '../frame/hex.ts';
import type { Cut } from './frame-cutter.ts';
import { FrameCutter } from './frame-cutter.ts';

const ack = '538008000540689F';
const told = (cuts: readonly Cut[]) =>
  cuts.map((cut) => (cut.kind === 'frame' ? toHex(cut.frame.raw) : `${cut.reason} ${toHex(cut.bytes)}`));

test('a frame with a wrong check is shown too, wherever it stands', () => {
  const cutter = new FrameCutter();
  expect(told(cutter.push(hex('538008000540689E')))).toEqual(['538008000540689E']);
  expect(told(cutter.push(hex(`${ack}FF538008000540689E${ack}`)))).toEqual([ack, '538008000540689E', ack]);
});

test('a frame that comes in pieces is one frame', () => {
  const cutter = new FrameCutter();
  expect(cutter.push(hex('FFFF5380'))).toEqual([]);
  expect(cutter.pendingBytes).toBe(2);
  expect(told(cutter.push(hex('08000540689F')))).toEqual([ack]);
});

test('what is no frame is told with its bytes, and the frame behind it is found', () => {
  const cutter = new FrameCutter();
  expect(told(cutter.push(hex(`0102${ack}`)))).toEqual(['noise 0102', ack]);
  expect(cutter.push(hex('53800800'))).toEqual([]);
  expect(told(cutter.endOfSilence())).toEqual(['silence 53800800']);
});
