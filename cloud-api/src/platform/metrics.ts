import { Counter, Gauge, Histogram, Registry } from 'prom-client';

export interface Metrics {
  readonly registry: Registry;
  request(method: string, route: string, status: number, ms: number): void;
  readonly journalRows: Counter<'stream'>;
  readonly mqttConnected: Gauge;
  readonly malformedMessages: Counter<'channel'>;
}

/** One registry a program, so that tests can run several side by side. */
export function createMetrics(): Metrics {
  const registry = new Registry();
  const requests = new Histogram({
    name: 'gatecast_http_request_seconds',
    help: 'Time to answer a request',
    labelNames: ['method', 'route', 'status'],
    buckets: [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5],
    registers: [registry],
  });
  return {
    registry,
    request: (method, route, status, ms) => requests.observe({ method, route, status: String(status) }, ms / 1_000),
    journalRows: new Counter({
      name: 'gatecast_journal_rows_total',
      help: 'Journal rows stored',
      labelNames: ['stream'],
      registers: [registry],
    }),
    mqttConnected: new Gauge({
      name: 'gatecast_mqtt_connected',
      help: '1 while the broker answers',
      registers: [registry],
    }),
    malformedMessages: new Counter({
      name: 'gatecast_malformed_messages_total',
      help: 'MQTT messages that were not as described',
      labelNames: ['channel'],
      registers: [registry],
    }),
  };
}
