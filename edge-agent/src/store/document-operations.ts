import type { DocumentKind } from '@gatecast/firmware-protocol/messages';
import type { CredentialUsesTable } from './credential-uses-table.ts';
import type { DocumentTable, DocumentText } from './document-table.ts';
import type { PhoneCounterTable } from './phone-counter-table.ts';
import { valueKeys, type StoredDocument } from './snapshot.ts';
import { isIndispensable, willBeSuspected, type Refusal, type Trial, type Trials, type TrialState } from './trials.ts';
import type { ValueTable } from './value-table.ts';

const endedTheAgent = { state: 'failed', reason: 'ended-the-agent' } as const;

type OfTrials = Pick<DocumentTables, 'values' | 'documents' | 'trials' | 'machineBoot'>;

interface DocumentTables {
  readonly values: ValueTable;
  readonly documents: DocumentTable;
  readonly trials: Trials;
  readonly uses: CredentialUsesTable;
  readonly phones: PhoneCounterTable;
  /** Which start of the machine this is. */
  readonly machineBoot: string;
}

/** What was on trial when the last run was cut off, and not with the machine. */
const onTrialAtTheEnd = ({ values, documents, trials, machineBoot }: OfTrials) =>
  values.endedAlone(machineBoot)
    ? [...trials.state().trials].filter(([kind, { version }]) => documents.isNewest(kind, version))
    : [];

const isToGo = ({ documents }: OfTrials, kind: DocumentKind, trial: Trial): boolean =>
  willBeSuspected(trial) && (!isIndispensable(kind) || documents.hasBefore(kind));

/** What this run begins without, once `beginRun` has noted it. */
export const suspects = (tables: OfTrials): ReadonlyMap<DocumentKind, Trial> =>
  new Map(onTrialAtTheEnd(tables).filter(([kind, trial]) => isToGo(tables, kind, trial)));

/** The operations of the store that move documents; each is one transaction, marks of trial included. */
export function documentOperations(tables: DocumentTables) {
  const { values, documents, trials, uses, phones, machineBoot } = tables;
  return {
    /** What was on trial at the ends of several runs is taken back; resolves with what that leaves, and whom dropped lists lock out. */
    beginRun(): TrialState & { readonly denied: string | undefined } {
      const onTrial = onTrialAtTheEnd(tables);
      for (const [kind, trial] of onTrial) {
        trials.cutOff(kind, trial);
        if (!isToGo(tables, kind, trial)) continue;
        const { denied } = documents.drop(kind, trial.version);
        if (kind === 'access') values.set(valueKeys.denied, JSON.stringify(denied));
        // Of several each is tried again by itself, to find the one.
        if (onTrial.length === 1) trials.refuse(kind, { ...endedTheAgent, version: trial.version });
      }
      values.beginRun(machineBoot);
      return { ...trials.state(), denied: values.get(valueKeys.denied) };
    },
    /** Returns whose uses need not be remembered any more, with this access list. It says itself whom it locks out. */
    saveDocument(document: DocumentText): TrialState & { readonly forgotten: string[] } {
      documents.save(document, trials.state().trials.get(document.kind)?.version);
      trials.begin(document.kind, document.version);
      if (document.kind !== 'access') return { ...trials.state(), forgotten: [] };
      values.set(valueKeys.denied, '[]');
      phones.keepListed();
      return { ...trials.state(), forgotten: uses.keepListed(values.wallHighMs()) };
    },
    documentText: (kind: DocumentKind) => documents.textOf(kind),
    /** The version has proven itself. */
    endTrial({ kind, version }: { readonly kind: DocumentKind; readonly version: number }): TrialState {
      trials.end(kind, version);
      return trials.state();
    },
    revertDocument({
      kind,
      ...refusal
    }: Refusal & { readonly kind: DocumentKind }): TrialState & { readonly before: StoredDocument | undefined } {
      const before = documents.revert(kind, refusal.version);
      if (before) trials.refuse(kind, refusal);
      return { ...trials.state(), before };
    },
  };
}
