import type { Terminal } from '@gatecast/cloud-api/client';
import { useFormats } from '../../kit/i18n/language-context.tsx';
import { useNow } from '../../kit/use-now.ts';
import { useMessages } from '../messages/zh.ts';
import { documentNames, documentTone } from './version-chips.tsx';

const refreshMs = 60_000;

/** Which version of each document is in force on the terminal, since when, and what is on its way. */
export function DocumentTable({ terminal }: { readonly terminal: Terminal }) {
  const m = useMessages().documents;
  const format = useFormats();
  const now = useNow(refreshMs);
  return (
    <section className="card">
      <h2>{m.title}</h2>
      <ul className="document-rows">
        {documentNames.map((name) => {
          const { state, desired, applied, appliedAt } = terminal.documents[name];
          const words = { none: m.none, pending: m.pending(desired ?? 0), applied: m.applied, failed: m.failed }[state];
          return (
            <li key={name}>
              <b>{m[name]}</b>
              <span className="digits">{applied === null ? '–' : m.version(applied)}</span>
              <span className="soft">
                {appliedAt !== null && m.appliedAt(format.timeOrDate(appliedAt, now, terminal.zone))}
              </span>
              <span className={`badge ${documentTone[state]}`}>{words}</span>
            </li>
          );
        })}
      </ul>
    </section>
  );
}
