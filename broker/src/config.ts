import { z } from 'zod';

const port = z.coerce.number().int().min(0).max(65_535);

const environment = z.object({
  /** MQTT over TCP; 0 lets the system pick. */
  GATECAST_BROKER_PORT: port.default(1883),
  /** `/metrics`, `/healthz`, `/readyz`. */
  GATECAST_BROKER_HTTP_PORT: port.default(9883),
  GATECAST_BROKER_HOST: z.string().min(1).default('127.0.0.1'),
  /** Where keys and revocations come from, `http://127.0.0.1:8080`. */
  GATECAST_CLOUD_URL: z.url({ protocol: /^https?$/ }),
  /** Keys and revocations are kept here for a start while the cloud is away. */
  GATECAST_DATA_DIR: z.string().min(1),
  /** Demo and tests: a file with the milliseconds by which the wall clock is moved. */
  GATECAST_CLOCK_FILE: z.string().min(1).optional(),
  GATECAST_LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'silent']).default('info'),
  /** `1`: end when standard input closes, that is, with the program that started this one. */
  GATECAST_PARENT_WATCH: z.enum(['0', '1']).default('0'),
});

export type BrokerConfig = ReturnType<typeof readConfig>;

/** The settings of an environment. Throws one Error that names every fault. */
export function readConfig(env: NodeJS.ProcessEnv) {
  const parsed = environment.safeParse(env);
  if (!parsed.success) throw new Error(`The broker's settings are not in order:\n${z.prettifyError(parsed.error)}`);
  const values = parsed.data;
  return {
    port: values.GATECAST_BROKER_PORT,
    httpPort: values.GATECAST_BROKER_HTTP_PORT,
    host: values.GATECAST_BROKER_HOST,
    cloudUrl: values.GATECAST_CLOUD_URL,
    dataDir: values.GATECAST_DATA_DIR,
    clockFile: values.GATECAST_CLOCK_FILE,
    logLevel: values.GATECAST_LOG_LEVEL,
    parentWatch: values.GATECAST_PARENT_WATCH === '1',
  };
}
