import type { OsdpFrame } from '../frame/frame.ts';
import type { Question } from './question.ts';
import { areSameBytes } from './reply-history.ts';
import type { ReplyHistory } from './reply-history.ts';

/** An answer that looks like a late copy is taken after so many repeats, however it looks. */
const DOUBTS_MAX = 4;

/**
 * - `answer`: nothing speaks against it.
 * - `doubtful`: these bytes have told something lately. The question again tells: the device repeats its answer bit for bit, and a copy
 *   does not come twice.
 * - `too-soon`: it came sooner after the repeat than this line can carry question and answer, so it tells nothing.
 */
export type Trust = 'answer' | 'doubtful' | 'too-soon';

/** What an answer in clear is worth. `fastestMs` is the quickest that this device can answer `question` with `frame`. */
export function trustIn(
  question: Question,
  frame: OsdpFrame,
  { history, fastestMs, nowMs }: { history: ReplyHistory; fastestMs: number; nowMs: number },
): Trust {
  if (question.doubts >= DOUBTS_MAX || !history.hasTold(frame.raw, nowMs)) {
    return 'answer';
  }
  if (question.suspect === undefined || !areSameBytes(question.suspect, frame.raw)) {
    return 'doubtful';
  }
  return nowMs - question.sentMs < fastestMs ? 'too-soon' : 'answer';
}
