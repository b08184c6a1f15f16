import { COMMAND_CODE, REPLY_CODE } from '../messages/codes.ts';
import { MAC_BYTES, SOM, nextSequence, sequenceOf } from '../frame/frame.ts';
import { AES_BLOCK_BYTES } from './block-cipher.ts';
import { SCS } from './security-block.ts';

/** From SOM up to the MAC of a message without data: one block, with its padding. */
const BARE_BYTES = 8;
const REPLY_FLAG = 0x80;
const CONTROL_AT = 4;
const CONTROL_CRC = 0x04;
const SEQUENCE_MASK = 0x03;
const PADDING_START = 0x80;

/** Where a channel is in its talk: what matters of the last message for the next one. */
export interface TalkPlace {
  /** Of the device, without the flag of a reply. */
  address: number;
  /** CTRL byte of the last message. */
  control: number;
  isReply: boolean;
}

/** Notes the message whose SOM is at `from`. */
export function notePlace(place: TalkPlace, bytes: Uint8Array, from: number): void {
  const address = bytes[from + 1] ?? 0;
  place.address = address & ~REPLY_FLAG;
  place.isReply = address >= REPLY_FLAG;
  place.control = bytes[from + CONTROL_AT] ?? 0;
}

/**
 * Fills `blocks` with what an idle line carries after the message whose SOM is at `from`: an ACK without data to every command,
 * and a POLL with the next number after every reply. One padded block each, as a MAC is made over them.
 */
export function writeIdleTalk(blocks: Uint8Array, bytes: Uint8Array, from: number): void {
  const address = bytes[from + 1] ?? 0;
  let control = bytes[from + CONTROL_AT] ?? 0;
  let isReply = address >= REPLY_FLAG;
  for (let at = 0; at < blocks.length; at += AES_BLOCK_BYTES) {
    control = isReply ? withNextSequence(control) : control;
    isReply = !isReply;
    writeBareMessage(blocks, at, address & ~REPLY_FLAG, control, isReply);
  }
}

const expected = new Uint8Array(AES_BLOCK_BYTES);

/** Whether the whole frame whose SOM is at `from` is what an idle line carries after `place`; its length is among what is compared. */
export function continuesIdleTalk(place: TalkPlace, bytes: Uint8Array, from: number): boolean {
  const control = place.isReply ? withNextSequence(place.control) : place.control;
  writeBareMessage(expected, 0, place.address, control, !place.isReply);
  let difference = 0;
  for (let index = 0; index < BARE_BYTES; index += 1) {
    difference |= (bytes[from + index] ?? 0) ^ (expected[index] ?? 0);
  }
  return difference === 0;
}

function writeBareMessage(blocks: Uint8Array, at: number, address: number, control: number, isReply: boolean): void {
  blocks[at] = SOM;
  blocks[at + 1] = isReply ? address | REPLY_FLAG : address;
  blocks[at + 2] = BARE_BYTES + MAC_BYTES + ((control & CONTROL_CRC) === 0 ? 1 : 2);
  blocks[at + 3] = 0;
  blocks[at + CONTROL_AT] = control;
  blocks[at + 5] = 2;
  blocks[at + 6] = isReply ? SCS.replyMac : SCS.commandMac;
  blocks[at + 7] = isReply ? REPLY_CODE.ack : COMMAND_CODE.poll;
  blocks[at + BARE_BYTES] = PADDING_START;
}

function withNextSequence(control: number): number {
  return (control & ~SEQUENCE_MASK) | nextSequence(sequenceOf(control));
}
