import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { seal, unseal } from '@gatecast/firmware-protocol/node';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loadOrCreateKeys } from './identity.ts';

describe('the keys of a terminal', () => {
  let dir: string;
  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), 'gatecast-keys-'));
  });
  afterEach(() => rmSync(dir, { recursive: true }));
  const path = () => join(dir, 'keys.json');
  const publicKeys = (keys = loadOrCreateKeys(dir)) => [keys.identity.publicKey, keys.sealing.publicKey];

  it('are its own: two fresh machines share nothing, and nobody else may read the file', () => {
    const other = mkdtempSync(join(tmpdir(), 'gatecast-keys-'));
    const [one, two] = [loadOrCreateKeys(dir), loadOrCreateKeys(other)];
    const all = [one, two].flatMap(({ identity, sealing }) => [identity, sealing]);
    const secrets = all.flatMap(({ publicKey, privateKey }) => [publicKey, privateKey]);
    expect(new Set(secrets).size).toBe(8);
    for (const file of [path(), join(other, 'keys.json')]) expect(statSync(file).mode & 0o777).toBe(0o600);
    rmSync(other, { recursive: true });
  });

  it('are closed again when the file was put back readable by all', () => {
    loadOrCreateKeys(dir);
    writeFileSync(join(dir, 'copy'), readFileSync(path()));
    rmSync(path());
    writeFileSync(path(), readFileSync(join(dir, 'copy')), { mode: 0o644 });
    loadOrCreateKeys(dir);
    expect(statSync(path()).mode & 0o777).toBe(0o600);
  });

  it('stay the same over a restart, and a damaged file is never replaced', () => {
    const before = publicKeys();
    expect(publicKeys()).toEqual(before);
    writeFileSync(path(), '{"v":1');
    expect(() => loadOrCreateKeys(dir)).toThrow(SyntaxError);
    expect(readFileSync(path(), 'utf8')).toBe('{"v":1');
  });

  it('change in two steps, each whole: the next ones are made once and then take their place', () => {
    const keys = loadOrCreateKeys(dir);
    const before = publicKeys(keys);
    const next = keys.begin();
    expect(loadOrCreateKeys(dir).begin().identity.publicKey).toBe(next.identity.publicKey);
    expect(publicKeys()).toEqual(before);
    keys.promote(1_000);
    const after = loadOrCreateKeys(dir);
    expect(publicKeys(after)).toEqual([next.identity.publicKey, next.sealing.publicKey]);
    expect(after).toMatchObject({ next: undefined, since: 1_000 });
  });

  it('still open what was sealed to the ones before, and the keys at rest stay where they are', () => {
    const keys = loadOrCreateKeys(dir);
    const { atRest } = keys;
    const box = seal(keys.sealing.publicKey, 'test', Buffer.from('old'));
    keys.begin();
    keys.promote(1);
    const [present, before] = loadOrCreateKeys(dir).sealingPairs;
    if (!present || !before) throw new Error('there are two pairs');
    expect(unseal(before, 'test', box).toString()).toBe('old');
    expect(() => unseal(present, 'test', box)).toThrow('sealed key');
    keys.startOver();
    expect(loadOrCreateKeys(dir)).toMatchObject({ atRest, since: undefined });
  });
});
