import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { rotatingLog } from './rotating-log.ts';

describe('a log in files', () => {
  let dir: string;
  let file: string;

  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), 'gatecast-log-'));
    file = join(dir, 'log', 'agent.log');
  });
  afterEach(() => rmSync(dir, { recursive: true }));
  const line = (n: number) => `${JSON.stringify({ n, msg: '门'.repeat(20) })}\n`;

  it('keeps three files below their size, the newest lines among them, and each line whole', () => {
    const log = rotatingLog({ file, bytesMax: 1_000 });
    for (let n = 0; n < 200; n += 1) log.write(line(n));
    log.stop();
    const files = [`${file}.2`, `${file}.1`, file];
    for (const each of files) expect(statSync(each).size).toBeLessThanOrEqual(1_000);
    expect(existsSync(`${file}.3`)).toBe(false);
    const kept = files.flatMap((each) => readFileSync(each, 'utf8').trimEnd().split('\n'));
    const numbers = kept.map((text) => (JSON.parse(text) as { n: number }).n);
    expect(numbers).toEqual(Array.from({ length: numbers.length }, (_, i) => 200 - numbers.length + i));
  });

  it('goes on behind what an earlier run has written', () => {
    const first = rotatingLog({ file, bytesMax: 1_000_000 });
    first.write(line(1));
    first.stop();
    const second = rotatingLog({ file, bytesMax: 1_000_000 });
    second.write(line(2));
    second.stop();
    expect(readFileSync(file, 'utf8')).toBe(line(1) + line(2));
  });

  it.skipIf(!existsSync('/dev/full'))(
    'on a disk that is full says so once, keeps no line back, and goes on when there is room',
    () => {
      const said = vi.spyOn(console, 'error').mockReturnValue();
      mkdirSync(join(dir, 'log'));
      symlinkSync('/dev/full', file);
      const log = rotatingLog({ file, bytesMax: 1_000_000 });
      for (let n = 0; n < 100; n += 1) log.write(line(n));
      expect(said.mock.calls).toEqual([[expect.stringContaining('ENOSPC')]]);
      rmSync(file);
      log.stop();
      log.write(line(100));
      expect(readFileSync(file, 'utf8')).toBe(line(100));
      log.stop();
      said.mockRestore();
    },
  );
});
