import type { DurationMs } from '@gatecast/firmware-protocol';
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { RefusalCode } from './refusal.ts';

const prefix = 'gatecast_broker_';

/** What is read when somebody asks for the figures. */
export interface Readings {
  readonly connections: () => number;
  readonly handshakes: () => number;
  readonly backlogBytes: () => number;
  readonly subscriptions: () => number;
  readonly retainedMessages: () => number;
  readonly retainedBytes: () => number;
  readonly keptSessions: () => number;
}

const readingHelp: Record<keyof Readings, readonly [name: string, help: string]> = {
  connections: ['connections', 'Open connections'],
  handshakes: ['handshakes', 'Open connections that nobody has signed in on yet'],
  backlogBytes: ['backlog_bytes', 'Bytes that clients have not read yet'],
  subscriptions: ['subscriptions', 'Filters that clients listen to'],
  retainedMessages: ['retained_messages', 'Messages kept for who subscribes later'],
  retainedBytes: ['retained_bytes', 'Bytes of those'],
  keptSessions: ['kept_sessions', 'Sessions kept for clients to return to'],
};

/** What has been counted since the start, for `$SYS/broker/…`. */
export interface Totals {
  readonly messagesIn: number;
  readonly messageBytesIn: number;
  readonly messagesOut: number;
  readonly refusals: number;
}

/** What `/metrics` shows; one registry a broker, so that several can live in one test. docs/broker.md lists them. */
export interface Metrics {
  readonly registry: Registry;
  readonly totals: Totals;
  refused(code: RefusalCode): void;
  connected(kind: 'terminal' | 'cloud'): void;
  published(payloadBytes: number): void;
  forwarded(): void;
  queueDropped(): void;
  trustRefreshed(outcome: 'ok' | 'failed'): void;
  loopLate(lateMs: DurationMs): void;
  tlsHandshake(resumed: boolean): void;
  certificateLoaded(outcome: 'ok' | 'failed', expiresAtSecond?: number): void;
}

export function createMetrics(readings: Readings): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  for (const key of Object.keys(readings) as (keyof Readings)[]) {
    observe(...readingHelp[key], readings[key], registry);
  }
  const counter = <Label extends string = never>(name: string, help: string, ...labelNames: Label[]) =>
    new Counter({ name: `${prefix}${name}`, help, labelNames, registers: [registry] });
  const refusals = counter('refusals_total', 'Connections, packets and subscriptions turned away, by reason', 'code');
  const connects = counter('connects_total', 'Accepted connections, by who connected', 'kind');
  const drops = counter('queue_drops_total', 'Messages given up because a kept session had no more room');
  const refreshes = counter('trust_refreshes_total', 'Fetches of keys and revocations', 'outcome');
  const handshakes = counter(
    'tls_handshakes_total',
    'TLS handshakes, by whether an earlier session went on',
    'resumed',
  );
  const loads = counter('certificate_loads_total', 'Readings of certificate and key', 'outcome');
  const expiry = new Gauge({
    name: `${prefix}certificate_expires_seconds`,
    help: 'When the certificate in use runs out, seconds since 1970',
    registers: [registry],
  });
  const lag = new Histogram({
    name: `${prefix}loop_late_seconds`,
    help: 'How late the event loop was, ten times a second',
    buckets: [0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5],
    registers: [registry],
  });
  // Plain numbers on the path of every message, made into counters when somebody asks.
  const totals = { messagesIn: 0, messageBytesIn: 0, messagesOut: 0, refusals: 0 };
  countUp('messages_total', 'Messages taken in', () => totals.messagesIn, registry);
  countUp('message_bytes_total', 'Payload bytes taken in', () => totals.messageBytesIn, registry);
  countUp('forwards_total', 'Messages handed on', () => totals.messagesOut, registry);
  return {
    registry,
    totals,
    refused(code) {
      totals.refusals += 1;
      refusals.inc({ code });
    },
    connected: (kind) => connects.inc({ kind }),
    published(payloadBytes) {
      totals.messagesIn += 1;
      totals.messageBytesIn += payloadBytes;
    },
    forwarded() {
      totals.messagesOut += 1;
    },
    queueDropped: () => drops.inc(),
    trustRefreshed: (outcome) => refreshes.inc({ outcome }),
    loopLate: (lateMs) => lag.observe(lateMs / 1_000),
    tlsHandshake: (resumed) => handshakes.inc({ resumed: String(resumed) }),
    certificateLoaded(outcome, expiresAtSecond) {
      loads.inc({ outcome });
      if (expiresAtSecond !== undefined) expiry.set(expiresAtSecond);
    },
  };
}

function observe(name: string, help: string, read: () => number, registry: Registry): void {
  const gauge = new Gauge({
    name: prefix + name,
    help,
    registers: [registry],
    collect() {
      gauge.set(read());
    },
  });
}

function countUp(name: string, help: string, total: () => number, registry: Registry): void {
  const counter = new Counter({
    name: prefix + name,
    help,
    registers: [registry],
    collect() {
      counter.reset();
      counter.inc(total());
    },
  });
}
