import { describe, expect, it } from 'vitest';
import { isUnderWay, reached, toneOf } from './command-look.ts';
import { linesOf } from './log-lines.ts';

describe('a command on the page', () => {
  it('shows the states that it reached in the order of their times', () => {
    expect(reached({ times: { EXECUTED: 4, QUEUED: 1, RECEIVED: 3 } })).toEqual([
      { state: 'QUEUED', at: 1 },
      { state: 'RECEIVED', at: 3 },
      { state: 'EXECUTED', at: 4 },
    ]);
  });

  it('of which the terminal said more after it was given up shows both', () => {
    expect(reached({ times: { QUEUED: 1, EXPIRED: 15, EXECUTED: 20 } }).map(({ state }) => state)).toEqual([
      'QUEUED',
      'EXPIRED',
      'EXECUTED',
    ]);
  });

  it('is followed until it has ended, and its end has a colour', () => {
    expect((['QUEUED', 'SENT', 'RECEIVED'] as const).every((state) => isUnderWay({ state }))).toBe(true);
    const ends = ['EXECUTED', 'REFUSED', 'EXPIRED', 'UNKNOWN'] as const;
    expect(ends.some((state) => isUnderWay({ state }))).toBe(false);
    expect(ends.map((state) => toneOf({ state }))).toEqual(['good', 'bad', 'warn', 'warn']);
  });
});

describe('a log on the page', () => {
  it('begins with the newest line, each with its level and what it says besides', () => {
    const file = [
      '{"level":30,"time":1000,"pid":1,"name":"edge-agent","msg":"started"}',
      '',
      '{"level":50,"time":2000,"code":"door-offline","err":{"message":"x"},"msg":"the door is gone"}',
      '    at somewhere (file.ts:1:2)',
    ].join('\n');
    expect(linesOf(file)).toEqual([
      { at: null, level: 'info', text: '    at somewhere (file.ts:1:2)', facts: '' },
      { at: 2000, level: 'error', text: 'the door is gone', facts: 'code=door-offline  err={"message":"x"}' },
      { at: 1000, level: 'info', text: 'started', facts: '' },
    ]);
    expect(linesOf('')).toEqual([]);
  });
});
