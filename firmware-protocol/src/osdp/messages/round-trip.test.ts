import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decodeFrame, encodeFrame } from '../frame/frame.ts';
import type { FrameContent, FrameDirection } from '../frame/frame.ts';
import { COMMAND_CODE, REPLY_CODE } from './codes.ts';
import type { Command, Payload } from './commands.ts';
import { decodeCommand, encodeCommand } from './commands.ts';
import { commandsByKind, repliesByKind } from './messages.arbitrary.fixture.ts';
import type { Reply } from './replies.ts';
import { decodeReply, encodeReply } from './replies.ts';

const commandKinds: readonly [string, fc.Arbitrary<Command>][] = Object.entries(commandsByKind);
const replyKinds: readonly [string, fc.Arbitrary<Reply>][] = Object.entries(repliesByKind);

/** The same payload after a journey in a frame. */
function throughWire(direction: FrameDirection, payload: Payload, check: FrameContent['check']): Payload {
  const place = { direction, address: 5, sequence: 2, security: undefined, mac: undefined, check } as const;
  const frame = decodeFrame(encodeFrame({ ...place, ...payload }));
  if (typeof frame === 'string') {
    throw new Error(frame);
  }
  return frame;
}
const checks = fc.constantFrom('crc' as const, 'checksum' as const);

test.each(commandKinds)('a device understands %s as the panel meant it', (_kind, arbitrary) => {
  fc.assert(
    fc.property(arbitrary, checks, (command, check) => {
      const { code, data } = throughWire('command', encodeCommand(command), check);
      expect(decodeCommand(code, data)).toEqual(command);
    }),
  );
});

test.each(replyKinds)('a panel understands %s as the device meant it', (_kind, arbitrary) => {
  fc.assert(
    fc.property(arbitrary, checks, (reply, check) => {
      const { code, data } = throughWire('reply', encodeReply(reply), check);
      expect(decodeReply(code, data)).toEqual(reply);
    }),
  );
});

const FAULTS = ['length', 'value', 'unknown-code'];
const anyData = fc.uint8Array({ maxLength: 80 });

test('whatever stands in a command, it is understood or refused, and what is understood can be said again', () => {
  const codes = fc.constantFrom(...Object.values(COMMAND_CODE), 0x00, 0xff);
  fc.assert(
    fc.property(codes, anyData, (code, data) => {
      const command = decodeCommand(code, data);
      if (typeof command !== 'string' && command.kind !== 'filetransfer' && command.kind !== 'text') {
        expect(decodeCommand(code, encodeCommand(command).data)).toEqual(command);
      }
    }),
    { numRuns: 2000 },
  );
});

test('whatever stands in a reply, it is understood or refused', () => {
  const codes = fc.constantFrom(...Object.values(REPLY_CODE), 0x00, 0xff);
  fc.assert(
    fc.property(codes, anyData, (code, data) => {
      const reply = decodeReply(code, data);
      const isKnown = typeof reply === 'string' ? FAULTS.includes(reply) : REPLY_CODE[reply.kind] === code;
      expect(isKnown).toBe(true);
    }),
    { numRuns: 2000 },
  );
});

/** Their fields end at a known place. */
const FIXED_REPLIES = ['ack', 'busy', 'pdid', 'lstatr', 'raw', 'fmt', 'keypad', 'com', 'ccrypt', 'ftstat'] as const;

test.each(FIXED_REPLIES)('bytes after the last field of %s change nothing', (kind) => {
  const arbitrary: fc.Arbitrary<Reply> = repliesByKind[kind];
  fc.assert(
    fc.property(arbitrary, anyData, (reply, surplus) => {
      const { code, data } = encodeReply(reply);
      expect(decodeReply(code, Uint8Array.of(...data, ...surplus))).toEqual(reply);
    }),
  );
});
