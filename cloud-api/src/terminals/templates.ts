import { setImmediate as nextTurn } from 'node:timers/promises';
import { newId } from '@gatecast/firmware-protocol';
import { sha256Hex } from '@gatecast/firmware-protocol/node';
import { and, eq, type SQL } from 'drizzle-orm';
import type { z } from 'zod';
import type { Manager } from '../communities/service.ts';
import { keptBy } from '../platform/auth.ts';
import type { Page } from '../platform/contract.ts';
import type { Reads, Tx } from '../platform/db/store.ts';
import { notFound, refusal } from '../platform/errors.ts';
import { once, type Call } from '../platform/idempotency.ts';
import { newestFirst, type Paging } from '../platform/newest-first.ts';
import type { Platform } from '../platform/platform.ts';
import { settingsAfter, type SettingsDesk } from './settings.ts';
import { settingsOf } from './show.ts';
import * as rows from './store.ts';
import type {
  newSettingsTemplate,
  SettingsTemplate,
  TemplateApplied,
  templateApply,
  TemplatePreview,
} from './template-contract.ts';
import { changesOf, sightOf } from './template-rules.ts';

type TemplateRow = Reads['t']['settingsTemplates']['$inferSelect'];

export interface Templates {
  list(who: Manager, paging: Paging): Promise<Page<SettingsTemplate>>;
  /** Rejects with `not-found` unless it is the caller's company's own. */
  mayUse(q: Reads, who: Manager, id: string): Promise<void>;
  create(who: Manager, input: z.output<typeof newSettingsTemplate>, call: Call): Promise<SettingsTemplate>;
  replace(who: Manager, id: string, input: z.output<typeof newSettingsTemplate>, call: Call): Promise<SettingsTemplate>;
  remove(who: Manager, id: string): Promise<void>;
  /** What each terminal would change. */
  preview(id: string, terminalIds: readonly string[]): Promise<TemplatePreview>;
  /** All of a template at each terminal, or nothing of it. Rejects with `preview-stale` if anything is not as the preview saw it. */
  apply(who: Manager, id: string, input: z.output<typeof templateApply>, call: Call): Promise<TemplateApplied>;
}

/** Settings that many doors share. */
export function createTemplates({ store, clock, audit }: Platform, settings: SettingsDesk): Templates {
  const find = async (q: Reads, id: string): Promise<TemplateRow> => {
    const [row] = await q.select().from(q.t.settingsTemplates).where(eq(q.t.settingsTemplates.id, id));
    if (!row) throw notFound('template');
    return row;
  };

  return {
    async list(who, paging) {
      const t = store.read.t.settingsTemplates;
      const { companyId } = keptBy(who);
      const newest = newestFirst(t.createdAt, t.id, paging);
      const isOwn: SQL | undefined = companyId === undefined ? undefined : eq(t.companyId, companyId);
      const found = await store.read
        .select()
        .from(t)
        .where(and(isOwn, newest.where))
        .orderBy(...newest.order)
        .limit(newest.take);
      return newest.page(found, ({ createdAt }) => createdAt, shown);
    },
    async mayUse(q, who, id) {
      const { companyId } = await find(q, id);
      if (who.role === 'property' && companyId !== who.companyId) throw notFound('template');
    },
    create: (who, { name, settings }, call) =>
      store.tx((q) =>
        once(q, clock, call, async () => {
          const [id, at] = [newId('template'), clock.now()];
          const row = { id, companyId: keptBy(who).companyId ?? null, name, settings, createdAt: at, changedAt: at };
          await q.insert(q.t.settingsTemplates).values(row);
          await audit(q, { who, action: 'template.create', subject: id });
          return shown(row);
        }),
      ),
    replace: (who, id, { name, settings }, call) =>
      store.tx((q) =>
        once(q, clock, call, async () => {
          const t = q.t.settingsTemplates;
          await q.update(t).set({ name, settings, changedAt: clock.now() }).where(eq(t.id, id));
          await audit(q, { who, action: 'template.change', subject: id });
          return shown(await find(q, id));
        }),
      ),
    remove: (who, id) =>
      store.tx(async (q) => {
        await q.delete(q.t.settingsTemplates).where(eq(q.t.settingsTemplates.id, id));
        await audit(q, { who, action: 'template.remove', subject: id });
      }),
    async preview(id, terminalIds) {
      const { items, token } = await look(store.read, await find(store.read, id), terminalIds);
      return { items: items.map(({ terminal: _terminal, ...item }) => item), token };
    },
    apply: (who, id, { terminalIds, token }, call) =>
      store.tx((q) =>
        once(q, clock, call, async () => {
          const template = await find(q, id);
          const seen = await look(q, template, terminalIds);
          if (seen.token !== token)
            throw refusal('preview-stale', 'something has changed since; look at the changes again');
          await audit(q, { who, action: 'template.apply', subject: id, facts: { terminals: seen.items.length } });
          const items = [];
          for (const item of seen.items) {
            items.push(await applyOne(q, settings, who, template, item));
            // Two hundred new configs take a second: others have their turn between them.
            await nextTurn();
          }
          return { items };
        }),
      ),
  };
}

interface Seen {
  readonly items: readonly (TemplatePreview['items'][number] & { readonly terminal: rows.PlacedTerminal })[];
  readonly token: string;
}

/** Everything that a preview shows, and the print of it. */
async function look(q: Reads, template: TemplateRow, terminalIds: readonly string[]): Promise<Seen> {
  const terminals = await rows.findTerminals(q, [...new Set(terminalIds)]);
  const sight = sightOf(
    template,
    terminals.map((terminal) => ({ id: terminal.id, status: terminal.status, settings: settingsOf(terminal) })),
  );
  const items = terminals.map((terminal) => {
    const { id: terminalId, name, entranceName, status } = terminal;
    const changes = changesOf(settingsOf(terminal), template.settings);
    return { terminalId, name, entranceName, status, changes, fault: faultOf(terminal, template), terminal };
  });
  return { items, token: sha256Hex(sight) };
}

const faultOf = (terminal: rows.PlacedTerminal, { settings }: TemplateRow): string | null =>
  terminal.status === 'revoked' ? 'terminal-revoked' : (settingsAfter(terminal, settings).fault?.code ?? null);

async function applyOne(
  q: Tx,
  desk: SettingsDesk,
  who: Manager,
  { id, settings }: TemplateRow,
  { terminal, terminalId, changes, fault }: Seen['items'][number],
): Promise<TemplateApplied['items'][number]> {
  if (fault !== null) return { terminalId, version: null, fault };
  if (changes.length > 0)
    return { terminalId, version: await desk.change(q, who, terminal, settings, { template: id }), fault };
  const config = await rows.findDocument(q, terminalId, 'config');
  return { terminalId, version: config?.desired ?? null, fault };
}

const shown = ({ id, name, settings, createdAt, changedAt }: TemplateRow): SettingsTemplate => ({
  id,
  name,
  settings,
  createdAt,
  changedAt,
});
