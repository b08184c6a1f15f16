import { pino } from 'pino';
import { describe, expect, it } from 'vitest';
import { LogRing } from './log-ring.ts';

describe('the ring of log lines', () => {
  it('keeps the newest lines whole, in order, and forgets the oldest', () => {
    const ring = new LogRing(20);
    for (const line of ['first\n', 'second\n', 'third\n', 'fourth\n']) ring.write(line);
    expect(ring.newest(100)).toEqual(['second', 'third', 'fourth']);
    expect(ring.newest(13)).toEqual(['third', 'fourth']);
    expect(ring.newest(3)).toEqual([]);
  });

  it('counts bytes, not characters', () => {
    const ring = new LogRing(1_000);
    ring.write('门口');
    expect(ring.newest(6)).toEqual([]);
    expect(ring.newest(7)).toEqual(['门口']);
  });

  it('holds no line that is longer than a stack trace', () => {
    const ring = new LogRing();
    ring.write('x'.repeat(100_000));
    expect(ring.newest(100_000)[0]?.length).toBeLessThan(10_000);
  });

  it('takes what pino writes', () => {
    const ring = new LogRing();
    pino({ base: null, timestamp: false }, ring).info({ code: 'door-offline' }, 'a word');
    expect(ring.newest(1_000)).toEqual(['{"level":30,"code":"door-offline","msg":"a word"}']);
  });
});
