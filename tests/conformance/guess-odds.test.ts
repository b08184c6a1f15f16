import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { passCodesValid } from '@gatecast/firmware-protocol/pass';
import { afterCode, calm, isSlowed, stormCodes, stormPaceMs } from '../../edge-agent/src/door/code-storm.ts';
import { afterWrong, freeLane } from '../../edge-agent/src/door/lockout.ts';

const guide = fileURLToPath(new URL('../../docs/entry.md', import.meta.url));
const dayMs = 86_400_000;
/** Faster than anybody types. */
const tryMs = 1_000;

/** Wrong codes that one lane looks at in a day, by the rule as it runs. */
function triesOfLane(): number {
  let lane = freeLane;
  let tries = 0;
  for (let at = 0; at < dayMs; at = Math.max(at + tryMs, lane.lockedUntil)) {
    lane = afterWrong(lane, at);
    tries += 1;
  }
  return tries;
}

/** Wrong codes that a reader looks at in a day of its storm, whichever units they name. */
function triesOfReader(): number {
  let storm = calm;
  for (let n = 0; n < stormCodes; n += 1) ({ storm } = afterCode(storm, true, n));
  let tries = 0;
  const from = stormCodes + stormPaceMs;
  for (let at = from; at < from + dayMs; at += tryMs) {
    if (isSlowed(storm, at)) continue;
    ({ storm } = afterCode(storm, true, at));
    tries += 1;
  }
  return tries;
}

const within = (tries: number, odds: number): string => {
  const percent = (1 - (1 - odds) ** tries) * 100;
  return `${Number(percent.toPrecision(2))}%`;
};

const number = (text: string): number => Number(text.replaceAll(',', ''));

describe('the published odds of guessing a code', () => {
  it('are those of the rules as they run', async () => {
    const text = await readFile(guide, 'utf8');
    const told = /(?<lane>\d+) tries a day at one lane, and (?<reader>[\d,]+) over all units/.exec(
      text.replaceAll('\n', ' '),
    )?.groups;
    expect([told?.['lane'], told?.['reader']].map((each) => number(each ?? ''))).toEqual([
      triesOfLane(),
      triesOfReader(),
    ]);

    const rows = text
      .split('\n')
      .filter((line) => /%\s*\|$/.test(line))
      .map((line) => line.split('|').map((cell) => cell.trim()))
      .map(([, what = '', open = '', of = '', ...shown]) => ({ what, open: number(open), of: number(of), shown }));
    expect(rows).toHaveLength(5);
    for (const { what, open, of, shown } of rows) {
      const daily = what.includes('unit after unit') ? triesOfReader() : triesOfLane();
      const odds = open / of;
      const expected = [stormCodes, daily, daily * 365].map((tries) => within(tries, odds));
      expect([what, ...shown.slice(0, 3)]).toEqual([what, ...expected]);
    }
    const valid = rows.slice(0, 2).map(({ open, of }) => ({ valid: open, of }));
    expect(valid).toEqual([passCodesValid(10), passCodesValid(9)]);
  });
});
