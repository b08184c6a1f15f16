import { mkdir, open, readFile, rename } from 'node:fs/promises';
import { dirname } from 'node:path';

/** A text that outlives the program: replaced as a whole, so that a power cut leaves the old one or the new one. */
export class CachedDocument {
  readonly #path: string;
  #text: string | undefined;

  constructor(path: string) {
    this.#path = path;
  }

  async read(): Promise<string | undefined> {
    try {
      this.#text = await readFile(this.#path, 'utf8');
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error;
    }
    return this.#text;
  }

  /** Writes and syncs `text` unless it is what was read or written last. */
  async write(text: string): Promise<void> {
    if (text === this.#text) return;
    await mkdir(dirname(this.#path), { recursive: true });
    const fresh = `${this.#path}.new`;
    const file = await open(fresh, 'w', 0o600);
    try {
      await file.writeFile(text);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(fresh, this.#path);
    this.#text = text;
  }
}
