import { appendFileSync, existsSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Client } from '@gatecast/cloud-api/client';
import { found, signedIn, type Founded } from '../harness/founding.ts';
import { Neighbourhood, type Doorway } from '../harness/neighbourhood.ts';
import type { Program } from '../harness/program.ts';
import { waitUntil } from '../harness/wait-until.ts';
import { MqttMischief, type Mischief } from './mqtt-mischief.ts';
import { ifThereIsRoom, OwnDisk } from './own-disk.ts';
import type { ProgramName, WireName } from './story.ts';
import { Wire } from './wire.ts';

/** As a service manager with a short patience. */
const restartAfterMs = 100;
const backWithinMs = 60_000;

/** Cloud, broker, one terminal and its door as programs of their own, with everything between them in the hands of the test. */
export class FaultTown {
  readonly dataDir: string;
  readonly neighbourhood: Neighbourhood;
  readonly disk: OwnDisk | undefined;
  readonly wires: Readonly<Record<WireName, Wire>>;
  #mischief: Mischief | undefined;
  readonly #mischiefs = new Set<MqttMischief>();
  #founded: Founded | undefined;
  #manager: Client | undefined;

  private constructor() {
    this.dataDir = mkdtempSync(join(tmpdir(), 'gatecast-faults-'));
    this.disk = OwnDisk.mount(this.#agentFolder);
    this.wires = { toBroker: new Wire({ down: () => this.#newMischief() }), toCloud: new Wire() };
    this.neighbourhood = new Neighbourhood({
      dataDir: this.dataDir,
      portBase: 0,
      restartAfterMs,
      env: { GATECAST_LOG_LEVEL: 'warn' },
      envOf: (program) => this.#envOf(program),
    });
    this.setAgentClock(0);
  }

  static async open(): Promise<FaultTown> {
    const town = new FaultTown();
    try {
      await town.#start();
      return town;
    } catch (error) {
      await town.close();
      throw error;
    }
  }

  readonly #wirePorts = { toBroker: 0, toCloud: 0 };

  async #start(): Promise<void> {
    const { neighbourhood, wires } = this;
    this.#wirePorts.toBroker = await wires.toBroker.start();
    this.#wirePorts.toCloud = await wires.toCloud.start();
    await neighbourhood.start();
    wires.toBroker.leadTo(neighbourhood.mqttUrl);
    wires.toCloud.leadTo(neighbourhood.cloudUrl);
    this.#founded = await found(neighbourhood, 1);
    this.#manager = await signedIn(neighbourhood.cloudUrl, this.#founded.property);
    await neighbourhood.addDoorway(this.#founded.terminals[0]?.claimCode);
    await this.isWhole();
  }

  #envOf(program: string): Record<string, string> {
    const { toBroker, toCloud } = this.#wirePorts;
    if (program === 'cloud') return { GATECAST_BROKER_PUBLIC_URL: `mqtt://127.0.0.1:${toBroker}` };
    if (program !== 'agent') return {};
    return {
      GATECAST_CLOUD_URL: `http://127.0.0.1:${toCloud}`,
      GATECAST_CLOCK_FILE: this.#clockFile,
      GATECAST_DATA_DIR: this.#agentFolder,
    };
  }

  get founded(): Founded {
    if (!this.#founded) throw new Error('the town is not founded yet');
    return this.#founded;
  }
  get manager(): Client {
    if (!this.#manager) throw new Error('the town is not founded yet');
    return this.#manager;
  }
  get terminalId(): string {
    return this.founded.terminals[0]?.id ?? '';
  }
  get doorway(): Doorway {
    const [first] = this.neighbourhood.doorways;
    if (!first) throw new Error('there is no door yet');
    return first;
  }
  get terminalDatabase(): string {
    return join(this.#agentFolder, 'terminal.db');
  }
  get cloudDatabase(): string {
    return join(this.dataDir, 'cloud', 'cloud.sqlite');
  }

  program(name: ProgramName): Program {
    return name === 'agent' ? this.doorway.agent : this.neighbourhood[name];
  }

  /** How far the terminal's clock is off, ms. */
  setAgentClock(offMs: number): void {
    writeFileSync(`${this.#clockFile}.new`, `${offMs}\n`);
    renameSync(`${this.#clockFile}.new`, this.#clockFile);
  }

  /** Its log is elsewhere: a full disk of the terminal must not silence who watches it. */
  get #agentFolder(): string {
    return join(this.dataDir, 'agent-disk');
  }

  get #clockFile(): string {
    return join(this.dataDir, 'agent-clock');
  }

  /** Undefined: none any more, and what was held back goes out. */
  setMischief(mischief: Mischief | undefined): void {
    this.#mischief = mischief;
    if (mischief === undefined) for (const held of this.#mischiefs) held.release();
  }

  #newMischief(): MqttMischief {
    const made = new MqttMischief(() => this.#mischief);
    this.#mischiefs.add(made);
    made.once('close', () => this.#mischiefs.delete(made));
    return made;
  }

  /** What a power cut leaves behind the last whole frame of a write-ahead log: half a frame of nonsense. */
  async tearLog(bytes: Buffer): Promise<void> {
    await this.program('agent').kill();
    const log = `${this.terminalDatabase}-wal`;
    if (existsSync(log)) ifThereIsRoom(() => appendFileSync(log, bytes));
  }

  /** Everything runs, and the terminal is there with its list in force. */
  async isWhole(): Promise<void> {
    await waitUntil(
      'every program to run and the terminal to be online',
      async () => {
        const { online, doorOnline, documents } = await this.manager('GET /v1/terminals/:id', {
          params: { id: this.terminalId },
        });
        return online && doorOnline && documents.access.state === 'applied';
      },
      { withinMs: backWithinMs },
    );
  }

  keysOf(resident: number): string {
    const { unit = '', pin = '' } = this.founded.residents[resident] ?? {};
    return `${unit}*${pin}#`;
  }

  /** False when the reader has no room for more keys, as nobody has asked it for those it has. Throws for any other refusal. */
  async atDoor(path: string, body: unknown = {}): Promise<boolean> {
    const answer = await fetch(`${this.doorway.doorUrl}/${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    if (!answer.ok && answer.status !== 409) throw new Error(`the door refused ${path}: HTTP ${answer.status}`);
    return answer.ok;
  }

  async opens(): Promise<number> {
    return (await this.#door()).opens;
  }

  /** An order to a lock that is released prolongs that, and releases nothing. */
  async isShut(): Promise<boolean> {
    return (await this.#door()).lock === 'secured';
  }

  async #door(): Promise<{ readonly opens: number; readonly lock: string }> {
    return (await (await fetch(`${this.doorway.doorUrl}/state`)).json()) as {
      readonly opens: number;
      readonly lock: string;
    };
  }

  async close(): Promise<void> {
    await this.neighbourhood.stop();
    await Promise.all(Object.values(this.wires).map((wire) => wire.stop()));
    this.disk?.unmount();
    rmSync(this.dataDir, { recursive: true, force: true });
  }
}
