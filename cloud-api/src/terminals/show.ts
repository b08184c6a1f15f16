import type { InstantMs } from '@gatecast/firmware-protocol';
import { usualMediaTerms, type DocumentKind } from '@gatecast/firmware-protocol/messages';
import type { Keeper } from '../platform/auth.ts';
import type { Reads } from '../platform/db/store.ts';
import type { Terminal, TerminalSettings } from './contract.ts';
import { alarmsOf } from './door-alarms.ts';
import { doorDefault, runningOverride, wantedMode } from './door-rules.ts';
import { documentState } from './rules.ts';
import * as rows from './store.ts';

export const settingsOf = (row: rows.TerminalRow): TerminalSettings => ({
  ...(row.door ?? doorDefault),
  openMs: row.openMs,
  quiet: { fromMinute: row.quietFromMinute, toMinute: row.quietToMinute },
  volumePercent: row.volumePercent,
  screenProfile: row.screenProfile,
  brightnessPercent: row.brightnessPercent,
  dimPercent: row.dimPercent,
  media: row.mediaTerms ?? usualMediaTerms,
});

/** Null once it is over. */
export const mutedUntil = (row: rows.TerminalRow, now: InstantMs): InstantMs | null =>
  row.mutedUntil !== null && row.mutedUntil > now ? row.mutedUntil : null;

/** Terminals as the API shows them to `who`, with presence, documents and alarms, in three queries for all. */
export async function showTerminals(
  q: Reads,
  who: Keeper,
  terminals: readonly rows.PlacedTerminal[],
  now: InstantMs,
): Promise<Terminal[]> {
  const ids = terminals.map(({ id }) => id);
  const presences = new Map((await rows.presencesOf(q, ids)).map((row) => [row.terminalId, row]));
  const documents = new Map((await rows.documentsOf(q, ids)).map((row) => [`${row.terminalId}|${row.kind}`, row]));
  const documentOf = (id: string, kind: DocumentKind) => documentState(documents.get(`${id}|${kind}`));
  const alarms = await alarmsOf(q, who, terminals, now);
  return terminals.map((row) => {
    const presence = presences.get(row.id);
    const settings = settingsOf(row);
    return {
      id: row.id,
      name: row.name,
      communityId: row.communityId,
      communityName: row.communityName,
      entranceId: row.entranceId,
      entranceName: row.entranceName,
      placement: row.placement,
      zone: row.zone,
      status: row.status,
      model: row.model,
      keysSince: row.keysSince,
      keysAskedAt: row.rotateAskedAt,
      cloned: row.cloned,
      online: presence?.online ?? false,
      doorOnline: presence?.doorOnline ?? false,
      lastSeenAt: presence?.lastSeenAt ?? null,
      agentVersion: presence?.agentVersion ?? null,
      settings,
      mutedUntil: mutedUntil(row, now),
      screen: presence?.screen ?? null,
      mode: {
        wanted: wantedMode(settings.schedules, row.modeOverride, now, row.zone),
        override: runningOverride(row.modeOverride, now),
      },
      doors: [...(presence?.doors ?? [])],
      alarms: [...(alarms.get(row.id) ?? [])],
      documents: {
        config: documentOf(row.id, 'config'),
        access: documentOf(row.id, 'access'),
        plan: documentOf(row.id, 'plan'),
        media: documentOf(row.id, 'media'),
        notices: documentOf(row.id, 'notices'),
        software: documentOf(row.id, 'software'),
      },
    };
  });
}
