import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { DeviceMemory } from './device-memory.ts';

const key = Uint8Array.from({ length: 16 }, (_, index) => index);
let folder: string;
let path: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'gatecast-memory-'));
  path = join(folder, 'door.json');
});
afterEach(() => rmSync(folder, { recursive: true }));

function loaded(): DeviceMemory {
  const memory = new DeviceMemory(path);
  memory.load();
  return memory;
}

test('a draft that a crash left does not show the key to others', () => {
  writeFileSync(`${path}.new`, '', { mode: 0o644 });
  loaded().keepKey('entry', key);
  expect(statSync(path).mode & 0o777).toBe(0o600);
});

test('what a device keeps is there after a restart, and only its owner reads it', () => {
  const memory = loaded();
  expect(memory.keyOf('entry')).toBeUndefined();
  memory.keepKey('entry', key);
  memory.keepSettings('entry', { address: 4, baud: 38_400 });
  memory.keepSettings('exit', { address: 5, baud: 9_600 });
  const again = loaded();
  expect(again.keyOf('entry')).toEqual(key);
  expect(again.keyOf('exit')).toBeUndefined();
  expect(again.settingsOf('entry')).toEqual({ address: 4, baud: 38_400 });
  expect(statSync(path).mode & 0o777).toBe(0o600);
});

test.each([
  ['no JSON', '{', 'is not JSON'],
  ['a short key', '{"devices":{"entry":{"key":"00"}}}', 'is not 32 hexadecimal digits'],
  ['an address that no device has', '{"devices":{"entry":{"address":127}}}', 'is not what devices keep'],
])('a file with %s is refused and left alone', (_name, text, message) => {
  writeFileSync(path, text);
  expect(loaded).toThrow(message);
  expect(readFileSync(path, 'utf8')).toBe(text);
});

test('a key that cannot be written is not kept', () => {
  const memory = new DeviceMemory(join(folder, 'nowhere', 'door.json'));
  memory.load();
  expect(() => memory.keepKey('entry', key)).toThrow('ENOENT');
  expect(memory.keyOf('entry')).toBeUndefined();
});
