import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { objects, program, runProgram } from './program.fixture.ts';

let folder: string;
let link: string;
let board: ReturnType<typeof startBoard>;

function startBoard() {
  return spawn(process.execPath, [program, 'pd', '--listen', link, '--address', '3,17'], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
}

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gatecast-discover-'));
  link = `unix:${join(folder, 'line.sock')}`;
  board = startBoard();
  await once(createInterface(board.stdout), 'line');
});
afterEach(async () => {
  board.stdin.end();
  await once(board, 'close');
  await rm(folder, { recursive: true });
});

test('discover finds each device of a line, and says who it is', async () => {
  const { code, out } = await runProgram('discover', link, '--json', '--addresses', '0-20');
  expect(code).toBe(0);
  const [first, second] = objects(out);
  expect(first).toMatchObject({ address: 3, answer: 'readable', identity: { vendor: expect.any(String) } });
  expect(second).toMatchObject({ address: 17, capabilities: expect.arrayContaining([expect.anything()]) });
});

test('discover tells people what it found, and that it found nobody', async () => {
  const found = await runProgram('discover', link, '--addresses', '17');
  expect(found).toMatchObject({
    code: 0,
    out: expect.stringMatching(/^address 17: vendor \w{6} model .* serial .*, secure channel: \w+/),
  });
  const none = await runProgram('discover', link, '--addresses', '5-6');
  expect(none).toMatchObject({ code: 1, out: '', err: expect.stringContaining('nobody answered') });
});

test('discover says in one sentence that there is no line', async () => {
  const { code, err } = await runProgram('discover', `unix:${join(folder, 'nobody.sock')}`, '--addresses', '1');
  expect(code).toBe(1);
  expect(err).toContain('connect ENOENT');
});
