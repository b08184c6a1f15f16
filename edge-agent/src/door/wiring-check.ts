import { minutes, seconds } from '@gatecast/firmware-protocol';
import type { DoorStanding } from '@gatecast/firmware-protocol/messages';
import type { Verdict } from '../uplink/probation.ts';

/** A door that answered before it was wired anew must answer again within this time. */
export const rewireMsMax = seconds(20);
/** After a start of the agent, with which the door's own hardware may have been started too. */
export const startMsMax = minutes(1);

export interface WiringCheckParts {
  /** The doors of the configuration in force. */
  readonly standings: () => readonly Pick<DoorStanding, 'entrance' | 'online'>[];
  /** A door that answered before the wiring in force does not answer since. */
  readonly onSilent: () => void;
}

/**
 * The health check of a configuration's wiring. It asks only for doors that answered before: one that never did, or that is new and waits for its
 * installer, says nothing about the wiring of the others.
 */
export class WiringCheck {
  readonly #parts: WiringCheckParts;
  /** Entrances that have to answer again. */
  readonly #owed = new Set<string>();
  /** Of those, who had not when their time was over. */
  #silent: readonly string[] = [];
  #timer: NodeJS.Timeout | undefined;

  constructor(parts: WiringCheckParts) {
    this.#parts = parts;
  }

  /** Doors that answer now. */
  answering(): string[] {
    return this.#parts.standings().flatMap(({ entrance, online }) => (online ? [entrance] : []));
  }

  /** `configure` puts a version in force, and returns true if that has wired the doors anew. */
  watch(configure: () => boolean): void {
    const answering = this.answering();
    if (configure()) this.#expect(answering, rewireMsMax);
  }

  /** The wiring in force was on trial when the last run ended, and these doors answered before it. */
  resume(entrances: readonly string[]): void {
    this.#expect(entrances, startMsMax);
  }

  /** Of the wiring in force; a fault for as long as a door owes its answer. */
  verdict(): Verdict {
    if (this.#owed.size > 0) return 'undecided';
    return this.#stillSilent(this.#silent).length > 0 ? { fault: 'door-went-silent' } : 'good';
  }

  /** Idempotent. */
  stop(): void {
    clearTimeout(this.#timer);
    this.#owed.clear();
  }

  #expect(entrances: readonly string[], withinMs: number): void {
    this.#silent = [];
    for (const entrance of entrances) this.#owed.add(entrance);
    clearTimeout(this.#timer);
    if (this.#owed.size > 0) this.#timer = setTimeout(() => this.#judge(), withinMs);
  }

  #judge(): void {
    this.#silent = this.#stillSilent([...this.#owed]);
    this.#owed.clear();
    if (this.#silent.length > 0) this.#parts.onSilent();
  }

  /** A door that the wiring in force does not have is not silent. */
  #stillSilent(entrances: readonly string[]): string[] {
    const silent = this.#parts.standings().flatMap(({ entrance, online }) => (online ? [] : [entrance]));
    return silent.filter((entrance) => entrances.includes(entrance));
  }
}
