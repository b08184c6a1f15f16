import { mkdirSync } from 'node:fs';
import { systemClock } from '@gatecast/firmware-protocol';
import { clockFromFile, endWithParent } from '@gatecast/firmware-protocol/node';
import { serve, type ServerType } from '@hono/node-server';
import { collectDefaultMetrics } from 'prom-client';
import { createApp, type App } from './app.ts';
import { readConfig, type Config } from './config.ts';
import { openStore } from './platform/db/store.ts';
import { createLog } from './platform/log.ts';

const drainMs = 5_000;

/** Starts the program, says so on stdout when it answers, and drains on SIGTERM. */
async function main(config: Config): Promise<void> {
  const log = createLog(config.logLevel);
  const clock = config.clockFile === undefined ? systemClock : clockFromFile(config.clockFile);
  mkdirSync(config.dataDir, { recursive: true });
  const store = await openStore(config.databaseUrl, log);
  const app = createApp({ config, store, clock, log });
  collectDefaultMetrics({ register: app.platform.metrics.registry });
  await app.start();
  const { server, port } = await listen(app.fetch, config.port, config.host);
  app.platform.setPublicUrl(`http://${config.host}:${port}`);

  let stopping: Promise<void> | undefined;
  const stop = () => {
    stopping ??= shutDown(server, app.stop, store.close).catch((err: unknown) => {
      log.error({ err }, 'did not stop cleanly');
      process.exitCode = 1;
    });
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
  if (config.parentWatch) endWithParent(stop);
  process.stdout.write(`${JSON.stringify({ ready: true, port })}\n`);
}

function listen(fetch: App['fetch'], port: number, hostname: string) {
  return new Promise<{ server: ServerType; port: number }>((resolve, reject) => {
    const server = serve({ fetch, port, hostname }, (info) => resolve({ server, port: info.port }));
    server.on('error', reject);
  });
}

/** Answers what has begun, cuts live streams after a moment, then closes the parts in the order of their dependence. */
async function shutDown(
  server: ServerType,
  stopApp: () => Promise<void>,
  closeStore: () => Promise<void>,
): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  const cut = setTimeout(() => 'closeAllConnections' in server && server.closeAllConnections(), drainMs);
  if ('closeIdleConnections' in server) server.closeIdleConnections();
  await stopApp();
  await closed;
  clearTimeout(cut);
  await closeStore();
  process.exit();
}

try {
  await main(readConfig(process.env));
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
}
