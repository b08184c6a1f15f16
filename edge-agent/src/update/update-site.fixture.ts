import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { KeySuccession, ReleaseManifest } from '@gatecast/firmware-protocol/messages';
import { launcherFlag, type Behaviour, type FakeSite } from './fake-agent.fixture.ts';
import type { SigningKey } from '@gatecast/firmware-protocol/release';
import { ArchiveServer, newSigningKey, packRelease, pinOf, type PackedRelease } from './release.fixture.ts';
import { places, type Slot } from './slots.ts';

const launcher = fileURLToPath(new URL('./launched.fixture.ts', import.meta.url));
const agent = new URL('./fake-agent.fixture.ts', import.meta.url).href;

const entry = `import { readFileSync } from 'node:fs';
const read = (name) => JSON.parse(readFileSync(new URL(name, import.meta.url)));
const { runFakeAgent } = await import(process.env.FAKE_AGENT);
runFakeAgent(read('package.json').version, read('behaviour.json'));
`;

interface DiaryLine {
  readonly started?: string;
  readonly slot?: Slot;
  readonly told?: { readonly version: number; readonly state: string; readonly reason?: string };
}

/** A screen controller with a launcher, two slots and a server of releases; the processes, the files and the updates are real, the agent does nothing else. */
export class UpdateSite {
  readonly dir = mkdtempSync(join(tmpdir(), 'gatecast-update-'));
  readonly softwareDir = join(this.dir, 'software');
  readonly places = places(this.softwareDir);
  readonly key = newSigningKey();
  readonly server = new ArchiveServer();
  readonly keysFile = join(this.dir, 'update-keys.json');
  #site: FakeSite | undefined;
  #launcher: ChildProcess | undefined;
  #packed = 0;
  #launcherTrialMs = 0;

  /** Release 1.0.0 is installed by hand in slot a. */
  async start(limits: { readonly trialMs?: number; readonly launcherTrialMs?: number } = {}): Promise<void> {
    const url = await this.server.start();
    const { trialMs = 5_000, launcherTrialMs = 20_000 } = limits;
    this.#launcherTrialMs = launcherTrialMs;
    const [wantedFile, diary] = [join(this.dir, 'wanted.json'), join(this.dir, 'diary')];
    this.#site = { wantedFile, diary, keysFile: this.keysFile, url, trialMs };
    writeFileSync(this.keysFile, pinOf(this.key));
    writeFileSync(diary, '');
    this.want(0, undefined);
    mkdirSync(this.places.slot('a'), { recursive: true });
    for (const [name, content] of Object.entries(this.#files('1.0.0', {})))
      writeFileSync(join(this.places.slot('a'), name), content);
  }

  #files(version: string, behaviour: Behaviour) {
    return {
      'gatecast-agent.mjs': entry,
      'package.json': JSON.stringify({ version }),
      'behaviour.json': JSON.stringify(behaviour),
    };
  }

  /** A release that behaves like that, on the server. */
  async release(
    version: string,
    behaviour: Behaviour = {},
    more: {
      readonly change?: Partial<ReleaseManifest>;
      readonly key?: SigningKey;
      readonly successions?: readonly KeySuccession[];
    } = {},
  ): Promise<PackedRelease> {
    this.#packed += 1;
    const packed = await packRelease(
      join(this.dir, `packed-${this.#packed}`),
      this.#files(version, behaviour),
      more.key ?? this.key,
      { version, ...more.change },
      more.successions,
    );
    this.server.archives.set(packed.release.manifest.archive.sha256, packed.archive);
    return packed;
  }

  /** The newest `software` document, for the next start or look. */
  want(version: number, release: PackedRelease['release'] | undefined): void {
    const path = this.#site?.wantedFile ?? '';
    const document = release && { release, download: { window: null, bytesPerSecondMax: null, restartWindow: null } };
    writeFileSync(`${path}.new`, JSON.stringify({ version, document }));
    renameSync(`${path}.new`, path);
  }

  /** As the supervisor starts it, in a process group of its own. */
  launch(env: Readonly<Record<string, string>> = {}): ChildProcess {
    this.#launcher = spawn(process.execPath, [launcherFlag, launcher], {
      env: {
        ...process.env,
        ...env,
        FAKE_AGENT: agent,
        FAKE_SITE: JSON.stringify(this.#site),
        GATECAST_SOFTWARE_DIR: this.softwareDir,
        LAUNCHER_TRIAL_MS: String(this.#launcherTrialMs),
      },
      stdio: ['pipe', 'inherit', 'inherit'],
      detached: true,
    });
    return this.#launcher;
  }

  /** A power cut, as far as processes go: everything ends at once. */
  async cut(): Promise<void> {
    const child = this.#launcher;
    if (!child?.pid || child.exitCode !== null || child.signalCode !== null) return;
    const gone = once(child, 'exit');
    process.kill(-child.pid, 'SIGKILL');
    await gone;
  }

  diary(): DiaryLine[] {
    const lines = readFileSync(this.#site?.diary ?? '', 'utf8').split('\n');
    return lines.filter(Boolean).map((line) => JSON.parse(line) as DiaryLine);
  }

  started = (): string[] => this.diary().flatMap(({ started }) => started ?? []);
  told = () => this.diary().flatMap(({ told }) => told ?? []);
  state = (): unknown =>
    existsSync(this.places.state) ? JSON.parse(readFileSync(this.places.state, 'utf8')) : undefined;

  async stop(): Promise<void> {
    await this.cut();
    await this.server.stop();
    rmSync(this.dir, { recursive: true, force: true });
  }
}
