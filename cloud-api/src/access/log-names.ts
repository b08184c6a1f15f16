import type { PersonClass } from '@gatecast/firmware-protocol/messages';
import { inArray } from 'drizzle-orm';
import type { Tx } from '../platform/db/store.ts';
import type { Commands } from '../terminals/commands.ts';
import type { LogEntry } from './log-rules.ts';
import { codeNoOf, passesOpenedBy } from './pass-store.ts';

/** What the log finds an entry by, besides what the journal says. */
interface Named {
  /** Of a typed pass code that no list had told the door of, the pass: the door knows its number alone. */
  readonly credentialId: string | null;
  readonly residentId: string | null;
  readonly person: PersonClass | null;
}

/** Ids of one query; SQLite takes far more, but its statements are made anew for each number of them. */
const chunk = 500;

/**
 * Whom the entries of a batch are about: the resident whose credential it was, or who opened from afar; and, as a refusal does not say so itself, what kind
 * of person was refused. A few queries for a whole batch, none when nobody is named.
 */
export async function namedIn(
  q: Tx,
  commands: Pick<Commands, 'residentsOf'>,
  { terminalId, communityId }: { readonly terminalId: string; readonly communityId: string },
  entries: readonly LogEntry[],
): Promise<(entry: LogEntry) => Named> {
  const named = distinct(entries.map(({ credentialId }) => credentialId));
  const credentials = await credentialsOf(q, named);
  const passOf = await passesOpenedBy(q, communityId, named.filter(isCode));
  const ordered = distinct(entries.map(({ command }) => command));
  const askers = ordered.length > 0 ? await commands.residentsOf(q, terminalId, ordered) : new Map<string, string>();
  return ({ credentialId, command, person }) => {
    const credential = credentialId === null ? undefined : credentials.get(credentialId);
    const pass = credentialId === null ? undefined : passOf.get(credentialId);
    const asker = command === null ? undefined : askers.get(command);
    return {
      credentialId: pass?.id ?? credentialId,
      residentId: credential?.residentId ?? asker ?? null,
      person: pass?.person ?? person ?? credential?.person ?? (asker === undefined ? null : 'resident'),
    };
  };
}

const isCode = (credential: string): boolean => codeNoOf(credential) !== undefined;

const distinct = (ids: readonly (string | null)[]): string[] => [...new Set(ids)].filter((id) => id !== null);

async function credentialsOf(q: Tx, ids: readonly string[]) {
  const t = q.t.credentials;
  const found = [];
  for (let from = 0; from < ids.length; from += chunk) {
    found.push(
      ...(await q
        .select({ id: t.id, residentId: t.residentId, person: t.person })
        .from(t)
        .where(inArray(t.id, ids.slice(from, from + chunk)))),
    );
  }
  return new Map(found.map((row) => [row.id, row]));
}
