import { setImmediate as nextTurn } from 'node:timers/promises';
import { newId } from '@gatecast/firmware-protocol';
import { sha256Hex } from '@gatecast/firmware-protocol/node';
import { and, eq, type Column, type SQL } from 'drizzle-orm';
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
  SettingChange,
  SettingsTemplate,
  TemplateApplied,
  templateApply,
  TemplatePreview,
  TemplateSettings,
} from './template-contract.ts';
import { templateSettings } from './template-contract.ts';
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
  /** What it sets now, and what it is called. Rejects with `not-found`. */
  about(q: Reads, id: string): Promise<{ readonly name: string; readonly settings: TemplateSettings }>;
  /** What settings would change at each of the terminals, for a roll-out of them. */
  changes(q: Reads, settings: TemplateSettings, terminalIds: readonly string[]): Promise<readonly TemplateSight[]>;
  /** Gives one terminal a template's settings, in the name of nobody: all of them or, with a fault, none. */
  give(q: Tx, template: GivenTemplate, terminalId: string): Promise<Given>;
  /** Puts back what `give` changed, where it still is what the template set. */
  takeBack(q: Tx, template: GivenTemplate, terminalId: string, before: Given['before']): Promise<Given>;
  /** All of a template at each terminal, or nothing of it. Rejects with `preview-stale` if anything is not as the preview saw it. */
  apply(who: Manager, id: string, input: z.output<typeof templateApply>, call: Call): Promise<TemplateApplied>;
}

/** A template as it was when it was agreed to. */
interface GivenTemplate {
  readonly id: string;
  readonly settings: TemplateSettings;
}

export interface Given {
  /** Of the config that has the settings; null with a fault, and before the claim. */
  readonly version: number | null;
  readonly fault: string | null;
  /** What was changed, as it was before. */
  readonly before: Readonly<Record<string, unknown>>;
}

export interface TemplateSight {
  readonly terminalId: string;
  readonly changes: readonly SettingChange[];
  readonly fault: string | null;
  /** Print of the terminal's settings and of what would become of them. */
  readonly print: string;
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
      const newest = newestFirst(t.createdAt, t.id, paging);
      const isOwn = ofCompany(t.companyId, keptBy(who).companyId);
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
    ...givingPart(settings, find),
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

/** What a roll-out does with a template. */
function givingPart(
  desk: SettingsDesk,
  find: (q: Reads, id: string) => Promise<TemplateRow>,
): Pick<Templates, 'about' | 'changes' | 'give' | 'takeBack'> {
  const give: Templates['give'] = async (q, template, terminalId) => {
    const [item] = (await look(q, template, [terminalId])).items;
    if (!item) throw notFound('terminal');
    const given = await applyOne(q, desk, 'system', template, item);
    return { ...given, before: Object.fromEntries(item.changes.map(({ field, from }) => [field, from])) };
  };
  return {
    async about(q, id) {
      const { name, settings } = await find(q, id);
      return { name, settings };
    },
    async changes(q, settings, terminalIds) {
      const { items } = await look(q, { id: '', settings }, terminalIds);
      return items.map(({ terminal, terminalId, changes, fault }) => ({
        terminalId,
        changes,
        fault,
        print: sightOf({ id: '', settings }, [
          { id: terminalId, status: terminal.status, settings: settingsOf(terminal) },
        ]),
      }));
    },
    give,
    async takeBack(q, template, terminalId, before) {
      const [item] = (await look(q, template, [terminalId])).items;
      if (!item) throw notFound('terminal');
      const changedSince = new Set<string>(item.changes.map(({ field }) => field));
      const back = Object.fromEntries(Object.entries(before).filter(([field]) => !changedSince.has(field)));
      // What `give` wrote down is of the form of these settings.
      return give(q, { id: template.id, settings: templateSettings.parse(back) }, terminalId);
    },
  };
}

const ofCompany = (column: Column, companyId: string | undefined): SQL | undefined =>
  companyId === undefined ? undefined : eq(column, companyId);

interface Seen {
  readonly items: readonly (TemplatePreview['items'][number] & { readonly terminal: rows.PlacedTerminal })[];
  readonly token: string;
}

/** Everything that a preview shows, and the print of it. */
async function look(q: Reads, template: GivenTemplate, terminalIds: readonly string[]): Promise<Seen> {
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

const faultOf = (terminal: rows.PlacedTerminal, { settings }: GivenTemplate): string | null =>
  terminal.status === 'revoked' ? 'terminal-revoked' : (settingsAfter(terminal, settings).fault?.code ?? null);

async function applyOne(
  q: Tx,
  desk: SettingsDesk,
  who: Manager | 'system',
  { id, settings }: GivenTemplate,
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
