import { setImmediate as nextTurn } from 'node:timers/promises';
import { sha256Hex } from '@gatecast/firmware-protocol/node';
import { keptBy } from '../platform/auth.ts';
import type { Manager } from '../communities/service.ts';
import type { Reads } from '../platform/db/store.ts';
import { notFound, refusal } from '../platform/errors.ts';
import type { RolloutPlan, RolloutPreview } from './contract.ts';
import { stageSizes } from './rules.ts';
import * as rows from './store.ts';
import type { Sight, Subject, Subjects } from './subjects.ts';

const terminalsMax = 10_000;
const itemsShownMax = 50;

/** Who is meant, in which order, and what it would change: the same for the preview and for the beginning. */
export interface DrawnPlan {
  readonly subject: Subject;
  /** In the order in which they come. */
  readonly members: readonly rows.Candidate[];
  readonly passedOver: readonly { readonly candidate: rows.Candidate; readonly reason: string }[];
  readonly sizes: readonly number[];
  readonly sights: ReadonlyMap<string, Sight>;
  readonly token: string;
}

export async function drawPlan(q: Reads, subjects: Subjects, who: Manager, plan: RolloutPlan): Promise<DrawnPlan> {
  const { kind, id } = plan.what;
  const subject = await subjects.find(q, kind, id);
  const found = await look(q, subjects, subject, keptBy(who).companyId, plan);
  mustHold(found, plan);
  const sights = new Map(found.map(({ candidate, sight }) => [candidate.id, sight]));
  const canaries = new Set(plan.canaryIds);
  const ordered = found.toSorted((a, b) => a.place - b.place);
  const passedOver = ordered.flatMap(({ candidate, sight }) =>
    sight.skip === null ? [] : [{ candidate, reason: sight.skip }],
  );
  const members = ordered.flatMap(({ candidate, sight }) => (sight.skip === null ? [candidate] : []));
  const sizes = stageSizes(members.length, members.filter(({ id }) => canaries.has(id)).length, plan.stages);
  const prints = ordered.map(({ print }) => print);
  const token = sha256Hex(JSON.stringify([plan, subject.settings, subject.name, prints]));
  return { subject, members, passedOver, sizes, sights, token };
}

interface Seen {
  readonly candidate: rows.Candidate;
  readonly sight: Sight;
  /** Hash of what was seen. */
  readonly print: string;
  /** Where it stands in the order. */
  readonly place: number;
}

/** Some hundred terminals take tens of milliseconds: others have their turn between them. */
async function look(
  q: Reads,
  subjects: Subjects,
  subject: Subject,
  companyId: string | undefined,
  plan: RolloutPlan,
): Promise<Seen[]> {
  const canaries = new Set(plan.canaryIds);
  const seen: Seen[] = [];
  for (;;) {
    const afterId = seen.at(-1)?.candidate.id ?? '';
    const some = await rows.candidatesOf(q, companyId, plan, { afterId, max: atOnce });
    await nextTurn();
    const sights = await subjects.look(q, subject, some);
    for (const candidate of some) {
      const sight = sights.get(candidate.id) ?? notSeen;
      const place = orderOf(subject.id, canaries, candidate.id);
      seen.push({ candidate, sight, print: sha256Hex(sight.print), place });
    }
    if (seen.length > terminalsMax)
      throw refusal('rollout-too-large', `a roll-out reaches ${terminalsMax} terminals at most`);
    if (some.length < atOnce) return seen;
    await nextTurn();
  }
}

const atOnce = 200;
/** It went away between two looks. */
const notSeen: Sight = { changes: [], skip: 'terminal-revoked', print: '' };

/** Terminals that are named one by one are the caller's own, or nobody's. */
function mustHold(found: readonly Seen[], { canaryIds, group }: RolloutPlan): void {
  const ids = new Set(found.map(({ candidate }) => candidate.id));
  const isNarrowed = group.communityIds.length + group.tags.length + group.models.length > 0;
  const named = isNarrowed ? canaryIds : [...canaryIds, ...group.terminalIds];
  if (!named.every((id) => ids.has(id))) throw notFound('terminal');
}

/** Canaries first; the others mixed over all communities, always in the same way. */
function orderOf(seed: string, canaries: ReadonlySet<string>, terminalId: string): number {
  const place = Number.parseInt(sha256Hex(`${seed}|${terminalId}`).slice(0, 12), 16);
  return canaries.has(terminalId) ? place - 2 ** 48 : place;
}

/** Index of the stage of the terminal at a place in the order. */
export function stageAt(sizes: readonly number[], place: number): number {
  let until = 0;
  return sizes.findIndex((size) => place < (until += size));
}

export async function showPlan(q: Reads, drawn: DrawnPlan): Promise<RolloutPreview> {
  const { members, passedOver, sizes, sights, token } = drawn;
  const skipped: Record<string, number> = {};
  for (const { reason } of passedOver) skipped[reason] = (skipped[reason] ?? 0) + 1;
  const item = (candidate: rows.Candidate, stage: number) => ({
    terminalId: candidate.id,
    name: candidate.name,
    communityName: candidate.communityName,
    entranceName: candidate.entranceName,
    online: candidate.online,
    stage,
    changes: [...(sights.get(candidate.id)?.changes ?? [])],
    skip: sights.get(candidate.id)?.skip ?? null,
  });
  const items = [
    ...members.slice(0, itemsShownMax).map((one, place) => item(one, stageAt(sizes, place))),
    ...passedOver.slice(0, itemsShownMax).map(({ candidate }) => item(candidate, rows.noStage)),
  ];
  const isTemplate = drawn.subject.kind === 'template';
  return {
    total: members.length,
    stages: [...sizes],
    skipped,
    unchanged: isTemplate ? members.filter(({ id }) => sights.get(id)?.changes.length === 0).length : 0,
    items,
    heldBy: await rows.holdersOf(
      q,
      members.map(({ id }) => id),
    ),
    token,
  };
}
