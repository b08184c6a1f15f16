import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { seconds, type DurationMs } from '@gatecast/firmware-protocol';
import { areProxies, proxyList } from '@gatecast/firmware-protocol/node';
import { z } from 'zod';
import type { S3Settings } from './platform/s3-bucket.ts';

const port = z.coerce.number().int().min(0).max(65_535);
const flag = z.enum(['0', '1']).transform((value) => value === '1');

/** Every variable that the program reads, with its default. */
const environment = z.object({
  /** 0: any free port, told in the ready line. */
  GATECAST_CLOUD_PORT: port.default(8080),
  GATECAST_CLOUD_HOST: z.string().default('127.0.0.1'),
  /** How phones, terminals and browsers reach this API; QR codes start with it. */
  GATECAST_PUBLIC_URL: z.url().optional(),
  GATECAST_DATA_DIR: z.string().default('.data/cloud'),
  /** `postgres://…`, or a SQLite file; default `cloud.sqlite` in the data folder. */
  GATECAST_DATABASE_URL: z.string().optional(),
  /** Made with mode 0600 at the first start; default `master.key` in the data folder. */
  GATECAST_MASTER_KEY_FILE: z.string().optional(),
  /** Where this program finds the broker. Empty: no broker, hints are not sent and commands are refused. */
  GATECAST_BROKER_URL: z
    .string()
    .regex(/^(mqtts?|wss?):\/\/|^$/)
    .default('mqtt://127.0.0.1:1883'),
  /** PEM file with the only roots to believe of a broker behind `mqtts:` or `wss:`; without it, those of Node and of the machine. */
  GATECAST_MQTT_CA: z.string().min(1).optional(),
  /** Where terminals find the broker; default: the same. */
  GATECAST_BROKER_PUBLIC_URL: z.string().optional(),
  /** The operator's account, made when there is no account at all. */
  GATECAST_FIRST_OPERATOR_EMAIL: z.email().optional(),
  GATECAST_FIRST_OPERATOR_PASSWORD: z.string().min(10).optional(),
  /** `POST {url} {"phone","text"}` with a bearer. */
  GATECAST_SMS_URL: z.url().optional(),
  GATECAST_SMS_TOKEN: z.string().optional(),
  /** A terminal that is away for longer raises an alarm, in minutes. */
  GATECAST_OFFLINE_MINUTES: z.coerce.number().int().min(2).max(1_440).default(10),
  /** `1`: webhooks of alarms may go to private addresses and by plain HTTP. */
  GATECAST_WEBHOOK_PRIVATE: flag.default(false),
  /** Where the broker tells its figures, `http://127.0.0.1:9883/metrics`. Empty: the console says that it cannot know them. */
  GATECAST_BROKER_METRICS_URL: z.union([z.url({ protocol: /^https?$/ }), z.literal('')]).default(''),
  /** Public update keys (`update-keys.json`). Without them no release of the agent is taken. */
  GATECAST_UPDATE_KEYS_FILE: z.string().min(1).optional(),
  /** The payment provider (here: the sandbox). Without it nothing can be paid. */
  GATECAST_PAY_URL: z.url().optional(),
  /** `1`: a house clip is approved by somebody else than who uploaded it, if there is somebody else. */
  GATECAST_FOUR_EYES: flag.default(false),
  /** For so many days a terminal that hears nothing more plays house clips; paid ones end with its plan. */
  GATECAST_OFFLINE_CLIP_DAYS: z.coerce.number().int().min(7).max(365).default(30),
  /** Plays and touches are kept one by one for so many months, at least a year and the month that compares with it. */
  GATECAST_PLAY_MONTHS: z.coerce.number().int().min(13).max(120).default(13),
  /** The journal's rows are kept for so many months, and a month longer than plays in any case. */
  GATECAST_JOURNAL_MONTHS: z.coerce.number().int().min(14).max(240).default(24),
  /** Competitors of one category stand so far apart on a screen, or less where more was sold than that leaves room for; 0: no matter. */
  GATECAST_COMPETITOR_GAP_SECONDS: z.coerce.number().int().min(0).max(600).default(60),
  /** An ffmpeg with libx264, aac and loudnorm; default: whatever is found. `none`: uploads wait unless they are clips already. */
  FFMPEG_PATH: z.string().optional(),
  /** `uid:gid` that ffmpeg runs as, another than the cloud's: needs the right to change user. */
  GATECAST_FFMPEG_USER: z
    .string()
    .regex(/^[1-9]\d{0,8}:[1-9]\d{0,8}$/, { message: 'is `uid:gid` in digits, of no root' })
    .optional(),
  /** Videos that are converted at the same time; each takes two processors at low priority. */
  GATECAST_TRANSCODE_JOBS: z.coerce.number().int().min(1).max(16).default(1),
  /** Address space of one conversion, in MiB. */
  GATECAST_TRANSCODE_MEMORY_MIB: z.coerce.number().int().min(768).max(16_384).default(2_048),
  /** Integrated loudness of the clips (EBU R 128). */
  GATECAST_LOUDNESS_LUFS: z.coerce.number().min(-40).max(-14).default(-23),
  /**
   * An S3-compatible bucket for media and releases, by the bucket's own address: `https://name.oss-cn-shanghai.aliyuncs.com`, `http://minio:9000/name`.
   * Empty: folders of the data folder.
   */
  GATECAST_MEDIA_S3_URL: z.union([z.url({ protocol: /^https?$/ }), z.literal('')]).default(''),
  GATECAST_MEDIA_S3_REGION: z.string().min(1).default('us-east-1'),
  GATECAST_MEDIA_S3_KEY_ID: z.string().min(1).optional(),
  GATECAST_MEDIA_S3_SECRET: z.string().min(1).optional(),
  GATECAST_DASHBOARDS_DIR: z.string().default(fileURLToPath(new URL('../../dashboards/dist', import.meta.url))),
  /** Origins that may show the pages in a frame, separated by spaces. */
  GATECAST_FRAME_ANCESTORS: z
    .string()
    .regex(/^[\w.:/* -]*$/)
    .default(''),
  /**
   * Addresses or networks (`10.0.0.0/8`) of the proxies in front, separated by spaces. Only from these is `x-forwarded-for` believed; without
   * it the brake on guessing takes everybody behind the proxy for one caller.
   */
  GATECAST_TRUSTED_PROXY: z
    .string()
    .default('')
    .transform(proxyList)
    .refine(areProxies, 'must be addresses or networks, separated by spaces'),
  GATECAST_LOG_LEVEL: z.enum(['debug', 'info', 'warn', 'error', 'silent']).default('info'),
  /** Demo and tests: a file that holds how many milliseconds the clock is off. */
  GATECAST_CLOCK_FILE: z.string().optional(),
  /** End when standard input closes. */
  GATECAST_PARENT_WATCH: flag.default(false),
});

/** A bucket without its keys would silently be no bucket. */
const whole = environment.refine(
  (e) => e.GATECAST_MEDIA_S3_URL === '' || (e.GATECAST_MEDIA_S3_KEY_ID && e.GATECAST_MEDIA_S3_SECRET),
  { path: ['GATECAST_MEDIA_S3_URL'], message: 'needs GATECAST_MEDIA_S3_KEY_ID and GATECAST_MEDIA_S3_SECRET' },
);

export interface Config {
  readonly port: number;
  readonly host: string;
  /** Without a trailing slash; undefined until the port is known and nothing was set. */
  readonly publicUrl: string | undefined;
  readonly dataDir: string;
  readonly databaseUrl: string;
  readonly masterKeyFile: string;
  readonly brokerUrl: string;
  readonly brokerCaFile: string | undefined;
  readonly brokerPublicUrl: string;
  readonly firstOperator: { readonly email: string; readonly password: string } | undefined;
  readonly sms: { readonly url: string; readonly token: string } | undefined;
  readonly offlineMinutes: number;
  readonly webhookPrivate: boolean;
  /** Empty: none. */
  readonly brokerMetricsUrl: string;
  readonly updateKeysFile: string | undefined;
  readonly payUrl: string | undefined;
  readonly fourEyes: boolean;
  readonly offlineClipDays: number;
  readonly playMonths: number;
  readonly journalMonths: number;
  readonly competitorGapMs: DurationMs;
  readonly ffmpegPath: string | undefined;
  /** Undefined: ffmpeg runs as this program's own user. */
  readonly ffmpegUser: SystemUser | undefined;
  readonly transcode: { readonly jobs: number; readonly memoryBytes: number; readonly targetLufs: number };
  /** Undefined: media and releases lie in folders. */
  readonly mediaS3: S3Settings | undefined;
  readonly dashboardsDir: string;
  readonly frameAncestors: string;
  readonly trustedProxies: readonly string[];
  readonly logLevel: string;
  readonly clockFile: string | undefined;
  readonly parentWatch: boolean;
}

/** Reads the environment once. Throws one Error that names every fault. */
export function readConfig(env: Readonly<Record<string, string | undefined>>): Config {
  const parsed = whole.safeParse(env);
  if (!parsed.success) {
    const faults = parsed.error.issues.map(({ path, message }) => `  ${path.join('.')}: ${message}`);
    throw new Error(`the configuration is not right:\n${faults.join('\n')}`);
  }
  const e = parsed.data;
  return Object.freeze({
    port: e.GATECAST_CLOUD_PORT,
    host: e.GATECAST_CLOUD_HOST,
    publicUrl: e.GATECAST_PUBLIC_URL?.replace(/\/$/, ''),
    dataDir: e.GATECAST_DATA_DIR,
    databaseUrl: e.GATECAST_DATABASE_URL ?? join(e.GATECAST_DATA_DIR, 'cloud.sqlite'),
    masterKeyFile: e.GATECAST_MASTER_KEY_FILE ?? join(e.GATECAST_DATA_DIR, 'master.key'),
    brokerUrl: e.GATECAST_BROKER_URL,
    brokerCaFile: e.GATECAST_MQTT_CA,
    brokerPublicUrl: e.GATECAST_BROKER_PUBLIC_URL ?? e.GATECAST_BROKER_URL,
    firstOperator: both(e.GATECAST_FIRST_OPERATOR_EMAIL, e.GATECAST_FIRST_OPERATOR_PASSWORD, (email, password) => ({
      email,
      password,
    })),
    sms: both(e.GATECAST_SMS_URL, e.GATECAST_SMS_TOKEN, (url, token) => ({ url, token })),
    offlineMinutes: e.GATECAST_OFFLINE_MINUTES,
    webhookPrivate: e.GATECAST_WEBHOOK_PRIVATE,
    brokerMetricsUrl: e.GATECAST_BROKER_METRICS_URL,
    updateKeysFile: e.GATECAST_UPDATE_KEYS_FILE,
    payUrl: e.GATECAST_PAY_URL?.replace(/\/$/, ''),
    fourEyes: e.GATECAST_FOUR_EYES,
    offlineClipDays: e.GATECAST_OFFLINE_CLIP_DAYS,
    playMonths: e.GATECAST_PLAY_MONTHS,
    journalMonths: e.GATECAST_JOURNAL_MONTHS,
    competitorGapMs: seconds(e.GATECAST_COMPETITOR_GAP_SECONDS),
    ffmpegPath: e.FFMPEG_PATH,
    ffmpegUser: userOf(e.GATECAST_FFMPEG_USER),
    transcode: {
      jobs: e.GATECAST_TRANSCODE_JOBS,
      memoryBytes: e.GATECAST_TRANSCODE_MEMORY_MIB * 1_048_576,
      targetLufs: e.GATECAST_LOUDNESS_LUFS,
    },
    mediaS3: s3Of(e),
    dashboardsDir: e.GATECAST_DASHBOARDS_DIR,
    frameAncestors: e.GATECAST_FRAME_ANCESTORS,
    trustedProxies: e.GATECAST_TRUSTED_PROXY,
    logLevel: e.GATECAST_LOG_LEVEL,
    clockFile: e.GATECAST_CLOCK_FILE,
    parentWatch: e.GATECAST_PARENT_WATCH,
  });
}

/** Of the machine. */
export interface SystemUser {
  readonly uid: number;
  readonly gid: number;
}

function userOf(text: string | undefined): SystemUser | undefined {
  const [uid, gid] = (text ?? '').split(':').map(Number);
  return text === undefined || uid === undefined || gid === undefined ? undefined : { uid, gid };
}

function s3Of(e: z.output<typeof environment>): S3Settings | undefined {
  const { GATECAST_MEDIA_S3_URL: url, GATECAST_MEDIA_S3_REGION: region } = e;
  const { GATECAST_MEDIA_S3_KEY_ID: keyId, GATECAST_MEDIA_S3_SECRET: secret } = e;
  if (url === '' || keyId === undefined || secret === undefined) return undefined;
  return { url: url.replace(/\/$/, ''), region, keyId, secret };
}

const both = <T>(a: string | undefined, b: string | undefined, make: (a: string, b: string) => T): T | undefined =>
  a === undefined || b === undefined ? undefined : make(a, b);
