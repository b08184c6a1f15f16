import type { OwnSession } from '@gatecast/cloud-api/client';
import { useReadPages, useWrite } from '../../kit/api/api-context.tsx';
import { homeZone } from '../../kit/format.ts';
import { useFormats } from '../../kit/i18n/language-context.tsx';
import { LoadedPages } from '../../kit/ui/loaded-pages.tsx';
import { ProblemNotice } from '../../kit/ui/states.tsx';
import { useNow } from '../../kit/use-now.ts';
import { AccountPage } from './account-page.tsx';
import { useAccountWords } from './account-words.ts';

const sessionsMax = 100;
const refreshMs = 30_000;

/** Where one is signed in, and how to end it there. */
export function SessionsPage() {
  const words = useAccountWords();
  const pages = useReadPages('GET /v1/me/sessions', { query: { limit: sessionsMax } });
  const endOthers = useWrite('DELETE /v1/me/sessions', ['GET /v1/me/sessions']);
  return (
    <AccountPage page="sessions">
      <LoadedPages pages={pages} empty={<p>{words.onlyThis}</p>}>
        {(sessions) => (
          <>
            <section className="card account-card">
              <ul className="account-list">
                {currentFirst(sessions).map((session) => (
                  <li key={session.id}>
                    <SessionRow session={session} />
                  </li>
                ))}
              </ul>
            </section>
            <ProblemNotice error={endOthers.error} />
            {sessions.length > 1 ? (
              <button
                type="button"
                className="button is-large is-wide"
                disabled={endOthers.isPending}
                onClick={() => endOthers.mutate({})}
              >
                {words.endOthers}
              </button>
            ) : (
              <p className="account-soft">{words.onlyThis}</p>
            )}
          </>
        )}
      </LoadedPages>
    </AccountPage>
  );
}

const currentFirst = (sessions: readonly OwnSession[]): readonly OwnSession[] =>
  sessions.toSorted((a, b) => Number(b.current) - Number(a.current) || b.lastSeenAt - a.lastSeenAt);

function SessionRow({ session: { id, device, current, createdAt, lastSeenAt } }: { readonly session: OwnSession }) {
  const words = useAccountWords();
  const formats = useFormats();
  const now = useNow(refreshMs);
  const end = useWrite('DELETE /v1/me/sessions/:id', ['GET /v1/me/sessions']);
  return (
    <>
      <span>
        <b>{device || words.unknownDevice}</b>
        {current && <span className="badge is-brand">{words.thisDevice}</span>}
        <span className="account-soft">
          {current
            ? words.signedInAt(formats.dateTime(createdAt, homeZone))
            : words.lastSeen(formats.relative(Math.min(lastSeenAt, now), now))}
        </span>
      </span>
      {!current && (
        <button
          type="button"
          className="button"
          disabled={end.isPending}
          onClick={() => end.mutate({ params: { id } })}
        >
          {words.end}
        </button>
      )}
      <ProblemNotice error={end.error} />
    </>
  );
}
