import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { DomainError, systemClock, type Clock } from '@gatecast/firmware-protocol';
import { clockFromFile, endWithParent } from '@gatecast/firmware-protocol/node';
import { pino, type Logger } from 'pino';
import { Agent } from './agent.ts';
import { isBundled } from './bundled.ts';
import { agentVersion } from './agent-version.ts';
import { readCommandLine, usage, type CommandLine } from './command-line.ts';
import { readSettings, type AgentEnvironment } from './config.ts';
import type { DoorLinks } from './door/hardware.ts';
import { recordedBus, type RecordedBus } from './door/recorded-bus.ts';
import { relayBroker } from './door/relay-broker.ts';
import { doorLink } from './door/serial-line.ts';
import { rebootWith, restartExitCode, storeLostExitCode, type Host } from './host.ts';
import { LogRing } from './log-ring.ts';
import { forgetRunning, noteRunning } from './on-site/running.ts';
import { rotatingLog, type LogLines } from './service/rotating-log.ts';
import { serviceManager } from './service/service-manager.ts';
import type { UpdateOptions } from './update/software-updates.ts';

const builtPage = fileURLToPath(new URL(isBundled ? './screen' : '../../dashboards/dist/screen', import.meta.url));

/** Runs the agent until it is told to end. One JSON line on standard output says that the door works; the log goes to standard error. */
async function run(env: AgentEnvironment): Promise<void> {
  const logRing = new LogRing();
  const lines = linesOf(env);
  const everywhere = {
    write(line: string): void {
      lines.write(line);
      logRing.write(line);
    },
  };
  const log = pino({ name: 'edge-agent', level: env.GATECAST_LOG_LEVEL }, everywhere);
  const fileClock = env.GATECAST_CLOCK_FILE === undefined ? undefined : clockFromFile(env.GATECAST_CLOCK_FILE);
  const clock = fileClock ?? systemClock;
  const bus = await busOf(env, clock, log);
  const service = serviceManager({
    env: process.env,
    onFault: (error) => log.warn({ err: error }, 'the service manager could not be told'),
  });
  const agent = new Agent({
    dataDir: env.GATECAST_DATA_DIR,
    cloudUrl: env.GATECAST_CLOUD_URL,
    brokerCaFile: env.GATECAST_MQTT_CA,
    claimCode: env.GATECAST_CLAIM_CODE,
    model: env.GATECAST_MODEL,
    mediaUrl: env.GATECAST_MEDIA_URL,
    mediaBytesMax: env.GATECAST_MEDIA_MB * 1024 ** 2,
    doorLinks: { osdp: bus.link, ...relayLinks(env) },
    clock,
    screen: {
      port: env.GATECAST_SCREEN_PORT,
      frameAncestors: env.GATECAST_SCREEN_FRAME_ANCESTORS,
      pageDir: env.GATECAST_SCREEN_PAGE_DIR ?? builtPage,
      panelProbe: env.GATECAST_PANEL_PROBE,
    },
    update: updateOptions(env),
    onSuccessor: () => stop(restartExitCode),
    onStoreLost: (error) => {
      log.fatal(
        { code: 'store-lost', err: error },
        'nothing can be kept any more: this program ends to be started anew',
      );
      stop(storeLostExitCode);
    },
    log,
    logRing,
    host: hostOf(env, () => stop(restartExitCode)),
  });
  const stop = (exitCode = 0) => {
    process.exitCode = exitCode;
    fileClock?.stop();
    void service.stopping();
    forgetRunning(env.GATECAST_DATA_DIR);
    agent
      .stop()
      .then(() => bus.stop())
      .catch(fail);
  };
  process.once('SIGTERM', () => stop());
  process.once('SIGINT', () => stop());
  if (env.GATECAST_PARENT_WATCH === '1') endWithParent(() => stop());
  const ready = await agent.start();
  noteRunning(env.GATECAST_DATA_DIR, ready.screenUrl, log);
  console.log(JSON.stringify({ ready: true, ...ready }));
  await service.ready(ready.terminal === null ? 'waiting to be claimed' : `terminal ${ready.terminal}`);
  service.watch(() => agent.isWell());
}

/** Standard error, which a service manager keeps and bounds; or files that are bounded here. */
const linesOf = ({ GATECAST_LOG_FILE: file, GATECAST_LOG_FILE_MB: mb }: AgentEnvironment): LogLines =>
  file === undefined ? pino.destination(2) : rotatingLog({ file, bytesMax: mb * 1e6 });

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

async function main(line: CommandLine): Promise<void> {
  switch (line.command) {
    case 'help':
      return console.log(usage);
    case 'version':
      return console.log(agentVersion);
    case 'doctor': {
      const { doctor } = await import('./doctor/doctor.ts');
      process.exitCode = await doctor({ ...line, variables: process.env, say: (text) => console.log(text) });
      return undefined;
    }
    case 'run':
      return run(readSettings({ variables: process.env, file: line.config }));
  }
}

try {
  await main(readCommandLine(process.argv.slice(2)));
} catch (error) {
  fail(error);
}
