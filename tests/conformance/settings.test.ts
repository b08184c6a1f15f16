import { globSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const root = fileURLToPath(new URL('../../', import.meta.url));

it('the README names every setting that a program reads, and none that no program reads', () => {
  const rest = [
    'firmware-protocol/src/sim/{config,relay-board-config}.ts',
    'tests/harness/sandbox/main.ts',
    'tests/harness/browser.ts',
  ];
  const files = globSync(['*/src/config.ts', ...rest], { cwd: root });
  const namesIn = (text: string) => new Set(text.match(/\b(GATECAST_[A-Z_]+|FFMPEG_PATH)\b/g));
  const read = new Set(files.flatMap((file) => [...namesIn(readFileSync(`${root}/${file}`, 'utf8'))]));
  const told = namesIn(readFileSync(`${root}/README.md`, 'utf8'));
  expect(files.length).toBeGreaterThanOrEqual(6);
  expect([...told].toSorted()).toEqual([...read].toSorted());
});
