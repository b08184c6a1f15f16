import { setImmediate as nextTurn } from 'node:timers/promises';
import { redactLine } from './log-redactor.ts';
import type { LogRing } from './log-ring.ts';

/** About 7 ms of work on a screen controller; the door has its turn in between. */
const linesATurn = 20;

/** The newest lines of the log, redacted, oldest first, in at most `bytesMax` bytes of UTF-8; each ends with a line feed. */
export async function logReport(ring: LogRing, bytesMax: number): Promise<Uint8Array> {
  const raw = ring.newest(bytesMax).toReversed();
  const lines: string[] = [];
  let left = bytesMax;
  for (const [index, line] of raw.entries()) {
    if (index % linesATurn === linesATurn - 1) await nextTurn();
    const redacted = `${redactLine(line)}\n`;
    left -= Buffer.byteLength(redacted);
    if (left < 0) break;
    lines.push(redacted);
  }
  return Buffer.from(lines.toReversed().join(''));
}
