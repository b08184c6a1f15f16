import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Client, Release } from '@gatecast/cloud-api/client';
import { protocolVersion, type ReleaseManifest } from '@gatecast/firmware-protocol/messages';
import { newKeyPair, privateKeyOf } from '@gatecast/firmware-protocol/node';
import { packFolder, signRelease, updateKeyOf, writeReleaseFile } from '@gatecast/firmware-protocol/release';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { bundleAgent } from '../../edge-agent/bundle.ts';
import { found, signedIn, type Founded } from '../harness/founding.ts';
import { Neighbourhood } from '../harness/neighbourhood.ts';
import { waitUntil } from '../harness/wait-until.ts';
import type { DoorState } from '../harness/world.ts';

/*
 * The bundled agent behind its launcher, with the real cloud and broker: given a release, and then one that does not start. Somebody comes home after each.
 */

const dir = mkdtempSync(join(tmpdir(), 'gatecast-updated-'));
const software = join(dir, 'software');
const pair = newKeyPair('ed25519');
const key = { ...updateKeyOf(pair.publicKey), privateKey: privateKeyOf('ed25519', pair.privateKey) };
const patient = { withinMs: 150_000, everyMs: 250 };

let neighbourhood: Neighbourhood;
let founded: Founded;
let operator: Client;
let bundle: string;

beforeAll(async () => {
  bundle = (await bundleAgent()).dir;
  const keys = join(dir, 'update-keys.json');
  writeFileSync(keys, JSON.stringify({ v: 1, keys: [{ kid: key.kid, publicKey: key.publicKey }] }));
  mkdirSync(software);
  cpSync(bundle, join(software, 'a'), { recursive: true });
  neighbourhood = new Neighbourhood({
    dataDir: join(dir, 'town'),
    portBase: 0,
    agentEntry: join(bundle, 'gatecast-agent-launcher.mjs'),
    env: { GATECAST_UPDATE_KEYS_FILE: keys, GATECAST_SOFTWARE_DIR: software, GATECAST_TRIAL_SECONDS: '60' },
  });
  await neighbourhood.start();
  founded = await found(neighbourhood, 1);
  operator = await signedIn(neighbourhood.cloudUrl, neighbourhood.operatorLogin);
  await neighbourhood.addDoorway(founded.terminals[0]?.claimCode);
  await waitUntil(
    'the terminal to be ready',
    async () => {
      const { online, doorOnline, documents } = await terminal();
      return online && doorOnline && documents.access.state === 'applied';
    },
    patient,
  );
});
afterAll(async () => {
  await neighbourhood?.stop();
  rmSync(dir, { recursive: true, force: true });
});

const terminalId = (): string => founded.terminals[0]?.id ?? '';
const terminal = () => operator('GET /v1/terminals/:id', { params: { id: terminalId() } });
const doorUrl = (): string => neighbourhood.doorways[0]?.doorUrl ?? '';
const doorState = async () => (await (await fetch(`${doorUrl()}/state`)).json()) as DoorState;

async function comesHome(index: number): Promise<void> {
  const { unit = '', pin = '' } = founded.residents[index] ?? {};
  const { opens } = await waitUntil(
    'the door to be shut',
    async () => {
      const state = await doorState();
      return state.lock === 'secured' && state.contact === 'closed' ? state : undefined;
    },
    patient,
  );
  await fetch(`${doorUrl()}/keypad`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ digits: `${unit}*${pin}#` }),
  });
  await waitUntil('the door to open', async () => (await doorState()).opens > opens, patient);
}

/** The bundle as version `version`, changed by `change`, signed and uploaded. */
async function uploaded(version: string, change: (folder: string) => void = () => undefined): Promise<Release> {
  const folder = join(dir, version);
  cpSync(bundle, folder, { recursive: true });
  const about = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as object;
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ ...about, version }));
  change(folder);
  const packed = await packFolder(folder, `${folder}.gz`);
  const manifest: ReleaseManifest = {
    v: 1,
    version,
    model: `${process.platform}-${process.arch}`,
    protocolFloor: protocolVersion,
    minFrom: null,
    createdAt: 0 as ReleaseManifest['createdAt'],
    ...packed,
  };
  const release = { manifest, signature: signRelease(key, manifest), successions: [] };
  await writeReleaseFile(`${folder}.gcr`, release, { path: `${folder}.gz`, from: 0 });
  return operator('POST /v1/releases', { query: {}, body: new Blob([readFileSync(`${folder}.gcr`)]) });
}

const give = ({ id }: Release) =>
  operator('POST /v1/releases/:id/assignments', { params: { id }, body: { terminalIds: [terminalId()] } });
const wentAs = ({ id }: Release) =>
  waitUntil(
    'the terminal to say how it went',
    async () => {
      const { items } = await operator('GET /v1/releases/:id/terminals', { params: { id }, query: {} });
      return items.find(({ state }) => state !== 'pending');
    },
    patient,
  );
const bootState = (): unknown => JSON.parse(readFileSync(join(software, 'boot-state.json'), 'utf8'));

it('a terminal takes a release over the air, keeps it when all works again, and people come home all the while', async () => {
  await comesHome(0);
  const release = await uploaded('0.2.0');
  await give(release);
  await comesHome(1);
  expect(await wentAs(release)).toMatchObject({ terminalId: terminalId(), state: 'applied', reason: null });
  expect(bootState()).toMatchObject({ active: 'b', floor: '0.2.0', trial: null });
  await comesHome(2);
});

it('a release that does not start gives way to the one before by itself, and says so', async () => {
  const release = await uploaded('0.3.0', (folder) =>
    writeFileSync(join(folder, 'gatecast-agent.mjs'), 'process.exit(1);\n'),
  );
  await give(release);
  expect(await wentAs(release)).toMatchObject({ state: 'failed', reason: 'crashed' });
  expect(bootState()).toMatchObject({ active: 'b', floor: '0.2.0', trial: null });
  await comesHome(3);
});
