import { wireTimeMs } from '../frame/bus-timing.ts';
import type { OsdpFrame } from '../frame/frame.ts';
import type { Command } from '../messages/commands.ts';
import type { Reply } from '../messages/replies.ts';
import type { Question } from './question.ts';
import { isReport } from './reply-event.ts';
import type { ReplyHistory } from './reply-history.ts';

/** An answer that looks like a late copy is taken after so many repeats: a link faster than its baud rate leaves no other proof. */
const DOUBTS_MAX = 3;

/** Asked in turn where a late copy may come: the answers differ from those to polls and commands, and from one another. */
const MARKERS: readonly [Command, Command] = [{ kind: 'lstat' }, { kind: 'rstat' }];

export function markerNumber(count: number): Command {
  return count % 2 === 0 ? MARKERS[0] : MARKERS[1];
}

/** The kind of answer that a marker was asked for. */
export function isMarked({ work }: Question, { kind }: Reply): boolean {
  return work.command.kind === 'lstat' ? kind === 'lstatr' : kind === 'rstatr';
}

/**
 * Whether an answer in clear may be the late copy of another. The same question again tells: the device repeats its answer, and a copy
 * does not come twice. What comes sooner after the repeat than the wire allows was on its way before it.
 */
export function mayBeCopy(
  question: Question,
  frame: OsdpFrame,
  reply: Reply,
  { history, baud, nowMs }: { history: ReplyHistory; baud: number; nowMs: number },
): boolean {
  if (question.doubts >= DOUBTS_MAX) {
    return false;
  }
  const isNews = isReport(reply) && !history.hasTold(frame.raw, nowMs);
  if (question.role === 'marker') {
    return reply.kind !== 'nak' && !isMarked(question, reply) && !isNews;
  }
  if (isNews || !isReport(reply)) {
    return false;
  }
  const soonestMs = wireTimeMs(question.bytes.length + frame.raw.length, baud);
  return question.doubts === 0 || nowMs - question.sentMs < soonestMs;
}
