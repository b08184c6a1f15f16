import { spawn, type ChildProcess } from 'node:child_process';
import { createWriteStream, readFileSync, type WriteStream } from 'node:fs';
import { createInterface } from 'node:readline';

export interface ProgramOptions {
  readonly name: string;
  /** The `.js` entry, absolute. */
  readonly entry: string;
  readonly env: Readonly<Record<string, string>>;
  /** For Node itself, before the entry. */
  readonly nodeFlags?: readonly string[];
  /** Standard output and error go here, as they would go to the journal of a service manager. */
  readonly logFile: string;
  /** Started again this long after it ended unasked, as a service manager would; undefined: it stays down. */
  readonly restartAfterMs?: number;
  readonly onChange?: (program: Program) => void;
}

const readyWithinMs = 60_000;
const stopWithinMs = 10_000;

/** One program of Gatecast in a process of its own. */
export class Program {
  readonly name: string;
  readonly #options: ProgramOptions;
  #child: ChildProcess | undefined;
  #log: WriteStream | undefined;
  #stopping = false;
  #restart: NodeJS.Timeout | undefined;
  /** What its ready line said, newest start. */
  ready: Readonly<Record<string, unknown>> = {};

  constructor(options: ProgramOptions) {
    this.name = options.name;
    this.#options = options;
  }

  get pid(): number | undefined {
    return this.#child?.exitCode === null && this.#child.signalCode === null ? this.#child.pid : undefined;
  }

  /** Resolves when the program has said that it is ready; rejects with the end of its log if it ends before. */
  async start(): Promise<this> {
    this.#stopping = false;
    clearTimeout(this.#restart);
    this.#log ??= createWriteStream(this.#options.logFile, { flags: 'a', mode: 0o600 });
    const child = spawn(process.execPath, ['--no-warnings', ...(this.#options.nodeFlags ?? []), this.#options.entry], {
      env: {
        PATH: process.env['PATH'],
        NODE_COMPILE_CACHE: process.env['NODE_COMPILE_CACHE'],
        GATECAST_PARENT_WATCH: '1',
        ...this.#options.env,
      },
      // A pipe that nobody writes to: the child ends when it closes, and it closes when we go, however we go.
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    this.#child = child;
    child.stderr.pipe(this.#log, { end: false });
    child.once('exit', () => this.#exited(child));
    this.ready = await this.#readyLine(child);
    this.#options.onChange?.(this);
    return this;
  }

  #readyLine(child: ChildProcess): Promise<Record<string, unknown>> {
    return new Promise((resolve, reject) => {
      const fail = (why: string) => reject(new Error(`${this.name} ${why}\n${this.logTail()}`));
      const timer = setTimeout(() => fail('was not ready in time'), readyWithinMs);
      child.once('error', (error) => fail(`could not be started: ${error.message}`));
      child.once('exit', (code, signal) => fail(`ended before it was ready (${signal ?? code})`));
      if (!child.stdout) return;
      createInterface({ input: child.stdout }).on('line', (line) => {
        this.#log?.write(`${line}\n`);
        const ready = parseReady(line);
        if (!ready) return;
        clearTimeout(timer);
        resolve(ready);
      });
    });
  }

  #exited(child: ChildProcess): void {
    if (child !== this.#child) return;
    this.#options.onChange?.(this);
    const { restartAfterMs } = this.#options;
    if (this.#stopping || restartAfterMs === undefined) return;
    this.#restart = setTimeout(() => {
      this.start().catch((error: unknown) => {
        this.#log?.write(`${String(error)}\n`);
      });
    }, restartAfterMs);
  }

  /** Ends it at once, without a chance to tidy up. With `restartAfterMs` it comes back. */
  async kill(): Promise<void> {
    await this.#end('SIGKILL');
  }

  /** Holds it where it is, as a machine does that has no time for it; until `resume`. */
  pause(): void {
    this.#child?.kill('SIGSTOP');
  }

  resume(): void {
    this.#child?.kill('SIGCONT');
  }

  /** Asks it to end and waits; after 10 s it is ended. Idempotent. */
  async stop(): Promise<void> {
    this.#stopping = true;
    clearTimeout(this.#restart);
    const timer = setTimeout(() => this.#child?.kill('SIGKILL'), stopWithinMs);
    await this.#end('SIGTERM');
    clearTimeout(timer);
    this.#log?.end();
    this.#log = undefined;
  }

  async #end(signal: NodeJS.Signals): Promise<void> {
    const child = this.#child;
    if (!child || this.pid === undefined) return;
    const gone = new Promise((resolve) => child.once('exit', resolve));
    child.kill(signal);
    await gone;
  }

  logTail(lines = 15): string {
    try {
      return readFileSync(this.#options.logFile, 'utf8').split('\n').slice(-lines).join('\n');
    } catch {
      return '(it wrote no log)';
    }
  }
}

function parseReady(line: string): Record<string, unknown> | undefined {
  if (!line.startsWith('{"ready":true')) return undefined;
  const value: unknown = JSON.parse(line);
  return typeof value === 'object' && value !== null ? { ...value } : undefined;
}
