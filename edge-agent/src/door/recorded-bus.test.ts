import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  REPLY_CODE,
  encodeFrame,
  encodeReply,
  readCaptureLine,
  systemClock,
  toHex,
  type Reply,
} from '@gatecast/firmware-protocol';
import { memoryLinkPair } from '@gatecast/firmware-protocol/node';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { recordedBus } from './recorded-bus.ts';

const poll = encodeFrame({
  direction: 'command',
  address: 0,
  sequence: 1,
  check: 'crc',
  security: undefined,
  code: 0x60,
  data: new Uint8Array(),
  mac: undefined,
});
const typed: Reply = { kind: 'keypad', reader: 0, keys: '739154' };
const keys = encodeFrame({
  direction: 'reply',
  address: 0,
  sequence: 1,
  check: 'crc',
  security: undefined,
  mac: undefined,
  ...encodeReply(typed),
});

let folder: string;
let faults: object[];
const log = { error: (facts: object) => faults.push(facts) };

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'gatecast-bus-'));
  faults = [];
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** One question and its answer over the recorded link; resolves with what the agent heard. */
async function talkOver(path: string): Promise<string> {
  const [ours, board] = memoryLinkPair();
  const bus = await recordedBus({ connect: async () => ours, baud: 9_600 }, path, systemClock, log);
  const link = await bus.link.connect();
  const heard: Uint8Array[] = [];
  link.onData((bytes) => heard.push(bytes));
  board.onData(() => board.write(keys));
  link.write(poll);
  await vi.waitFor(() => expect(heard).toHaveLength(1));
  link.close();
  await bus.stop();
  return toHex(heard[0] ?? new Uint8Array());
}

it('a bus is recorded as it speaks, without what somebody typed, and the agent hears all of it', async () => {
  const path = join(folder, 'bus.osdpcap');
  expect(await talkOver(path)).toBe(toHex(keys));
  const text = readFileSync(path, 'utf8');
  const [asked, answered] = text
    .trim()
    .split('\n')
    .map((line) => readCaptureLine(line));
  expect(asked && toHex(asked.bytes)).toContain(toHex(poll).slice(2));
  // Records are without their mark.
  expect(answered?.bytes[5]).toBe(REPLY_CODE.keypad);
  expect(toHex(answered?.bytes ?? new Uint8Array())).not.toContain(toHex(new TextEncoder().encode(typed.keys)));
  expect(faults).toEqual([]);
});

it('a record that cannot be written keeps nobody out, and is told', async () => {
  expect(await talkOver(join(folder, 'missing', 'bus.osdpcap'))).toBe(toHex(keys));
  expect(faults.length).toBeGreaterThan(0);
});
