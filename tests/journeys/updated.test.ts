import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
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
const seed = Number(process.env['SEED'] ?? Math.floor(Math.random() * 1_000_000));
const random = numbersFrom(seed);
const cuts = 4;
/** About what staging, waiting for quiet and the trial take together. */
const cutWithinMs = 40_000;
const patient = { withinMs: 150_000, everyMs: 250 };

/** Numerical Recipes' linear congruential generator. */
function* numbersFrom(start: number): Generator<number, never> {
  for (let state = start >>> 0; ; yield state / 2 ** 32) state = (state * 1_664_525 + 1_013_904_223) >>> 0;
}

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
  const isOpen = async () => (await doorState()).opens > opens;
  // Whoever types while the terminal is just starting types again.
  await waitUntil(
    'the door to open',
    async () => {
      await type(`${unit}*${pin}#`);
      return waitUntil('the lock to be released', isOpen).catch(() => false);
    },
    patient,
  );
}

const type = (digits: string) =>
  fetch(`${doorUrl()}/keypad`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ digits }),
  });

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
const stateOf = async ({ id }: Release) => {
  const { items } = await operator('GET /v1/releases/:id/terminals', { params: { id }, query: {} });
  return items[0]?.state;
};

const agent = () => {
  const [doorway] = neighbourhood.doorways;
  if (!doorway) throw new Error('there is no door yet');
  return doorway.agent;
};

/** Launcher and agent are gone at once, as a service manager or a power cut ends them. */
async function cutPower(): Promise<void> {
  const { pid } = agent();
  if (pid === undefined) return;
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').filter(Boolean);
  await agent().kill();
  for (const child of children) {
    if (existsSync(`/proc/${child}`)) process.kill(Number(child), 'SIGKILL');
    await waitUntil('the agent to be gone', () => !existsSync(`/proc/${child}`), patient);
  }
}

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

it(`a terminal whose power is cut again and again while it updates always comes back, and people come home (SEED=${seed})`, async () => {
  const release = await uploaded('0.4.0');
  await give(release);
  for (let cut = 0; cut < cuts && (await stateOf(release)) === 'pending'; cut += 1) {
    await sleep(random.next().value * cutWithinMs);
    await cutPower();
    await agent().start();
    await comesHome(cut);
  }
  const { state, reason } = await wentAs(release);
  // Cut three times on trial, a release counts as one that ends by itself.
  expect([state, reason]).toEqual(state === 'applied' ? ['applied', null] : ['failed', 'crashed']);
  expect(bootState()).toMatchObject({ trial: null, floor: state === 'applied' ? '0.4.0' : '0.2.0' });
  await comesHome(4);
});
