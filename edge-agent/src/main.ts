import { join } from 'node:path';
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
import { rebootWith, restartExitCode, type Host } from './host.ts';
import { LogRing } from './log-ring.ts';
import type { UpdateOptions } from './update/software-updates.ts';

const builtPage = fileURLToPath(new URL(isBundled ? './screen' : '../../dashboards/dist/screen', import.meta.url));

/** Runs the agent until it is told to end. One JSON line on standard output says that the door works; the log goes to standard error. */
async function run(env: AgentEnvironment): Promise<void> {
  const logRing = new LogRing();
  const stderr = pino.destination(2);
  const everywhere = {
    write(line: string): void {
      stderr.write(line);
      logRing.write(line);
    },
  };
  const log = pino({ name: 'edge-agent', level: env.GATECAST_LOG_LEVEL }, everywhere);
  const fileClock = env.GATECAST_CLOCK_FILE === undefined ? undefined : clockFromFile(env.GATECAST_CLOCK_FILE);
  const clock = fileClock ?? systemClock;
  const bus = await busOf(env, clock, log);
  const agent = new Agent({
    dataDir: env.GATECAST_DATA_DIR,
    cloudUrl: env.GATECAST_CLOUD_URL,
    claimCode: env.GATECAST_CLAIM_CODE,
    model: env.GATECAST_MODEL,
    doorLinks: { osdp: bus.link, ...relayLinks(env) },
    clock,
    screen: {
      port: env.GATECAST_SCREEN_PORT,
      frameAncestors: env.GATECAST_SCREEN_FRAME_ANCESTORS,
      pageDir: env.GATECAST_SCREEN_PAGE_DIR ?? builtPage,
    },
    update: updateOptions(env),
    onSuccessor: () => stop(restartExitCode),
    log,
    logRing,
    host: hostOf(env, () => stop(restartExitCode)),
  });
  const stop = (exitCode = 0) => {
    process.exitCode = exitCode;
    fileClock?.stop();
    agent
      .stop()
      .then(() => bus.stop())
      .catch(fail);
  };
  process.once('SIGTERM', () => stop());
  process.once('SIGINT', () => stop());
  if (env.GATECAST_PARENT_WATCH === '1') endWithParent(() => stop());
  console.log(JSON.stringify({ ready: true, ...(await agent.start()) }));
}

/** Undefined where no launcher could start another slot. */
function updateOptions(env: AgentEnvironment): UpdateOptions | undefined {
  const { GATECAST_SOFTWARE_DIR: softwareDir, GATECAST_SLOT: slot } = env;
  if (softwareDir === undefined || slot === undefined) return undefined;
  return {
    softwareDir,
    slot,
    keysFile: env.GATECAST_UPDATE_KEYS_FILE ?? join(softwareDir, 'update-keys.json'),
    model: env.GATECAST_MODEL,
    trialMs: env.GATECAST_TRIAL_SECONDS * 1_000,
  };
}

async function busOf(env: AgentEnvironment, clock: Clock, log: Logger): Promise<RecordedBus> {
  const link = doorLink(env.GATECAST_DOOR_LINK);
  const path = env.GATECAST_BUS_RECORD;
  return path === undefined ? { link, stop: async () => {} } : recordedBus(link, path, clock, log);
}

const hostOf = (
  { GATECAST_SUPERVISED: supervised, GATECAST_REBOOT_COMMAND: reboot }: AgentEnvironment,
  restart: () => void,
): Host => ({
  restart: supervised === '1' ? restart : undefined,
  reboot: reboot === undefined ? undefined : rebootWith(reboot),
});

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
