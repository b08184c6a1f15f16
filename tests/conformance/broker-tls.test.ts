import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Client } from '@gatecast/cloud-api/client';
import { newAuthority, newServer } from '../../broker/src/certificates.fixture.ts';
import { found, signedIn, type Founded } from '../harness/founding.ts';
import { freePort } from '../harness/free-port.ts';
import { Neighbourhood } from '../harness/neighbourhood.ts';
import { waitUntil } from '../harness/wait-until.ts';

const dataDir = mkdtempSync(join(tmpdir(), 'gatecast-mqtts-'));
const patient = { withinMs: 60_000, everyMs: 200 };

let neighbourhood: Neighbourhood;
let founded: Founded;
let manager: Client;

function write(name: string, text: string): string {
  const path = join(dataDir, name);
  writeFileSync(path, text);
  return path;
}

/** Everything over TLS, and no port in clear. The second terminal was given the root of somebody else. */
beforeAll(async () => {
  const authority = newAuthority('the root of this site');
  const server = newServer(authority, '127.0.0.1');
  const port = await freePort(0);
  const cert = write('cert.pem', server.certPem);
  const key = write('key.pem', server.keyPem);
  const ours = write('ca.pem', authority.certPem);
  const theirs = write('other-ca.pem', newAuthority('the root of somebody else').certPem);
  const tls = {
    GATECAST_BROKER_TLS_PORT: String(port),
    GATECAST_BROKER_TLS_CERT_FILE: cert,
    GATECAST_BROKER_TLS_KEY_FILE: key,
  };
  const envs: Record<string, Record<string, string>> = {
    broker: { GATECAST_BROKER_PORT: 'none', ...tls },
    cloud: { GATECAST_BROKER_URL: `mqtts://127.0.0.1:${port}`, GATECAST_MQTT_CA: ours },
    agent: { GATECAST_MQTT_CA: ours },
    'agent-2': { GATECAST_MQTT_CA: theirs },
  };
  neighbourhood = new Neighbourhood({ dataDir, portBase: 0, envOf: (program) => envs[program] ?? {} });
  await neighbourhood.start();
  founded = await found(neighbourhood, 2);
  manager = await signedIn(neighbourhood.cloudUrl, founded.property);
});

afterAll(async () => {
  await neighbourhood.stop();
  rmSync(dataDir, { recursive: true, force: true });
});

const isOnline = async (index: number): Promise<boolean> =>
  (await manager('GET /v1/terminals/:id', { params: { id: founded.terminals[index]?.id ?? '' } })).online;

/** Says what the programs said last: who does not come has its reason in one of them. */
function withLogs(cause: unknown): never {
  const tails = ['broker', 'cloud', 'agent'].map((program) => {
    const lines = readFileSync(join(dataDir, program, 'log'), 'utf8')
      .trim()
      .split('\n');
    return `${program}:\n${lines.slice(-5).join('\n').slice(-2_000)}`;
  });
  throw new Error(tails.join('\n'), { cause });
}

it('terminal and cloud meet over TLS alone, and go on with their session after the broker has started again', async () => {
  await neighbourhood.addDoorway(founded.terminals[0]?.claimCode);
  await waitUntil('the terminal to be online', () => isOnline(0), patient).catch(withLogs);
  await neighbourhood.broker.stop();
  await waitUntil('the terminal to be missed', async () => !(await isOnline(0)), patient);
  await neighbourhood.broker.start();
  await waitUntil('the terminal to be back', () => isOnline(0), patient);
  const httpPort = Number(neighbourhood.broker.ready['httpPort']);
  const figures = await (await fetch(`http://127.0.0.1:${httpPort}/metrics`)).text();
  expect(figures).toContain('gatecast_broker_tls_handshakes_total{resumed="true"} 1');
});

it('a terminal that was given another root does not speak to this broker', async () => {
  await neighbourhood.addDoorway(founded.terminals[1]?.claimCode);
  const log = () => readFileSync(join(dataDir, 'agent-2', 'log'), 'utf8');
  await waitUntil(
    'the refusal',
    () => /UNABLE_TO_VERIFY|SELF_SIGNED|unable to verify|self-signed/i.test(log()),
    patient,
  );
  expect(await isOnline(1)).toBe(false);
});
