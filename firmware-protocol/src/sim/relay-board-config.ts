import { z } from 'zod';
import type { LinkPlace } from '../transport/link-server.ts';
import { frameAncestors, port, unixSocket } from './config.ts';

const environment = z.object({
  /** Byte link over TCP on 127.0.0.1; 0 lets the system pick. */
  GATECAST_RELAY_SIM_LINK_PORT: port.default(0),
  /** Instead of the port: `unix:/path/of/the/socket`. */
  GATECAST_RELAY_SIM_LINK: unixSocket.optional(),
  /** Control page; 0 lets the system pick. */
  GATECAST_RELAY_SIM_HTTP_PORT: port.default(0),
  /** Shown on the page. */
  GATECAST_RELAY_SIM_NAME: z.string().min(1).max(60).default('Relay board'),
  /** The board's DIP switches. */
  GATECAST_RELAY_SIM_UNIT: z.coerce.number().int().min(1).max(247).default(1),
  GATECAST_RELAY_SIM_RELAYS: z.coerce.number().int().min(8).max(32).default(16),
  /** Whether the board times pulses by itself (flash-on). */
  GATECAST_RELAY_SIM_FLASH_ON: z.enum(['0', '1']).default('1'),
  /** Speed of the simulated wire. Without it the link is as fast as a socket. */
  GATECAST_RELAY_SIM_BAUD: z.coerce.number().int().min(1_200).max(1_000_000).optional(),
  /** Whether somebody walks through after each release. */
  GATECAST_RELAY_SIM_AUTO_WALK: z.enum(['0', '1']).default('1'),
  /** Origins that may show the page in a frame, separated by spaces. */
  GATECAST_FRAME_ANCESTORS: frameAncestors,
  /** `1`: end when standard input closes, that is, with the program that started this one. */
  GATECAST_PARENT_WATCH: z.enum(['0', '1']).default('0'),
});

export interface RelaySimConfig {
  readonly place: LinkPlace;
  readonly httpPort: number;
  readonly name: string;
  readonly unit: number;
  readonly relays: number;
  readonly flashOn: boolean;
  readonly baud: number | undefined;
  readonly autoWalk: boolean;
  readonly frameAncestors: readonly string[];
  readonly parentWatch: boolean;
}

/** The settings of an environment. Throws one Error that names every fault. */
export function readRelaySimConfig(env: NodeJS.ProcessEnv): RelaySimConfig {
  const parsed = environment.safeParse(env);
  if (!parsed.success) {
    throw new Error(`The relay board simulator's settings are not in order:\n${z.prettifyError(parsed.error)}`);
  }
  const values = parsed.data;
  const unixPath = values.GATECAST_RELAY_SIM_LINK?.slice('unix:'.length);
  return {
    place: unixPath === undefined ? { port: values.GATECAST_RELAY_SIM_LINK_PORT } : { path: unixPath },
    httpPort: values.GATECAST_RELAY_SIM_HTTP_PORT,
    name: values.GATECAST_RELAY_SIM_NAME,
    unit: values.GATECAST_RELAY_SIM_UNIT,
    relays: values.GATECAST_RELAY_SIM_RELAYS,
    flashOn: values.GATECAST_RELAY_SIM_FLASH_ON === '1',
    baud: values.GATECAST_RELAY_SIM_BAUD,
    autoWalk: values.GATECAST_RELAY_SIM_AUTO_WALK === '1',
    frameAncestors: values.GATECAST_FRAME_ANCESTORS,
    parentWatch: values.GATECAST_PARENT_WATCH === '1',
  };
}
