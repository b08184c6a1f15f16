import type { InstantMs } from '@gatecast/firmware-protocol';
import type { Reads, Tx } from '../platform/db/store.ts';
import { refusal } from '../platform/errors.ts';
import type { Releases } from '../releases/service.ts';
import type { TerminalsService } from '../terminals/service.ts';
import type { SettingChange, TemplateSettings } from '../terminals/template-contract.ts';
import type { TerminalBefore } from './schema.ts';
import * as rows from './store.ts';

/** What moves: as it was when it was agreed to. */
export interface Subject {
  readonly kind: 'template' | 'release';
  readonly id: string;
  readonly name: string;
  /** Null for a release. */
  readonly settings: TemplateSettings | null;
}

/** What it means for one terminal. */
export interface Sight {
  readonly changes: readonly SettingChange[];
  /** Code of the reason why it cannot have it. */
  readonly skip: string | null;
  readonly print: string;
}

export interface Told {
  /** Of the document that holds it; null with a fault. */
  readonly version: number | null;
  readonly fault: string | null;
  readonly before: TerminalBefore;
}

/** What a roll-out does with templates and with releases, the same for both. */
export interface Subjects {
  /** Rejects with `not-found` and `release-withdrawn`. */
  find(q: Reads, kind: Subject['kind'], id: string): Promise<Subject>;
  look(q: Reads, subject: Subject, candidates: readonly rows.Candidate[]): Promise<ReadonlyMap<string, Sight>>;
  tell(q: Tx, subject: Subject, terminalId: string): Promise<Told>;
  /** From when on a terminal that is told, or comes back, at `at` is expected to have it: a release has windows of its own. */
  dueFrom(q: Reads, subject: Subject, terminalId: string, at: InstantMs): Promise<InstantMs>;
  /** Why it could not be taken back; null: it was. */
  takeBack(
    q: Tx,
    subject: Subject,
    member: Pick<rows.MemberRow, 'terminalId' | 'before' | 'version'>,
  ): Promise<string | null>;
}

export function createSubjects(terminals: TerminalsService, releases: Releases): Subjects {
  const { templates } = terminals;

  const findTemplate = async (q: Reads, id: string): Promise<Subject> => ({
    kind: 'template',
    id,
    ...(await templates.about(q, id)),
  });
  const findRelease = async (q: Reads, id: string): Promise<Subject> => {
    const { version, isWithdrawn } = await releases.about(q, id);
    if (isWithdrawn) throw refusal('release-withdrawn', 'this release was taken back');
    return { kind: 'release', id, name: version, settings: null };
  };

  return {
    find: (q, kind, id) => (kind === 'template' ? findTemplate(q, id) : findRelease(q, id)),
    async look(q, { kind, id, settings }, candidates) {
      const sights = new Map<string, Sight>();
      if (kind === 'release') {
        const misfits = await releases.misfits(
          q,
          id,
          candidates.map((one) => one.id),
        );
        for (const one of candidates) {
          const skip = misfits.get(one.id) ?? null;
          sights.set(one.id, { changes: [], skip, print: `${one.id} ${skip ?? ''}` });
        }
        return sights;
      }
      const seen = await templates.changes(
        q,
        settings ?? {},
        candidates.map((one) => one.id),
      );
      const byId = new Map(seen.map((one) => [one.terminalId, one]));
      for (const one of candidates) {
        const { changes = [], fault = null, print = '' } = byId.get(one.id) ?? {};
        sights.set(one.id, { changes, skip: statusSkip(one) ?? fault, print });
      }
      return sights;
    },
    async tell(q, { kind, id, settings }, terminalId) {
      if (kind === 'template') {
        const { version, fault, before } = await templates.give(q, { id, settings: settings ?? {} }, terminalId);
        return { version, fault, before: { settings: before } };
      }
      if ((await releases.about(q, id)).isWithdrawn)
        return { version: null, fault: 'release-withdrawn', before: { releaseId: null } };
      const releaseId = (await rows.releasesOf(q, [terminalId])).get(terminalId) ?? null;
      const version = (await releases.assign(q, [terminalId], id)).get(terminalId) ?? null;
      return { version, fault: null, before: { releaseId } };
    },
    dueFrom: async (q, { kind, id }, terminalId, at) =>
      kind === 'release' ? releases.dueFrom(q, id, terminalId, at) : at,
    async takeBack(q, { id, settings }, { terminalId, before, version }) {
      if (before && 'settings' in before) {
        return (await templates.takeBack(q, { id, settings: settings ?? {} }, terminalId, before.settings)).fault;
      }
      // A terminal refuses a release older than the one that it runs: only what was not taken yet can be called back.
      const applied = (await terminals.appliedVersions(q, 'software', [terminalId])).get(terminalId) ?? 0;
      if (version !== null && applied >= version) return 'already-updated';
      if (before?.releaseId) await releases.assign(q, [terminalId], before.releaseId);
      else await terminals.withholdDocument(q, terminalId, 'software');
      return null;
    },
  };
}

const statusSkip = ({ status }: rows.Candidate): string | null =>
  status === 'revoked' ? 'terminal-revoked' : status === 'unclaimed' ? 'unclaimed' : null;
