import { describe, expect, test } from 'vitest';
import type { Command } from './commands.ts';
import { decodeCommand, encodeCommand } from './commands.ts';
import type { FrameCheck, OsdpFrame, Sequence } from '../frame/frame.ts';
import { checksum8 } from '../frame/crc.ts';
import { decodeFrame, encodeFrame } from '../frame/frame.ts';
import { hex } from '../frame/hex.fixture.ts';
import { toHex } from '../frame/hex.ts';
import type { Reply } from './replies.ts';
import { decodeReply, encodeReply } from './replies.ts';

interface Place {
  readonly address: number;
  readonly sequence: Sequence;
  readonly check: FrameCheck;
  readonly mark: boolean;
}

function commandBytes(command: Command, { address, sequence, check, mark }: Place): string {
  const content = {
    direction: 'command',
    address,
    sequence,
    check,
    security: undefined,
    mac: undefined,
  } as const;
  return toHex(encodeFrame({ ...content, ...encodeCommand(command) }, { mark }));
}

function replyBytes(reply: Reply, { address, sequence, check, mark }: Place): string {
  const content = {
    direction: 'reply',
    address,
    sequence,
    check,
    security: undefined,
    mac: undefined,
  } as const;
  return toHex(encodeFrame({ ...content, ...encodeReply(reply) }, { mark }));
}

function frameOf(bytes: string): OsdpFrame {
  const frame = decodeFrame(hex(bytes));
  if (typeof frame === 'string') {
    throw new Error(`${bytes} is refused: ${frame}`);
  }
  return frame;
}

const libosdp = { address: 101, sequence: 0, check: 'crc', mark: true } as const;
const osdpNet = { address: 0, sequence: 2, check: 'crc', mark: true } as const;
const bare = { address: 0, sequence: 2, check: 'crc', mark: false } as const;
const outputs: Command = {
  kind: 'out',
  outputs: [
    { output: 0, action: 'offAfterTimer', durationMs: 10_000 },
    { output: 1, action: 'pulseOff', durationMs: 12_000 },
  ],
};
const twoBeeps: Command = { kind: 'buz', reader: 0, tone: 2, onMs: 200, offMs: 200, count: 1 };

describe('commands as other implementations send them', () => {
  test.each<[string, Command, Place]>([
    // libosdp, tests/unit-tests/test-cp-phy.c
    ['FF5365080004606090', { kind: 'poll' }, libosdp],
    ['FF53650900046100D97A', { kind: 'id' }, libosdp],
    ['FF536507000060E1', { kind: 'poll' }, { ...libosdp, check: 'checksum' }],
    // OSDP.Net, Messages/CommandOutgoingMessageTest.cs
    ['FF53000800066089CC', { kind: 'poll' }, osdpNet],
    ['FF53000700026044', { kind: 'poll' }, { ...osdpNet, check: 'checksum' }],
    ['FF53001000066800036400010678000B5B', outputs, osdpNet],
    // OSDP.Net, Tracing/PacketDecodingTest.cs
    ['53000D00066A00020202015992', twoBeeps, bare],
  ])('%s', (bytes, command, place) => {
    expect(commandBytes(command, place)).toBe(bytes);
    const frame = frameOf(bytes);
    expect(frame).toMatchObject({
      direction: 'command',
      address: place.address,
      sequence: place.sequence,
    });
    expect(decodeCommand(frame.code, frame.data)).toEqual(command);
  });

  test('COMSET of the specification, annex E', () => {
    const place = { address: 0x7f, sequence: 0, check: 'crc', mark: false } as const;
    expect(commandBytes({ kind: 'comset', address: 0, baud: 9600 }, place)).toBe('537F0D00046E00802500006E38');
    expect(commandBytes({ kind: 'comset', address: 0, baud: 9600 }, { ...place, check: 'checksum' })).toBe(
      '537F0C00006E00802500000F',
    );
  });

  test('ID of the specification, annex E', () => {
    const place = { address: 0, sequence: 0, check: 'crc', mark: false } as const;
    expect(commandBytes({ kind: 'id' }, place)).toBe('53000900046100C066');
    expect(commandBytes({ kind: 'id' }, { ...place, check: 'checksum' })).toBe('5300080000610044');
  });
});

describe('replies as other implementations send them', () => {
  const identity = {
    vendor: '000EE3',
    model: 0x10,
    version: 0x10,
    serial: 0x97740000,
    firmware: { major: 0x23, minor: 6, build: 6 },
  };
  test.each<[string, Reply, Place]>([
    // libosdp, test-cp-phy.c
    ['53E50700014080', { kind: 'ack' }, { address: 101, sequence: 1, check: 'checksum', mark: false }],
    [
      '53E509000541010E8F',
      { kind: 'nak', error: 1, details: new Uint8Array() },
      { address: 101, sequence: 1, check: 'crc', mark: false },
    ],
    // OSDP.Net: PacketDecodingTest.cs, and an ACK taken from a real reader in ReplyTest.cs
    ['538014000645000EE31010000074972306061B88', { kind: 'pdid', identity }, bare],
    ['538008000540689F', { kind: 'ack' }, { ...bare, sequence: 1 }],
  ])('%s', (bytes, reply, place) => {
    expect(replyBytes(reply, place)).toBe(bytes);
    const frame = frameOf(bytes);
    expect(frame).toMatchObject({
      direction: 'reply',
      address: place.address,
      sequence: place.sequence,
    });
    expect(decodeReply(frame.code, frame.data)).toEqual(reply);
  });

  test('a secure channel reply keeps its security block and data apart', () => {
    // libosdp, test-cp-phy.c: RMAC_I
    const frame = frameOf('53E51B000D03140178A0A1A2A3A4A5A6A7A8A9AAABACADAEAFCABA');
    expect(frame.security).toEqual({ type: 0x14, data: Uint8Array.of(1) });
    expect(frame.code).toBe(0x78);
    expect(toHex(frame.data)).toBe('A0A1A2A3A4A5A6A7A8A9AAABACADAEAF');
    expect(frame.mac).toBeUndefined();
    expect(decodeReply(frame.code, frame.data)).toEqual({ kind: 'rmac', rmac: frame.data });
    expect(toHex(encodeFrame(frame, { mark: false }))).toBe(toHex(frame.raw));
  });

  test('a MAC is neither data nor check', () => {
    // OSDP.Net, CommandOutgoingMessageTest.cs: POLL in a secure channel
    const frame = frameOf('FF53000E000E0215604B32767773B6');
    expect(frame.security).toEqual({ type: 0x15, data: new Uint8Array() });
    expect(frame.data).toHaveLength(0);
    expect(toHex(frame.mac ?? new Uint8Array())).toBe('4B327677');
    expect(toHex(encodeFrame(frame))).toBe('FF53000E000E0215604B32767773B6');
  });
});

test.each([
  ['a wrong check', '53E509000541010E8E', 'check'],
  ['a length that does not fit', '53E508000541010E8F', 'length'],
  ['no start', '00E509000541010E8F', 'start'],
  ['nothing', '', 'start'],
])('%s is a fault, not a frame', (_name, bytes, fault) => {
  expect(decodeFrame(hex(bytes))).toBe(fault);
});

test('a security block longer than its frame is a fault', () => {
  // SCS_15 promises a MAC, and the frame ends behind its code.
  const bytes = hex('5381090009021540');
  expect(decodeFrame(Uint8Array.of(...bytes, checksum8(bytes)))).toBe('security-block');
});
