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
  keypad: 0x53,
  com: 0x54,
  busy: 0x79,
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

const COMMAND_NAMES: ReadonlyMap<number, string> = new Map([
  [0x60, 'POLL'],
  [0x61, 'ID'],
  [0x62, 'CAP'],
  [0x64, 'LSTAT'],
  [0x65, 'ISTAT'],
  [0x66, 'OSTAT'],
  [0x67, 'RSTAT'],
  [0x68, 'OUT'],
  [0x69, 'LED'],
  [0x6a, 'BUZ'],
  [0x6b, 'TEXT'],
  [0x6e, 'COMSET'],
  [0x73, 'BIOREAD'],
  [0x74, 'BIOMATCH'],
  [0x75, 'KEYSET'],
  [0x76, 'CHLNG'],
  [0x77, 'SCRYPT'],
  [0x7b, 'ACURXSIZE'],
  [0x7c, 'FILETRANSFER'],
  [0x80, 'MFG'],
  [0xa1, 'XWR'],
  [0xa2, 'ABORT'],
  [0xa3, 'PIVDATA'],
  [0xa4, 'GENAUTH'],
  [0xa5, 'CRAUTH'],
  [0xa7, 'KEEPACTIVE'],
]);

const REPLY_NAMES: ReadonlyMap<number, string> = new Map([
  [0x40, 'ACK'],
  [0x41, 'NAK'],
  [0x45, 'PDID'],
  [0x46, 'PDCAP'],
  [0x48, 'LSTATR'],
  [0x49, 'ISTATR'],
  [0x4a, 'OSTATR'],
  [0x4b, 'RSTATR'],
  [0x50, 'RAW'],
  [0x51, 'FMT'],
  [0x53, 'KEYPAD'],
  [0x54, 'COM'],
  [0x57, 'BIOREADR'],
  [0x58, 'BIOMATCHR'],
  [0x76, 'CCRYPT'],
  [0x78, 'RMAC_I'],
  [0x79, 'BUSY'],
  [0x7a, 'FTSTAT'],
  [0x80, 'PIVDATAR'],
  [0x81, 'GENAUTHR'],
  [0x82, 'CRAUTHR'],
  [0x83, 'MFGSTATR'],
  [0x84, 'MFGERRR'],
  [0x90, 'MFGREP'],
  [0xb1, 'XRD'],
]);

/** Name of a message as the specification prints it without `osdp_`, for traces; `UNKNOWN` for a code that has none. */
export function messageName(direction: 'command' | 'reply', code: number): string {
  return (direction === 'command' ? COMMAND_NAMES : REPLY_NAMES).get(code) ?? 'UNKNOWN';
}
