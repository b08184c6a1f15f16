import { collectDefaultMetrics, Counter, Gauge, Registry } from 'prom-client';
import type { RefusalCode } from './refusal.ts';

/** What `/metrics` shows; one registry a broker, so that several can live in one test. */
export interface Metrics {
  readonly registry: Registry;
  refused(code: RefusalCode): void;
  connected(kind: 'terminal' | 'cloud'): void;
  published(payloadBytes: number): void;
  forwarded(): void;
  trustRefreshed(outcome: 'ok' | 'failed'): void;
}

export function createMetrics(gauges: {
  readonly connections: () => number;
  readonly handshakes: () => number;
}): Metrics {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });
  const refusals = new Counter({
    name: 'gatecast_broker_refusals_total',
    help: 'Connections, packets and subscriptions turned away, by reason',
    labelNames: ['code'],
    registers,
  });
  const connects = new Counter({
    name: 'gatecast_broker_connects_total',
    help: 'Accepted connections, by who connected',
    labelNames: ['kind'],
    registers,
  });
  const messages = new Counter({ name: 'gatecast_broker_messages_total', help: 'Messages taken in', registers });
  const bytes = new Counter({ name: 'gatecast_broker_message_bytes_total', help: 'Payload bytes taken in', registers });
  const forwards = new Counter({ name: 'gatecast_broker_forwards_total', help: 'Messages handed on', registers });
  const refreshes = new Counter({
    name: 'gatecast_broker_trust_refreshes_total',
    help: 'Fetches of keys and revocations',
    labelNames: ['outcome'],
    registers,
  });
  observe('gatecast_broker_connections', 'Open connections', gauges.connections, registry);
  observe(
    'gatecast_broker_handshakes',
    'Open connections that nobody has signed in on yet',
    gauges.handshakes,
    registry,
  );
  return {
    registry,
    refused: (code) => refusals.inc({ code }),
    connected: (kind) => connects.inc({ kind }),
    published(payloadBytes) {
      messages.inc();
      bytes.inc(payloadBytes);
    },
    forwarded: () => forwards.inc(),
    trustRefreshed: (outcome) => refreshes.inc({ outcome }),
  };
}

function observe(name: string, help: string, read: () => number, registry: Registry): void {
  const gauge = new Gauge({
    name,
    help,
    registers: [registry],
    collect() {
      gauge.set(read());
    },
  });
}
