/** Command codes of the control panel (spec annex A.1). */
export const COMMAND_CODE = {
  poll: 0x60,
  id: 0x61,
  cap: 0x62,
  lstat: 0x64,
  istat: 0x65,
  ostat: 0x66,
  rstat: 0x67,
  out: 0x68,
  led: 0x69,
  buz: 0x6a,
  text: 0x6b,
  comset: 0x6e,
  bioread: 0x73,
  biomatch: 0x74,
  keyset: 0x75,
  chlng: 0x76,
  scrypt: 0x77,
  acurxsize: 0x7b,
  filetransfer: 0x7c,
  mfg: 0x80,
  xwr: 0xa1,
  abort: 0xa2,
  pivdata: 0xa3,
  genauth: 0xa4,
  crauth: 0xa5,
  keepactive: 0xa7,
} as const;

/** Reply codes of the device (spec annex A.2). */
export const REPLY_CODE = {
  ack: 0x40,
  nak: 0x41,
  pdid: 0x45,
  pdcap: 0x46,
  lstatr: 0x48,
  istatr: 0x49,
  ostatr: 0x4a,
  rstatr: 0x4b,
  raw: 0x50,
  fmt: 0x51,
  keypad: 0x53,
  com: 0x54,
  bioreadr: 0x57,
  biomatchr: 0x58,
  ccrypt: 0x76,
  rmac: 0x78,
  busy: 0x79,
  ftstat: 0x7a,
  pivdatar: 0x80,
  genauthr: 0x81,
  crauthr: 0x82,
  mfgstatr: 0x83,
  mfgerrr: 0x84,
  mfgrep: 0x90,
  xrd: 0xb1,
} as const;

/** NAK error codes (spec 7.3). */
export const NAK = {
  check: 1,
  length: 2,
  unknownCommand: 3,
  sequence: 4,
  securityBlock: 5,
  conditionsNotMet: 6,
  biometricType: 7,
  biometricFormat: 8,
  cannotProcess: 9,
} as const;

const COMMAND_NAMES = namesOf(COMMAND_CODE);
const REPLY_NAMES = namesOf(REPLY_CODE);

function namesOf(codes: Readonly<Record<string, number>>): ReadonlyMap<number, string> {
  return new Map(Object.entries(codes).map(([kind, code]) => [code, kind === 'rmac' ? 'RMAC_I' : kind.toUpperCase()]));
}

/** Name of a message as the specification prints it without `osdp_`, for traces; `UNKNOWN` for a code that has none. */
export function messageName(direction: 'command' | 'reply', code: number): string {
  return (direction === 'command' ? COMMAND_NAMES : REPLY_NAMES).get(code) ?? 'UNKNOWN';
}
