import { fileURLToPath } from 'node:url';
import { Program } from './program.ts';

const entry = fileURLToPath(new URL('../../firmware-protocol/bin/gatecast-relay-sim.js', import.meta.url));

export interface RelayBoardState {
  readonly lock: 'released' | 'secured';
  readonly opens: number;
  readonly lastPulseMs: number | null;
  readonly lift: { readonly calls: number; readonly at: number };
}

/** A simulated relay board on Modbus RTU, in a process of its own, with a door and a lift wired to it. */
export class RelayBoard {
  readonly #program: Program;

  constructor(logFile: string) {
    this.#program = new Program({ name: 'relay', entry, logFile, env: {} });
  }

  async start(): Promise<this> {
    await this.#program.start();
    return this;
  }

  stop(): Promise<void> {
    return this.#program.stop();
  }

  /** For `GATECAST_RELAY_LINK`. */
  get link(): string {
    return `tcp://127.0.0.1:${Number(this.#program.ready['linkPort'])}`;
  }

  async state(): Promise<RelayBoardState> {
    return (await (await fetch(`${this.#http}/state`)).json()) as RelayBoardState;
  }

  /** Answers the HTTP status: 409 for what the hardware does not do. */
  async act(path: string, body: unknown = {}): Promise<number> {
    const headers = { 'content-type': 'application/json' };
    return (await fetch(`${this.#http}/${path}`, { method: 'POST', headers, body: JSON.stringify(body) })).status;
  }

  get #http(): string {
    return `http://127.0.0.1:${Number(this.#program.ready['httpPort'])}`;
  }
}
