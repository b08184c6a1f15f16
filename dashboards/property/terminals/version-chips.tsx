import type { DocumentState, Terminal } from '@gatecast/cloud-api/client';
import { Icon, type IconName } from '../../kit/ui/icon.tsx';
import { useMessages } from '../messages/zh.ts';

export const documentNames = ['config', 'access', 'plan', 'media'] as const;
export const documentTone: Record<DocumentState['state'], string> = {
  none: '',
  pending: 'is-brand',
  applied: 'is-good',
  failed: 'is-bad',
};
const toneIcon: Record<DocumentState['state'], IconName> = {
  none: 'clock',
  pending: 'upload',
  applied: 'check',
  failed: 'alert',
};

/** What the terminal has of settings, list, plan and videos, in one line. */
export function VersionChips({ documents }: { readonly documents: Terminal['documents'] }) {
  const m = useMessages().documents;
  return (
    <ul className="version-chips">
      {documentNames.map((name) => {
        const { state, desired, applied } = documents[name];
        const words = { none: m.none, pending: m.pending(desired ?? 0), applied: m.applied, failed: m.failed }[state];
        return (
          <li key={name} className={`badge ${documentTone[state]}`} title={words}>
            <Icon name={toneIcon[state]} size={15} />
            {m[name]}
            <span className="digits">{applied === null ? '–' : `v${applied}`}</span>
            <span className="visually-hidden">{words}</span>
          </li>
        );
      })}
    </ul>
  );
}
