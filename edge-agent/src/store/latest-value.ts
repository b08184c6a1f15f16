import type { Store } from './store.ts';

export interface LatestValueParts {
  readonly store: Pick<Store, 'setValue'>;
  readonly key: string;
  readonly onFault: (error: unknown) => void;
}

/** A small value that changes faster than a disk commits: one write at a time, and what comes meanwhile is one more after it. */
export class LatestValue {
  readonly #parts: LatestValueParts;
  #isWriting = false;
  #next: (() => string) | undefined;

  constructor(parts: LatestValueParts) {
    this.#parts = parts;
  }

  /** `text` is made when its write begins. */
  keep(text: () => string): void {
    this.#next = text;
    if (!this.#isWriting) this.#write();
  }

  #write(): void {
    const text = this.#next;
    this.#next = undefined;
    this.#isWriting = text !== undefined;
    if (!text) return;
    const { store, key, onFault } = this.#parts;
    store
      .setValue(key, text())
      .catch(onFault)
      .finally(() => this.#write());
  }
}
