import type { Credential, OwnGroup, PersonClass } from '@gatecast/firmware-protocol/messages';

/** What lets somebody in, however it was shown: a credential of the list, or a pass that speaks for itself. */
export interface Right {
  /** A credential's id, or `passCodeCredential` of a typed pass code. */
  readonly id: string;
  /**
   * The name that its uses are counted under: of a pass with a typed pass code `passCodeCredential`, to which its digits, its QR code and the list all lead,
   * so that one which opens once does so once however it is shown; of everything else the id.
   */
  readonly countedAs: string;
  readonly person: PersonClass;
  /** Null: every entrance of this terminal. */
  readonly entrances: readonly string[] | null;
  /** UTC milliseconds; half-open. */
  readonly from: number | null;
  readonly to: number | null;
  readonly uses: number | null;
  readonly openMs: number | null;
  /** What a lift releases for it. */
  readonly floors: readonly number[] | 'all';
  /** Typed under threat: opens as usual, and the property is told. */
  readonly duress: boolean;
  /** Place in the list's schedules; null: at all hours. */
  readonly schedule: number | null;
  /** Has to be used once before `by` (UTC ms), and ends `lastsMs` after its first use. */
  readonly firstUse: { readonly by: number | null; readonly lastsMs: number | null } | null;
  readonly denied: boolean;
  /** For the screen alone, of who opted in; null for everybody else. */
  readonly pseudonym: string | null;
  /** To which they said that they belong; null for everybody who did not. */
  readonly group: OwnGroup | null;
  /** By which notices mean them, of who asked for that; null for everybody else. */
  readonly noticeName: string | null;
}

/** One credential of the list. */
export interface CredentialRecord extends Right {
  readonly kind: Credential['kind'];
  readonly epoch: number;
  /** What a PIN, code or card is known by; of a phone the `x` of its key. */
  readonly tag: Uint8Array;
  /** Of a phone: its key's `y` is odd. */
  readonly isOdd: boolean;
}

/** How a right was used at this terminal. */
export interface UseRecord {
  readonly uses: number;
  /** UTC ms; null where nobody has to know it. */
  readonly firstUsedAt: number | null;
}
