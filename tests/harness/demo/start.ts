import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseDemoArguments, usage, type DemoArguments } from './arguments.ts';
import { openDemo, type Demo } from './demo.ts';

const say = (line: string) => console.log(line);

function readArguments(): DemoArguments {
  try {
    return parseDemoArguments(process.argv.slice(2));
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : String(error)}\n\n${usage}`);
    process.exit(2);
  }
}

/** Renamed into place, so that whoever waits for the file reads a whole one. */
function writeReady(file: string, demo: Demo): void {
  writeFileSync(`${file}.new`, JSON.stringify(demo.readyDocument(), null, 2), { mode: 0o600 });
  renameSync(`${file}.new`, file);
}

const wanted = readArguments();
const dataDir = resolve(wanted.data ?? mkdtempSync(join(tmpdir(), 'gatecast-')));
const started = performance.now();
let demo: Demo | undefined;
let stopping: Promise<void> | undefined;

function stop(status: number): Promise<void> {
  stopping ??= (async () => {
    await demo?.stop();
    if (wanted.data === undefined) rmSync(dataDir, { recursive: true, force: true });
    process.exit(status);
  })();
  return stopping;
}

process.on('SIGINT', () => void stop(0));
process.on('SIGTERM', () => void stop(0));
process.on('SIGHUP', () => void stop(0));

try {
  demo = await openDemo({ ...wanted, dataDir, say, onOpening: (opening) => (demo = opening) });
  const { readyFile } = wanted;
  if (readyFile) {
    writeReady(readyFile, demo);
    demo.onProgramsChange(() => demo && writeReady(readyFile, demo));
  }
  say(demo.summary(Math.round((performance.now() - started) / 1000)));
} catch (error) {
  if (!stopping) {
    console.error(error instanceof Error ? error.message : error);
    if (error instanceof Error && error.cause instanceof Error) console.error(error.cause.message);
    await stop(1);
  }
}
