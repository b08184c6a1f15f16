import { systemClock } from '@gatecast/firmware-protocol';
import { clockFromFile, endWithParent } from '@gatecast/firmware-protocol/node';
import { pino } from 'pino';
import { createBroker, tokenPolicy } from './broker.ts';
import { readConfig, type BrokerConfig } from './config.ts';
import { defaultLimits } from './limits.ts';
import { Watchdog } from './watchdog.ts';

const stderr = 2;

function readConfigOrExit(): BrokerConfig {
  try {
    return readConfig(process.env);
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exit(2);
  }
}

const config = readConfigOrExit();
const log = pino(
  { level: config.logLevel, base: { program: 'broker' } },
  pino.destination({ dest: stderr, sync: true }),
);
const clock = config.clockFile === undefined ? systemClock : clockFromFile(config.clockFile);
const broker = createBroker({ ...config, policy: tokenPolicy(config), clock, log });
const watchdog = new Watchdog(defaultLimits.loopHangMs);

async function end(): Promise<void> {
  await broker.stop();
  await watchdog.stop();
  process.exit(0);
}

process.once('SIGTERM', () => void end());
process.once('SIGINT', () => void end());
if (config.parentWatch) endWithParent(() => void end());

watchdog.start();
const ports = await broker.start();
console.log(JSON.stringify({ ready: true, ...ports }));
