import { systemClock } from '@gatecast/firmware-protocol';
import { clockFromFile, endWithParent } from '@gatecast/firmware-protocol/node';
import { z } from 'zod';
import { createSandbox } from './sandbox.ts';

const environment = z.object({
  /** 0 lets the system pick. */
  GATECAST_SANDBOX_PORT: z.coerce.number().int().min(0).max(65_535).default(0),
  GATECAST_SANDBOX_DATA_DIR: z.string().min(1),
  GATECAST_SANDBOX_SMS_TOKEN: z.string().min(8),
  /** The file that moves the clocks of all programs of a demo. */
  GATECAST_CLOCK_FILE: z.string().min(1).optional(),
  /** Origins whose pages may show ours in frames, separated by spaces. */
  GATECAST_FRAME_ANCESTORS: z.string().default(''),
  GATECAST_PARENT_WATCH: z.enum(['0', '1']).default('0'),
});

const parsed = environment.safeParse(process.env);
if (!parsed.success) {
  console.error(`The sandbox's settings are not in order:\n${z.prettifyError(parsed.error)}`);
  process.exit(2);
}
const env = parsed.data;
const sandbox = createSandbox({
  port: env.GATECAST_SANDBOX_PORT,
  dataDir: env.GATECAST_SANDBOX_DATA_DIR,
  smsToken: env.GATECAST_SANDBOX_SMS_TOKEN,
  clock: env.GATECAST_CLOCK_FILE === undefined ? systemClock : clockFromFile(env.GATECAST_CLOCK_FILE),
  frameAncestors: env.GATECAST_FRAME_ANCESTORS,
  onFault: (error) => console.error(error),
});

async function end(): Promise<void> {
  await sandbox.stop();
  process.exit(0);
}

process.once('SIGTERM', () => void end());
process.once('SIGINT', () => void end());
if (env.GATECAST_PARENT_WATCH === '1') endWithParent(() => void end());

const port = await sandbox.start();
console.log(JSON.stringify({ ready: true, port }));
