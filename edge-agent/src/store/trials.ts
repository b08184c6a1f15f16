import type { DocumentKind, DocumentOutcome } from '@gatecast/firmware-protocol/messages';
import { documentKinds } from '@gatecast/firmware-protocol/messages';
import { z } from 'zod';
import { agentVersion } from '../agent-version.ts';
import type { ValueTable } from './value-table.ts';

/**
 * A version that has not proven itself yet. It is marked in the commit that puts it in force, and the mark goes when its probation is over: a run
 * that was cut off in between leaves it.
 */
const trial = z.object({
  version: z.int().positive(),
  /** Runs that ended with it on trial, and not with the machine: a power cut is nobody's fault. */
  ends: z.int().nonnegative(),
});
export type Trial = z.infer<typeof trial>;

/** A version that was taken back for good. Another agent may bear what this one did not. */
const refusal = z.object({
  version: z.int().positive(),
  state: z.enum(['failed', 'reverted'] satisfies DocumentOutcome[]),
  reason: z.string(),
  agent: z.string(),
});
export type Refusal = Omit<z.infer<typeof refusal>, 'agent'>;

/** Two may be chance. What was on trial when three runs ended is suspected, and out of force. */
const endsMax = 3;
export const isSuspected = ({ ends }: Trial): boolean => ends >= endsMax;
/** That it will be at this start, after a run that was cut off. */
export const willBeSuspected = ({ ends }: Trial): boolean => ends + 1 >= endsMax;

/** Without any version of these no door opens: the first one is never taken back on suspicion. */
export const isIndispensable = (kind: DocumentKind): boolean => kind === 'config' || kind === 'access';

/** An update of the agent proves itself by its own rules. */
export const isTried = (kind: DocumentKind): boolean => kind !== 'software';

export interface TrialState {
  readonly trials: ReadonlyMap<DocumentKind, Trial>;
  readonly refused: ReadonlyMap<DocumentKind, Refusal>;
}

/** What is on trial and what was taken back for good, beside the documents and in their commits. */
export class Trials {
  readonly #values: ValueTable;

  constructor(values: ValueTable) {
    this.#values = values;
  }

  state(): TrialState {
    return { trials: this.#all('trial', trial), refused: this.#refused() };
  }

  begin(kind: DocumentKind, version: number): void {
    if (!isTried(kind)) return;
    const before = this.#all('trial', trial).get(kind);
    const ends = before?.version === version ? before.ends : 0;
    this.#set('trial', kind, { version, ends });
  }

  /** It has proven itself, or it is gone. */
  end(kind: DocumentKind, version: number): void {
    if (this.#all('trial', trial).get(kind)?.version === version) this.#values.remove(keyOf('trial', kind));
  }

  /** Counts the run that ended. */
  cutOff(kind: DocumentKind, { version, ends }: Trial): void {
    this.#set('trial', kind, { version, ends: ends + 1 });
  }

  refuse(kind: DocumentKind, refused: Refusal): void {
    this.end(kind, refused.version);
    this.#set('refused', kind, { ...refused, agent: agentVersion });
  }

  #refused(): ReadonlyMap<DocumentKind, Refusal> {
    return new Map([...this.#all('refused', refusal)].filter(([, { agent }]) => agent === agentVersion));
  }

  #all<T>(what: Prefix, shape: z.ZodType<T>): ReadonlyMap<DocumentKind, T> {
    const found = new Map<DocumentKind, T>();
    for (const kind of documentKinds.options) {
      const text = this.#values.get(keyOf(what, kind));
      if (text !== undefined) found.set(kind, shape.parse(JSON.parse(text)));
    }
    return found;
  }

  #set(what: Prefix, kind: DocumentKind, value: Trial | z.infer<typeof refusal>): void {
    this.#values.set(keyOf(what, kind), JSON.stringify(value));
  }
}

type Prefix = 'trial' | 'refused';
const keyOf = (what: Prefix, kind: DocumentKind): string => `${what}/${kind}`;
