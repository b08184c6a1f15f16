import { DomainError } from '@gatecast/firmware-protocol';
import { z } from 'zod';

const port = z.coerce.number().int().min(0).max(65_535);
const origins = z
  .string()
  .transform((text) => text.split(/[\s,]+/).filter(Boolean))
  .pipe(z.array(z.url()).max(10));

/** What the agent reads from its environment, once, at start. */
const environment = z.object({
  /** Keys, database and clips. */
  GATECAST_DATA_DIR: z.string().min(1),
  GATECAST_CLOUD_URL: z.url({ protocol: /^https?$/ }).transform((url) => url.replace(/\/+$/, '')),
  /** Needed at the first start only. */
  GATECAST_CLAIM_CODE: z
    .string()
    .regex(/^[0-9A-HJKMNP-TV-Z]{12}$/)
    .optional(),
  /** `tcp://host:port`, `unix:/path` or `serial:/dev/ttyUSB0?baud=9600` */
  GATECAST_DOOR_LINK: z.string().regex(/^(tcp:\/\/|unix:\/|serial:\/)/),
  /** Relay boards on Modbus RTU; the same forms. */
  GATECAST_RELAY_LINK: z
    .string()
    .regex(/^(tcp:\/\/|unix:\/|serial:\/)/)
    .optional(),
  /** The site's broker of networked relays: `mqtt://user:password@host:port`. */
  GATECAST_RELAY_MQTT: z.url({ protocol: /^mqtts?$/ }).optional(),
  /** An OSDPCAP file to which the OSDP bus is recorded, without credentials; bounded. */
  GATECAST_BUS_RECORD: z.string().min(1).optional(),
  /** 0: any free port. */
  GATECAST_SCREEN_PORT: port.default(0),
  /** Origins of pages that may show the screen in a frame, parted by commas. */
  GATECAST_SCREEN_FRAME_ANCESTORS: origins.default([]),
  /** The built screen page, where it is not beside this program. */
  GATECAST_SCREEN_PAGE_DIR: z.string().min(1).optional(),
  /** Demo and tests only: the clock moved by the milliseconds in this file. */
  GATECAST_CLOCK_FILE: z.string().min(1).optional(),
  GATECAST_LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'silent']).default('info'),
  /** 1: end when standard input closes. */
  GATECAST_PARENT_WATCH: z.enum(['0', '1']).default('0'),
});
export type AgentEnvironment = z.infer<typeof environment>;

/** Throws DomainError `bad-configuration` that names every fault at once. */
export function readEnvironment(variables: Readonly<Record<string, string | undefined>>): AgentEnvironment {
  const parsed = environment.safeParse(variables);
  if (parsed.success) return parsed.data;
  const faults = parsed.error.issues.map((issue) => `  ${issue.path.join('.')}: ${issue.message}`);
  throw new DomainError('bad-configuration', `The agent cannot start with this configuration:\n${faults.join('\n')}`);
}
