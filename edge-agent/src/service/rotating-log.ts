import { existsSync, mkdirSync, renameSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { pino } from 'pino';

export interface RotatingLogOptions {
  readonly file: string;
  /** Of one file; there are at most {@link filesKept}. */
  readonly bytesMax: number;
}

/** The one that is written, and two before it: `agent.log`, `agent.log.1`, `agent.log.2`. */
export const filesKept = 3;

export interface LogLines {
  write(line: string): void;
}

/** A log in files of bounded size and number. A disk that takes nothing costs lines, not the program; standard error says so once. */
export function rotatingLog({ file, bytesMax }: RotatingLogOptions): LogLines & { stop(): void } {
  mkdirSync(dirname(file), { recursive: true });
  const destination = pino.destination({ dest: file, sync: true, mode: 0o640 });
  let bytes = existsSync(file) ? statSync(file).size : 0;
  let isFailing = false;
  const attempt = (act: () => void) => {
    try {
      act();
      isFailing = false;
    } catch (error) {
      if (!isFailing)
        console.error(`the log cannot be written: ${error instanceof Error ? error.message : String(error)}`);
      isFailing = true;
    }
  };
  const rotate = () => {
    for (let n = filesKept - 1; n > 0; n -= 1) {
      const older = n === 1 ? file : `${file}.${n - 1}`;
      if (existsSync(older)) renameSync(older, `${file}.${n}`);
    }
    destination.reopen();
    bytes = 0;
  };
  return {
    write(line) {
      attempt(() => {
        if (bytes + Buffer.byteLength(line) > bytesMax) rotate();
        destination.write(line);
        bytes += Buffer.byteLength(line);
      });
    },
    stop: () => attempt(() => destination.end()),
  };
}
