import { closeSync, existsSync, fstatSync, mkdirSync, openSync, renameSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';

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

/**
 * A log in files of bounded size and number. A disk that takes nothing costs lines, not the program: they are not kept for later either, because that may
 * be weeks. Standard error says so once. Throws if the folder cannot be made.
 */
export function rotatingLog({ file, bytesMax }: RotatingLogOptions): LogLines & { stop(): void } {
  mkdirSync(dirname(file), { recursive: true });
  let open: { readonly fd: number; bytes: number } | undefined;
  let isFailing = false;
  const stop = () => {
    if (open) closeSync(open.fd);
    open = undefined;
  };
  const current = () => {
    if (open) return open;
    const fd = openSync(file, 'a', 0o640);
    return (open = { fd, bytes: fstatSync(fd).size });
  };
  const rotate = () => {
    stop();
    for (let n = filesKept - 1; n > 0; n -= 1) {
      const older = n === 1 ? file : `${file}.${n - 1}`;
      if (existsSync(older)) renameSync(older, `${file}.${n}`);
    }
  };
  return {
    write(line) {
      try {
        const bytes = Buffer.from(line);
        if (current().bytes + bytes.length > bytesMax) rotate();
        const into = current();
        into.bytes += writeSync(into.fd, bytes);
        isFailing = false;
      } catch (error) {
        if (!isFailing) console.error(`the log cannot be written: ${messageOf(error)}`);
        isFailing = true;
      }
    },
    stop,
  };
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
