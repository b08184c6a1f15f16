import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { SystemUser } from '../config.ts';

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
    /** It runs as another user than this program. */
    readonly ownUser: boolean;
  };
  /** The other user; undefined: this program's own. */
  readonly user: SystemUser | undefined;
  /** Whether a command ends well in it. Never rejects. */
  readonly permits: (command: readonly string[]) => Promise<boolean>;
  /** The command behind the programs that limit it. Each replaces itself by the next, so that one process remains. */
  wrap(limits: RunLimits, command: readonly string[]): readonly [string, ...string[]];
}

type Prefix = readonly string[];

interface Entrance {
  readonly prefix: Prefix;
  readonly noNetwork: boolean;
}

/**
 * No network but an own, empty one; as root of an own user namespace where the machine's root is somebody else. In such a namespace there is no other user,
 * so who is to change does it before. The last one always holds for this program's own user.
 */
function entrances(user: SystemUser | undefined): readonly Entrance[] {
  const [real, mapped] = [
    ['unshare', '-n', '--'],
    ['unshare', '-r', '-n', '--'],
  ] as const;
  const as = user === undefined ? [] : changeTo(user);
  return [
    { prefix: [...real, ...as], noNetwork: true },
    { prefix: [...as, ...mapped], noNetwork: true },
    { prefix: as, noNetwork: false },
  ];
}

/** Leaves behind every group and every right that this program has, those that systemd gave it among them. */
const changeTo = ({ uid, gid }: SystemUser): Prefix => [
  'setpriv',
  `--reuid=${uid}`,
  `--regid=${gid}`,
  '--clear-groups',
  '--inh-caps=-all',
  '--',
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

/** What the machine permits, tried once in a process, for one user. Never rejects. */
export const probeSandbox = (user?: SystemUser): Promise<Sandbox> => (probed ??= tryMachine(user));

/** A container may forbid namespaces, another system lack the programs. Where this program may not become `user`, nothing runs in the sandbox. */
export async function tryMachine(user?: SystemUser): Promise<Sandbox> {
  const entrance = await firstThatRuns(entrances(user), ({ prefix }) => prefix);
  // Without an entrance it is tried all the same, and refused each time: never as a user that nobody meant.
  const enter = entrance?.prefix ?? (user ? changeTo(user) : []);
  const follow = await firstThatRuns(followers, (prefix) => [...enter, ...prefix]);
  const limiter = await firstThatRuns(limiters, ([limit]) => limit(probeLimits));
  const before = [...enter, ...(follow ?? [])];
  const wrap: Sandbox['wrap'] = (limits, command) => {
    const [program, ...args] = [...before, ...(limiter?.[0](limits) ?? []), ...command];
    return [program ?? '', ...args];
  };
  return {
    user,
    permits: (command) => succeeds(wrap(probeLimits, command)),
    wrap,
    holds: {
      memory: limiter?.[1].memory ?? false,
      cpuTime: limiter !== undefined,
      outputSize: limiter !== undefined,
      noNetwork: entrance?.noNetwork ?? false,
      endsWithParent: follow !== undefined,
      ownUser: user !== undefined && entrance !== undefined,
    },
  };
}

async function firstThatRuns<T>(candidates: readonly T[], prefixOf: (candidate: T) => Prefix): Promise<T | undefined> {
  for (const candidate of candidates) if (await succeeds([...prefixOf(candidate), 'true'])) return candidate;
  return undefined;
}

async function succeeds([program = '', ...args]: Prefix): Promise<boolean> {
  try {
    await run(program, args, { timeout: probeMs });
    return true;
  } catch {
    // Not there or not permitted: health tells which limits hold.
    return false;
  }
}
