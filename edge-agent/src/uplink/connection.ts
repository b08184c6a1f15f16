import { randomBytes } from 'node:crypto';
import { DomainError, type Clock } from '@gatecast/firmware-protocol';
import {
  presenceEveryMs,
  topicsOf,
  type ClaimResponse,
  type CommandReport,
  type Presence,
} from '@gatecast/firmware-protocol/messages';
import { trustedAuthorities } from '@gatecast/firmware-protocol/node';
import mqtt, { type IClientOptions, type MqttClient } from 'mqtt';
import { writeToStream } from 'mqtt-packet';
import type { Log } from '../log.ts';
import { BackOff, brokerBackOff, Wakeable } from './back-off.ts';
import { OutageLog } from './outage-log.ts';
import type { SignIn } from './sign-in.ts';
import { Throttle } from './throttle.ts';

export interface ConnectionParts {
  readonly claim: ClaimResponse;
  /** PEM file with the only roots to believe of a broker behind TLS; undefined: those of Node and of the machine. */
  readonly caFile?: string | undefined;
  readonly signIn: Pick<SignIn, 'token' | 'forget' | 'brokerUrl'>;
  readonly clock: Clock;
  readonly log: Log;
  /** What this terminal can say of itself at this moment. */
  readonly state: () => Pick<Presence, 'agentVersion' | 'applied' | 'doorOnline' | 'doors' | 'screen'>;
  readonly onCommand: (payload: Uint8Array, session: string) => void;
  readonly onHint: (payload: Uint8Array) => void;
  readonly onOnline: (online: boolean) => void;
}

const keepaliveSeconds = 30;
const connectMsMax = 10_000;
/** How long a farewell may take until the socket is closed without it. */
const farewellMsMax = 1_000;
/** A door that moves a lot is told this often at most. */
const announceEveryMsMin = 1_000;
/** CONNACK return codes 4 and 5 (MQTT 3.1.1, table 3.1): the token is not accepted any more. */
const refusedCodes: ReadonlySet<unknown> = new Set([4, 5]);

// By default a buffer of two bytes is made for each of the 65,536 numbers before the first packet: 8 MB for some packets a minute.
writeToStream.cacheNumbers = false;

/**
 * The terminal's line to the broker: MQTT 3.1.1, clean sessions, one session id per connection. It carries commands, hints and presence;
 * nothing is lost with it.
 */
export class Connection {
  readonly #parts: ConnectionParts;
  readonly #retry = new Wakeable();
  readonly #outage: OutageLog;
  readonly #announcing = new Throttle(() => {
    if (this.#entered) this.#tell(this.#entered.client, this.#entered.session, true);
  }, announceEveryMsMin);
  #client: MqttClient | undefined;
  /** Of the last TLS session, so that the next connection needs no full handshake. */
  #ticket: Buffer | undefined;
  #connects = 0;
  /** The connection on which commands are heard; undefined before its subscriptions stand. */
  #entered: { readonly client: MqttClient; readonly session: string } | undefined;
  #stopping = new AbortController();
  #running: Promise<void> = Promise.resolve();

  constructor(parts: ConnectionParts) {
    this.#parts = parts;
    this.#outage = new OutageLog(parts.log, 'the line to the broker');
  }

  start(): void {
    this.#stopping = new AbortController();
    this.#running = this.#run(this.#stopping.signal);
  }

  /** Says good-bye, so that the cloud need not wait for the will. */
  async stop(): Promise<void> {
    this.#announcing.stop();
    this.#stopping.abort();
    await this.#running;
  }

  /** How often the line came back since the start. */
  get reconnects(): number {
    return Math.max(0, this.#connects - 1);
  }

  /** Dropped while the line is down: the journal tells it again. */
  report(report: CommandReport): void {
    const { commandState } = topicsOf(this.#parts.claim.terminal);
    if (this.#client?.connected) this.#client.publish(commandState, JSON.stringify(report), { qos: 1 });
  }

  /** Something that presence tells has changed: say so now, not at the next heartbeat. */
  announce(): void {
    this.#announcing.call();
  }

  async #run(signal: AbortSignal): Promise<void> {
    const backOff = new BackOff(this.#parts.clock, brokerBackOff);
    while (!signal.aborted) {
      try {
        const token = await this.#parts.signIn.token();
        if (!signal.aborted) await this.#connect(token, signal, () => backOff.reset());
      } catch (error) {
        if (!signal.aborted) this.#outage.failed(error);
      }
      if (!signal.aborted) await this.#retry.wait(backOff.nextMs(), signal);
    }
  }

  /** One connection, from the first packet to the last; resolves when it has ended, however that came. */
  #connect(token: string, signal: AbortSignal, onUp: () => void): Promise<void> {
    const { brokerUrl } = this.#parts.signIn;
    const session = randomBytes(16).toString('base64url');
    const client = mqtt.connect(brokerUrl, this.#options(brokerUrl, token, session));
    this.#client = client;
    client.stream.on('session', (ticket: Buffer) => (this.#ticket = ticket));
    let heartbeat: NodeJS.Timeout | undefined;
    let fault: DomainError = new DomainError('mqtt-closed', 'the broker closed the line');
    const leave = () => this.#leave(client, session);
    signal.addEventListener('abort', leave, { once: true });

    client.on('connect', () => {
      this.#connects += 1;
      onUp();
      this.#outage.recovered();
      heartbeat = setInterval(() => this.announce(), presenceEveryMs);
      this.#enter(client, session);
    });
    client.on('message', (topic, payload) => this.#hear(topic, payload, session));
    client.on('error', (error) => {
      const code: unknown = 'code' in error ? error.code : undefined;
      if (refusedCodes.has(code)) this.#parts.signIn.forget();
      fault = new DomainError(faultName(code), error.message);
      client.end(true); // what spoke no MQTT would otherwise stay connected
    });
    return new Promise((resolve) => {
      client.once('close', () => {
        clearInterval(heartbeat);
        this.#entered = undefined;
        signal.removeEventListener('abort', leave);
        if (heartbeat) this.#parts.onOnline(false);
        else if (!signal.aborted) this.#outage.failed(fault);
        client.end(true, () => resolve());
      });
    });
  }

  #options(brokerUrl: string, token: string, session: string): IClientOptions {
    const { claim } = this.#parts;
    return {
      protocolVersion: 4,
      clean: true,
      clientId: claim.terminal,
      username: claim.terminal,
      password: token,
      keepalive: keepaliveSeconds,
      connectTimeout: connectMsMax,
      reconnectPeriod: 0,
      resubscribe: false,
      queueQoSZero: false,
      ...(/^(mqtts|wss):/.test(brokerUrl) && this.#tlsOptions()),
      will: {
        topic: topicsOf(claim.terminal).presence,
        payload: Buffer.from(JSON.stringify(this.#presence(session, false))),
        qos: 1,
        retain: false,
      },
    };
  }

  /** Read anew each time: a root may have been replaced. */
  #tlsOptions(): IClientOptions {
    const ca = trustedAuthorities(this.#parts.caFile);
    return { ca, ...(this.#ticket && { session: this.#ticket }) };
  }

  /** Commands may come only after the subscription stands, so presence, which invites them, follows it. */
  #enter(client: MqttClient, session: string): void {
    const { command, hint } = topicsOf(this.#parts.claim.terminal);
    client.subscribe({ [command]: { qos: 1 }, [hint]: { qos: 0 } }, (error) => {
      if (error) {
        this.#parts.log.error({ err: error }, 'the broker refuses this terminal its own topics');
        client.end(true);
        return;
      }
      this.#entered = { client, session };
      this.#tell(client, session, true);
      this.#parts.onOnline(true);
    });
  }

  #hear(topic: string, payload: Uint8Array, session: string): void {
    const { command, hint } = topicsOf(this.#parts.claim.terminal);
    if (topic === command) this.#parts.onCommand(payload, session);
    else if (topic === hint) this.#parts.onHint(payload);
  }

  #tell(client: MqttClient, session: string, online: boolean): void {
    const { presence } = topicsOf(this.#parts.claim.terminal);
    if (client.connected) client.publish(presence, JSON.stringify(this.#presence(session, online)), { qos: 1 });
  }

  #leave(client: MqttClient, session: string): void {
    this.#tell(client, session, false);
    // An orderly end waits for a broker that may have stopped answering, and a second call to end is not heard.
    const force = setTimeout(() => client.stream.destroy(), farewellMsMax);
    client.once('close', () => clearTimeout(force));
    client.end(!client.connected);
  }

  #presence(session: string, online: boolean): Presence {
    const { claim, clock, state } = this.#parts;
    return {
      v: 1,
      terminal: claim.terminal,
      online,
      session,
      monoMs: Math.floor(clock.mono()),
      at: clock.now(),
      ...state(),
    };
  }
}

/** `ECONNREFUSED` and the like, or the return code of a CONNACK. */
function faultName(code: unknown): string {
  if (typeof code === 'string') return code;
  return typeof code === 'number' ? `connack-${code}` : 'mqtt-broken';
}
