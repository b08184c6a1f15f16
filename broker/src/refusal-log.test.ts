import { Writable } from 'node:stream';
import { pino } from 'pino';
import { expect, test } from 'vitest';
import { instant, milliseconds } from '@gatecast/firmware-protocol';
import { RefusalLog } from './refusal-log.ts';

test('a flood is a hundred lines and a number, not a line for each of its connections', () => {
  const lines: unknown[] = [];
  const sink = new Writable({
    write(line: Buffer, _encoding, done) {
      lines.push(JSON.parse(line.toString()));
      done();
    },
  });
  let nowMs = 0;
  const log = new RefusalLog(pino(sink), { now: () => instant(nowMs), mono: () => milliseconds(nowMs) });
  for (let n = 0; n < 5_000; n += 1) log.refused('address-rate', { address: '203.0.113.1' });
  expect(lines).toHaveLength(100);
  nowMs = 500;
  log.refused('address-rate', { address: '203.0.113.1' });
  log.refused('revoked', { client: 'x' });
  expect(lines.slice(100)).toMatchObject([
    { code: 'address-rate', untold: 4_900 },
    { code: 'revoked', client: 'x' },
  ]);
});
