import { fileURLToPath } from 'node:url';
import { DomainError, systemClock, type Clock } from '@gatecast/firmware-protocol';
import { clockFromFile, endWithParent } from '@gatecast/firmware-protocol/node';
import { pino, type Logger } from 'pino';
import { Agent } from './agent.ts';
import { isBundled } from './bundled.ts';
import { readEnvironment, type AgentEnvironment } from './config.ts';
import type { DoorLinks } from './door/hardware.ts';
import { recordedBus, type RecordedBus } from './door/recorded-bus.ts';
import { relayBroker } from './door/relay-broker.ts';
import { doorLink } from './door/serial-line.ts';

const builtPage = fileURLToPath(new URL(isBundled ? './screen' : '../../dashboards/dist/screen', import.meta.url));

/** Runs the agent until it is told to end. One JSON line on standard output says that the door works; the log goes to standard error. */
async function run(env: AgentEnvironment): Promise<void> {
  const log = pino({ name: 'edge-agent', level: env.GATECAST_LOG_LEVEL }, pino.destination(2));
  const fileClock = env.GATECAST_CLOCK_FILE === undefined ? undefined : clockFromFile(env.GATECAST_CLOCK_FILE);
  const clock = fileClock ?? systemClock;
  const bus = await busOf(env, clock, log);
  const agent = new Agent({
    dataDir: env.GATECAST_DATA_DIR,
    cloudUrl: env.GATECAST_CLOUD_URL,
    claimCode: env.GATECAST_CLAIM_CODE,
    doorLinks: { osdp: bus.link, ...relayLinks(env) },
    clock,
    screen: {
      port: env.GATECAST_SCREEN_PORT,
      frameAncestors: env.GATECAST_SCREEN_FRAME_ANCESTORS,
      pageDir: env.GATECAST_SCREEN_PAGE_DIR ?? builtPage,
    },
    log,
  });
  const stop = () => {
    fileClock?.stop();
    agent
      .stop()
      .then(() => bus.stop())
      .catch(fail);
  };
  process.once('SIGTERM', stop);
  process.once('SIGINT', stop);
  if (env.GATECAST_PARENT_WATCH === '1') endWithParent(stop);
  console.log(JSON.stringify({ ready: true, ...(await agent.start()) }));
}

async function busOf(env: AgentEnvironment, clock: Clock, log: Logger): Promise<RecordedBus> {
  const link = doorLink(env.GATECAST_DOOR_LINK);
  const path = env.GATECAST_BUS_RECORD;
  return path === undefined ? { link, stop: async () => {} } : recordedBus(link, path, clock, log);
}

const relayLinks = ({
  GATECAST_RELAY_LINK: relay,
  GATECAST_RELAY_MQTT: mqtt,
}: AgentEnvironment): Partial<DoorLinks> => ({
  ...(relay !== undefined && { relay: doorLink(relay) }),
  ...(mqtt !== undefined && { mqtt: relayBroker(mqtt) }),
});

function fail(error: unknown): never {
  console.error(error instanceof DomainError ? error.message : error);
  process.exit(1);
}

try {
  await run(readEnvironment(process.env));
} catch (error) {
  fail(error);
}
