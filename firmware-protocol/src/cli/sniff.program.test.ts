import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { toHex } from '../osdp/frame/hex.ts';
import { Peripheral } from '../osdp/pd/peripheral.ts';
import { BOARD, OWN_KEY, security } from '../osdp/pd/wire-panel.fixture.ts';
import { HeardPanel } from '../osdp/trace/heard-panel.fixture.ts';
import type { ByteLink } from '../transport/link.ts';
import { LinkServer } from '../transport/link-server.ts';
import type { Outcome } from './program.fixture.ts';
import { objects, program, runProgram, runWith } from './program.fixture.ts';

let folder: string;
let path: string;
let server: LinkServer;
let tap: ByteLink | undefined;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gatecast-sniff-'));
  path = join(folder, 'line.sock');
  tap = undefined;
  server = new LinkServer({ path }, (link) => {
    tap = link;
  });
  await server.start();
});
afterEach(async () => {
  await server.stop();
  await rm(folder, { recursive: true });
});

/** Listens to the line while `talk` writes on it, then ends as `end` says. */
async function sniffing(args: string[], talk: (line: ByteLink) => unknown, end: 'SIGINT' | 'close'): Promise<Outcome> {
  const child = spawn(process.execPath, [program, 'sniff', `unix:${path}`, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let [out, err] = ['', ''];
  child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (err += chunk.toString()));
  const closed = once(child, 'close');
  await vi.waitFor(() => expect(err).toContain('listening to'), { timeout: 5000 });
  const line = await vi.waitFor(() => tap ?? Promise.reject(new Error('nobody listens')), { timeout: 5000 });
  line.write(Buffer.from('FF53000800066089CC', 'hex'));
  talk(line);
  await vi.waitFor(() => expect(out).toContain('LSTAT'), { timeout: 5000 });
  if (end === 'SIGINT') {
    child.kill('SIGINT');
  } else {
    line.close();
  }
  const [code] = await closed;
  return { code, out, err };
}

const lstat = Buffer.from('53 01 07 00 01 64 40'.replaceAll(' ', ''), 'hex');

describe('sniff', () => {
  test('tells each frame with its gap, follows the channel, and ends with a summary', async () => {
    const panel = new HeardPanel(new Peripheral({ ...BOARD, secure: security({ key: OWN_KEY, installMode: false }) }));
    panel.connect(OWN_KEY);
    panel.askSealed({ kind: 'id' });
    const frames = panel.heard.map(({ raw }) => raw);
    const capture = join(folder, 'bus.osdpcap');
    const { code, out } = await sniffing(
      ['--json', '--key', toHex(OWN_KEY), '--write', capture],
      (line) => [...frames, Uint8Array.of(1, 2), lstat].forEach((bytes) => line.write(bytes)),
      'SIGINT',
    );
    expect(code).toBe(0);
    const told = objects(out);
    expect(told[0]).toMatchObject({ name: 'POLL', gapMs: 0, at: expect.stringMatching(/^\d{4}-.*Z$/) });
    expect(told.slice(5, 9)).toMatchObject([
      { direction: 'command', name: 'ID', mac: 'ok', data: {} },
      { direction: 'reply', name: 'PDID', mac: 'ok', data: { identity: { serial: 7 } } },
      { noise: '0102', reason: 'noise' },
      { name: 'LSTAT', address: 1 },
    ]);
    expect(told.at(-1)).toMatchObject({
      summary: {
        noiseBytes: 2,
        devices: [
          { address: 0, commands: 4, replies: 3, unanswered: 1, badChecks: 0, badMacs: 0 },
          { address: 1, commands: 1, replies: 0 },
        ],
      },
    });
    const decoded = await runProgram('decode', '--json', '--key', toHex(OWN_KEY), capture);
    expect(objects(decoded.out)).toMatchObject([{ name: 'POLL' }, {}, {}, {}, {}, {}, { name: 'PDID', mac: 'ok' }, {}]);
  });

  test('says when the line ended by itself', async () => {
    const { code, out, err } = await sniffing([], (line) => line.write(lstat), 'close');
    expect(code).toBe(1);
    expect(err).toContain('the link closed');
    expect(out).toContain('→   1 #1 LSTAT');
    expect(out).toContain('address 1: commands 1');
  });

  test('says in one sentence that there is no line', async () => {
    expect(await runProgram('sniff', `unix:${join(folder, 'nobody.sock')}`)).toMatchObject({
      code: 1,
      err: expect.stringMatching(/^connect ENOENT .*\n$/),
    });
    expect(await runProgram('sniff', 'serial:/dev/no-such-port?baud=9600')).toMatchObject({
      code: 1,
      err: expect.stringMatching(/^.*no-such-port.*\n$/),
    });
  });

  test('says which package a serial port needs where it is not installed', async () => {
    const withoutSerialport = `import { registerHooks } from 'node:module';
      const resolve = (name, context, next) => next(name === 'serialport' ? 'no-such-package' : name, context);
      registerHooks({ resolve });`;
    const NODE_OPTIONS = `--import=data:text/javascript,${encodeURIComponent(withoutSerialport)}`;
    const { code, err } = await runWith({ NODE_OPTIONS }, 'sniff', 'serial:/dev/ttyS0');
    expect(code).toBe(1);
    expect(err).toBe('Serial ports need the package "serialport", which is not installed: npm install serialport@13\n');
  });
});

test.each(['decode', 'sniff', 'discover', 'pd'])('%s --help says what it understands', async (subcommand) => {
  const { code, out } = await runProgram(subcommand, '--help');
  expect(code).toBe(0);
  expect(out).toContain(`usage: gatecast-osdp ${subcommand}`);
});
