import { and, eq, inArray, isNull, or } from 'drizzle-orm';
import type { Reads, Tx } from '../platform/db/store.ts';
import { writtenAt, type ExportSection } from '../platform/privacy.ts';
import type { Platform } from '../platform/platform.ts';
import { cardsOfPasses, type CredentialRow } from './credential-store.ts';
import { ownRecords } from './own-records.ts';

/** Rows of the log in one person's file. */
const recordsMax = 5_000;
const pageRows = 200;

/** What this slice keeps of a person: what opens doors for them, whom they invited, and when they came. */
export function registerAccessData({ privacy }: Platform): void {
  privacy.register({ name: 'access', export: exportOf, erase: eraseOf });
}

async function exportOf(q: Reads, residentId: string): Promise<readonly ExportSection[]> {
  const t = q.t.credentials;
  const rows = await q
    .select()
    .from(t)
    .where(or(eq(t.residentId, residentId), eq(t.hostId, residentId)))
    .orderBy(t.createdAt);
  return [
    {
      heading: { zh: '开门凭证', en: 'What opens doors' },
      items: rows.filter(({ hostId }) => hostId === null).map(credentialItem),
    },
    {
      heading: { zh: '访客邀请', en: 'Visitors invited' },
      items: rows.filter(({ hostId }) => hostId !== null).map(passItem),
    },
    { heading: { zh: '屏幕代号', en: 'My random name at the screens' }, items: await pseudonymItems(q, residentId) },
    { heading: { zh: '自提提醒代号', en: 'My random name for pick-ups' }, items: await noticeNameItems(q, residentId) },
    { heading: { zh: '出入记录', en: 'At the doors' }, items: await recordItems(q, residentId) },
  ];
}

/** Tags and keys are secrets of the doors. A PIN for under threat looks like any other: a file is read over a shoulder, and by the operator. */
const credentialItem = (row: CredentialRow) => ({
  kind: row.kind,
  unit: row.unit,
  label: row.label,
  card: row.cardFormat === null ? null : `${row.cardFormat} …${row.cardLast4 ?? ''}`,
  from: writtenAt(row.createdAt),
  to: writtenAt(row.to),
  revoked: writtenAt(row.revokedAt),
});

const passItem = (row: CredentialRow) => ({
  label: row.label,
  from: writtenAt(row.from),
  to: writtenAt(row.to),
  uses: row.uses,
  used: row.usedCount,
  lastUsed: writtenAt(row.lastUsedAt),
  revoked: writtenAt(row.revokedAt),
});

async function pseudonymItems(q: Reads, residentId: string) {
  const t = q.t.adPseudonyms;
  return q.select({ pseudonym: t.pseudonym }).from(t).where(eq(t.residentId, residentId));
}

async function noticeNameItems(q: Reads, residentId: string) {
  const t = q.t.noticeNames;
  return q.select({ name: t.name }).from(t).where(eq(t.residentId, residentId));
}

async function recordItems(q: Reads, residentId: string) {
  const items: Record<string, unknown>[] = [];
  let cursor: string | undefined;
  do {
    const page = await ownRecords(q, residentId, { cursor, limit: pageRows });
    items.push(...page.items.map(({ at, ...rest }) => ({ at: new Date(at).toISOString(), ...rest })));
    cursor = page.nextCursor ?? undefined;
  } while (cursor !== undefined && items.length < recordsMax);
  return items;
}

/** Rights were taken back when the person left (`onLeft`); what is left of them says no more whose they were. The log keeps that a door opened. */
async function eraseOf(q: Tx, residentId: string): Promise<void> {
  const t = q.t.credentials;
  await q.delete(q.t.adPseudonyms).where(eq(q.t.adPseudonyms.residentId, residentId));
  await q.delete(q.t.noticeNames).where(eq(q.t.noticeNames.residentId, residentId));
  const invited = await q.select({ id: t.id }).from(t).where(eq(t.hostId, residentId));
  const passIds = invited.map(({ id }) => id);
  const cards = await cardsOfPasses(q, passIds);
  const own = (await q.select({ id: t.id }).from(t).where(eq(t.residentId, residentId))).map(({ id }) => id);
  await q
    .update(t)
    .set({ residentId: null, unit: null, label: null, cardFormat: null, cardLast4: null })
    .where(eq(t.residentId, residentId));
  await q.update(t).set({ hostId: null, label: '' }).where(eq(t.hostId, residentId));
  if (cards.length > 0) await q.update(t).set({ label: null }).where(inArray(t.id, cards));
  await forgetRecords(q, residentId, own);
  // What they opened from afar stays as an order that somebody gave.
  await q.update(q.t.commands).set({ residentId: null }).where(eq(q.t.commands.residentId, residentId));
}

/** Of the log and of the alarms; old rows of the log know the credential alone. */
async function forgetRecords(q: Tx, residentId: string, credentialIds: readonly string[]): Promise<void> {
  const { accessEvents: t, alarms } = q.t;
  const nobody = { residentId: null, credentialId: null, touchId: null, salt: null };
  await q.update(t).set(nobody).where(eq(t.residentId, residentId));
  if (credentialIds.length === 0) return;
  await q
    .update(t)
    .set(nobody)
    .where(and(inArray(t.credentialId, [...credentialIds]), isNull(t.residentId)));
  await q
    .update(alarms)
    .set({ credentialId: null })
    .where(inArray(alarms.credentialId, [...credentialIds]));
}
