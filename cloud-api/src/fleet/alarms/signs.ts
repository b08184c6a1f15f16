import { instant, hours, type DurationMs, type InstantMs } from '@gatecast/firmware-protocol';
import type { HealthIssue } from '@gatecast/firmware-protocol/messages';
import { and, asc, count, eq, gt, inArray, isNotNull, lte, min } from 'drizzle-orm';
import type { Reads } from '../../platform/db/store.ts';
import { isIngestBacklog, isMany, staleHealthMs, wholeCommunityLeast, type Sign } from './watch-rules.ts';

/** Alarms of single terminals and one kind; what is more than that is one alarm anyway. */
const singlesMax = 2_000;
/** How long a journal that has parted from ours stays an alarm when nothing new is shown. */
const disputeShownMs = hours(24);

/** How the fleet stood when it was last looked at. */
export interface Look {
  readonly now: InstantMs;
  readonly offlineAfterMs: DurationMs;
  /** Keys of alarms that are raised. */
  readonly raised: ReadonlySet<string>;
  readonly inService: number;
  readonly online: number;
}

const sign = (over: Pick<Sign, 'kind' | 'since'> & Partial<Sign>): Sign => ({
  terminalId: null,
  communityId: null,
  terminals: 1,
  facts: {},
  ...over,
});

export async function fleetSize(q: Reads): Promise<Pick<Look, 'inService' | 'online'>> {
  const { terminals: t, terminalPresence: p } = q.t;
  const [service] = await q.select({ n: count() }).from(t).where(eq(t.status, 'active'));
  const [online] = await q.select({ n: count() }).from(p).where(eq(p.online, true));
  return { inService: service?.n ?? 0, online: online?.n ?? 0 };
}

/** Terminals that are away for longer than they may: one alarm each, one for a whole community, or one for very many. */
export async function offlineSigns(q: Reads, look: Look): Promise<Sign[]> {
  const { terminals: t, terminalPresence: p } = q.t;
  const isAway = and(
    eq(p.online, false),
    lte(p.lastSeenAt, instant(look.now - look.offlineAfterMs)),
    eq(t.status, 'active'),
  );
  const places = await q
    .select({ communityId: t.communityId, n: count(), since: min(p.lastSeenAt) })
    .from(p)
    .innerJoin(t, eq(t.id, p.terminalId))
    .where(isAway)
    .groupBy(t.communityId);
  const terminals = places.reduce((sum, { n }) => sum + n, 0);
  if (terminals === 0) return [];
  if (isMany(terminals, look.inService, look.raised.has('many-offline|fleet'))) {
    const since = instant(Math.min(...places.map((place) => place.since ?? look.now)));
    return [sign({ kind: 'many-offline', since, terminals, facts: { communities: places.length } })];
  }
  const whole = await wholeCommunities(q, places);
  const singles = await q
    .select({ terminalId: t.id, communityId: t.communityId, since: p.lastSeenAt })
    .from(p)
    .innerJoin(t, eq(t.id, p.terminalId))
    .where(isAway)
    .orderBy(asc(p.lastSeenAt))
    .limit(singlesMax);
  return [
    ...places
      .filter(({ communityId }) => whole.has(communityId))
      .map(({ communityId, n, since }) =>
        sign({ kind: 'community-offline', communityId, terminals: n, since: since ?? look.now }),
      ),
    ...singles
      .filter(({ communityId }) => !whole.has(communityId))
      .map((one) => sign({ kind: 'terminal-offline', ...one })),
  ];
}

async function wholeCommunities(
  q: Reads,
  places: readonly { readonly communityId: string; readonly n: number }[],
): Promise<ReadonlySet<string>> {
  const several = places.filter(({ n }) => n >= wholeCommunityLeast);
  if (several.length === 0) return new Set();
  const t = q.t.terminals;
  const all = await q
    .select({ communityId: t.communityId, n: count() })
    .from(t)
    .where(
      and(
        eq(t.status, 'active'),
        inArray(
          t.communityId,
          several.map(({ communityId }) => communityId),
        ),
      ),
    )
    .groupBy(t.communityId);
  const inService = new Map(all.map(({ communityId, n }) => [communityId, n]));
  return new Set(
    several.filter(({ communityId, n }) => inService.get(communityId) === n).map(({ communityId }) => communityId),
  );
}

/** What the terminals say is wrong with them, as far as their word is fresh. */
export async function healthSigns(q: Reads, look: Look): Promise<Sign[]> {
  const { terminals: t, terminalIssues: i, terminalHealth: h } = q.t;
  const isNow = and(eq(t.status, 'active'), gt(h.receivedAt, instant(look.now - staleHealthMs)));
  const issues = await q
    .select({ issue: i.issue, n: count(), since: min(i.since) })
    .from(i)
    .innerJoin(t, eq(t.id, i.terminalId))
    .innerJoin(h, eq(h.terminalId, i.terminalId))
    .where(isNow)
    .groupBy(i.issue);
  const signs: Sign[] = [];
  for (const { issue, n, since } of issues) {
    const together = togetherAs(issue, n, look);
    if (together) signs.push(sign({ kind: together, terminals: n, since: since ?? look.now }));
    else {
      const singles = await q
        .select({ terminalId: t.id, communityId: t.communityId, since: i.since })
        .from(i)
        .innerJoin(t, eq(t.id, i.terminalId))
        .innerJoin(h, eq(h.terminalId, i.terminalId))
        .where(and(isNow, eq(i.issue, issue)))
        .limit(singlesMax);
      signs.push(...singles.map((one) => sign({ kind: issue, ...one })));
    }
  }
  return signs;
}

/** The one alarm that an issue of `n` terminals is; undefined if it is one each. */
function togetherAs(issue: HealthIssue, n: number, { raised, online, inService }: Look): Sign['kind'] | undefined {
  if (issue === 'journal-backlog' && isIngestBacklog(n, online, raised.has('ingest-backlog|fleet')))
    return 'ingest-backlog';
  return isMany(n, inService, raised.has(`${issue}|fleet`)) ? issue : undefined;
}

/** Terminals of which a second one seems to exist; over when somebody has settled it. */
export async function cloneSigns(q: Reads, { now }: Look): Promise<Sign[]> {
  const t = q.t.terminals;
  const cloned = await q
    .select({ terminalId: t.id, communityId: t.communityId, cloned: t.cloned })
    .from(t)
    .where(and(isNotNull(t.cloned), eq(t.status, 'active')))
    .limit(singlesMax);
  return cloned.map(({ terminalId, communityId, cloned: seen }) =>
    sign({ kind: 'terminal-cloned', terminalId, communityId, since: instant(seen?.at ?? now) }),
  );
}

/** Terminals whose journal has parted from what is stored; over a day after the last word of it. */
export async function journalSigns(q: Reads, { now }: Look): Promise<Sign[]> {
  const { journalDisputes: d, terminals: t } = q.t;
  const disputes = await q
    .select({ terminalId: t.id, communityId: t.communityId, since: min(d.at), seq: min(d.seq) })
    .from(d)
    .innerJoin(t, eq(t.id, d.terminalId))
    .where(and(gt(d.at, instant(now - disputeShownMs)), eq(d.epoch, t.epoch), eq(t.status, 'active')))
    .groupBy(t.id, t.communityId)
    .limit(singlesMax);
  return disputes.map(({ since, seq, ...one }) =>
    sign({ kind: 'journal-chain-broken', ...one, since: since ?? now, facts: { seq } }),
  );
}

/** Roll-outs that stopped by themselves, one alarm each; over when somebody has let them go on or ended them. */
export async function rolloutSigns(q: Reads, { now }: Look): Promise<Sign[]> {
  const t = q.t.rollouts;
  const halted = await q
    .select({ id: t.id, name: t.name, halt: t.halt })
    .from(t)
    .where(eq(t.state, 'halted'))
    .limit(singlesMax);
  return halted.map(({ id, name, halt }) =>
    sign({
      kind: 'rollout-halted',
      subject: id,
      since: now,
      terminals: halt?.failed ?? 0,
      facts: { rollout: id, name },
    }),
  );
}
