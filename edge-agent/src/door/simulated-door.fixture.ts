import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';

const protocol = import.meta.resolve('@gatecast/firmware-protocol');
const bins = { osdp: 'gatecast-door-sim.js', modbus: 'gatecast-relay-sim.js' } as const;
const ready = z.object({ linkPort: z.number(), httpPort: z.number() });
const doorState = z.object({
  lock: z.enum(['released', 'secured']),
  opens: z.number(),
  /** A relay board has none. */
  led: z.string().optional(),
  lastPulseMs: z.number().nullable(),
  /** Of a relay board. */
  relays: z.array(z.boolean()).default([]),
  lift: z.object({ at: z.number(), to: z.number().nullable(), calls: z.number() }).optional(),
});

/** A simulated door as a process of its own, on a real byte link: an OSDP board with a reader, or a relay board. */
export class SimulatedDoor {
  readonly #settings: Readonly<Record<string, string>>;
  readonly #bin: string;
  #process: ChildProcess | undefined;
  #http = '';
  /** For `GATECAST_DOOR_LINK`, or `GATECAST_RELAY_LINK`. */
  link = '';

  /** `settings`: environment of the simulator beside its defaults. */
  constructor(settings: Readonly<Record<string, string>> = {}, wire: keyof typeof bins = 'osdp') {
    this.#settings = settings;
    this.#bin = fileURLToPath(new URL(`../bin/${bins[wire]}`, protocol));
  }

  async start(): Promise<void> {
    const env = { ...process.env, GATECAST_PARENT_WATCH: '1', ...this.#settings };
    const child = spawn(process.execPath, [this.#bin], { stdio: ['pipe', 'pipe', 'inherit'], env });
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

  /** Somebody at the door: `keypad`, `card`, `exit`, `fire`, `contact`. */
  async act(path: string, body: unknown = {}): Promise<void> {
    const response = await fetch(`${this.#http}/${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    if (!response.ok) throw new Error(`the simulated door refuses ${path}: ${await response.text()}`);
  }

  async state(): Promise<z.infer<typeof doorState>> {
    return doorState.parse(await (await fetch(`${this.#http}/state`)).json());
  }
}
