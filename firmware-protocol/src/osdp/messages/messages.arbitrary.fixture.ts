import fc from 'fast-check';
import { toHex } from '../frame/hex.ts';
import type { Command } from './commands.ts';
import { LED_COLOURS } from './led.ts';
import { OUTPUT_ACTIONS } from './outputs.ts';
import type { Reply } from './replies.ts';
import { INPUT_STATES, READER_STATES } from './replies.ts';

const byte = fc.integer({ min: 0, max: 0xff });
const position = fc.integer({ min: 1, max: 0xff });
const u16 = fc.integer({ min: 0, max: 0xffff });
const u32 = fc.integer({ min: 0, max: 0xffff_ffff });
const tenths8 = byte.map((tenths) => tenths * 100);
const tenths16 = u16.map((tenths) => tenths * 100);
const bytes = fc.uint8Array({ maxLength: 64 });
const exactBytes = (length: number) => fc.uint8Array({ minLength: length, maxLength: length });
const ascii = fc.string({ unit: 'binary-ascii', maxLength: 40 }).map((text) => text.replaceAll(/[^\x20-\x7e]/g, '.'));
const vendor = exactBytes(3).map(toHex);
const settings = { address: fc.integer({ min: 0, max: 0x7e }), baud: fc.integer({ min: 1, max: 0xffff_ffff }) };

const pattern = fc
  .record({
    onMs: tenths8,
    offMs: tenths8,
    onColour: fc.constantFrom(...LED_COLOURS),
    offColour: fc.constantFrom(...LED_COLOURS),
  })
  .filter(({ onMs, offMs }) => onMs + offMs > 0);
const temporary = fc.oneof(
  fc.constant('cancel' as const),
  fc.tuple(pattern, tenths16).map(([lit, durationMs]) => ({ ...lit, durationMs })),
);
const led = fc.record(
  { reader: byte, led: byte, temporary, permanent: pattern },
  { requiredKeys: ['reader', 'led'], noNullPrototype: true },
);
const output = fc.record({ output: byte, action: fc.constantFrom(...OUTPUT_ACTIONS), durationMs: tenths16 });
const piece = fc.tuple(position, u32, bytes, fc.nat()).map(([fileType, rest, part, at]) => {
  const total = Math.max(rest, part.length);
  return { fileType, total, offset: Math.min(at, total - part.length), bytes: part };
});

const kind = <Kind extends string>(name: Kind) => fc.constant(name);
const record = <Shape extends object>(shape: { [Key in keyof Shape]: fc.Arbitrary<Shape[Key]> }) =>
  fc.record(shape, { noNullPrototype: true });

/** Every command that the wire can carry, of each kind. */
export const commandsByKind: { [Kind in Command['kind']]: fc.Arbitrary<Extract<Command, { kind: Kind }>> } = {
  poll: record({ kind: kind('poll') }),
  id: record({ kind: kind('id') }),
  cap: record({ kind: kind('cap') }),
  lstat: record({ kind: kind('lstat') }),
  istat: record({ kind: kind('istat') }),
  ostat: record({ kind: kind('ostat') }),
  rstat: record({ kind: kind('rstat') }),
  abort: record({ kind: kind('abort') }),
  out: record({ kind: kind('out'), outputs: fc.array(output, { minLength: 1, maxLength: 16 }) }),
  led: record({ kind: kind('led'), leds: fc.array(led, { minLength: 1, maxLength: 8 }) }),
  buz: record({
    kind: kind('buz'),
    reader: byte,
    tone: fc.integer({ min: 0, max: 2 }),
    onMs: tenths8,
    offMs: tenths8,
    count: byte,
  }),
  text: record({
    kind: kind('text'),
    reader: byte,
    command: fc.integer({ min: 1, max: 4 }),
    seconds: byte,
    row: position,
    column: position,
    text: ascii,
  }),
  comset: record({ kind: kind('comset'), ...settings }),
  keyset: record({ kind: kind('keyset'), keyType: fc.constant(1), key: exactBytes(16) }),
  chlng: record({ kind: kind('chlng'), rndA: exactBytes(8) }),
  scrypt: record({ kind: kind('scrypt'), cryptogram: exactBytes(16) }),
  acurxsize: record({ kind: kind('acurxsize'), bytes: u16 }),
  keepactive: record({ kind: kind('keepactive'), durationMs: u16 }),
  filetransfer: piece.map((part) => ({ kind: 'filetransfer' as const, ...part })),
  mfg: record({ kind: kind('mfg'), vendor, data: bytes }),
  bioread: record({ kind: kind('bioread'), data: bytes }),
  biomatch: record({ kind: kind('biomatch'), data: bytes }),
  xwr: record({ kind: kind('xwr'), data: bytes }),
  pivdata: record({ kind: kind('pivdata'), data: bytes }),
  genauth: record({ kind: kind('genauth'), data: bytes }),
  crauth: record({ kind: kind('crauth'), data: bytes }),
};

const identity = fc.record(
  {
    vendor,
    model: byte,
    version: byte,
    serial: u32,
    firmware: fc.record({ major: byte, minor: byte, build: byte }, { noNullPrototype: true }),
  },
  { noNullPrototype: true },
);
const capability = fc.record({ functionCode: byte, compliance: byte, count: byte }, { noNullPrototype: true });
const card = fc.integer({ min: 0, max: 512 }).chain((bitCount) =>
  fc.record(
    {
      kind: kind('raw'),
      reader: byte,
      format: byte,
      bitCount: fc.constant(bitCount),
      bits: exactBytes(Math.ceil(bitCount / 8)),
    },
    { noNullPrototype: true },
  ),
);
const keys = fc.stringMatching(/^[0-9*#A-D]{0,20}$/);

/** Every reply that the wire can carry, of each kind. */
export const repliesByKind: { [Kind in Reply['kind']]: fc.Arbitrary<Extract<Reply, { kind: Kind }>> } = {
  ack: record({ kind: kind('ack') }),
  busy: record({ kind: kind('busy') }),
  nak: record({ kind: kind('nak'), error: byte, details: bytes }),
  pdid: record({ kind: kind('pdid'), identity }),
  pdcap: record({ kind: kind('pdcap'), capabilities: fc.array(capability) }),
  lstatr: record({ kind: kind('lstatr'), tampered: fc.boolean(), powerFailed: fc.boolean() }),
  istatr: record({ kind: kind('istatr'), inputs: fc.array(fc.constantFrom(...INPUT_STATES)) }),
  ostatr: record({ kind: kind('ostatr'), outputs: fc.array(fc.boolean()) }),
  rstatr: record({ kind: kind('rstatr'), readers: fc.array(fc.constantFrom(...READER_STATES)) }),
  raw: card,
  fmt: record({
    kind: kind('fmt'),
    reader: byte,
    direction: fc.constantFrom('forward' as const, 'backward' as const),
    text: ascii,
  }),
  keypad: record({ kind: kind('keypad'), reader: byte, keys }),
  com: record({ kind: kind('com'), ...settings }),
  ccrypt: record({ kind: kind('ccrypt'), clientId: exactBytes(8), rndB: exactBytes(8), cryptogram: exactBytes(16) }),
  rmac: record({ kind: kind('rmac'), rmac: fc.oneof(exactBytes(16), exactBytes(0)) }),
  ftstat: record({
    kind: kind('ftstat'),
    mayInterleave: fc.boolean(),
    leavesSecureChannel: fc.boolean(),
    hasPollReply: fc.boolean(),
    delayMs: u16,
    status: fc.integer({ min: -0x8000, max: 0x7fff }),
    bytesMax: u16,
  }),
  mfgrep: record({ kind: kind('mfgrep'), vendor, data: bytes }),
  xrd: record({ kind: kind('xrd'), data: bytes }),
  bioreadr: record({ kind: kind('bioreadr'), data: bytes }),
  biomatchr: record({ kind: kind('biomatchr'), data: bytes }),
  pivdatar: record({ kind: kind('pivdatar'), data: bytes }),
  genauthr: record({ kind: kind('genauthr'), data: bytes }),
  crauthr: record({ kind: kind('crauthr'), data: bytes }),
  mfgstatr: record({ kind: kind('mfgstatr'), data: bytes }),
  mfgerrr: record({ kind: kind('mfgerrr'), data: bytes }),
};
