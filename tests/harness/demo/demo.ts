import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildDashboards } from '../../../dashboards/build.ts';
import { advertise, bookTheDay } from '../advertising.ts';
import { engageGuard, found, merchantLogin, signedIn, type Founded, type Login } from '../founding.ts';
import { freePort } from '../free-port.ts';
import { Neighbourhood } from '../neighbourhood.ts';
import { pairReaders } from '../pairing.ts';
import { waitUntil } from '../wait-until.ts';
import type { DemoArguments } from './arguments.ts';
import { makeClips } from './clips/make-clips.ts';
import { HomeServer } from './home-server.ts';
import { town } from './town.ts';

/** What `--ready-file` holds. Its form is public: outside checks read it. */
export interface ReadyDocument {
  readonly home: string;
  readonly cloud: string;
  readonly mqtt: string;
  readonly screen: string;
  readonly door: string;
  readonly pay: string;
  readonly sms: string;
  readonly dashboards: Readonly<Record<'operator' | 'property' | 'guard' | 'merchant' | 'resident', string>>;
  readonly logins: Readonly<Record<'operator' | 'property' | 'guard' | 'merchant', Login>>;
  readonly resident: { readonly phone: string; readonly keys: string };
  readonly terminal: string;
  readonly community: string;
  readonly pids: Readonly<Record<'broker' | 'cloud' | 'agent' | 'door' | 'pay', number | undefined>>;
}

export interface Demo {
  readyDocument(): ReadyDocument;
  summary(seconds: number): string;
  onProgramsChange(listener: () => void): void;
  stop(): Promise<void>;
}

interface OpenOptions extends DemoArguments {
  readonly dataDir: string;
  readonly say: (line: string) => void;
  /** Told at once, so that Ctrl-C during the start stops what is already running. */
  readonly onOpening: (demo: Demo) => void;
}

/** A program that ended unasked stays down this long, so that a person can see the door work without it. */
const restartAfterMs = 5_000;
const clipCache = fileURLToPath(new URL('../../../.data/clips', import.meta.url));

/** Builds what is stale, starts the neighbourhood, founds the community the first time, and opens the home page. */
export async function openDemo(options: OpenOptions): Promise<Demo> {
  const { dataDir, portBase, say } = options;
  await buildPages(say);
  const clips = await makeClips({ dir: clipCache, onProgress: say });

  const homePort = await freePort(portBase);
  const home = new HomeServer(homePort);
  const listeners: (() => void)[] = [];
  const neighbourhood = new Neighbourhood({
    dataDir,
    portBase,
    restartAfterMs,
    frameAncestors: [`http://127.0.0.1:${homePort}`, `http://localhost:${homePort}`],
    onChange: () => listeners.forEach((listener) => listener()),
  });
  let founded: Founded | undefined;
  const demo: Demo = {
    readyDocument: () => readyDocument(home, neighbourhood, founded),
    summary: (seconds) => summaryText(readyDocument(home, neighbourhood, founded), seconds),
    onProgramsChange: (listener) => listeners.push(listener),
    async stop() {
      await home.stop();
      await neighbourhood.stop();
    },
  };
  options.onOpening(demo);

  if (options.at) neighbourhood.clock.moveToLocal(options.at, town.community.zone);
  say('Starting payment sandbox, cloud and broker …');
  await neighbourhood.start();
  const file = join(dataDir, 'founded.json');
  let campaigns: Record<string, string>;
  if (existsSync(file)) {
    const kept = JSON.parse(readFileSync(file, 'utf8')) as Kept;
    ({ campaigns } = kept);
    founded = { ...kept.founded, guard: kept.founded.guard ?? (await lateGuard(neighbourhood, kept.founded)) };
    writeFileSync(file, JSON.stringify({ founded, campaigns }), { mode: 0o600 });
    say('Putting up the doors …');
    await putUpDoors(neighbourhood, founded);
  } else {
    say(`Founding the community ${town.community.name} …`);
    founded = await found(neighbourhood, options.terminals);
    say('Putting up the doors …');
    await putUpDoors(neighbourhood, founded);
    const manager = await signedIn(neighbourhood.cloudUrl, founded.property);
    for (const { id } of founded.terminals) await pairReaders(manager, id);
    say('The wires to the readers are encrypted.');
    campaigns = await advertise(neighbourhood, founded, clips, (title) => say(`  clip: ${title}`));
    mkdirSync(dataDir, { recursive: true });
    writeFileSync(file, JSON.stringify({ founded, campaigns }), { mode: 0o600 });
  }
  const booked = await bookTheDay(neighbourhood, founded, campaigns);
  if (booked > 0) say(`Booked ${booked} half-hours for the stores.`);
  await residentsCanEnter(neighbourhood, founded);
  const world = { neighbourhood, founded };
  await home.start({ ...world, bookTheDay: () => bookTheDay(neighbourhood, world.founded, campaigns) });
  return demo;
}

/** What an earlier run has left: one from before there were guards has none. */
interface Kept {
  readonly founded: Omit<Founded, 'guard'> & { readonly guard?: Login };
  readonly campaigns: Record<string, string>;
}

const lateGuard = async (neighbourhood: Neighbourhood, { property }: Kept['founded']): Promise<Login> =>
  engageGuard(neighbourhood, await signedIn(neighbourhood.cloudUrl, property));

async function putUpDoors(neighbourhood: Neighbourhood, founded: Founded): Promise<void> {
  for (const [i, { claimCode }] of founded.terminals.entries())
    await neighbourhood.addDoorway(claimCode, town.entrances[i]?.name);
}

/** Says only what takes time. */
async function buildPages(say: (line: string) => void): Promise<void> {
  await buildDashboards({
    onProgress(name, done) {
      if (done?.built) say(`Built the ${name} pages in ${(done.tookMs / 1_000).toFixed(1)} s.`);
    },
  });
}

/** The first thing that a visitor tries must work: wait until the terminal holds the residents' codes and has a clip to show. */
async function residentsCanEnter(neighbourhood: Neighbourhood, founded: Founded): Promise<void> {
  const manager = await signedIn(neighbourhood.cloudUrl, founded.property);
  await waitUntil(
    'the terminals to have taken over codes, plan and clips',
    async () => {
      const { items } = await manager('GET /v1/terminals', { query: {} });
      const behind = items.filter(
        ({ online, documents: { access, plan, media } }) =>
          !online || [access, plan, media].some(({ state }) => state !== 'applied'),
      );
      if (behind.length > 0)
        throw new Error(JSON.stringify(behind.map(({ id, online, documents }) => ({ id, online, documents }))));
      return true;
    },
    { withinMs: 60_000, everyMs: 200 },
  );
}

function readyDocument(home: HomeServer, neighbourhood: Neighbourhood, founded: Founded | undefined): ReadyDocument {
  const [first] = neighbourhood.doorways;
  const [resident] = founded?.residents ?? [];
  if (!founded || !first || !resident) throw new Error('the demo is not up yet');
  const merchant = merchantLogin(founded.merchants, town.deal.merchant);
  const { cloudUrl } = neighbourhood;
  return {
    home: home.url,
    cloud: cloudUrl,
    mqtt: neighbourhood.mqttUrl,
    screen: first.screenUrl(),
    door: first.doorUrl,
    pay: neighbourhood.sandboxUrl,
    sms: `${neighbourhood.sandboxUrl}/sms`,
    dashboards: {
      operator: `${cloudUrl}/operator/`,
      property: `${cloudUrl}/property/`,
      guard: `${cloudUrl}/guard/`,
      merchant: `${cloudUrl}/merchant/`,
      resident: `${cloudUrl}/h5/`,
    },
    logins: {
      operator: neighbourhood.operatorLogin,
      property: founded.property,
      guard: founded.guard,
      merchant: { email: merchant.email, password: merchant.password },
    },
    resident: { phone: resident.phone, keys: `${resident.unit}*${resident.pin}#` },
    terminal: founded.terminals[0]?.id ?? '',
    community: founded.community,
    pids: {
      broker: neighbourhood.broker.pid,
      cloud: neighbourhood.cloud.pid,
      agent: first.agent.pid,
      door: first.door.pid,
      pay: neighbourhood.sandbox.pid,
    },
  };
}

function summaryText(ready: ReadyDocument, seconds: number): string {
  const { logins } = ready;
  const login = ({ email, password }: { email: string; password: string }) => `${email}  ${password}`;
  return `
  门播 Gatecast is up after ${seconds} s. Open this page:

    ${ready.home}

  At the keypad, a resident types   ${ready.resident.keys}

  door        ${ready.door}
  screen      ${ready.screen}
  property    ${ready.dashboards.property}   ${login(logins.property)}
  guard       ${ready.dashboards.guard}   ${login(logins.guard)}
  merchant    ${ready.dashboards.merchant}   ${login(logins.merchant)}
  operator    ${ready.dashboards.operator}   ${login(logins.operator)}
  resident    ${ready.dashboards.resident}   ${ready.resident.phone}, codes at ${ready.sms}
  payments    ${ready.pay}
  API         ${ready.cloud}/docs

  Ctrl-C stops everything.`;
}
