import { expect, it } from 'vitest';
import type { MediaManifest } from '@gatecast/firmware-protocol/messages';
import { clipOf, manifestOf, memoryInMemory, silentLog } from './player.fixture.ts';
import { manifestInForce } from './taken-down.ts';

const [fruit, noodles] = [clipOf(Buffer.of(1)).clip, clipOf(Buffer.of(2)).clip];
const nothingStopped = { isStopped: () => false };
const first = { version: 1, body: manifestOf(fruit, noodles) };
const second = { version: 2, body: { ...manifestOf(fruit), takenDown: [noodles.sha256] } };

function terminalWith(memory = memoryInMemory()) {
  let inForce: { readonly version: number; readonly body: MediaManifest } | undefined;
  const documents = {
    current: () => inForce?.body as never,
    version: () => inForce?.version ?? 0,
  };
  const manifest = manifestInForce(documents, memory, nothingStopped, silentLog);
  return (put: typeof inForce) => {
    inForce = put;
    return manifest()?.clips.map(({ sha256 }) => sha256);
  };
}

it('a manifest that comes back brings nothing back that the one after it had taken down, also after a restart', () => {
  const memory = memoryInMemory();
  const told = terminalWith(memory);
  expect(told(undefined)).toBeUndefined();
  expect(told(first)).toEqual([fruit.sha256, noodles.sha256]);
  expect(told(second)).toEqual([fruit.sha256]);
  expect(told(first)).toEqual([fruit.sha256]);
  expect(terminalWith(memory)(first)).toEqual([fruit.sha256]);
  // Approved again: a newer manifest says so.
  expect(terminalWith(memory)({ ...first, version: 3 })).toEqual([fruit.sha256, noodles.sha256]);
});

it.each(['', '{', '[]', '{"version":"2"}'])(
  'a memory that cannot be read, %j, leaves the screen its clips',
  async (text) => {
    const memory = memoryInMemory();
    await memory.set('media-taken-down', text);
    expect(terminalWith(memory)(first)).toEqual([fruit.sha256, noodles.sha256]);
  },
);
