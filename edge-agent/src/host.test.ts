import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { rebootWith } from './host.ts';

it('the machine is asked by the program that the installer named, and no shell reads its arguments', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'gatecast-host-'));
  const asked = join(folder, 'asked;');
  await rebootWith(` touch   ${asked} `)();
  expect(existsSync(asked)).toBe(true);
  rmSync(folder, { recursive: true });
});

it.each(['false', '/nowhere/reboot'])('a machine that refuses says so (%s)', async (command) => {
  await expect(rebootWith(command)()).rejects.toMatchObject({ code: 'reboot-failed' });
});
