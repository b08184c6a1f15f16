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
  const found = await rows.candidatesOf(q, keptBy(who).companyId, plan, terminalsMax + 1);
  if (found.length > terminalsMax)
    throw refusal('rollout-too-large', `a roll-out reaches ${terminalsMax} terminals at most`);
  mustHold(found, plan);
  const sights = new Map<string, Sight>();
  for (const some of rows.inChunks(found)) {
    for (const [terminalId, sight] of await subjects.look(q, subject, some)) sights.set(terminalId, sight);
    await nextTurn();
  }
  const canaries = new Set(plan.canaryIds);
  const ordered = found.toSorted((a, b) => orderOf(subject.id, canaries, a.id) - orderOf(subject.id, canaries, b.id));
  const passedOver = ordered.flatMap((candidate) => {
    const reason = sights.get(candidate.id)?.skip ?? null;
    return reason === null ? [] : [{ candidate, reason }];
  });
  const members = ordered.filter(({ id }) => sights.get(id)?.skip === null);
  const sizes = stageSizes(members.length, members.filter(({ id }) => canaries.has(id)).length, plan.stages);
  const prints = ordered.map(({ id }) => sights.get(id)?.print ?? '');
  const token = sha256Hex(JSON.stringify([plan, subject.settings, subject.name, prints]));
  return { subject, members, passedOver, sizes, sights, token };
}

/** Terminals that are named one by one are the caller's own, or nobody's. */
function mustHold(found: readonly rows.Candidate[], { canaryIds, group }: RolloutPlan): void {
  const ids = new Set(found.map(({ id }) => id));
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
