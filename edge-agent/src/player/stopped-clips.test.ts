import { instant } from '@gatecast/firmware-protocol';
import { expect, it } from 'vitest';
import { memoryInMemory, silentLog } from './player.fixture.ts';
import { createStoppedClips, stoppedMax } from './stopped-clips.ts';

const [a, b] = ['a'.repeat(64), 'b'.repeat(64)];
const at = (ms: number) => instant(1_795_000_000_000 + ms);
const open = (memory = memoryInMemory()) => createStoppedClips(memory, silentLog);

it('a clip that was ordered to stop stays stopped in whatever manifest, over restarts, until it is approved again', () => {
  const memory = memoryInMemory();
  open(memory).stop({ clips: [a], at: at(100) });
  const stopped = open(memory);
  const isStopped = (approvedMs: number, sha256 = a) => stopped.isStopped({ sha256, approvedAt: at(approvedMs) });
  expect([isStopped(0), isStopped(100), isStopped(101), isStopped(0, b)]).toEqual([true, true, false, false]);
  expect(stopped.isStopped({ sha256: a, approvedAt: instant(0) })).toBe(true);
});

it('an order that is heard again, or late, undoes no later one and stops nothing that was approved since', () => {
  const stopped = open();
  const [first, second] = [
    { clips: [a, b], at: at(100) },
    { clips: [a], at: at(200) },
  ];
  stopped.stop(second);
  stopped.stop(first);
  expect([stopped.isKnown(first), stopped.isKnown(second), stopped.isKnown({ clips: [b], at: at(101) })]).toEqual([
    true,
    true,
    false,
  ]);
  expect(stopped.isStopped({ sha256: a, approvedAt: at(150) })).toBe(true);
  stopped.stop(second);
  expect(stopped.isStopped({ sha256: a, approvedAt: at(201) })).toBe(false);
});

it('so many are remembered, the newest', () => {
  const memory = memoryInMemory();
  const stopped = open(memory);
  const fileOf = (i: number) => i.toString(16).padStart(64, '0');
  for (let i = 0; i <= stoppedMax; i += 1) stopped.stop({ clips: [fileOf(i)], at: at(i) });
  const isStopped = (i: number) => open(memory).isStopped({ sha256: fileOf(i), approvedAt: at(-1) });
  expect([isStopped(0), isStopped(1), isStopped(stoppedMax)]).toEqual([false, true, true]);
});

it('what cannot be read of it keeps the screen from nothing', () => {
  const memory = memoryInMemory(new Map([['media-stopped', '{"half']]));
  const stopped = open(memory);
  expect(stopped.isStopped({ sha256: a, approvedAt: instant(0) })).toBe(false);
  stopped.stop({ clips: [a], at: at(1) });
  expect(open(memory).isStopped({ sha256: a, approvedAt: instant(0) })).toBe(true);
});
