import type { DocumentState, Terminal } from '@gatecast/cloud-api/client';
import { Icon, type IconName } from '../../ui/icon.tsx';
import type { TerminalWords } from './words-zh.ts';
import './terminal.css';

export const documentNames = ['config', 'access', 'plan', 'media', 'notices'] as const;
export const documentTone: Record<DocumentState['state'], string> = {
  none: '',
  pending: 'is-brand',
  applied: 'is-good',
  failed: 'is-bad',
  reverted: 'is-bad',
};
const toneIcon: Record<DocumentState['state'], IconName> = {
  none: 'clock',
  pending: 'upload',
  applied: 'check',
  failed: 'alert',
  reverted: 'back',
};

/** `第 5 版下发中`: how the newest version of a document fares. */
export function documentStateText({ state, desired, reason }: DocumentState, words: TerminalWords): string {
  switch (state) {
    case 'none':
      return words.documentNone;
    case 'applied':
      return words.documentApplied;
    case 'pending':
      return words.documentPending(desired ?? 0);
    case 'failed':
      return words.documentFailed(documentReason(reason, words));
    case 'reverted':
      return words.documentReverted(documentReason(reason, words));
  }
}

/** Why a version is not in force, in the reader's words. */
export const documentReason = (reason: string | null, words: TerminalWords): string =>
  words.documentReasons[(reason ?? '') as keyof TerminalWords['documentReasons']] ?? words.documentDamaged;

interface VersionChipsProps {
  readonly documents: Terminal['documents'];
  readonly words: TerminalWords;
}

/** What the terminal has of settings, list, plan, videos and notices, in one line. */
export function VersionChips({ documents, words }: VersionChipsProps) {
  return (
    <ul className="version-chips">
      {documentNames.map((name) => {
        const document = documents[name];
        const text = documentStateText(document, words);
        return (
          <li key={name} className={`badge ${documentTone[document.state]}`} title={text}>
            <Icon name={toneIcon[document.state]} size={15} />
            {words.document[name]}
            <span className="digits">{document.applied === null ? '–' : `v${document.applied}`}</span>
            <span className="visually-hidden">{text}</span>
          </li>
        );
      })}
    </ul>
  );
}
