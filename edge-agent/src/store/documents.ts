import type {
  DocumentKind,
  MediaManifest,
  NoticeBoard,
  Plan,
  SoftwareDocument,
  TerminalConfig,
} from '@gatecast/firmware-protocol/messages';
import { shortLinkKeyPurpose, unseal } from '@gatecast/firmware-protocol/node';
import { z } from 'zod';
import { openAccess, type AccessView } from '../door/access.ts';
import { deniedBy } from '../door/list-index.ts';
import type { CheckResult, DocumentBase, DocumentValue } from './document-check.ts';
import type { TerminalKeys } from './identity.ts';
import { valueKeys } from './snapshot.ts';
import type { Store } from './store.ts';

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
  readonly #keys: TerminalKeys;
  readonly #listeners = new Set<(kind: DocumentKind) => void>();
  #ready: Ready = {};

  constructor(store: Store, keys: TerminalKeys) {
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

  versions(): Partial<Record<DocumentKind, number>> {
    return Object.fromEntries([...this.#store.snapshot.documents].map(([kind, { version }]) => [kind, version]));
  }

  /** The document in force as it was signed, to which a newer one may be told as a difference; undefined if there is none. */
  async base(kind: DocumentKind): Promise<DocumentBase | undefined> {
    return this.version(kind) === 0 ? undefined : this.#store.documentText(kind);
  }

  /** All of a checked version or none. Rejects with `cannot-unseal`, `stale-version` or `cannot-commit`; then the old one stays. */
  async apply(checked: Extract<CheckResult, { ok: true }>): Promise<void> {
    const ready = await this.#prepareNew(checked);
    await this.#store.saveDocument(checked);
    this.#use(ready);
    this.#tell(checked.value.kind);
  }

  /** Whom a genuine list locks out that could not be applied: the old grants stay, less these. */
  async deny(credentials: readonly string[]): Promise<void> {
    await this.#store.setValue(valueKeys.denied, JSON.stringify(credentials));
    const inForce = this.#store.snapshot.documents.get('access');
    if (inForce) this.#use(this.#prepare(inForce.version, inForce.value));
  }

  /** Back to the version before, because this one does not work. Without one before it, this one stays. */
  async revert(kind: DocumentKind, version: number): Promise<void> {
    const before = await this.#store.revertDocument(kind, version);
    if (!before) return;
    this.#use(this.#prepare(before.version, before.value));
    this.#tell(kind);
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

  #prepare(version: number, value: DocumentValue, denied = this.#denied()): Ready {
    const { sealing } = this.#keys;
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
