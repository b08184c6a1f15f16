import { chmod, mkdir, mkdtemp, readFile, rm, rmdir, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { BusRecording, WAITING_BYTES_MAX } from './bus-recording.ts';

let folder: string;
let path: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gatecast-recording-'));
  path = join(folder, 'bus.osdpcap');
});
afterEach(() => rm(folder, { recursive: true }));

const lines = async (file: string) => (await readFile(file, 'utf8')).split('\n').filter((line) => line !== '');

test('every line is in the file when the recording has stopped, and only its owner may read it', async () => {
  await writeFile(path, 'from an earlier run\n');
  await chmod(path, 0o644);
  const recording = new BusRecording({ path, bytesMax: 1_000_000 });
  await recording.start();
  recording.write('one');
  recording.write('two');
  await recording.stop();
  await recording.stop();
  expect(await lines(path)).toEqual(['from an earlier run', 'one', 'two']);
  expect((await stat(path)).mode & 0o777).toBe(0o600);
  expect(recording.lostLines).toBe(0);
});

test('the files are never longer than agreed, and hold the newest lines', async () => {
  const recording = new BusRecording({ path, bytesMax: 200 });
  await recording.start();
  for (let number = 100; number < 150; number += 1) {
    recording.write(`line ${number}`);
    await vi.waitFor(async () => expect(await lines(path)).toContain(`line ${number}`), { interval: 1 });
  }
  await recording.stop();
  const kept = [...(await lines(`${path}.1`)), ...(await lines(path))];
  expect((await stat(path)).size + (await stat(`${path}.1`)).size).toBeLessThanOrEqual(200);
  expect(kept.at(-1)).toBe('line 149');
  expect(kept).toEqual(Array.from(kept, (_, index) => `line ${150 - kept.length + index}`));
  expect(kept.length).toBeGreaterThan(10);
});

test('more than the disk can take is lost and counted, and nobody waits for it', async () => {
  const recording = new BusRecording({ path, bytesMax: 10 * WAITING_BYTES_MAX });
  await recording.start();
  const line = 'x'.repeat(WAITING_BYTES_MAX / 2);
  for (let count = 0; count < 4; count += 1) {
    recording.write(line);
  }
  await recording.stop();
  expect(recording.lostLines + (await lines(path)).length).toBe(4);
  expect(recording.lostLines).toBeGreaterThan(0);
});

test('a file that cannot be written is told once, costs only its lines, and is written again when it can be', async () => {
  const faults: unknown[] = [];
  const recording = new BusRecording({ path, bytesMax: 60, onFault: (error) => faults.push(error) });
  await recording.start();
  recording.write('first line of some length');
  // The full file cannot move to where something else stands.
  await mkdir(`${path}.1`);
  await vi.waitFor(async () => expect(await lines(path)).toHaveLength(1));
  recording.write('second, lost');
  await vi.waitFor(() => expect(recording.lostLines).toBe(1));
  recording.write('third, lost');
  await vi.waitFor(() => expect(recording.lostLines).toBe(2));
  expect(faults).toHaveLength(1);
  await rmdir(`${path}.1`);
  recording.write('fourth');
  await recording.stop();
  expect(await lines(path)).toEqual(['fourth']);
  expect(await lines(`${path}.1`)).toEqual(['first line of some length']);
});

test('a recording that cannot begin says so, and what is not started writes nothing', async () => {
  const recording = new BusRecording({ path: join(folder, 'nowhere', 'bus.osdpcap'), bytesMax: 1000 });
  await expect(recording.start()).rejects.toThrow('ENOENT');
  recording.write('x');
  expect(recording.lostLines).toBe(1);
  await recording.stop();
});
