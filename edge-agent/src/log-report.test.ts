import { expect, it } from 'vitest';
import { LogRing } from './log-ring.ts';
import { logReport } from './log-report.ts';

const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);

it('a report of the log has the newest lines, oldest first, without secrets and within its length', async () => {
  const ring = new LogRing();
  for (let n = 0; n < 1_000; n += 1) ring.write(JSON.stringify({ seq: n, pin: '739154', msg: 'typed 739154' }));
  const report = await logReport(ring, 2_000);
  expect(report.byteLength).toBeLessThanOrEqual(2_000);
  const lines = text(report).trimEnd().split('\n');
  expect(lines.map((line) => (JSON.parse(line) as { seq: number }).seq)).toEqual(
    Array.from({ length: lines.length }, (_, index) => 1_000 - lines.length + index),
  );
  expect(lines.length).toBeGreaterThan(20);
  expect(text(report)).not.toContain('739154');
});

it('redaction that makes lines longer makes the report no longer', async () => {
  const ring = new LogRing();
  for (let n = 0; n < 100; n += 1) ring.write('1*1');
  expect((await logReport(ring, 100)).byteLength).toBeLessThanOrEqual(100);
});

it('a program that has written nothing has an empty report', async () => {
  expect(text(await logReport(new LogRing(), 1_000))).toBe('');
});
