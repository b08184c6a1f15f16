import type { DoorStanding } from '@gatecast/firmware-protocol/messages';

/** A door that answered before it was wired anew must answer again within this time. */
export const rewireMsMax = 20_000;

export interface WiringCheckParts {
  /** The doors of the configuration in force. */
  readonly standings: () => readonly Pick<DoorStanding, 'entrance' | 'online'>[];
  /** A door that answered before the wiring of this version does not answer since. */
  readonly onSilent: (version: number) => void;
}

/**
 * The health check of a configuration's wiring. It asks only for doors that answered before: one that never did, or that is new and waits for its
 * installer, says nothing about the wiring of the others.
 */
export class WiringCheck {
  readonly #parts: WiringCheckParts;
  /** Entrances that have to answer again. */
  readonly #owed = new Set<string>();
  #timer: NodeJS.Timeout | undefined;

  constructor(parts: WiringCheckParts) {
    this.#parts = parts;
  }

  /** `configure` puts a version in force, and returns true if that has wired the doors anew. */
  watch(version: number, configure: () => boolean): void {
    const answering = this.#parts.standings().filter(({ online }) => online);
    if (!configure()) return;
    for (const { entrance } of answering) this.#owed.add(entrance);
    clearTimeout(this.#timer);
    if (this.#owed.size > 0) this.#timer = setTimeout(() => this.#judge(version), rewireMsMax);
  }

  /** Idempotent. */
  stop(): void {
    clearTimeout(this.#timer);
    this.#owed.clear();
  }

  #judge(version: number): void {
    const isSilent = this.#parts.standings().some(({ entrance, online }) => !online && this.#owed.has(entrance));
    this.#owed.clear();
    if (isSilent) this.#parts.onSilent(version);
  }
}
