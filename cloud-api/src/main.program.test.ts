import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { operatorLogin } from './test-app.ts';

const program = fileURLToPath(new URL('../bin/gatecast-cloud.js', import.meta.url));

describe('the program', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'gatecast-cloud-'));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const start = (change: Record<string, string> = {}) =>
    spawn(process.execPath, [program], {
      stdio: ['pipe', 'pipe', 'pipe'],
      env: {
        PATH: process.env['PATH'],
        NODE_COMPILE_CACHE: process.env['NODE_COMPILE_CACHE'],
        GATECAST_CLOUD_PORT: '0',
        GATECAST_DATA_DIR: folder,
        GATECAST_BROKER_URL: '',
        GATECAST_FIRST_OPERATOR_EMAIL: operatorLogin.email,
        GATECAST_FIRST_OPERATOR_PASSWORD: operatorLogin.password,
        GATECAST_LOG_LEVEL: 'error',
        GATECAST_PARENT_WATCH: '1',
        ...change,
      },
    });
  const ready = async (child: ReturnType<typeof start>): Promise<string> => {
    const [line] = (await once(child.stdout, 'data')) as [Buffer];
    return `http://127.0.0.1:${(JSON.parse(line.toString()) as { port: number }).port}`;
  };
  const signIn = async (base: string): Promise<string> => {
    const headers = { 'content-type': 'application/json' };
    const answer = await fetch(`${base}/v1/sessions`, { method: 'POST', headers, body: JSON.stringify(operatorLogin) });
    return ((await answer.json()) as { token: string }).token;
  };

  it('says when it answers, and ends on SIGTERM although somebody watches live', async () => {
    const child = start();
    const base = await ready(child);
    const authorization = `Bearer ${await signIn(base)}`;
    const stream = await fetch(`${base}/v1/events`, { headers: { authorization } });
    expect(stream.status).toBe(200);
    const gone = once(child, 'exit');
    child.kill('SIGTERM');
    expect(await gone).toEqual([0, null]);
    expect(await stream.text()).toContain(': connected');
  });

  it('knows after a restart what it knew before, and ends with the program that started it', async () => {
    const child = start({ GATECAST_FIRST_OPERATOR_PASSWORD: 'another-password' });
    expect(await signIn(await ready(child))).toMatch(/^gcs_/);
    const gone = once(child, 'exit');
    child.stdin.end();
    expect(await gone).toEqual([0, null]);
  });

  it('says in plain words what is wrong with its configuration', async () => {
    const child = start({ GATECAST_CLOUD_PORT: 'high' });
    const texts: Buffer[] = [];
    child.stderr.on('data', (text: Buffer) => void texts.push(text));
    expect(await once(child, 'close')).toEqual([1, null]);
    const text = Buffer.concat(texts).toString();
    expect(text).toContain('GATECAST_CLOUD_PORT');
    expect(text).not.toMatch(/at .*\.ts:\d+/);
  });
});
