import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);
const probeMs = 5_000;

/** What one run of a converter may take. */
export interface RunLimits {
  /** Of all its threads together. */
  readonly cpuSeconds: number;
  /** Address space. */
  readonly memoryBytes: number;
  /** Of each file that it writes. */
  readonly outputBytes: number;
}

/** What holds a converter that reads strangers' files, as far as this machine can. */
export interface Sandbox {
  readonly holds: {
    readonly memory: boolean;
    readonly cpuTime: boolean;
    readonly outputSize: boolean;
    readonly noNetwork: boolean;
    /** It ends when this program is killed. */
    readonly endsWithParent: boolean;
  };
  /** The command behind the programs that limit it. Each replaces itself by the next, so that one process remains. */
  wrap(limits: RunLimits, command: readonly string[]): readonly [string, ...string[]];
}

type Prefix = readonly string[];

/** No network but an own, empty one; as root of an own user namespace where the machine's root is somebody else. */
const withoutNetwork: readonly Prefix[] = [
  ['unshare', '-n', '--'],
  ['unshare', '-r', '-n', '--'],
];

/**
 * The kernel kills it with its parent; it can gain no rights and, where it stands as root, has none. After `unshare`, because a change of rights makes
 * the kernel forget whom to follow (prctl(2), PR_SET_PDEATHSIG).
 */
const bound = ['setpriv', '--no-new-privs', '--pdeathsig', 'KILL'];
const followers: readonly Prefix[] = [
  [...bound, '--inh-caps=-all', '--bounding-set=-all', '--'],
  [...bound, '--'],
];

/** A second between the two limits of time, so that an honest program can say why it ends. */
const byPrlimit = ({ cpuSeconds, memoryBytes, outputBytes }: RunLimits): Prefix => [
  'prlimit',
  `--cpu=${cpuSeconds}:${cpuSeconds + 1}`,
  `--as=${memoryBytes}`,
  `--fsize=${outputBytes}`,
  '--core=0',
  '--',
];

const fileBlockBytes = 512;

/** Without util-linux. Memory is counted in KiB, files in blocks (POSIX `ulimit`; -t and -v are what all shells add). */
const byShell = ({ cpuSeconds, memoryBytes, outputBytes }: RunLimits, withMemory: boolean): Prefix => {
  const limits = [
    `ulimit -S -t ${cpuSeconds}`,
    `ulimit -H -t ${cpuSeconds + 1}`,
    ...(withMemory ? [`ulimit -v ${Math.floor(memoryBytes / 1_024)}`] : []),
    `ulimit -f ${Math.ceil(outputBytes / fileBlockBytes)}`,
    'ulimit -c 0',
    'exec "$@"',
  ];
  return ['sh', '-c', limits.join(' && '), 'sh'];
};

const probeLimits: RunLimits = { cpuSeconds: 5, memoryBytes: 512 * 1024 * 1024, outputBytes: 1024 * 1024 };

type Limiter = (limits: RunLimits) => Prefix;
const limiters: readonly (readonly [Limiter, { readonly memory: boolean }])[] = [
  [byPrlimit, { memory: true }],
  [(limits) => byShell(limits, true), { memory: true }],
  [(limits) => byShell(limits, false), { memory: false }],
];

let probed: Promise<Sandbox> | undefined;

/** What the machine permits, tried once in a process. Never rejects. */
export const probeSandbox = (): Promise<Sandbox> => (probed ??= tryMachine());

/** A container may forbid namespaces, another system lack the programs. */
export async function tryMachine(): Promise<Sandbox> {
  const network = await firstThatRuns(withoutNetwork, (prefix) => prefix);
  const follow = await firstThatRuns(followers, (prefix) => [...(network ?? []), ...prefix]);
  const limiter = await firstThatRuns(limiters, ([limit]) => limit(probeLimits));
  const before = [...(network ?? []), ...(follow ?? [])];
  return {
    holds: {
      memory: limiter?.[1].memory ?? false,
      cpuTime: limiter !== undefined,
      outputSize: limiter !== undefined,
      noNetwork: network !== undefined,
      endsWithParent: follow !== undefined,
    },
    wrap(limits, command) {
      const [program, ...args] = [...before, ...(limiter?.[0](limits) ?? []), ...command];
      return [program ?? '', ...args];
    },
  };
}

async function firstThatRuns<T>(candidates: readonly T[], prefixOf: (candidate: T) => Prefix): Promise<T | undefined> {
  for (const candidate of candidates) if (await runs(prefixOf(candidate))) return candidate;
  return undefined;
}

async function runs([program = '', ...args]: Prefix): Promise<boolean> {
  try {
    await run(program, [...args, 'true'], { timeout: probeMs });
    return true;
  } catch {
    // Not there or not permitted: health tells which limits hold.
    return false;
  }
}
