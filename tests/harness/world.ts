import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Client } from '@gatecast/cloud-api/client';
import { localTime, zonedInstant, type InstantMs } from '@gatecast/firmware-protocol';
import { buildDashboards } from '../../dashboards/build.ts';
import { uploadClip } from './advertising.ts';
import { makeClips, type DemoClip } from './demo/clips/make-clips.ts';
import { town } from './demo/town.ts';
import { found, signedIn, type Founded } from './founding.ts';
import { Neighbourhood, type Doorway } from './neighbourhood.ts';
import { pairReaders } from './pairing.ts';
import { waitUntil } from './wait-until.ts';

const clipCache = fileURLToPath(new URL('../../.data/clips', import.meta.url));
const quietly = (): void => undefined;

/** The door as somebody in front of it sees it. */
export interface DoorState {
  readonly lock: 'released' | 'secured';
  readonly contact: 'open' | 'closed';
  readonly opens: number;
  readonly lastPulseMs: number | null;
}

/** A founded neighbourhood for a test: real programs, a clock that the test moves, nobody booked yet. */
export class World {
  readonly neighbourhood: Neighbourhood;
  readonly founded: Founded;
  readonly clips: readonly DemoClip[];
  readonly operator: Client;
  readonly manager: Client;
  readonly #dataDir: string;

  private constructor(parts: {
    neighbourhood: Neighbourhood;
    founded: Founded;
    clips: readonly DemoClip[];
    operator: Client;
    manager: Client;
    dataDir: string;
  }) {
    this.neighbourhood = parts.neighbourhood;
    this.founded = parts.founded;
    this.clips = parts.clips;
    this.operator = parts.operator;
    this.manager = parts.manager;
    this.#dataDir = parts.dataDir;
  }

  /**
   * Wakes up at `at` (local `HH:MM`) with one door, its screen, twelve residents and two stores; with `house`, the house's clips are on; with
   * `relayLink`, the terminal can also reach a relay board; with `restartAfterMs`, a program that ended unasked comes back after so long.
   */
  static async open({
    at = '10:10',
    house = true,
    relayLink,
    restartAfterMs,
    env,
  }: {
    at?: string;
    house?: boolean;
    relayLink?: string;
    restartAfterMs?: number;
    env?: Readonly<Record<string, string>>;
  } = {}): Promise<World> {
    await buildDashboards();
    const clips = await makeClips({ dir: clipCache, onProgress: quietly });
    const dataDir = mkdtempSync(join(tmpdir(), 'gatecast-world-'));
    const neighbourhood = new Neighbourhood({
      dataDir,
      portBase: 0,
      ...(restartAfterMs !== undefined && { restartAfterMs }),
      ...(env && { env }),
    });
    try {
      neighbourhood.clock.moveToLocal(at, town.community.zone);
      await neighbourhood.start();
      const founded = await found(neighbourhood, 1);
      const { cloudUrl, operatorLogin } = neighbourhood;
      const operator = await signedIn(cloudUrl, operatorLogin);
      const manager = await signedIn(cloudUrl, founded.property);
      await neighbourhood.addDoorway(founded.terminals[0]?.claimCode, undefined, relayLink);
      const world = new World({ neighbourhood, founded, clips, operator, manager, dataDir });
      const shown = house ? await world.#showHouseClips() : [];
      await pairReaders(manager, world.terminalId);
      await world.terminalIsReady();
      for (const sha256 of shown)
        await waitUntil('the house’s clips', () => world.hasClip(sha256), { withinMs: 30_000 });
      return world;
    } catch (error) {
      await neighbourhood.stop();
      throw new Error(`the neighbourhood did not come up; its logs are in ${dataDir}`, { cause: error });
    }
  }

  async #showHouseClips(): Promise<string[]> {
    const shown: string[] = [];
    for (const { file, title, segment, store } of this.clips) {
      if (store !== null) continue;
      const { id } = await uploadClip(this.operator, file, title, segment);
      const { files } = await this.operator('POST /v1/clips/:id/approve', { params: { id } });
      // At a gate nobody stands for longer than the cut for doors.
      const cut = files.find((one) => one.cut === 'door' && one.profile === 'B');
      if (cut) shown.push(cut.sha256);
    }
    return shown;
  }

  get doorway(): Doorway {
    const [first] = this.neighbourhood.doorways;
    if (!first) throw new Error('there is no door yet');
    return first;
  }

  get terminalId(): string {
    return this.founded.terminals[0]?.id ?? '';
  }

  /** What a resident types; somebody who comes twice within half a minute is one touch. */
  keysOf(index: number): string {
    const resident = this.founded.residents[index];
    if (!resident) throw new RangeError(`there is no resident ${index}`);
    return `${resident.unit}*${resident.pin}#`;
  }

  /** What the first resident types. */
  get keys(): string {
    return this.keysOf(0);
  }

  localNow(): { readonly date: string; readonly minute: number } {
    return localTime(this.neighbourhood.clock.now(), town.community.zone);
  }

  /** The moment of a local time today. */
  today(minute: number): InstantMs {
    return zonedInstant(this.localNow().date, minute, town.community.zone);
  }

  /** Waits until the terminal has taken over everything that the cloud wants it to hold. */
  async terminalIsReady(): Promise<void> {
    await waitUntil(
      'the terminal to be online with every document in force',
      async () => {
        const terminal = await this.manager('GET /v1/terminals/:id', { params: { id: this.terminalId } });
        const { config, access, plan, media } = terminal.documents;
        return (
          terminal.online &&
          terminal.doorOnline &&
          [config, access, plan, media].every(({ state }) => state === 'applied' || state === 'none') &&
          access.state === 'applied'
        );
      },
      { withinMs: 60_000 },
    );
  }

  /** True once the terminal holds this clip whole: only then its screen is given it. */
  async hasClip(sha256: string): Promise<boolean> {
    const url = new URL(this.doorway.screenUrl());
    url.pathname = `/clips/${sha256}.mp4`;
    const answer = await fetch(url, { method: 'HEAD' });
    return answer.ok;
  }

  /** Where the first door keeps what its boards remember without power. */
  get doorFolder(): string {
    return join(this.#dataDir, 'door');
  }

  logOf(program: string): string {
    return readFileSync(join(this.#dataDir, program, 'log'), 'utf8');
  }

  async type(digits: string): Promise<void> {
    const answer = await this.#post('/keypad', { digits });
    if (!answer.ok) throw new Error(`the keypad refused: HTTP ${answer.status}`);
  }

  /** Something that happens at the simulated door: `exit`, `fire`, `contact`, `tamper` and the like. */
  async atDoor(path: string, body: unknown = {}): Promise<void> {
    const answer = await this.#post(`/${path}`, body);
    if (!answer.ok) throw new Error(`the door refused ${path}: HTTP ${answer.status}`);
  }

  #post(path: string, body: unknown): Promise<Response> {
    return fetch(`${this.doorway.doorUrl}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
  }

  async doorState(): Promise<DoorState> {
    const answer = await fetch(`${this.doorway.doorUrl}/state`);
    return (await answer.json()) as DoorState;
  }

  /** Types and waits for the lock to be released. Returns the door's state then. */
  async open(digits = this.keys): Promise<DoorState> {
    await this.doorIsShut();
    const { opens } = await this.doorState();
    await this.type(digits);
    return waitUntil('the lock to be released', async () => {
      const state = await this.doorState();
      return state.opens > opens ? state : undefined;
    });
  }

  /** Somebody walks through: the door is shut again and the next visit can begin. */
  async doorIsShut(): Promise<void> {
    await waitUntil(
      'the door to be shut and locked',
      async () => {
        const { lock, contact } = await this.doorState();
        return lock === 'secured' && contact === 'closed';
      },
      { withinMs: 45_000 },
    );
  }

  async close(): Promise<void> {
    await this.neighbourhood.stop();
    rmSync(this.#dataDir, { recursive: true, force: true });
  }
}
