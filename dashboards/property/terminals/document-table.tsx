import type { Terminal } from '@gatecast/cloud-api/client';
import { documentNames, documentStateText, documentTone } from '../../kit/console/terminal/version-chips.tsx';
import { useFormats } from '../../kit/i18n/language-context.tsx';
import { useNow } from '../../kit/use-now.ts';
import { useMessages } from '../messages/zh.ts';

const refreshMs = 60_000;

/** Which version of each document is in force on the terminal, since when, and what is on its way. */
export function DocumentTable({ terminal }: { readonly terminal: Terminal }) {
  const { documents: m, terminals: words } = useMessages();
  const format = useFormats();
  const now = useNow(refreshMs);
  return (
    <section className="card">
      <h2>{m.title}</h2>
      <ul className="document-rows">
        {documentNames.map((name) => {
          const document = terminal.documents[name];
          const { state, applied, appliedAt } = document;
          return (
            <li key={name}>
              <b>{words.document[name]}</b>
              <span className="digits">{applied === null ? '–' : m.version(applied)}</span>
              <span className="soft">
                {appliedAt !== null && m.appliedAt(format.timeOrDate(appliedAt, now, terminal.zone))}
              </span>
              <span className={`badge ${documentTone[state]}`}>{documentStateText(document, words)}</span>
            </li>
          );
        })}
      </ul>
    </section>
  );
}
