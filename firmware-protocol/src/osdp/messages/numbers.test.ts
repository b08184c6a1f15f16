import { expect, test } from 'vitest';
import { hex } from '../frame/hex.fixture.ts';
import { toHex } from '../frame/hex.ts';
import { SCS } from '../secure/security-block.ts';
import { COMMAND_CODE, NAK, REPLY_CODE, messageName } from './codes.ts';
import { decodeCommand, encodeCommand } from './commands.ts';
import type { Command } from './commands.ts';
import { LED_COLOURS, steady } from './led.ts';
import { OUTPUT_ACTIONS } from './outputs.ts';
import { FILE_STATUS, INPUT_STATES, READER_STATES, decodeReply, encodeReply } from './replies.ts';
import type { Reply } from './replies.ts';

/*
 * The numbers of the specification, written down a second time: a round trip through our own two halves stays right when both are wrong in
 * the same way.
 */

test('commands have the codes of annex A.1', () => {
  const table = `poll 60 id 61 cap 62 lstat 64 istat 65 ostat 66 rstat 67 out 68 led 69 buz 6A text 6B comset 6E
    bioread 73 biomatch 74 keyset 75 chlng 76 scrypt 77 acurxsize 7B filetransfer 7C mfg 80 xwr A1 abort A2
    pivdata A3 genauth A4 crauth A5 keepactive A7`;
  expect(COMMAND_CODE).toEqual(codesIn(table));
});

test('replies have the codes of annex A.2', () => {
  const table = `ack 40 nak 41 pdid 45 pdcap 46 lstatr 48 istatr 49 ostatr 4A rstatr 4B raw 50 fmt 51 keypad 53 com 54
    bioreadr 57 biomatchr 58 ccrypt 76 rmac 78 busy 79 ftstat 7A pivdatar 80 genauthr 81 crauthr 82 mfgstatr 83
    mfgerrr 84 mfgrep 90 xrd B1`;
  expect(REPLY_CODE).toEqual(codesIn(table));
});

function codesIn(table: string): Record<string, number> {
  const words = [...table.matchAll(/(?<kind>[a-z]+) (?<code>[0-9A-F]{2})/g)];
  return Object.fromEntries(
    words.map(({ groups }) => [groups?.['kind'] ?? '', Number.parseInt(groups?.['code'] ?? '', 16)]),
  );
}

test('states, colours, actions, refusals and blocks are numbered as in the specification', () => {
  expect(INPUT_STATES).toEqual(['inactive', 'active', 'shorted', 'cut', 'fault', 'unknown']);
  expect(READER_STATES).toEqual(['normal', 'disconnected', 'tampered']);
  expect(LED_COLOURS).toEqual(['off', 'red', 'green', 'amber', 'blue', 'magenta', 'cyan', 'white']);
  expect(OUTPUT_ACTIONS.map((action, code) => `${code} ${action}`)).toEqual([
    '0 none',
    '1 permanentOff',
    '2 permanentOn',
    '3 offAfterTimer',
    '4 onAfterTimer',
    '5 pulseOn',
    '6 pulseOff',
  ]);
  expect(Object.values(NAK)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]);
  expect(Object.values(FILE_STATUS)).toEqual([0, 1, 2, 3, -1, -2, -3]);
  expect(Object.values(SCS)).toEqual([0x11, 0x12, 0x13, 0x14, 0x15, 0x16, 0x17, 0x18]);
});

/** Each field has another value, so that two that changed places would show. */
test.each<[Command, string]>([
  [{ kind: 'buz', reader: 1, tone: 2, onMs: 300, offMs: 400, count: 5 }, '0102030405'],
  [{ kind: 'text', reader: 1, command: 4, seconds: 2, row: 3, column: 5, text: 'A' }, '01040203050141'],
  [{ kind: 'comset', address: 5, baud: 115_200 }, '0500C20100'],
  [
    {
      kind: 'led',
      leds: [
        {
          reader: 1,
          led: 2,
          temporary: { onMs: 300, offMs: 400, onColour: 'magenta', offColour: 'cyan', durationMs: 25_700 },
          permanent: { onMs: 700, offMs: 800, onColour: 'amber', offColour: 'blue' },
        },
      ],
    },
    '0102020304050601010107080304',
  ],
])('%j travels as the specification orders its fields', (command, data) => {
  const payload = encodeCommand(command);
  expect(toHex(payload.data)).toBe(data);
  expect(decodeCommand(payload.code, hex(data))).toEqual(command);
});

const identity = {
  vendor: '0A0B0C',
  model: 1,
  version: 2,
  serial: 0x0605_0403,
  firmware: { major: 7, minor: 8, build: 9 },
};
const [clientId, rndB, cryptogram] = [
  hex('0102030405060708'),
  hex('1112131415161718'),
  hex('202122232425262728292A2B2C2D2E2F'),
];

test.each<[Reply, string]>([
  [{ kind: 'pdid', identity }, '0A0B0C010203040506070809'],
  [{ kind: 'pdcap', capabilities: [{ functionCode: 10, compliance: 0xa0, count: 5 }] }, '0AA005'],
  [{ kind: 'lstatr', tampered: false, powerFailed: true }, '0001'],
  [{ kind: 'nak', error: 3, details: hex('99') }, '0399'],
  [{ kind: 'raw', reader: 1, format: 2, bitCount: 9, bits: hex('8080') }, '010209008080'],
  [{ kind: 'ccrypt', clientId, rndB, cryptogram }, `${toHex(clientId)}${toHex(rndB)}${toHex(cryptogram)}`],
])('%j travels as the specification orders its fields', (reply, data) => {
  const payload = encodeReply(reply);
  expect(toHex(payload.data)).toBe(data);
  expect(decodeReply(payload.code, hex(data))).toEqual(reply);
});

test('a steady light is lit and never dark', () => {
  expect(steady('white')).toEqual({ onMs: 100, offMs: 0, onColour: 'white', offColour: 'white' });
});

test('a message is called as the specification calls it', () => {
  expect(messageName('command', 0xa7)).toBe('KEEPACTIVE');
  expect(messageName('reply', 0x48)).toBe('LSTATR');
});
