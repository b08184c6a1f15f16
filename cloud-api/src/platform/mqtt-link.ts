import { randomBytes } from 'node:crypto';
import { minutes } from '@gatecast/firmware-protocol';
import { cloudSubscriptions, parseUpTopic } from '@gatecast/firmware-protocol/messages';
import { trustedAuthorities } from '@gatecast/firmware-protocol/node';
import { connect, type IClientOptions, type MqttClient } from 'mqtt';
import type { Tokens } from './keys/tokens.ts';
import type { Logger } from './log.ts';
import type { Metrics } from './metrics.ts';

const backoffFirstMs = 200;
const backoffMaxMs = 3_000;
const connectTimeoutMs = 5_000;
const tokenLifeMs = minutes(60);
/** Bytes of a message that could still be ours. */
const messageBytesMax = 64 * 1024;
const hintsKeptMax = 20_000;

type Channel = 'presence' | 'command-state';
/** Takes one message of a terminal. What it throws is logged with a code and the message dropped; nothing stops. */
type MessageHandler = (terminalId: string, payload: unknown) => Promise<void>;

export interface MqttLink {
  on(channel: Channel, handler: MessageHandler): void;
  /** False if the broker is away. */
  publish(topic: string, payload: string, qos: 0 | 1): Promise<boolean>;
  /**
   * A message of which only the newest on its topic matters, or the newest about one thing. While the broker is away it is kept, up to {@link hintsKeptMax} of them, and sent when the
   * broker is back: a terminal may have found its way there before. What is lost nevertheless, polling makes good.
   */
  hint(topic: string, payload: string, about?: string): Promise<void>;
  readonly connected: boolean;
  start(): void;
  stop(): Promise<void>;
}

interface LinkParts {
  readonly brokerUrl: string;
  /** PEM file with the only roots to believe of a broker behind TLS; undefined: those of Node and of the machine. */
  readonly caFile?: string | undefined;
  readonly tokens: Tokens;
  readonly log: Logger;
  readonly metrics: Metrics;
}

/** The cloud's one connection to the broker, MQTT 3.1.1, with a fresh token at each attempt and full-jitter pauses between them. */
export function createMqttLink(parts: LinkParts): MqttLink {
  const { brokerUrl, tokens, log, metrics } = parts;
  const handlers = new Map<Channel, MessageHandler>();
  const kept = createKeptHints();
  let client: MqttClient | undefined;
  let retry: NodeJS.Timeout | undefined;
  let failures = 0;
  let stopped = false;

  const attempt = async (): Promise<void> => {
    const { token } = await tokens.issue('service:cloud', tokenLifeMs);
    if (stopped) return;
    const made = connect(brokerUrl, { ...connectOptions(token), ...tlsOptions(parts) });
    client = made;
    made.on('connect', () => {
      failures = 0;
      metrics.mqttConnected.set(1);
      subscribe(made, log);
      for (const hint of kept.takeAll()) void link.hint(...hint);
    });
    made.on('message', (topic, payload) => void receive(parts, handlers, topic, payload));
    made.on('error', (err) => log.warn({ err: err.message }, 'broker connection'));
    made.on('close', () => {
      metrics.mqttConnected.set(0);
      if (client === made) again();
    });
  };
  const again = (): void => {
    client = undefined;
    if (stopped) return;
    failures += 1;
    const pause = Math.random() * Math.min(backoffMaxMs, backoffFirstMs * 2 ** Math.min(failures, 10));
    retry = setTimeout(tryNow, pause);
  };
  const tryNow = () =>
    void attempt().catch((err: unknown) => {
      log.error({ err }, 'cannot connect to the broker');
      again();
    });

  const link: MqttLink = {
    on: (channel, handler) => void handlers.set(channel, handler),
    get connected() {
      return client?.connected ?? false;
    },
    async publish(topic, payload, qos) {
      if (!client?.connected) return false;
      try {
        await client.publishAsync(topic, payload, { qos });
        return true;
      } catch (err) {
        log.warn({ err, topic }, 'cannot publish');
        return false;
      }
    },
    async hint(topic, payload, about = '') {
      if (!(await link.publish(topic, payload, 0))) kept.keep([topic, payload, about]);
    },
    start: tryNow,
    async stop() {
      stopped = true;
      clearTimeout(retry);
      const last = client;
      client = undefined;
      await last?.endAsync(true);
    },
  };
  return link;
}

type KeptHint = readonly [topic: string, payload: string, about: string];

/** What could not be hinted at, the newest on each topic and about each thing. */
function createKeptHints() {
  const kept = new Map<string, KeptHint>();
  return {
    keep(hint: KeptHint): void {
      const key = `${hint[0]} ${hint[2]}`;
      // Polling finds what is one too many here.
      if (kept.size < hintsKeptMax || kept.has(key)) kept.set(key, hint);
    },
    takeAll(): KeptHint[] {
      const all = [...kept.values()];
      kept.clear();
      return all;
    },
  };
}

/** Reconnecting is ours: mqtt.js would come back with the old token. */
const connectOptions = (token: string): IClientOptions => ({
  protocolVersion: 4,
  clientId: `cloud-${randomBytes(8).toString('hex')}`,
  username: 'service:cloud',
  password: token,
  clean: true,
  keepalive: 30,
  connectTimeout: connectTimeoutMs,
  reconnectPeriod: 0,
  resubscribe: false,
});

function tlsOptions({ brokerUrl, caFile }: LinkParts): IClientOptions {
  return /^(mqtts|wss):/.test(brokerUrl) ? { ca: trustedAuthorities(caFile) } : {};
}

function subscribe(client: MqttClient, log: Logger): void {
  client.subscribe([...cloudSubscriptions], { qos: 1 }, (err) => {
    if (!err) return log.info('connected to the broker');
    log.error({ err }, 'the broker refused the subscriptions');
    client.end(true);
  });
}

async function receive(
  { log, metrics }: LinkParts,
  handlers: ReadonlyMap<Channel, MessageHandler>,
  topic: string,
  payload: Buffer,
): Promise<void> {
  const named = parseUpTopic(topic);
  if (!named) return;
  const { terminal, channel } = named;
  try {
    if (payload.length > messageBytesMax) throw new RangeError('message too large');
    await handlers.get(channel)?.(terminal, JSON.parse(payload.toString('utf8')));
  } catch (err) {
    metrics.malformedMessages.inc({ channel });
    log.warn({ err, code: 'malformed-message', terminal, channel }, 'message dropped');
  }
}
