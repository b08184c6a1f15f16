import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const program = fileURLToPath(new URL('relay-sim-program.fixture.ts', import.meta.url));

export const relayTopics = {
  command: 'gate/relay/command',
  state: 'gate/relay/state',
  contact: 'gate/contact',
  availability: 'gate/relay/availability',
} as const;

export interface RelaySimState {
  released: boolean;
  /** Times that the relay went on. */
  opens: number;
  /** How long the last finished release took, by the relay's own clock. */
  lastPulseMs: number | null;
  /** Payloads that the relay was sent. */
  commands: string[];
}

export interface RelayRequest {
  readonly id: number;
  /** `mute`: it obeys and says nothing. */
  readonly order: 'state' | 'leaf' | 'mute' | 'power' | 'broker';
  readonly on: boolean;
}

/** The simulated networked relay and its broker, as a process of its own on real TCP. */
export class SimulatedRelay {
  #process: ChildProcess | undefined;
  #lastId = 0;
  /** For `GATECAST_RELAY_MQTT`. */
  url = '';

  async start(): Promise<void> {
    this.#process = fork(program, { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
    const [{ port }] = (await once(this.#process, 'message')) as [{ port: number }];
    this.url = `mqtt://127.0.0.1:${port}`;
  }

  async stop(): Promise<void> {
    const child = this.#process;
    if (!child || child.exitCode !== null) return;
    const exit = once(child, 'exit');
    this.thaw();
    child.disconnect();
    await exit;
  }

  /** Broker and relay stand still: their sockets take bytes and nobody reads them. */
  freeze(): void {
    this.#process?.kill('SIGSTOP');
  }

  thaw(): void {
    this.#process?.kill('SIGCONT');
  }

  state(): Promise<RelaySimState> {
    return this.tell('state');
  }

  async tell(order: RelayRequest['order'], on = true): Promise<RelaySimState> {
    const child = this.#process;
    if (!child) throw new Error('the simulated relay was not started');
    const id = (this.#lastId += 1);
    return new Promise((resolve) => {
      const hear = (answer: { readonly id: number; readonly state: RelaySimState }) => {
        if (answer.id !== id) return;
        child.off('message', hear);
        resolve(answer.state);
      };
      child.on('message', hear);
      child.send({ id, order, on } satisfies RelayRequest);
    });
  }
}
