import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { freePort } from '../harness/free-port.ts';
import { startBrokerCloud, type BrokerCloud } from './broker-cloud.ts';

/** A broker as a process of its own. */
export interface BrokerSide {
  readonly name: 'gatecast' | 'aedes' | 'mosquitto';
  readonly port: number;
  readonly pid: number;
}

export interface BrokerSides {
  readonly cloud: BrokerCloud;
  readonly all: readonly BrokerSide[];
  /** A fresh one, beside those; its memory is not that of earlier loads. */
  readonly another: (name: BrokerSide['name']) => Promise<BrokerSide>;
  readonly stop: () => Promise<void>;
}

const file = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** Our broker with the policy of tokens and every bound at its default, plain aedes, and Debian's mosquitto where it is installed. */
export async function startBrokerSides(): Promise<BrokerSides> {
  const folder = mkdtempSync(join(tmpdir(), 'gatecast-bench-broker-'));
  const cloud = await startBrokerCloud();
  const children: ChildProcess[] = [];
  const start = async (name: BrokerSide['name']): Promise<BrokerSide> => {
    const [command, args, env] = await startLineOf(name, folder, cloud.url);
    const child = spawn(command, args, { env: { ...process.env, ...env }, stdio: ['pipe', 'pipe', 'inherit'] });
    children.push(child);
    const port = name === 'mosquitto' ? Number(env['PORT']) : await portOf(child);
    return { name, port, pid: child.pid ?? 0 };
  };
  const names: BrokerSide['name'][] = ['gatecast', 'aedes', ...(mosquitto() ? (['mosquitto'] as const) : [])];
  const all: BrokerSide[] = [];
  for (const name of names) all.push(await start(name));
  return {
    cloud,
    all,
    another: start,
    async stop() {
      cloud.stop();
      for (const child of children) child.kill('SIGKILL');
      await Promise.all(children.map(ended));
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

const ended = (child: ChildProcess): Promise<void> =>
  new Promise((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null) resolve();
    else child.once('exit', () => resolve());
  });

const mosquitto = () => ['/usr/sbin/mosquitto', '/usr/bin/mosquitto'].find((path) => existsSync(path));

type StartLine = readonly [command: string, args: string[], env: Record<string, string>];

async function startLineOf(name: BrokerSide['name'], folder: string, cloudUrl: string): Promise<StartLine> {
  if (name === 'aedes') return [process.execPath, [file('./plain-aedes.ts')], {}];
  if (name === 'gatecast') {
    const env = {
      GATECAST_BROKER_PORT: '0',
      GATECAST_BROKER_HTTP_PORT: '0',
      GATECAST_CLOUD_URL: cloudUrl,
      GATECAST_DATA_DIR: join(folder, 'data'),
      GATECAST_LOG_LEVEL: 'error',
      GATECAST_PARENT_WATCH: '1',
    };
    return [process.execPath, [file('../../broker/bin/gatecast-broker.js')], env];
  }
  const port = await freePort(0);
  const config = join(folder, 'mosquitto.conf');
  writeFileSync(config, `listener ${port} 127.0.0.1\nallow_anonymous true\nmax_connections -1\nlog_type none\n`);
  return [mosquitto() ?? name, ['-c', config], { PORT: String(port) }];
}

async function portOf(child: ChildProcess): Promise<number> {
  const { stdout } = child;
  if (!stdout) throw new TypeError('the broker was started with a pipe');
  const line = await new Promise<string>((resolve, reject) => {
    createInterface(stdout).once('line', resolve);
    child.once('exit', (code) => reject(new Error(`the broker ended with ${code}`)));
  });
  return (JSON.parse(line) as { mqttPort: number }).mqttPort;
}

const kernelTicksPerSecond = 100;

/** Processor time of a process so far, user and system, in ms (proc(5), fields 14 and 15). */
export function cpuMs({ pid }: BrokerSide): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
    .replace(/^.*\) /, '')
    .split(' ');
  return ((Number(fields[11]) + Number(fields[12])) * 1_000) / kernelTicksPerSecond;
}

/** Resident set in kB. */
export const rssKb = ({ pid }: BrokerSide): number =>
  Number(/VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0);
