import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const entry = fileURLToPath(new URL('../bin/gatecast-broker.js', import.meta.url));

/** The broker as a program of its own, so that its memory is its own. */
export interface BrokerProgram {
  readonly mqttPort: number;
  readonly pid: number;
  /** Lines on standard error, in order. */
  readonly logged: string[];
  /** Resident set, in MiB. */
  readonly rssMb: () => number;
  /** Resolves with the exit code or the signal. */
  readonly ended: Promise<number | string | null>;
  stop(): Promise<void>;
}

export async function startBrokerProgram(
  env: Readonly<Record<string, string>>,
  { entry: file = entry, nodeOptions = [] as readonly string[] } = {},
): Promise<BrokerProgram> {
  const child = spawn(process.execPath, [...nodeOptions, file], {
    env: { ...process.env, GATECAST_BROKER_PORT: '0', GATECAST_BROKER_HTTP_PORT: '0', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const logged: string[] = [];
  createInterface(child.stderr).on('line', (line) => logged.push(line));
  const ended = once(child, 'exit').then(([code, signal]: (number | string | null)[]) => code ?? signal ?? null);
  const line = await new Promise<string>((resolve, reject) => {
    createInterface(child.stdout).once('line', resolve);
    void ended.then((code) => reject(new Error(`the broker ended with ${code}:\n${logged.join('\n')}`)));
  });
  const { mqttPort } = JSON.parse(line) as { mqttPort: number };
  const pid = child.pid ?? 0;
  return {
    mqttPort,
    pid,
    logged,
    ended,
    rssMb: () => Number(/VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1_024,
    async stop() {
      child.kill('SIGTERM');
      await ended;
    },
  };
}
