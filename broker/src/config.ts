import { areProxies, proxyList } from '@gatecast/firmware-protocol/node';
import { z } from 'zod';

const port = z.coerce.number().int().min(0).max(65_535);

const isOrigin = (text: string): boolean => URL.canParse(text) && new URL(text).origin === text;

const settings = z.object({
  /** MQTT over TCP; 0 lets the system pick, `none`: TLS only. */
  GATECAST_BROKER_PORT: z.union([z.literal('none'), port]).default(1883),
  /** MQTT over TLS, once there are certificate and key. */
  GATECAST_BROKER_TLS_PORT: port.default(8883),
  /** PEM files; taken anew when they change. */
  GATECAST_BROKER_TLS_CERT_FILE: z.string().min(1).optional(),
  GATECAST_BROKER_TLS_KEY_FILE: z.string().min(1).optional(),
  /** MQTT over WebSocket, and over WebSocket with TLS; none unless set. */
  GATECAST_BROKER_WS_PORT: port.optional(),
  GATECAST_BROKER_WSS_PORT: port.optional(),
  /** Origins whose pages may connect by WebSocket, separated by spaces or commas. */
  GATECAST_BROKER_WS_ORIGINS: z
    .string()
    .default('')
    .transform((text) => text.split(/[\s,]+/).filter((origin) => origin !== ''))
    .refine((origins) => origins.every(isOrigin), 'must be origins, https://example.com, separated by spaces'),
  /** Addresses or networks of the proxies in front, separated by spaces: they have no rates of their own, and theirs is `x-forwarded-for` believed. */
  GATECAST_TRUSTED_PROXY: z
    .string()
    .default('')
    .transform(proxyList)
    .refine(areProxies, 'must be addresses or networks, separated by spaces'),
  /** `/metrics`, `/healthz`, `/readyz`. */
  GATECAST_BROKER_HTTP_PORT: port.default(9883),
  GATECAST_BROKER_HTTP_HOST: z.string().min(1).default('127.0.0.1'),
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

const environment = settings.superRefine((values, context) => {
  const hasCert = values.GATECAST_BROKER_TLS_CERT_FILE !== undefined;
  const hasKey = values.GATECAST_BROKER_TLS_KEY_FILE !== undefined;
  const missing = (name: string, message: string) => context.addIssue({ code: 'custom', path: [name], message });
  if (hasCert && !hasKey) missing('GATECAST_BROKER_TLS_KEY_FILE', 'is needed beside the certificate');
  if (hasKey && !hasCert) missing('GATECAST_BROKER_TLS_CERT_FILE', 'is needed beside the key');
  if (values.GATECAST_BROKER_WSS_PORT !== undefined && !hasCert)
    missing('GATECAST_BROKER_WSS_PORT', 'needs a certificate');
  if (values.GATECAST_BROKER_PORT === 'none' && !hasCert && values.GATECAST_BROKER_WS_PORT === undefined) {
    missing('GATECAST_BROKER_PORT', 'nothing would listen: set a certificate or a port');
  }
});

export type BrokerConfig = ReturnType<typeof readConfig>;

/** The settings of an environment. Throws one Error that names every fault. */
export function readConfig(env: NodeJS.ProcessEnv) {
  const parsed = environment.safeParse(env);
  if (!parsed.success) throw new Error(`The broker's settings are not in order:\n${z.prettifyError(parsed.error)}`);
  const values = parsed.data;
  return {
    ports: portsOf(values),
    tls: tlsOf(values),
    origins: values.GATECAST_BROKER_WS_ORIGINS,
    proxies: values.GATECAST_TRUSTED_PROXY,
    httpPort: values.GATECAST_BROKER_HTTP_PORT,
    httpHost: values.GATECAST_BROKER_HTTP_HOST,
    host: values.GATECAST_BROKER_HOST,
    cloudUrl: values.GATECAST_CLOUD_URL,
    dataDir: values.GATECAST_DATA_DIR,
    clockFile: values.GATECAST_CLOCK_FILE,
    logLevel: values.GATECAST_LOG_LEVEL,
    parentWatch: values.GATECAST_PARENT_WATCH === '1',
  };
}

type Settings = z.output<typeof settings>;

const portsOf = (values: Settings) => ({
  mqtt: values.GATECAST_BROKER_PORT === 'none' ? undefined : values.GATECAST_BROKER_PORT,
  mqtts: values.GATECAST_BROKER_TLS_CERT_FILE === undefined ? undefined : values.GATECAST_BROKER_TLS_PORT,
  ws: values.GATECAST_BROKER_WS_PORT,
  wss: values.GATECAST_BROKER_WSS_PORT,
});

function tlsOf({
  GATECAST_BROKER_TLS_CERT_FILE: certFile,
  GATECAST_BROKER_TLS_KEY_FILE: keyFile,
  GATECAST_DATA_DIR: dataDir,
}: Settings) {
  return certFile === undefined || keyFile === undefined ? undefined : { certFile, keyFile, dataDir };
}
