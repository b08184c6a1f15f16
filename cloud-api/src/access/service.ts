import { hours, type InstantMs } from '@gatecast/firmware-protocol';
import type { Communities, Manager } from '../communities/service.ts';
import type { Page } from '../platform/contract.ts';
import { decodeCursor, pageOf, pageSizeDefault } from '../platform/cursor.ts';
import type { Platform } from '../platform/platform.ts';
import type { Terminals } from '../terminals/service.ts';
import type { AccessEvent } from './contract.ts';
import { createAccessLists, residentPins } from './lists.ts';
import { createPasses, type Passes } from './passes.ts';
import { namesKeptMs } from './rules.ts';
import * as rows from './store.ts';

interface EventQuery extends Omit<rows.EventFilter, 'companyId'> {
  readonly cursor?: string | undefined;
  readonly limit?: number | undefined;
}

export interface Access {
  readonly passes: Passes;
  /** The access log of the caller's scope, newest first. */
  events(who: Manager, query: EventQuery): Promise<Page<AccessEvent>>;
}

export function createAccess(platform: Platform, communities: Communities, terminals: Terminals): Access {
  const { store, clock, jobs } = platform;
  const lists = createAccessLists(platform, terminals);
  residentPins(platform, communities, lists);

  jobs.handle('access.forget-names', {
    everyMs: hours(6),
    run: () => store.tx((q) => rows.forgetNames(q, (clock.now() - namesKeptMs) as InstantMs)),
  });

  return {
    passes: createPasses(platform, communities, terminals, lists),
    async events(who, { cursor, limit = pageSizeDefault, ...filter }) {
      const companyId = who.role === 'property' ? who.companyId : undefined;
      const before = cursor === undefined ? undefined : decodeCursor<[number, number]>(cursor, ['number', 'number']);
      // Nobody but the property learns who opened under threat.
      const scope = { companyId, withDuress: who.role === 'property', ...filter };
      const found = await rows.listEvents(store.read, scope, before, limit + 1);
      return pageOf(found, limit, ({ event }) => [event.at, event.no], shownEvent);
    },
  };
}

function shownEvent(row: Awaited<ReturnType<typeof rows.listEvents>>[number]): AccessEvent {
  const { event } = row;
  const person = event.person ?? row.credentialPerson;
  const name = row.residentName ?? row.label;
  return {
    id: `${event.terminalId}.${event.epoch}.${event.seq}`,
    terminalId: event.terminalId,
    terminalName: row.terminalName,
    entranceId: event.entranceId,
    entranceName: row.entranceName ?? '',
    kind: event.kind,
    via: event.via,
    reason: event.reason,
    who: person !== null && name !== null ? { person, name, unit: row.unit } : null,
    pulseMs: event.pulseMs,
    at: event.at,
    receivedAt: event.receivedAt,
    seq: event.seq,
  };
}
