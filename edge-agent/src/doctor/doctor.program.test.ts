import { once } from 'node:events';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '@gatecast/firmware-protocol';
import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Agent } from '../agent.ts';
import { doorLink } from '../door/serial-line.ts';
import { SimulatedDoor } from '../door/simulated-door.fixture.ts';
import { noteRunning } from '../on-site/running.ts';
import { TerminalFixture } from '../terminal.fixture.ts';
import { doctor } from './doctor.ts';
import type { Finding } from './finding.ts';

const log = pino({ level: 'silent' });

describe('the doctor', () => {
  let dataDir: string;
  let door: SimulatedDoor;
  const variables = () => ({
    GATECAST_DATA_DIR: dataDir,
    GATECAST_CLOUD_URL: 'http://127.0.0.1:9',
    GATECAST_DOOR_LINK: door.link,
    LANG: 'en_US.UTF-8',
  });
  const look = async (change: Record<string, string> = {}) => {
    const said: string[] = [];
    const options = {
      variables: { ...variables(), ...change },
      config: undefined,
      say: (line: string) => said.push(line),
    };
    const exitCode = await doctor({ ...options, json: true });
    const { findings } = JSON.parse(said[0] ?? '') as { findings: (Finding & { sentence: string })[] };
    return { exitCode, codes: findings.map(({ code }) => code), findings };
  };

  beforeEach(async () => {
    dataDir = mkdtempSync(join(tmpdir(), 'gatecast-doctor-'));
    door = new SimulatedDoor();
    await door.start();
    await new TerminalFixture().furnish(dataDir, []);
  });
  afterEach(async () => {
    await door.stop();
    rmSync(dataDir, { recursive: true });
  });

  it('asks the door’s hardware itself while no agent runs, and moves nothing', async () => {
    const { exitCode, codes } = await look();
    expect(codes).toEqual(expect.arrayContaining(['agent-stopped', 'claimed', 'documents-in-force', 'door-answers']));
    expect(codes).toContain('cloud-unreachable');
    expect(exitCode).toBe(1);
    expect(await door.state()).toMatchObject({ lock: 'secured', opens: 0 });
  });

  it('leaves the line to an agent that runs, and says what that one knows', async () => {
    const agent = new Agent({
      dataDir,
      cloudUrl: 'http://127.0.0.1:9',
      doorLinks: { osdp: doorLink(door.link) },
      clock: systemClock,
      screen: { port: 0, frameAncestors: [], pageDir: dataDir },
      log,
    });
    try {
      const { screenUrl } = await agent.start();
      noteRunning(dataDir, screenUrl, log);
      await expect
        .poll(async () => (await look()).codes)
        .toEqual(expect.arrayContaining(['agent-running', 'door-answers', 'screen-absent']));
    } finally {
      await agent.stop();
    }
  });

  it('is helped by a page that only this machine’s own browser sees, with the token, and that runs nothing', async () => {
    const agent = new Agent({
      dataDir,
      cloudUrl: 'http://127.0.0.1:9',
      doorLinks: { osdp: doorLink(door.link) },
      clock: systemClock,
      screen: { port: 0, frameAncestors: [], pageDir: dataDir },
      log,
    });
    try {
      const { screenUrl } = await agent.start();
      const page = new URL(screenUrl ?? '');
      page.pathname = '/local';
      const answer = await fetch(page, { headers: { 'accept-language': 'en' } });
      expect([answer.status, await answer.text()]).toEqual([200, expect.stringContaining('Doors and readers')]);
      expect(answer.headers.get('content-security-policy')).toContain("default-src 'none'");
      expect((await fetch(page, { headers: { origin: 'http://evil.example' } })).status).toBe(403);
      for (const path of ['/local', '/local/status']) {
        expect((await fetch(`${page.origin}${path}`)).status).toBe(403);
      }
    } finally {
      await agent.stop();
    }
  });

  it('tells a silent door, a wrong link, open keys and a taken port apart, with what to do', async () => {
    chmodSync(join(dataDir, 'keys.json'), 0o644);
    const taken = createServer().listen(0, '127.0.0.1');
    await once(taken, 'listening');
    const address = taken.address();
    const port = String(address && typeof address === 'object' ? address.port : 0);
    const { codes, findings } = await look({ GATECAST_DOOR_LINK: 'unix:/nowhere', GATECAST_SCREEN_PORT: port });
    taken.close();
    expect(codes).toEqual(expect.arrayContaining(['door-link-broken', 'keys-open', 'screen-port-taken']));
    expect(findings.find(({ code }) => code === 'keys-open')?.sentence).toContain('chmod 600');
  });

  it('names all faults of the settings, and looks no further', async () => {
    const { exitCode, codes, findings } = await look({ GATECAST_SCREEN_PORT: 'many', GATECAST_CLOUD_URL: 'cloud' });
    expect([exitCode, codes]).toEqual([1, ['settings-bad']]);
    expect(findings[0]?.sentence).toMatch(/GATECAST_CLOUD_URL[^]*GATECAST_SCREEN_PORT/);
  });

  it('speaks Chinese where nobody asks for English', async () => {
    const { findings } = await look({ LANG: 'zh_CN.UTF-8' });
    expect(findings.map(({ sentence }) => sentence).join('')).toContain('连不上云端');
  });
});
