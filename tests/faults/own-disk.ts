import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const sizeMb = 24;
/** What stays free on a full disk: less than one page of a database. */
const leftBytes = 2_048;

/** A small disk of its own for a terminal, so that it can be full or take no writes. */
export class OwnDisk {
  readonly folder: string;

  private constructor(folder: string) {
    this.folder = folder;
  }

  /** Undefined where this machine does not let us mount one. */
  static mount(folder: string): OwnDisk | undefined {
    mkdirSync(folder, { recursive: true });
    try {
      execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${sizeMb}m,mode=700`, 'gatecast', folder], { stdio: 'ignore' });
      return new OwnDisk(folder);
    } catch {
      return undefined; // not root, or no mounts in this container: the caller says what it leaves out
    }
  }

  fill(): void {
    const { bavail, bsize } = statfsSync(this.folder);
    const bytes = Math.max(0, bavail * bsize - leftBytes);
    ifThereIsRoom(() => writeFileSync(join(this.folder, 'filler'), Buffer.alloc(bytes)));
  }

  /** Throws while a file on it is open for writing. */
  makeReadOnly(): void {
    this.#remount('ro');
  }

  /** Room again, and writes. */
  restore(): void {
    this.#remount('rw');
    rmSync(join(this.folder, 'filler'), { force: true });
  }

  unmount(): void {
    execFileSync('umount', ['-l', this.folder]);
  }

  #remount(how: 'ro' | 'rw'): void {
    execFileSync('mount', ['-o', `remount,${how}`, this.folder], { stdio: 'ignore' });
  }
}

const noRoom: ReadonlySet<unknown> = new Set(['ENOSPC', 'EROFS']);

/** Writes as much as fits. Throws for any other fault than a disk that takes no more. */
export function ifThereIsRoom(write: () => void): void {
  try {
    write();
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && noRoom.has(error.code))) throw error;
  }
}
