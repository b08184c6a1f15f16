import { DomainError } from '@gatecast/firmware-protocol';
import { agentModel } from '@gatecast/firmware-protocol/messages';
import { z } from 'zod';
import { readConfigFile, type ConfigFilePlace } from './config-file.ts';
import { doorLink } from './door/serial-line.ts';
import { panelSetting } from './player/panel/find-probe.ts';
import { trialSecondsDefault } from './update/launcher-config.ts';
import { slots } from './update/slots.ts';

const port = z.coerce.number().int().min(0).max(65_535);
const origins = z
  .string()
  .transform((text) => text.split(/[\s,]+/).filter(Boolean))
  .pipe(z.array(z.url()).max(10));

/** `tcp://host:port`, `unix:/path` or `serial:/dev/ttyUSB0?baud=9600` */
const link = z.string().superRefine((url, context) => {
  try {
    doorLink(url);
  } catch (error) {
    context.addIssue(error instanceof Error ? error.message : String(error));
  }
});

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
  /** A cache on the site, or a CDN, to ask for clips before the cloud is asked; it gets no token. */
  GATECAST_MEDIA_URL: z
    .url({ protocol: /^https?$/ })
    .transform((url) => url.replace(/\/+$/, ''))
    .optional(),
  /** Room for clips on the disk, megabytes. */
  GATECAST_MEDIA_MB: z.coerce.number().int().min(16).max(1_000_000).default(2_048),
  GATECAST_DOOR_LINK: link,
  /** Relay boards on Modbus RTU; the same forms. */
  GATECAST_RELAY_LINK: link.optional(),
  /** The site's broker of networked relays: `mqtt://user:password@host:port`. */
  GATECAST_RELAY_MQTT: z.url({ protocol: /^mqtts?$/ }).optional(),
  /** PEM file with the only roots to believe of the cloud's broker behind `mqtts://`; without it, those of Node and of the machine. */
  GATECAST_MQTT_CA: z.string().min(1).optional(),
  /** An OSDPCAP file to which the OSDP bus is recorded, without credentials; bounded. */
  GATECAST_BUS_RECORD: z.string().min(1).optional(),
  /** 0: any free port. */
  GATECAST_SCREEN_PORT: port.default(0),
  /** Origins of pages that may show the screen in a frame, parted by commas. */
  GATECAST_SCREEN_FRAME_ANCESTORS: origins.default([]),
  /** How it is known whether the panel is lit: `auto`, `none`, `cec`, or a path as `backlight:…`, `drm:…`, `cec:…`. */
  GATECAST_PANEL_PROBE: panelSetting.default('auto'),
  /** The built screen page, where it is not beside this program. */
  GATECAST_SCREEN_PAGE_DIR: z.string().min(1).optional(),
  /** Demo and tests only: the clock moved by the milliseconds in this file. */
  GATECAST_CLOCK_FILE: z.string().min(1).optional(),
  /** 1: whatever started the agent starts it again when it ends; without it a restart from afar is refused. */
  GATECAST_SUPERVISED: z.enum(['0', '1']).default('0'),
  /** Program with its arguments that restarts the machine, such as `/usr/bin/systemctl reboot`; without it that is refused. */
  GATECAST_REBOOT_COMMAND: z.string().min(1).optional(),
  /** Set by the launcher: the folder of both slots, and the one that this program was started from. */
  GATECAST_SOFTWARE_DIR: z.string().min(1).optional(),
  GATECAST_SLOT: z.enum(slots).optional(),
  /** Whom releases are taken from; default: `update-keys.json` beside both slots. */
  GATECAST_UPDATE_KEYS_FILE: z.string().min(1).optional(),
  /** What releases for this machine are built for. */
  GATECAST_MODEL: agentModel.default(`${process.platform}-${process.arch}`),
  /** How long a new release may take to prove itself. */
  GATECAST_TRIAL_SECONDS: z.coerce.number().int().min(1).max(86_400).default(trialSecondsDefault),
  GATECAST_LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'silent']).default('info'),
  /** A file for the log instead of standard error; at most three times this many megabytes, in three files. */
  GATECAST_LOG_FILE: z.string().startsWith('/').optional(),
  GATECAST_LOG_FILE_MB: z.coerce.number().int().min(1).max(1_000).default(5),
  /** 1: end when standard input closes. */
  GATECAST_PARENT_WATCH: z.enum(['0', '1']).default('0'),
});
export type AgentEnvironment = z.infer<typeof environment>;

/** Empty means unset: a line of a settings file that was left blank. */
const given = (variables: Readonly<Record<string, string | undefined>>) =>
  Object.fromEntries(Object.entries(variables).filter(([, value]) => value !== ''));

export interface SettingsSource extends ConfigFilePlace {
  /** Of the process; they go before the file. */
  readonly variables: Readonly<Record<string, string | undefined>>;
}

/** Throws DomainError `bad-configuration` that names every fault of file and variables at once. */
export function readSettings({ variables, ...place }: SettingsSource): AgentEnvironment {
  const { variables: fromFile, faults, unread } = readConfigFile(place, new Set(Object.keys(environment.shape)));
  const parsed = environment.safeParse({ ...given(fromFile), ...given(variables) });
  if (parsed.success && faults.length === 0) return parsed.data;
  const issues = parsed.success ? [] : parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
  const all = [...(unread === undefined ? [] : [unread]), ...faults, ...issues].map((fault) => `  ${fault}`);
  throw new DomainError('bad-configuration', `The agent cannot start with this configuration:\n${all.join('\n')}`);
}
