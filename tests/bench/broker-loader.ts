import { fork, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { LoadJob, LoadResult } from './broker-load-jobs.ts';

const program = fileURLToPath(new URL('./broker-load.ts', import.meta.url));

/** A process that makes load, so that what it costs and how it stalls is not the broker's nor the judge's. */
export class Loader {
  readonly #child: ChildProcess = fork(program, { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });

  /** Resolves when the job is done. Rejects as it does. */
  do(job: LoadJob): Promise<LoadResult | undefined> {
    return new Promise((resolve, reject) => {
      this.#child.once('message', ({ result, error }: { result?: LoadResult; error?: string }) => {
        if (error === undefined) resolve(result);
        else reject(new Error(`${job.do}: ${error}`));
      });
      this.#child.send(job);
    });
  }

  /** For a job that measures. */
  async measure(job: LoadJob): Promise<LoadResult> {
    const result = await this.do(job);
    if (!result) throw new TypeError(`${job.do} measures nothing`);
    return result;
  }

  stop(): void {
    this.#child.disconnect();
  }
}
