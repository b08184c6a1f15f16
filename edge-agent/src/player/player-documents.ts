import type {
  DocumentKind,
  MediaManifest,
  NoticeBoard,
  Plan,
  TerminalConfig,
} from '@gatecast/firmware-protocol/messages';

/** The bodies of the documents, by kind. */
export interface PlayerBodies {
  readonly config: TerminalConfig;
  readonly plan: Plan;
  readonly media: MediaManifest;
  readonly notices: NoticeBoard;
}

/** The versioned documents in force on this terminal, as far as the screen needs them. */
export interface PlayerDocuments {
  /** Undefined before the first version. */
  current<K extends keyof PlayerBodies>(kind: K): PlayerBodies[K] | undefined;
  /** 0 before the first. Goes back where a version is taken back. */
  version(kind: DocumentKind): number;
  /** The version to return to while the one in force is on trial; undefined otherwise. */
  before<K extends keyof PlayerBodies>(kind: K): PlayerBodies[K] | undefined;
  /** Calls after a document was applied or has proven itself; returns the way to stop listening. */
  onChange(listener: (kind: DocumentKind) => void): () => void;
}
