import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { agentFlags, agentRuntime, bundleAgent } from '../../edge-agent/bundle.ts';
import { findFfmpeg } from '@gatecast/cloud-api/find-ffmpeg';
import { freePort } from './free-port.ts';
import { Program } from './program.ts';
import { TownClock } from './town-clock.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const entry = {
  broker: join(root, 'broker/bin/gatecast-broker.js'),
  cloud: join(root, 'cloud-api/bin/gatecast-cloud.js'),
  door: join(root, 'firmware-protocol/bin/gatecast-door-sim.js'),
  sandbox: join(root, 'tests/harness/sandbox/sandbox.js'),
} as const;

export interface NeighbourhoodOptions {
  /** Everything that must outlive the processes; created if missing. */
  readonly dataDir: string;
  /** First of the ports; 0 picks free ones. A port that is taken moves on to a free one. */
  readonly portBase: number;
  /** Origins whose pages may show ours in frames. */
  readonly frameAncestors?: readonly string[];
  /** As a service manager would: a program that ended unasked comes back after this long. */
  readonly restartAfterMs?: number;
  readonly onChange?: () => void;
  readonly env?: Readonly<Record<string, string>>;
  /** Starts the agent in the place of the bundle's own entry. */
  readonly agentEntry?: string;
  /** For one program by its name (`broker`, `cloud`, `agent`, `agent-2`, …); beats everything else. */
  readonly envOf?: (program: string) => Readonly<Record<string, string>>;
}

/** One door with its screen controller. */
export interface Doorway {
  readonly door: Program;
  readonly agent: Program;
  readonly doorUrl: string;
  readonly linkPort: number;
  screenUrl(): string;
}

interface Ports {
  sandbox: number;
  cloud: number;
  mqtt: number;
  brokerHttp: number;
  doors: { link: number; http: number; screen: number }[];
}

interface Secrets {
  readonly operatorEmail: string;
  readonly operatorPassword: string;
  readonly smsToken: string;
}

const offsets = { sandbox: 4, cloud: 1, mqtt: 2, brokerHttp: 3, doors: 10 } as const;

/** Broker, cloud, payment sandbox, doors and agents: separate programs on one machine, joined only by their wires. */
export class Neighbourhood {
  readonly clock: TownClock;
  readonly secrets: Secrets;
  readonly #options: NeighbourhoodOptions;
  #ports: Ports | undefined;
  #sandbox: Program | undefined;
  #cloud: Program | undefined;
  #broker: Program | undefined;
  readonly doorways: Doorway[] = [];

  constructor(options: NeighbourhoodOptions) {
    this.#options = options;
    mkdirSync(options.dataDir, { recursive: true, mode: 0o700 });
    this.clock = new TownClock(join(options.dataDir, 'clock'));
    this.secrets = keptJson(join(options.dataDir, 'secrets.json'), () => ({
      operatorEmail: 'operator@gatecast.example',
      operatorPassword: randomBytes(9).toString('base64url'),
      smsToken: randomBytes(18).toString('base64url'),
    }));
  }

  /** The account that the cloud makes at its first start. */
  get operatorLogin(): { readonly email: string; readonly password: string } {
    return { email: this.secrets.operatorEmail, password: this.secrets.operatorPassword };
  }
  get sandbox(): Program {
    return started(this.#sandbox);
  }
  get cloud(): Program {
    return started(this.#cloud);
  }
  get broker(): Program {
    return started(this.#broker);
  }
  get cloudUrl(): string {
    return `http://127.0.0.1:${started(this.#ports).cloud}`;
  }
  get mqttUrl(): string {
    return `mqtt://127.0.0.1:${started(this.#ports).mqtt}`;
  }
  get sandboxUrl(): string {
    return `http://127.0.0.1:${started(this.#ports).sandbox}`;
  }

  /** Starts what serves every door: sandbox, cloud and broker. */
  async start(): Promise<void> {
    this.#ports ??= await this.#choosePorts();
    const { sandbox, cloud, mqtt, brokerHttp } = this.#ports;
    const ffmpeg = await findFfmpeg(process.env);
    this.#sandbox = this.#program('sandbox', entry.sandbox, { GATECAST_SANDBOX_PORT: String(sandbox) });
    this.#cloud = this.#program('cloud', entry.cloud, {
      GATECAST_CLOUD_PORT: String(cloud),
      GATECAST_PUBLIC_URL: this.cloudUrl,
      GATECAST_BROKER_URL: this.mqttUrl,
      GATECAST_FIRST_OPERATOR_EMAIL: this.secrets.operatorEmail,
      GATECAST_FIRST_OPERATOR_PASSWORD: this.secrets.operatorPassword,
      GATECAST_SMS_URL: `${this.sandboxUrl}/sms`,
      GATECAST_SMS_TOKEN: this.secrets.smsToken,
      GATECAST_PAY_URL: this.sandboxUrl,
      // By name, so that an old one serves on any machine: the videos are one's own here.
      FFMPEG_PATH: ffmpeg.path ?? 'none',
      GATECAST_BROKER_METRICS_URL: `http://127.0.0.1:${brokerHttp}/metrics`,
    });
    this.#broker = this.#program('broker', entry.broker, {
      GATECAST_BROKER_PORT: String(mqtt),
      GATECAST_BROKER_HTTP_PORT: String(brokerHttp),
      GATECAST_CLOUD_URL: this.cloudUrl,
    });
    await this.#sandbox.start();
    await this.#cloud.start();
    await this.#broker.start();
  }

  /**
   * Puts up a door with its hardware and agent. `claimCode` is used at the agent's first start only; `place` is written on the door; `relayLink` leads
   * to relay boards beside it.
   */
  async addDoorway(claimCode: string | undefined, place = '门', relayLink?: string): Promise<Doorway> {
    const index = this.doorways.length;
    const ports = started(this.#ports);
    const port = (ports.doors[index] ??= await this.#doorPorts(index));
    this.#savePorts();
    const name = index === 0 ? '' : `-${index + 1}`;
    const door = this.#program(`door${name}`, entry.door, {
      GATECAST_DOOR_LINK_PORT: String(port.link),
      GATECAST_DOOR_HTTP_PORT: String(port.http),
      GATECAST_DOOR_NAME: place,
      GATECAST_DOOR_KEY_FILE: join(this.#options.dataDir, `door${name}`, 'keys.json'),
    });
    // As it is installed: one file, its workers and its page beside it.
    const agentEntry = this.#options.agentEntry ?? (await bundleAgent()).entry;
    const agent = this.#program(
      `agent${name}`,
      agentEntry,
      {
        ...agentRuntime,
        GATECAST_CLOUD_URL: this.cloudUrl,
        GATECAST_DOOR_LINK: `tcp://127.0.0.1:${port.link}`,
        GATECAST_SCREEN_PORT: String(port.screen),
        GATECAST_SUPERVISED: this.#options.restartAfterMs === undefined ? '0' : '1',
        ...(relayLink ? { GATECAST_RELAY_LINK: relayLink } : {}),
        ...(claimCode ? { GATECAST_CLAIM_CODE: claimCode } : {}),
      },
      agentFlags,
    );
    const doorway: Doorway = {
      door,
      agent,
      doorUrl: `http://127.0.0.1:${port.http}`,
      linkPort: port.link,
      screenUrl: () => textOf(agent.ready['screenUrl']),
    };
    this.doorways.push(doorway);
    await door.start();
    await agent.start();
    return doorway;
  }

  /** Agents first, so that each can still hand in its last rows. Idempotent. */
  async stop(): Promise<void> {
    await Promise.all(this.doorways.map(({ agent }) => agent.stop()));
    const others = [...this.doorways.map(({ door }) => door), this.#broker, this.#cloud, this.#sandbox];
    await Promise.all(others.filter((program) => program !== undefined).map((program) => program.stop()));
  }

  #program(name: string, entry: string, env: Record<string, string>, nodeFlags: readonly string[] = []): Program {
    const { dataDir, frameAncestors = [], restartAfterMs, onChange, envOf } = this.#options;
    const own = join(dataDir, name);
    mkdirSync(own, { recursive: true, mode: 0o700 });
    return new Program({
      name,
      entry,
      nodeFlags,
      logFile: join(own, 'log'),
      ...(restartAfterMs === undefined ? {} : { restartAfterMs }),
      ...(onChange ? { onChange } : {}),
      env: {
        ...this.#options.env,
        GATECAST_DATA_DIR: own,
        GATECAST_SANDBOX_DATA_DIR: own,
        GATECAST_SANDBOX_SMS_TOKEN: this.secrets.smsToken,
        GATECAST_CLOCK_FILE: this.clock.file,
        GATECAST_FRAME_ANCESTORS: frameAncestors.join(' '),
        GATECAST_SCREEN_FRAME_ANCESTORS: frameAncestors.join(' '),
        ...env,
        ...envOf?.(name),
      },
    });
  }

  async #choosePorts(): Promise<Ports> {
    const file = join(this.#options.dataDir, 'ports.json');
    if (existsSync(file)) return JSON.parse(readFileSync(file, 'utf8')) as Ports;
    const ports: Ports = {
      sandbox: await this.#port(offsets.sandbox),
      cloud: await this.#port(offsets.cloud),
      mqtt: await this.#port(offsets.mqtt),
      brokerHttp: await this.#port(offsets.brokerHttp),
      doors: [],
    };
    this.#ports = ports;
    this.#savePorts();
    return ports;
  }

  async #doorPorts(index: number): Promise<Ports['doors'][number]> {
    const first = offsets.doors + index * 3;
    return {
      http: await this.#port(first),
      screen: await this.#port(first + 1),
      link: await this.#port(first + 2),
    };
  }

  #port(offset: number): Promise<number> {
    const { portBase } = this.#options;
    return freePort(portBase === 0 ? 0 : portBase + offset);
  }

  #savePorts(): void {
    writeFileSync(join(this.#options.dataDir, 'ports.json'), JSON.stringify(this.#ports));
  }
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');

function started<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('the neighbourhood has not been started');
  return value;
}

/** The JSON in `file`, made and kept with mode 0600 the first time. */
export function keptJson<T>(file: string, make: () => T): T {
  if (existsSync(file)) return JSON.parse(readFileSync(file, 'utf8')) as T;
  const made = make();
  writeFileSync(file, JSON.stringify(made, null, 2), { mode: 0o600 });
  return made;
}
