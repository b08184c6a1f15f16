import type { OsdpFrame } from '../frame/frame.ts';
import { encodeFrame, isCheckValid } from '../frame/frame.ts';
import { COMMAND_CODE, REPLY_CODE } from '../messages/codes.ts';
import type { Cut } from './frame-cutter.ts';
import { unopened } from './frame-trace.ts';

/** Where in the data of a message the part begins that would let somebody in, or tell who came. */
const COMMAND_SECRETS: ReadonlyMap<number, number> = new Map([
  [COMMAND_CODE.biomatch, 0],
  [COMMAND_CODE.keyset, 2],
  [COMMAND_CODE.xwr, 0],
  [COMMAND_CODE.genauth, 0],
  [COMMAND_CODE.crauth, 0],
]);
const REPLY_SECRETS: ReadonlyMap<number, number> = new Map([
  [REPLY_CODE.raw, 4],
  [REPLY_CODE.fmt, 3],
  [REPLY_CODE.keypad, 2],
  [REPLY_CODE.bioreadr, 0],
  [REPLY_CODE.biomatchr, 0],
  [REPLY_CODE.pivdatar, 0],
  [REPLY_CODE.genauthr, 0],
  [REPLY_CODE.crauthr, 0],
  [REPLY_CODE.xrd, 0],
]);

/** As a keypad's key, so that the message still reads as one. */
const BLANK = 0x30;

/** Bytes of a frame up to and with its code, when it is in clear. */
const READABLE_HEADER_BYTES = 6;

/**
 * What was heard, fit to be kept: typed digits, card bits, biometrics and keys in clear are blanked, and the check fits again. What
 * is encrypted, or tells nothing about a person, stays as it was, bit for bit. Of a damaged frame only the header stays and of
 * noise only its length, because nobody knows what they were.
 */
export function withoutCredentials(cut: Cut): Uint8Array {
  if (cut.kind === 'noise') {
    return new Uint8Array(cut.bytes.length);
  }
  const { frame } = cut;
  if (!isCheckValid(frame.raw)) {
    return frame.raw.map((byte, index) => (index < READABLE_HEADER_BYTES ? byte : 0));
  }
  const from = (frame.direction === 'command' ? COMMAND_SECRETS : REPLY_SECRETS).get(frame.code);
  return from === undefined || unopened(frame).clear === undefined ? frame.raw : blanked(frame, from);
}

function blanked(frame: OsdpFrame, from: number): Uint8Array {
  const data = frame.data.map((byte, index) => (index < from ? byte : BLANK));
  return encodeFrame({ ...frame, data }, { mark: false });
}
