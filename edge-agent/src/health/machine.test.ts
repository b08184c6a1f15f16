import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { diskOf, temperatureOf } from './machine.ts';

describe('the machine', () => {
  let dir: string;
  const zone = (name: string, temp: string) => {
    mkdirSync(join(dir, name));
    writeFileSync(join(dir, name, 'temp'), temp);
  };

  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), 'gatecast-machine-'));
  });
  afterEach(() => rmSync(dir, { recursive: true }));

  it('is as hot as its hottest sensor; one that is off or says nothing is left out', async () => {
    zone('thermal_zone0', '41500\n');
    zone('thermal_zone1', '63000\n');
    zone('thermal_zone2', '-274000\n');
    zone('thermal_zone3', '');
    zone('cooling_device0', '99000\n');
    expect(await temperatureOf(dir)).toBe(63);
  });

  it('says nothing of its heat where nothing measures it', async () => {
    expect(await temperatureOf(join(dir, 'none'))).toBe(null);
  });

  it('tells how much disk is left, and that a folder that is gone takes no writes', async () => {
    const { totalBytes, freeBytes, writable } = await diskOf(dir);
    expect(writable).toBe(true);
    expect(freeBytes).toBeGreaterThan(0);
    expect(totalBytes).toBeGreaterThanOrEqual(freeBytes ?? Number.NaN);
    expect(await diskOf(join(dir, 'none'))).toEqual({ totalBytes: null, freeBytes: null, writable: false });
  });
});
