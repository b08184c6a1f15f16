import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';

const bin = fileURLToPath(new URL('../bin/gatecast-relay-sim.js', import.meta.resolve('@gatecast/firmware-protocol')));
const ready = z.object({ linkPort: z.number(), httpPort: z.number() });
const siteState = z.object({
  lock: z.enum(['released', 'secured']),
  opens: z.number(),
  lastPulseMs: z.number().nullable(),
  relays: z.array(z.boolean()),
  lift: z.object({ at: z.number(), to: z.number().nullable(), calls: z.number() }),
});

/** The simulated relay board with its door and lift, as a process of its own on a real byte link. */
export class SimulatedRelayBoard {
  readonly #settings: Readonly<Record<string, string>>;
  #process: ChildProcess | undefined;
  #http = '';
  /** For `GATECAST_RELAY_LINK`. */
  link = '';

  /** `settings`: environment of the simulator beside its defaults. */
  constructor(settings: Readonly<Record<string, string>> = {}) {
    this.#settings = settings;
  }

  async start(): Promise<void> {
    const env = { ...process.env, GATECAST_PARENT_WATCH: '1', GATECAST_RELAY_SIM_AUTO_WALK: '0', ...this.#settings };
    const child = spawn(process.execPath, [bin], { stdio: ['pipe', 'pipe', 'inherit'], env });
    this.#process = child;
    const [line] = await once(createInterface(child.stdout), 'line');
    const { linkPort, httpPort } = ready.parse(JSON.parse(String(line)));
    this.link = `tcp://127.0.0.1:${linkPort}`;
    this.#http = `http://127.0.0.1:${httpPort}`;
  }

  async stop(): Promise<void> {
    const child = this.#process;
    if (!child || child.exitCode !== null) return;
    const exit = once(child, 'exit');
    child.kill();
    await exit;
  }

  /** Something at the site: `exit`, `fire`, `contact`, `press`, `fault`. Resolves with the HTTP status. */
  async act(path: string, body: unknown = {}): Promise<number> {
    const response = await fetch(`${this.#http}/${path}`, { method: 'POST', body: JSON.stringify(body) });
    await response.arrayBuffer();
    return response.status;
  }

  async state(): Promise<z.infer<typeof siteState>> {
    return siteState.parse(await (await fetch(`${this.#http}/state`)).json());
  }
}
