import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { on } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { freePort } from '../harness/free-port.ts';

const run = promisify(execFile);
const root = fileURLToPath(new URL('../..', import.meta.url));
const name = '@gatecast/firmware-protocol';
/** The port that the examples of the README find each other on. */
const examplePort = '4100';

const comment = /\/\*[^]*?\*\/|\/\/.*$/gm;

const project = mkdtempSync(join(tmpdir(), 'gatecast-package-'));
const started: ChildProcess[] = [];

/** The example under a heading of the README, as a newcomer would paste it. */
function example(heading: string): string {
  const readme = readFileSync(join(project, 'node_modules', name, 'README.md'), 'utf8');
  const section = readme.split(/^#+ /m).find((text) => text.startsWith(`${heading}\n`));
  return /```js\n(?<code>[^`]+)```/.exec(section ?? '')?.groups?.['code'] ?? '';
}

function start(file: string, code: string): ChildProcess {
  writeFileSync(join(project, file), code);
  const child = spawn(process.execPath, [file], { cwd: project, stdio: ['ignore', 'pipe', 'inherit'] });
  started.push(child);
  return child;
}

beforeAll(async () => {
  const { stdout } = await run('npm', ['run', '--silent', 'pack:protocol'], { cwd: root });
  const stage = stdout.trim();
  const packed = await run('npm', ['pack', '--silent', '--pack-destination', project, stage], { cwd: project });
  writeFileSync(join(project, 'package.json'), JSON.stringify({ name: 'alone', private: true, type: 'module' }));
  const flags = ['--no-audit', '--no-fund', '--prefer-offline', '--loglevel=error'];
  await run('npm', ['install', ...flags, join(project, packed.stdout.trim())], { cwd: project });
}, 180_000);

afterAll(() => {
  for (const child of started) child.kill();
  rmSync(project, { recursive: true, force: true });
});

it('brings nothing with it but zod', async () => {
  const { stdout } = await run('npm', ['ls', '--all', '--parseable'], { cwd: project });
  const installed = stdout.trim().split('\n').slice(1);
  expect(new Set(installed.map((path) => path.split('node_modules/').at(-1)))).toEqual(new Set([name, 'zod']));
});

/** Lines that a program prints, until one is as wanted. */
async function firstLine(child: ChildProcess, isWanted: (line: string) => boolean): Promise<string> {
  if (!child.stdout) throw new Error('the program has no output');
  const lines = createInterface(child.stdout);
  for await (const [line] of on(lines, 'line', { signal: AbortSignal.timeout(30_000) })) {
    if (isWanted(String(line))) return String(line);
  }
  throw new Error('the program has ended');
}

it('opens a door from the two examples of its README, each in a process of its own', async () => {
  const [panel, device] = [example('A control panel'), example('A peripheral')];
  const port = String(await freePort(0));
  start('device.js', device.replaceAll(examplePort, port));
  const line = await firstLine(start('panel.js', panel.replaceAll(examplePort, port)), () => true);
  expect(line).toContain('ok: true');
}, 40_000);

it('pairs the device of its command line from the example of its README', async () => {
  const port = String(await freePort(0));
  const pd = spawn('npx', ['gatecast-osdp', 'pd', '--listen', port, '--install'], { cwd: project });
  started.push(pd);
  await firstLine(pd, (line) => line.includes('ready'));
  const panel = start('secure-panel.js', example('In a secure channel').replaceAll(examplePort, port));
  const line = await firstLine(panel, (text) => text.includes("type: 'pairing'"));
  expect(line).toContain("state: 'paired'");
  pd.stdin.end();
}, 40_000);

it('has types that a strict project compiles against', async () => {
  const code = `import { ControlPanel, type ControlPanelEvent } from '${name}';
import { aes128 } from '${name}/node';
const heard: ControlPanelEvent[] = [];
const panel = new ControlPanel({ baud: 9600, devices: [{ address: 0 }], onEvent: (event) => heard.push(event) });
export const bytes: Uint8Array | undefined = panel.nextTransmission(0);
export const block: Uint8Array = aes128(new Uint8Array(16)).encrypt(new Uint8Array(16));
// @ts-expect-error a panel without a speed has no idea of time
new ControlPanel({ devices: [], onEvent: () => {} });
`;
  writeFileSync(join(project, 'strict.ts'), code);
  const tsc = join(root, 'node_modules', '.bin', 'tsc');
  const flags = ['--noEmit', '--strict', '--module', 'NodeNext', '--target', 'ES2023', '--skipLibCheck', '--types', ''];
  await run(tsc, [...flags, 'strict.ts'], { cwd: project });
});

it.each(['index.js', 'messages/index.js'])('loads %s in a browser: nothing of Node is in it', (entry) => {
  const seen = new Set<string>();
  const walk = (file: string): void => {
    if (seen.has(file)) return;
    seen.add(file);
    const code = readFileSync(file, 'utf8').replaceAll(comment, '');
    expect(code, file).not.toMatch(/\bprocess\.|\bBuffer\.|\brequire\(/);
    for (const [, wanted = ''] of code.matchAll(/(?:from|import\() ?'(?<wanted>[^']+)'/g)) {
      if (wanted.startsWith('.')) walk(join(dirname(file), wanted));
      else expect(wanted, file).toBe('zod');
    }
  };
  walk(join(project, 'node_modules', name, 'dist', entry));
  expect(seen.size).toBeGreaterThan(10);
});

it('tells what a frame says from the command line', async () => {
  const { stdout } = await run('npx', ['gatecast-osdp', 'decode', '--json', 'FF5365080004606090'], { cwd: project });
  expect(JSON.parse(stdout)).toMatchObject({ name: 'POLL', address: 101, check: 'ok' });
});
