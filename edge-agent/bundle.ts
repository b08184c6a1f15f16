import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  cpSync,
  existsSync,
  globSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { build, type Plugin } from 'rolldown';
import { copyNativePackages, nativePackages } from './bundle-native.ts';

/**
 * The agent as it is installed on a screen controller: one program file, one more for its worker threads, the screen's page, and the packages
 * that bring machine code. It needs nothing but Node.
 */
const here = dirname(fileURLToPath(import.meta.url));
const root = dirname(here);
const dist = join(here, 'dist');
const screenPage = join(root, 'dashboards', 'dist', 'screen');

export interface AgentBundle {
  /** The folder itself, which stays as it is while an agent runs from it; `dist/bundle` is a link to the newest. */
  readonly dir: string;
  /** The program. */
  readonly entry: string;
  /** False when the last one was still good. */
  readonly built: boolean;
}

/**
 * How the service starts Node, as in `install/gatecast-agent.service`: a heap that gives room back instead of growing by tens of megabytes, no compiler
 * of the last tier (its own code is 5 MB, and nothing here is hot for long), and one copy of V8's built-in code instead of one a thread. Together 12 MB.
 */
export const agentFlags = ['--optimize-for-size', '--no-opt', '--no-short-builtin-calls'] as const;

/** What the service sets before Node starts: a small heap for what is young, and one pool of free memory for all threads. */
export const agentRuntime = {
  NODE_OPTIONS: '--max-semi-space-size=1',
  MALLOC_ARENA_MAX: '1',
  // What compilers need for a moment (zones of 8 kB and more) goes back to the system instead of staying in the pool.
  MALLOC_MMAP_THRESHOLD_: '8000',
  MALLOC_TRIM_THRESHOLD_: '16384',
} as const;

/** Who runs an older one may still start a worker thread from it. */
const bundlesKept = 4;

/** Bundles the agent if anything that goes into it has changed. Rejects with the bundler's error; a half bundle is never found. */
export async function bundleAgent(): Promise<AgentBundle> {
  const dir = join(dist, 'bundles', sourceHash().slice(0, 16));
  const built = !existsSync(dir);
  if (built) {
    const fresh = `${dir}.${process.pid}`;
    rmSync(fresh, { recursive: true, force: true });
    await fill(fresh);
    if (existsSync(dir)) rmSync(fresh, { recursive: true });
    else renameSync(fresh, dir);
    forgetOldBundles();
  }
  pointTo(dir);
  return { dir, entry: join(dir, 'gatecast-agent.mjs'), built };
}

async function fill(dir: string): Promise<void> {
  mkdirSync(dir, { recursive: true });
  const workers = globSync('src/**/*-worker.ts', { cwd: here });
  await Promise.all([bundleEntry('src/main.ts', 'gatecast-agent', dir), buildScreenPage()]);
  await bundleEntry('src/update/launcher-main.ts', 'gatecast-agent-launcher', dir);
  for (const worker of workers) await bundleEntry(worker, basename(worker, '.ts'), dir);
  cpSync(screenPage, join(dir, 'screen'), { recursive: true, filter: (path) => basename(path) !== '.stamp.json' });
  cpSync(join(here, 'install'), join(dir, 'install'), { recursive: true });
  cpSync(join(root, 'LICENSE'), join(dir, 'LICENSE'));
  copyNativePackages(here, dir);
  writeFileSync(join(dir, 'package.json'), `${JSON.stringify(manifest(), undefined, 2)}\n`);
}

/** Everything that a file needs goes into it, what it loads later included. */
async function bundleEntry(source: string, name: string, dir: string): Promise<void> {
  await build({
    input: { [name]: join(here, source) },
    platform: 'node',
    external: [...nativePackages],
    logLevel: 'warn',
    // What cannot be found would be left to be looked for on the terminal, where there is nothing else.
    onLog: (level, log, tell) => {
      if (log.code === 'UNRESOLVED_IMPORT') throw new Error(log.message);
      tell(level, log);
    },
    // A message's schema that nothing in this file reads stays out of it.
    treeshake: { manualPureFunctions: ['z'] },
    plugins: [builtinsUntouched, asciiOnly],
    output: {
      dir,
      format: 'esm',
      entryFileNames: '[name].mjs',
      codeSplitting: false,
      // Half the text to read and keep at each start, of which a small machine notices; names stay, so that a stack says something.
      minify: { compress: true, mangle: { keepNames: true }, codegen: true },
    },
  });
}

/**
 * An `import` of one of Node's own modules reads every one of its exports, those included that load half of Node when they are first touched
 * (`http.WebSocket`, `crypto.webcrypto`): about 8 MB for names that nobody uses. Asked for as a whole, it is loaded by use.
 */
const builtinsUntouched: Plugin = {
  name: 'gatecast-builtins-untouched',
  resolveId: {
    // The bundler's own beginning needs this one before any other.
    filter: { id: /^node:(?!module$)/ },
    handler: (id) => ({ id: `\0${id}.cjs` }),
  },
  load: {
    filter: { id: /^\0node:/ },
    handler: (id) => `module.exports = process.getBuiltinModule('${id.slice(1, -'.cjs'.length)}');`,
  },
};

/** One character beyond ASCII, and V8 keeps the whole text with two bytes for each. */
const asciiOnly: Plugin = {
  name: 'gatecast-ascii-only',
  generateBundle(_, files) {
    for (const file of Object.values(files)) if (file.type === 'chunk') file.code = escaped(file.code);
  },
};

const escaped = (code: string): string =>
  code.replaceAll(/[^\0-\x7f]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);

/** In a process of its own: pages and agent meet in files only. */
async function buildScreenPage(): Promise<void> {
  await promisify(execFile)(process.execPath, [join(root, 'dashboards', 'build.ts'), 'screen']);
}

interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly description: string;
  readonly license: string;
}

function manifest(): object {
  const { name, version, description, license } = JSON.parse(
    readFileSync(join(here, 'package.json'), 'utf8'),
  ) as Manifest;
  return {
    name,
    version,
    private: true,
    description,
    license,
    type: 'module',
    bin: { 'gatecast-agent': './gatecast-agent.mjs' },
    engines: { node: '>=22.22.0' },
  };
}

function sourceHash(): string {
  const patterns = [
    'edge-agent/{src,install}/**/*',
    'edge-agent/*.{ts,json}',
    'firmware-protocol/src/**/*.ts',
    'dashboards/{screen,kit}/**/*',
    'dashboards/build.ts',
    'package-lock.json',
  ];
  const files = patterns.flatMap((pattern) => globSync(pattern, { cwd: root, withFileTypes: true }));
  const paths = files
    .filter((file) => file.isFile() && !/\.(test|fixture|contract)\./.test(file.name))
    .map((file) => join(file.parentPath, file.name));
  const hash = createHash('sha256').update(process.platform);
  for (const path of new Set(paths.toSorted())) hash.update(path.slice(root.length)).update(readFileSync(path));
  return hash.digest('hex');
}

/** Renamed into place: whoever looks finds the old one or the new one. */
function pointTo(dir: string): void {
  const link = join(dist, `bundle.${process.pid}`);
  rmSync(link, { force: true });
  symlinkSync(join('bundles', basename(dir)), link);
  renameSync(link, join(dist, 'bundle'));
}

function forgetOldBundles(): void {
  const bundles = readdirSync(join(dist, 'bundles')).map((name) => join(dist, 'bundles', name));
  const newestFirst = bundles.toSorted((a, b) => statSync(b).mtimeMs - statSync(a).mtimeMs);
  for (const old of newestFirst.slice(bundlesKept)) rmSync(old, { recursive: true, force: true });
}

if (import.meta.main) {
  const { dir, built } = await bundleAgent();
  console.log(`${dir}${built ? '' : ' (up to date)'}`);
}
