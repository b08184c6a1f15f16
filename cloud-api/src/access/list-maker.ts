import type { AccessList, PassKeys } from '@gatecast/firmware-protocol/messages';
import { codeKeyPurpose, pinKeyPurpose, seal } from '@gatecast/firmware-protocol/node';
import { concerns } from './list-rules.ts';
import { ListPrinter, type ListedText, type ListHead, type ListPrint } from './list-text.ts';

/** Typed pass codes that a list takes back; a terminal takes no more. */
const denyCodesMax = 10_000;

/** A key of a week or an epoch, to be sealed to each terminal. */
export interface EpochKey {
  readonly epoch: number;
  readonly key: Uint8Array;
}

/** What the lists of a community have in common. */
export interface CommunityPart {
  readonly zone: string;
  readonly holidays: readonly string[];
  readonly schedules: AccessList['schedules'];
  readonly pinKeys: readonly EpochKey[];
  readonly codeKeys: readonly EpochKey[];
  readonly issuers: PassKeys['issuers'];
  /** Who is denied at which entrances (null: all), sorted by id. */
  readonly denied: readonly DeniedCredential[];
}

export interface DeniedCredential {
  readonly id: string;
  readonly entranceIds: readonly string[] | null;
  readonly codeNo: number | null;
}

/** What is a terminal's own. */
export interface TerminalPart {
  readonly terminalId: string;
  readonly entranceId: string;
  readonly doorNo: number;
  readonly sealingKey: string;
  /** Boxes of its last list that are still good: the same box again keeps the same list the same. */
  readonly sealed: SealedKeys;
}

export interface SealedKeys {
  readonly pinKeys: AccessList['pinKeys'];
  readonly codeKeys: PassKeys['codeKeys'];
}

export interface MadeList extends ListPrint {
  readonly terminalId: string;
  readonly head: ListHead;
}

/** The lists of all terminals of a community. Hashes megabytes and seals keys: for a worker thread. */
export function makeLists(
  texts: readonly ListedText[],
  community: CommunityPart,
  terminals: readonly TerminalPart[],
): MadeList[] {
  const printer = new ListPrinter(texts);
  return terminals.map((terminal) => {
    const head = headOf(community, terminal);
    return { terminalId: terminal.terminalId, head, ...printer.print(terminal.entranceId, head) };
  });
}

function headOf(community: CommunityPart, terminal: TerminalPart): ListHead {
  const { zone, holidays, schedules, issuers } = community;
  const denied = community.denied.filter(({ entranceIds }) => concerns(entranceIds, terminal.entranceId));
  const codes = denied.flatMap(({ codeNo }) => (codeNo === null ? [] : [codeNo]));
  return {
    zone,
    pinKeys: boxes(community.pinKeys, pinKeyPurpose, terminal, terminal.sealed.pinKeys),
    schedules,
    holidays: [...holidays],
    passes: {
      issuers,
      codeKeys: boxes(community.codeKeys, codeKeyPurpose, terminal, terminal.sealed.codeKeys),
      doors: [{ entrance: terminal.entranceId, no: terminal.doorNo }],
      denyCodes: codes.sort((a, b) => a - b).slice(-denyCodesMax),
    },
    deny: denied.map(({ id }) => id),
  };
}

const boxes = (
  keys: readonly EpochKey[],
  purpose: (epoch: number) => string,
  { sealingKey }: TerminalPart,
  known: readonly { readonly epoch: number; readonly sealed: string }[],
) =>
  keys.map(({ epoch, key }) => {
    const box = known.find((one) => one.epoch === epoch);
    return { epoch, sealed: box?.sealed ?? seal(sealingKey, purpose(epoch), key) };
  });
