import { z } from 'zod';
import type { LinkPlace } from '../transport/link-server.ts';

export const port = z.coerce.number().int().min(0).max(65_535);
/** `https://host:port`, as `frame-ancestors` wants it. */
const origin = z
  .string()
  .regex(/^https?:\/\/[A-Za-z0-9.-]+(:\d{1,5})?$/, 'is not an origin such as http://127.0.0.1:8080');

export const unixSocket = z.string().regex(/^unix:\/./, 'is not unix:/path');
/** Origins, separated by spaces. */
export const frameAncestors = z
  .string()
  .default('')
  .transform((text) => text.split(/\s+/).filter((part) => part !== ''))
  .pipe(z.array(origin).max(16));

const environment = z.object({
  /** Byte link over TCP on 127.0.0.1; 0 lets the system pick. */
  GATECAST_DOOR_LINK_PORT: port.default(0),
  /** Instead of the port: `unix:/path/of/the/socket`. */
  GATECAST_DOOR_LINK: unixSocket.optional(),
  /** Control page; 0 lets the system pick. */
  GATECAST_DOOR_HTTP_PORT: port.default(0),
  /** Shown on the page. */
  GATECAST_DOOR_NAME: z.string().min(1).max(60).default('Door'),
  /** The card that lies beside the reader: 26-bit Wiegand number, six hexadecimal digits. */
  GATECAST_DOOR_CARD: z
    .string()
    .regex(/^[0-9a-fA-F]{6}$/, 'is not six hexadecimal digits')
    .default('D41B81'),
  /** Speed of the simulated wire. Without it the link is as fast as a socket. */
  GATECAST_DOOR_BAUD: z.coerce.number().int().min(1_200).max(1_000_000).optional(),
  /** Whether somebody walks through after each release. */
  GATECAST_DOOR_AUTO_WALK: z.enum(['0', '1']).default('1'),
  /** Whether a second reader hangs inside, at the next address of the line. */
  GATECAST_DOOR_EXIT_READER: z.enum(['0', '1']).default('0'),
  /** Where the devices keep their keys and addresses; without a key in it a device is in install mode, as from the box. */
  GATECAST_DOOR_KEY_FILE: z.string().min(1).optional(),
  /** Origins that may show the page in a frame, separated by spaces. */
  GATECAST_FRAME_ANCESTORS: frameAncestors,
  /** `1`: end when standard input closes, that is, with the program that started this one. */
  GATECAST_PARENT_WATCH: z.enum(['0', '1']).default('0'),
});

export interface DoorSimConfig {
  readonly place: LinkPlace;
  readonly httpPort: number;
  readonly name: string;
  readonly card: string;
  readonly baud: number | undefined;
  readonly autoWalk: boolean;
  readonly hasExitReader: boolean;
  readonly keyFile: string | undefined;
  readonly frameAncestors: readonly string[];
  readonly parentWatch: boolean;
}

/** The settings of an environment. Throws one Error that names every fault. */
export function readConfig(env: NodeJS.ProcessEnv): DoorSimConfig {
  const parsed = environment.safeParse(env);
  if (!parsed.success) {
    throw new Error(`The door simulator's settings are not in order:\n${z.prettifyError(parsed.error)}`);
  }
  const values = parsed.data;
  const unixPath = values.GATECAST_DOOR_LINK?.slice('unix:'.length);
  return {
    place: unixPath === undefined ? { port: values.GATECAST_DOOR_LINK_PORT } : { path: unixPath },
    httpPort: values.GATECAST_DOOR_HTTP_PORT,
    name: values.GATECAST_DOOR_NAME,
    card: values.GATECAST_DOOR_CARD,
    baud: values.GATECAST_DOOR_BAUD,
    autoWalk: values.GATECAST_DOOR_AUTO_WALK === '1',
    hasExitReader: values.GATECAST_DOOR_EXIT_READER === '1',
    keyFile: values.GATECAST_DOOR_KEY_FILE,
    frameAncestors: values.GATECAST_FRAME_ANCESTORS,
    parentWatch: values.GATECAST_PARENT_WATCH === '1',
  };
}
