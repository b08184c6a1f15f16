import { NAK, REPLY_CODE } from '../messages/codes.ts';
import type { PayloadFault } from '../messages/payload.ts';
import type { Reply } from '../messages/replies.ts';
import { decodeReply } from '../messages/replies.ts';
import type { OsdpFrame } from '../frame/frame.ts';
import type { Question } from './question.ts';

/**
 * What a frame means for the open question:
 * - `reply`: its answer; a string says why nothing can be read in it.
 * - `busy`: the same command again, later (spec 7.19).
 * - `damaged`: the device got the question damaged (NAK 01) and has not taken it.
 * - `lost`: the device does not know our sequence number or our channel. `nakError` is absent for a reply with sequence 0, and for a sealed BUSY.
 * - `unproven`: not made by the other end of the channel. `isForged` when it claimed to be.
 * - `stray`: answers something else.
 */
export type Answer =
  | { readonly kind: 'reply'; readonly reply: Reply | PayloadFault }
  | { readonly kind: 'lost'; readonly nakError: number | undefined }
  | { readonly kind: 'unproven'; readonly isForged: boolean }
  | { readonly kind: 'busy' | 'damaged' | 'stray' };

const STRAY: Answer = { kind: 'stray' };

/** Advances the MAC chain of the question's channel when the frame proves to be made for it. */
export function judgeAnswer(question: Question, frame: OsdpFrame): Answer {
  if (frame.code === REPLY_CODE.busy && frame.security === undefined) {
    return { kind: 'busy' };
  }
  if (frame.sequence !== question.sequence) {
    return frame.sequence === 0 ? { kind: 'lost', nakError: clearNak(frame) } : STRAY;
  }
  if (question.session === undefined) {
    return frame.mac === undefined ? judgeClear(question, frame) : { kind: 'unproven', isForged: false };
  }
  return frame.mac === undefined ? judgeClearInChannel(question, frame) : judgeSealed(question, frame);
}

function judgeClear({ sequence }: Question, frame: OsdpFrame): Answer {
  const reply = decodeReply(frame.code, frame.data);
  const error = nakError(reply);
  if (error === NAK.check) {
    return { kind: 'damaged' };
  }
  return error === NAK.sequence && sequence !== 0 ? { kind: 'lost', nakError: error } : { kind: 'reply', reply };
}

function judgeSealed({ session }: Question, frame: OsdpFrame): Answer {
  const data = session?.openReply(frame) ?? 'not-secure';
  if (typeof data === 'string') {
    return { kind: 'unproven', isForged: true };
  }
  const reply = decodeReply(frame.code, data);
  if (typeof reply !== 'string' && reply.kind === 'busy') {
    // It must not come here, and it has moved the chain: the command has to be sealed anew.
    return { kind: 'lost', nakError: undefined };
  }
  const error = nakError(reply);
  return error === NAK.sequence ? { kind: 'lost', nakError: error } : { kind: 'reply', reply };
}

/**
 * Only BUSY, NAK 01 and NAK 06 may come in clear inside a channel (spec annex D.1.4); a device that has lost the channel with its
 * power says NAK 04 or 05, and some acknowledge KEYSET in clear, because they have dropped the channel with the old key.
 */
function judgeClearInChannel({ role }: Question, frame: OsdpFrame): Answer {
  const error = clearNak(frame);
  if (error === NAK.check) {
    return { kind: 'damaged' };
  }
  if (error === NAK.sequence || error === NAK.securityBlock || error === NAK.conditionsNotMet) {
    return { kind: 'lost', nakError: error };
  }
  const isKeysetAck = role === 'keyset' && frame.code === REPLY_CODE.ack;
  return isKeysetAck ? { kind: 'reply', reply: { kind: 'ack' } } : { kind: 'unproven', isForged: false };
}

function clearNak(frame: OsdpFrame): number | undefined {
  return frame.mac === undefined ? nakError(decodeReply(frame.code, frame.data)) : undefined;
}

function nakError(reply: Reply | PayloadFault): number | undefined {
  return typeof reply !== 'string' && reply.kind === 'nak' ? reply.error : undefined;
}
