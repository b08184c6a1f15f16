import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { glob, mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import react from '@vitejs/plugin-react';
import { build, type InlineConfig, type Plugin, type Rolldown } from 'vite';

const here = dirname(fileURLToPath(import.meta.url));

interface DashboardApp {
  /** Its folder here, and under `dist`. */
  readonly name: string;
  /** Where it is served: `/h5/`. */
  readonly base: string;
  /** The phone apps are React sources on Preact, for a first load of at most 40 kB. */
  readonly preact: boolean;
  /** Oldest browsers, where they differ from the others' of its kind. */
  readonly target?: readonly string[];
  /** Its service worker's source, for pages that start without a network; built to `worker.js` beside the page. */
  readonly worker?: string;
  /** Later chunks are fetched without Vite's preloading, and link to their styles themselves. */
  readonly plainImports?: boolean;
  /** What several pages need and the first view does not: one file, where a file each would be as many addresses in the first load. */
  readonly later?: RegExp;
}

/** The small parts of the merchant's pages; of the libraries, what writes. */
const ofMerchantsPages =
  /[mM]utationObserver|useMutation|kit.(i18n.page-words|api.(api-context|idempotency-key|kept-attempt|payment-return|use-write)|ui.(choice|copy|countdown|dialog|field|loaded-pages|stepper)|countdown|local-moment|save-file|use-|zone|by-day|day-spans|phone-code|geo-point)|merchant.(use-|page-head|plan.line-item-sums|clips.maker.preview-progress)/;

export const dashboardApps: readonly DashboardApp[] = [
  { name: 'operator', base: '/operator/', preact: false },
  { name: 'property', base: '/property/', preact: false },
  { name: 'merchant', base: '/merchant/', preact: true, later: ofMerchantsPages },
  { name: 'resident', base: '/h5/', preact: true, worker: 'offline/worker.ts' },
  { name: 'guard', base: '/guard/', preact: true },
  // Served by the agent on the terminal, to the old WebView of a screen.
  { name: 'screen', base: '/', preact: false, target: ['chrome64', 'safari12'], plainImports: true },
];

export interface BuiltDashboard {
  readonly name: string;
  /** Scripts and styles that the first page needs before it shows, gzipped, without fonts. */
  readonly firstLoadBytes: number;
  /** False when the last build was still good. */
  readonly built: boolean;
  readonly tookMs: number;
}

interface BuildOptions {
  /** Names of the apps to look at; all of them if left out. */
  readonly only?: readonly string[];
  /** Called before each app (`done` undefined) and after it. */
  readonly onProgress?: (name: string, done?: BuiltDashboard) => void;
}

/** Builds what is stale into `dashboards/dist/<name>`. Rejects with the bundler's error; a half build is done again next time. */
export async function buildDashboards({ only, onProgress }: BuildOptions = {}): Promise<BuiltDashboard[]> {
  const results: BuiltDashboard[] = [];
  for (const app of dashboardApps) {
    if (only && !only.includes(app.name)) continue;
    onProgress?.(app.name);
    const result = await buildApp(app);
    results.push(result);
    onProgress?.(app.name, result);
  }
  return results;
}

async function buildApp(app: DashboardApp): Promise<BuiltDashboard> {
  const began = performance.now();
  const dist = join(here, 'dist');
  const outDir = join(dist, app.name);
  const hash = await sourceHash(app);
  const last = await readStamp(outDir);
  if (last?.hash === hash) {
    return { name: app.name, firstLoadBytes: last.firstLoadBytes, built: false, tookMs: performance.now() - began };
  }
  await mkdir(dist, { recursive: true });
  const making = await mkdtemp(join(dist, `.${app.name}-`));
  try {
    const output = await inProduction(() => build(viteConfig(app, making, hash)));
    const firstLoadBytes = firstLoadOf(output.output);
    if (app.name !== 'screen') await packFiles(making, output.output);
    await writeFile(join(making, stampName), JSON.stringify({ hash, firstLoadBytes }));
    await putInPlace(making, outDir, hash);
    return { name: app.name, firstLoadBytes, built: true, tookMs: performance.now() - began };
  } finally {
    await rm(making, { recursive: true, force: true });
  }
}

/** Whole or not at all, as somebody may be serving from there or building the same: whoever is there first stays. */
async function putInPlace(made: string, outDir: string, hash: string): Promise<void> {
  if ((await readStamp(outDir))?.hash === hash) return;
  const old = `${made}-old`;
  if (existsSync(outDir)) await rename(outDir, old);
  await rename(made, outDir);
  await rm(old, { recursive: true, force: true });
}

/** What is smaller than this travels in one packet anyway. */
const packedBytesMin = 1_000;
/** Better than any gzip, in a tenth of the time of the best. */
const brotliQuality = 9;

/** Leaves beside each text a packed one for each way that the cloud may send it; what the terminal serves goes no further than its own machine. */
async function packFiles(outDir: string, output: Rolldown.RolldownOutput['output']): Promise<void> {
  const params = { [constants.BROTLI_PARAM_QUALITY]: brotliQuality };
  for (const part of output) {
    const text = Buffer.from(part.type === 'chunk' ? part.code : part.source);
    if (text.length < packedBytesMin || !/\.(js|css|svg)$/.test(part.fileName)) continue;
    const file = join(outDir, part.fileName);
    await writeFile(`${file}.br`, brotliCompressSync(text, { params }));
    await writeFile(`${file}.gz`, gzipSync(text));
  }
}

/** Vite takes NODE_ENV from the caller, and a test or a launcher that sets another one would get React's development build. */
async function inProduction(work: () => ReturnType<typeof build>): Promise<Rolldown.RolldownOutput> {
  const before = process.env['NODE_ENV'];
  process.env['NODE_ENV'] = 'production';
  try {
    return (await work()) as Rolldown.RolldownOutput;
  } finally {
    if (before === undefined) delete process.env['NODE_ENV'];
    else process.env['NODE_ENV'] = before;
  }
}

const preactFor = [
  { find: /^react\/jsx-(dev-)?runtime$/, replacement: 'preact/jsx-runtime' },
  { find: /^react-dom\/client$/, replacement: 'preact/compat/client' },
  { find: /^react(-dom)?$/, replacement: 'preact/compat' },
  // wouter asks for React 16's stand-in, which would bring CommonJS glue along.
  { find: /^use-sync-external-store\/shim.*$/, replacement: 'preact/compat' },
];

/** The files of the first load: no later chunk has to ask for them. */
const isFirst = /assets.(base|index)-/;

/** What every page of a phone app stands on, in one piece: several small files compress worse. Nothing here is for a later page only. */
const base = {
  name: 'base',
  test: /node_modules.(preact|wouter|regexparam|@tanstack(?!.*([mM]utationObserver|useMutation)))|kit.(code|app-root|format|font|top-of-page|use-now|when-idle|api.(api-provider|clock|use-all-pages|use-api|use-read)|i18n.(problems-common-zh|problem-sentence|zh|language)|session.session|ui.(icon|states|skeleton))|cloud-api.src.client/,
};

function viteConfig(app: DashboardApp, outDir: string, version: string): InlineConfig {
  return {
    configFile: false,
    root: join(here, app.name),
    base: app.base,
    logLevel: 'warn',
    plugins: [
      react(),
      ...(app.worker ? [listFilesFor(version)] : []),
      ...(app.plainImports ? [plainImports()] : []),
      ...(app.preact ? [retriedImports()] : []),
    ],
    resolve: { alias: app.preact ? preactFor : [] },
    build: {
      outDir,
      emptyOutDir: true,
      // What Vite takes for widely available; written out for browsers before these, class fields would cost 1.3 kB.
      target: [...(app.target ?? (app.preact ? ['chrome107', 'safari16.4'] : ['chrome111', 'safari16.4']))],
      // A data: URL would need a wider content security policy.
      assetsInlineLimit: 0,
      // What is here already need not be named again for each page.
      modulePreload: {
        polyfill: false,
        resolveDependencies: (_, files, { hostType }) =>
          hostType === 'html' ? files : files.filter((file) => !isFirst.test(file)),
      },
      rolldownOptions: {
        input: entriesOf(app),
        // Nobody inherits from our classes: a field is assigned, not defined, which spares the oldest browsers a helper.
        transform: { assumptions: { setPublicClassFields: true } },
        output: {
          codeSplitting: app.preact
            ? { groups: [base, ...(app.later ? [{ name: 'later', test: app.later }] : [])] }
            : true,
          entryFileNames: ({ name }) => (name === workerName ? workerFile : 'assets/[name]-[hash].js'),
        },
      },
      // antd alone is beyond Vite's default; the budgets are checked by the `pages` bench.
      chunkSizeWarningLimit: 1_500,
    },
  };
}

/**
 * Vite wraps each `import()` in what fetches the chunk's styles first, 1 kB that a small page does not need: its later chunks import the address of
 * their style sheet (`?url`).
 */
function plainImports(): Plugin {
  return {
    name: 'gatecast-plain-imports',
    enforce: 'pre',
    load: (id) => (id === '\0vite/preload-helper.js' ? 'export const __vitePreload = (load) => load();' : undefined),
    generateBundle(_, bundle) {
      for (const part of Object.values(bundle))
        if (part.type === 'chunk' && !part.isEntry && part.viteMetadata?.importedCss.size)
          throw new Error(`${part.fileName}: nobody would load its styles; import them with ?url`);
    },
  };
}

/** The phone apps' imports can be tried again, styles and all. */
function retriedImports(): Plugin {
  const withStyles = JSON.stringify(join(here, 'kit/code/with-styles.ts'));
  return {
    name: 'gatecast-retried-imports',
    enforce: 'pre',
    load: (id) =>
      id === '\0vite/preload-helper.js' ? `export { withStyles as __vitePreload } from ${withStyles};` : undefined,
  };
}

const workerName = 'worker';
const workerFile = 'worker.js';

/** A worker keeps its name and its place, or it would stand for other pages than these. */
function entriesOf({ name, worker }: DashboardApp): Record<string, string> {
  const folder = join(here, name);
  return { index: join(folder, 'index.html'), ...(worker && { [workerName]: join(folder, worker) }) };
}

/** Puts the list of a build's files before the worker that keeps them. Fonts stay out: a phone has its own, and they weigh megabytes. */
function listFilesFor(version: string): Plugin {
  return {
    name: 'gatecast-worker-files',
    generateBundle(_, bundle) {
      const worker = bundle[workerFile];
      if (worker?.type !== 'chunk') throw new Error(`the build has no ${workerFile}`);
      const files = Object.keys(bundle).filter(
        (file) => /\.(js|css|svg)$/.test(file) && !/noto-sans|worker/.test(file),
      );
      worker.code = `self.gatecastKept=${JSON.stringify({ version: version.slice(0, 16), files })};\n${worker.code}`;
    },
  };
}

/** The newest state of all that goes into an app: its sources, the kit, the typed client, units, this file, the lock file. */
async function sourceHash(app: DashboardApp): Promise<string> {
  const root = dirname(here);
  const patterns = [
    `dashboards/{${app.name},kit}/**/*`,
    'dashboards/build.ts',
    'cloud-api/src/client.ts',
    'firmware-protocol/src/{units,pass}/*.ts',
    'package-lock.json',
  ];
  const files: string[] = [];
  for await (const entry of glob(patterns, { cwd: root, withFileTypes: true })) {
    if (entry.isFile() && !entry.name.includes('.test.')) files.push(join(entry.parentPath, entry.name));
  }
  const hash = createHash('sha256');
  for (const file of files.toSorted())
    hash
      .update(file.slice(root.length))
      .update('\0')
      .update(await readFile(file))
      .update('\0');
  return hash.digest('hex');
}

interface Stamp {
  readonly hash: string;
  readonly firstLoadBytes: number;
}

const stampName = '.stamp.json';

async function readStamp(outDir: string): Promise<Stamp | null> {
  const file = join(outDir, stampName);
  return existsSync(file) ? (JSON.parse(await readFile(file, 'utf8')) as Stamp) : null;
}

/** Gzipped size of the entry, the chunks it imports statically, and their styles. */
function firstLoadOf(output: Rolldown.RolldownOutput['output']): number {
  const byName = new Map(output.map((part) => [part.fileName, part]));
  const wanted = new Set<string>();
  const want = (fileName: string): void => {
    const part = byName.get(fileName);
    if (!part || wanted.has(fileName)) return;
    wanted.add(fileName);
    if (part.type !== 'chunk') return;
    part.imports.forEach(want);
    part.viteMetadata?.importedCss.forEach(want);
  };
  for (const part of output)
    if (part.type === 'chunk' && part.isEntry && part.fileName !== workerFile) want(part.fileName);
  return [...wanted].reduce((sum, name) => {
    const part = byName.get(name);
    return sum + (part ? gzipSync(part.type === 'chunk' ? part.code : part.source).length : 0);
  }, 0);
}

function report({ name, firstLoadBytes, built, tookMs }: BuiltDashboard): void {
  const size = `${(firstLoadBytes / 1_000).toFixed(1)} kB gzip first load`;
  console.log(`${name.padEnd(9)} ${size}${built ? `, built in ${(tookMs / 1_000).toFixed(1)} s` : ', up to date'}`);
}

if (import.meta.main) {
  const names = process.argv.slice(2);
  await buildDashboards({ ...(names.length > 0 && { only: names }), onProgress: (_, done) => done && report(done) });
}
