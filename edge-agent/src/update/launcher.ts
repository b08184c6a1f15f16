import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { restartExitCode } from '../host.ts';
import { higher, nextBoot, returned, startTakenBack, type Boot } from './boot-rules.ts';
import { freshState, readBootState, writeBootState, type BootState } from './boot-state.ts';
import { places, slots, type Places, type Slot } from './slots.ts';
import { isWhole, releaseIn } from './slot-check.ts';

export interface LauncherOptions {
  readonly softwareDir: string;
  /** How long a release on trial may take to prove itself, before it is ended from outside. */
  readonly trialMs: number;
  /** Arguments and variables of the agent. */
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly say: (fact: Readonly<Record<string, unknown>>, sentence: string) => void;
}

/** What an agent that is told to end may take for it. */
const graceMs = 20_000;

/**
 * Starts the agent from one of two slots. It knows nothing of releases but whether their files are whole, so that it need not change when they do.
 * A release on trial is given a bounded time and a few starts; then the one before runs again.
 */
export class Launcher {
  readonly #options: LauncherOptions;
  readonly #places: Places;
  #child: ChildProcess | undefined;
  #isStopping = false;

  constructor(options: LauncherOptions) {
    this.#options = options;
    this.#places = places(options.softwareDir);
  }

  /** Resolves with the exit status for this program when the agent has ended and is not to be started again by us. */
  async run(): Promise<number> {
    for (;;) {
      const boot = await this.#choose();
      if (this.#isStopping) return 0;
      if (!boot) {
        this.#options.say({ code: 'no-slot' }, 'neither slot holds a whole agent: it has to be installed anew');
        return 1;
      }
      const { status, isLate } = await this.#runOnce(boot);
      // It may have proven itself meanwhile.
      const isUnproven = await this.#isOnTrial(boot);
      if (isUnproven && isLate) await this.#change((state) => returned(state, 'trial-timeout'));
      else if (isUnproven && this.#isStopping) await this.#change(startTakenBack);
      if (this.#isStopping) return 0;
      if (!isUnproven && status !== restartExitCode) return status;
    }
  }

  /** Passes a request to end on to the agent. Idempotent. */
  stop(): void {
    this.#isStopping = true;
    this.#child?.kill('SIGTERM');
  }

  async #choose(): Promise<Boot | null> {
    const { say } = this.#options;
    const whole = new Set<Slot>();
    for (const slot of slots) if (await isWhole(this.#places.slot(slot))) whole.add(slot);
    const before = await this.#read();
    const { state, boot } = nextBoot(before, whole);
    // Before the start, so that one that ends with the machine is counted.
    if (state !== before) await writeBootState(this.#places.state, state);
    say({ slot: boot?.slot, trial: state.trial?.version, attempt: state.trial?.attempts }, 'the agent is started');
    return boot;
  }

  /** Without a state that can be read the slots themselves say what can be started: the newest. */
  async #read(): Promise<BootState> {
    try {
      return await readBootState(this.#places.state);
    } catch (error) {
      this.#options.say({ code: 'boot-state-damaged', message: String(error) }, 'the boot state cannot be read');
      return this.#stateFromSlots();
    }
  }

  async #stateFromSlots(): Promise<BootState> {
    let state = freshState;
    for (const slot of slots) {
      const version = (await releaseIn(this.#places.slot(slot)))?.manifest.version;
      if (version !== undefined && higher(state.floor, version) === version)
        state = { ...state, active: slot, floor: version };
    }
    return state;
  }

  /** Node's own settings go on to the agent. */
  async #runOnce({ slot, isTrial }: Boot): Promise<{ readonly status: number; readonly isLate: boolean }> {
    const { args, env, softwareDir } = this.#options;
    const child = spawn(process.execPath, [...process.execArgv, this.#places.entry(slot), ...args], {
      env: {
        ...env,
        GATECAST_SOFTWARE_DIR: softwareDir,
        GATECAST_SLOT: slot,
        GATECAST_PARENT_WATCH: '1',
        GATECAST_SUPERVISED: '1',
      },
      stdio: ['pipe', 'inherit', 'inherit'],
    });
    this.#child = child;
    const over = new AbortController();
    const isLate = isTrial ? this.#endLate({ slot, isTrial }, child, over.signal) : Promise.resolve(false);
    const status = await exitOf(child);
    over.abort();
    this.#child = undefined;
    return { status, isLate: await isLate };
  }

  /** Ends an agent that neither proved itself nor gave up in time: it may hang. Resolves with whether that was needed. */
  async #endLate(boot: Boot, child: ChildProcess, over: AbortSignal): Promise<boolean> {
    await pause(this.#options.trialMs, over);
    if (over.aborted || !(await this.#isOnTrial(boot))) return false;
    this.#options.say({ code: 'trial-timeout' }, 'the release on trial did not come to health in time');
    child.kill('SIGTERM');
    await pause(graceMs, over);
    if (!over.aborted) child.kill('SIGKILL');
    return true;
  }

  /** What was started has not proven itself yet. The one after it may be on trial already. */
  async #isOnTrial({ slot, isTrial }: Boot): Promise<boolean> {
    return isTrial && (await this.#read()).trial?.slot === slot;
  }

  async #change(change: (state: BootState) => BootState): Promise<void> {
    await writeBootState(this.#places.state, change(await this.#read()));
  }
}

/** The agent's exit status; 1 for one that a signal ended or that could not be started. */
async function exitOf(child: ChildProcess): Promise<number> {
  const [status] = (await once(child, 'exit').catch(() => [1])) as [number | null];
  return status ?? 1;
}

/** Ends early when `over` does. */
async function pause(ms: number, over: AbortSignal): Promise<void> {
  await sleep(ms, undefined, { signal: over }).catch((error: unknown) => {
    if (!over.aborted) throw error;
  });
}
