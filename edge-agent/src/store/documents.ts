import { DomainError } from '@gatecast/firmware-protocol';
import type {
  DocumentKind,
  MediaManifest,
  NoticeBoard,
  Plan,
  SoftwareDocument,
  TerminalConfig,
} from '@gatecast/firmware-protocol/messages';
import { shortLinkKeyPurpose, unseal, type RawKeyPair } from '@gatecast/firmware-protocol/node';
import { z } from 'zod';
import { openAccess, type AccessView } from '../door/access.ts';
import { deniedBy } from '../door/list-index.ts';
import type { CheckResult, DocumentBase, DocumentValue } from './document-check.ts';
import type { KeyRing } from './identity.ts';
import { valueKeys } from './snapshot.ts';
import type { Store } from './store.ts';
import type { Refusal, Trial } from './trials.ts';

interface Bodies {
  config: TerminalConfig;
  plan: Plan;
  media: MediaManifest;
  notices: NoticeBoard;
  software: SoftwareDocument;
}

/** What documents are made of, ready for use: sealed keys are open, lists are indexed. */
type Ready = Partial<Readonly<Bodies & { access: AccessView; shortLinkKey: Buffer }>>;

const deniedIds = z.array(z.string());

/** The documents in force, read by the door and the player without waiting for anything. */
export class Documents {
  readonly #store: Store;
  readonly #keys: Pick<KeyRing, 'sealingPairs'>;
  readonly #listeners = new Set<(kind: DocumentKind) => void>();
  /** To return to, while the version in force is on trial. */
  #before: Partial<Readonly<Bodies>> = {};
  #ready: Ready = {};
  readonly #beforeListeners = new Set<(kind: DocumentKind) => void>();

  constructor(store: Store, keys: Pick<KeyRing, 'sealingPairs'>) {
    this.#store = store;
    this.#keys = keys;
  }

  /** Takes up what the store holds. */
  start(): void {
    for (const document of this.#store.snapshot.documents.values()) {
      this.#use(this.#prepare(document.version, document.value));
    }
  }

  current<K extends keyof Bodies>(kind: K): Bodies[K] | undefined {
    return this.#ready[kind];
  }

  access(): AccessView | null {
    return this.#ready.access ?? null;
  }

  /** Undefined: no QR codes yet. */
  shortLinkKey(): Buffer | undefined {
    return this.#ready.shortLinkKey;
  }

  version(kind: DocumentKind): number {
    return this.#store.snapshot.documents.get(kind)?.version ?? 0;
  }

  /** What is in force, as a presence tells it. That a release of the agent was noted says nothing of what runs. */
  versions(): Partial<Record<DocumentKind, number>> {
    const inForce = [...this.#store.snapshot.documents].filter(([kind]) => kind !== 'software');
    return Object.fromEntries(inForce.map(([kind, { version }]) => [kind, version]));
  }

  /** The document in force as it was signed, to which a newer one may be told as a difference; undefined if there is none. */
  async base(kind: DocumentKind): Promise<DocumentBase | undefined> {
    return this.version(kind) === 0 ? undefined : this.#store.documentText(kind);
  }

  /** All of a checked version or none. Rejects with `cannot-unseal`, `stale-version` or `cannot-commit`; then the old one stays. */
  async apply(checked: Extract<CheckResult, { ok: true }>): Promise<void> {
    const { kind } = checked.value;
    const ready = await this.#prepareNew(checked);
    for (const listener of this.#beforeListeners) listener(kind);
    const { [kind as keyof Bodies]: before } = this.#ready;
    await this.#store.saveDocument(checked);
    this.#before = { [kind]: before, ...this.#before };
    this.#use(ready);
    this.#tell(kind);
  }

  /** Whom a genuine list locks out that could not be applied: the old grants stay, less these. */
  async deny(credentials: readonly string[]): Promise<void> {
    await this.#store.setValue(valueKeys.denied, JSON.stringify(credentials));
    const inForce = this.#store.snapshot.documents.get('access');
    if (inForce) this.#use(this.#prepare(inForce.version, inForce.value));
  }

  /** Back to the version before for good, because this one does not work. Without one before it, this one stays and the answer is false. */
  async revert(kind: DocumentKind, version: number, reason: string): Promise<boolean> {
    const before = await this.#store.revertDocument(kind, { version, state: 'reverted', reason });
    if (!before) return false;
    this.#forgetBefore(kind);
    this.#use(this.#prepare(before.version, before.value));
    this.#tell(kind);
    return true;
  }

  /** The version in force has not proven itself yet. */
  onTrial(kind: DocumentKind): Trial | undefined {
    const trial = this.trial(kind);
    return trial?.version === this.version(kind) ? trial : undefined;
  }

  /** The version that was put on trial last; it may have been taken back since, and will be tried again. */
  trial(kind: DocumentKind): Trial | undefined {
    return this.#store.snapshot.trials.get(kind);
  }

  /** The version that was taken back for good, if it is newer than what is in force. */
  refused(kind: DocumentKind): Refusal | undefined {
    const refused = this.#store.snapshot.refused.get(kind);
    return refused && refused.version > this.version(kind) ? refused : undefined;
  }

  /** The version on trial has proven itself. Rejects with `cannot-commit`. */
  async endTrial(kind: DocumentKind, version: number): Promise<void> {
    await this.#store.endTrial(kind, version);
    this.#forgetBefore(kind);
    this.#tell(kind);
  }

  /** The version to return to while the one in force is on trial; undefined otherwise. */
  before<K extends keyof Bodies>(kind: K): Bodies[K] | undefined {
    return this.#before[kind];
  }

  /** Calls right before a version is put in force, while the one before still is. */
  beforeChange(listener: (kind: DocumentKind) => void): () => void {
    this.#beforeListeners.add(listener);
    return () => this.#beforeListeners.delete(listener);
  }

  #forgetBefore(kind: DocumentKind): void {
    this.#before = Object.fromEntries(Object.entries(this.#before).filter(([of]) => of !== kind));
  }

  onChange(listener: (kind: DocumentKind) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** A list whose keys cannot be opened locks out whom it locks out all the same. */
  async #prepareNew({ version, value }: Extract<CheckResult, { ok: true }>): Promise<Ready> {
    try {
      return this.#prepare(version, value, new Set());
    } catch (error) {
      if (value.kind === 'access') await this.deny(deniedBy(value.body));
      throw error;
    }
  }

  #denied(): ReadonlySet<string> {
    const stored = this.#store.snapshot.values.get(valueKeys.denied);
    return new Set(stored ? deniedIds.parse(JSON.parse(stored)) : []);
  }

  /** With the present key, or with one before it: a document outlives the key that it was sealed to until it comes anew. */
  #prepare(version: number, value: DocumentValue, denied = this.#denied()): Ready {
    let fault: unknown;
    for (const sealing of this.#keys.sealingPairs) {
      try {
        return this.#open(version, value, denied, sealing);
      } catch (error) {
        if (!(error instanceof DomainError) || error.code !== 'cannot-unseal') throw error;
        fault ??= error;
      }
    }
    throw fault;
  }

  #open(version: number, value: DocumentValue, denied: ReadonlySet<string>, sealing: RawKeyPair): Ready {
    switch (value.kind) {
      case 'access':
        return { access: openAccess(version, value.body, sealing, denied) };
      case 'config':
        return {
          config: value.body,
          shortLinkKey: unseal(sealing, shortLinkKeyPurpose, value.body.shortLinks.sealedKey),
        };
      case 'plan':
        return { plan: value.body };
      case 'media':
        return { media: value.body };
      case 'notices':
        return { notices: value.body };
      case 'software':
        return { software: value.body };
    }
  }

  #use(ready: Ready): void {
    this.#ready = { ...this.#ready, ...ready };
  }

  #tell(kind: DocumentKind): void {
    for (const listener of this.#listeners) listener(kind);
  }
}
