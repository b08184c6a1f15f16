import type { DocumentKind } from '@gatecast/firmware-protocol/messages';
import type { CredentialUsesTable } from './credential-uses-table.ts';
import type { DocumentTable, DocumentText } from './document-table.ts';
import type { PhoneCounterTable } from './phone-counter-table.ts';
import { valueKeys, type StoredDocument } from './snapshot.ts';
import type { Refusal, Trials, TrialState } from './trials.ts';
import type { ValueTable } from './value-table.ts';

interface DocumentTables {
  readonly values: ValueTable;
  readonly documents: DocumentTable;
  readonly trials: Trials;
  readonly uses: CredentialUsesTable;
  readonly phones: PhoneCounterTable;
}

/** The operations of the store that move documents; each is one transaction, marks of trial included. */
export function documentOperations({ values, documents, trials, uses, phones }: DocumentTables) {
  return {
    /** What was on trial when the run before was cut off is taken back; resolves with what that leaves, and whom dropped lists lock out. */
    beginRun(): TrialState & { readonly denied: string | undefined } {
      if (values.isUnclean()) {
        for (const [kind, trial] of trials.state().trials) {
          const dropped = documents.drop(kind, trial.version);
          if (!dropped) continue;
          trials.cutOff(kind, trial);
          if (kind === 'access') values.set(valueKeys.denied, JSON.stringify(dropped.denied));
        }
      }
      values.beginRun();
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
