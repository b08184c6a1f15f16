import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { DomainError } from '@gatecast/firmware-protocol';

/** What this program may do to itself and to the machine it runs on. */
export interface Host {
  /** Ends the program; what supervises it starts it again. Undefined: nobody would. */
  readonly restart?: (() => void) | undefined;
  /** Begins to restart the machine. Undefined: this program may not. Rejects with `reboot-failed`. */
  readonly reboot?: (() => Promise<void>) | undefined;
}

/** Exit code of an agent that wants to be started again (EX_TEMPFAIL of sysexits.h): the launcher does, and `Restart=on-failure`. */
export const restartExitCode = 75;

/** A machine takes seconds to stop; to be asked to takes less. */
const rebootMsMax = 10_000;
const run = promisify(execFile);

/** `command`: a program with its arguments, parted by blanks; no shell sees it. */
export function rebootWith(command: string): () => Promise<void> {
  const [program = '', ...args] = command.trim().split(/\s+/);
  return async () => {
    await run(program, args, { timeout: rebootMsMax, windowsHide: true }).catch((cause: unknown) => {
      throw new DomainError('reboot-failed', 'the machine refused to restart', {}, { cause });
    });
  };
}
