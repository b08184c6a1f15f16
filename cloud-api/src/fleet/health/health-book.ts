import { setImmediate as nextTurn } from 'node:timers/promises';
import { hours, instant, milliseconds, type InstantMs } from '@gatecast/firmware-protocol';
import { healthIssue, type HealthReport } from '@gatecast/firmware-protocol/messages';
import type { Tx } from '../../platform/db/store.ts';
import { refusal } from '../../platform/errors.ts';
import type { Platform } from '../../platform/platform.ts';
import type { Terminals } from '../../terminals/service.ts';
import type { TerminalHealth, TrendSpan } from './contract.ts';
import * as rows from './store.ts';
import { grains, pointOf, thinned, type Grain } from './trend-rules.ts';

/** Reports of many terminals are written together, so that a fleet costs one commit a moment instead of one a report. */
const gatherMs = milliseconds(20);
/** Reports that wait to be written; whoever comes then is told to try again. */
const gatheredMax = 5_000;

const spans: Readonly<Record<TrendSpan, { readonly grain: Grain; readonly stepMs: number }>> = {
  '2d': { grain: 'fine', stepMs: grains.fine.stepMs },
  '90d': { grain: 'hour', stepMs: hours(6) },
};

export interface HealthBook {
  /** Resolves when the report is durable. Rejects with `invalid-request` if it names another terminal, `too-many-requests` under a flood. */
  take(terminalId: string, report: HealthReport): Promise<void>;
  show(terminalId: string, span: TrendSpan): Promise<TerminalHealth>;
}

interface Arrival {
  readonly report: HealthReport;
  readonly at: InstantMs;
  readonly done: () => void;
  readonly failed: (error: unknown) => void;
}

/** What the terminals say of their own health: the newest word, what is wrong since when, and a trend that stays small. */
export function createHealthBook(platform: Platform, terminals: Terminals): HealthBook {
  const { store, clock, jobs } = platform;
  let gathered: Arrival[] = [];

  const flush = async (): Promise<void> => {
    const arrivals = gathered;
    gathered = [];
    try {
      await store.tx(async (q) => {
        for (const arrival of arrivals) await keep(q, platform, terminals, arrival);
      });
      for (const { done } of arrivals) done();
    } catch (error) {
      for (const { failed } of arrivals) failed(error);
    }
  };

  jobs.handle('fleet.prune-trends', {
    everyMs: hours(1),
    async run(_, { signal }) {
      for (const grain of ['fine', 'hour'] as const) {
        while (await store.tx((q) => rows.pruneTrend(q, grain, clock.now()))) {
          signal.throwIfAborted();
          await nextTurn();
        }
      }
    },
  });

  return {
    take(terminalId, report) {
      if (report.terminal !== terminalId) throw refusal('invalid-request', 'the report names another terminal');
      if (gathered.length >= gatheredMax) throw refusal('too-many-requests', 'too many reports at once');
      return new Promise((done, failed) => {
        if (gathered.length === 0) setTimeout(() => void flush(), gatherMs);
        gathered.push({ report, at: clock.now(), done, failed });
      });
    },
    async show(terminalId, span) {
      const q = store.read;
      const { grain, stepMs } = spans[span];
      const newest = await rows.newestReport(q, terminalId);
      const since = instant(clock.now() - grains[grain].keptMs);
      const points = thinned(await rows.trendOf(q, terminalId, grain, since), stepMs);
      const issues = await rows.issuesOf(q, [terminalId]);
      const rank = healthIssue.options;
      return {
        report: newest?.report ?? null,
        receivedAt: newest?.receivedAt ?? null,
        issues: issues
          .toSorted((a, b) => rank.indexOf(a.issue) - rank.indexOf(b.issue))
          .map(({ issue, since: from }) => ({ issue, since: from })),
        trend: { span, stepMs, points },
      };
    },
  };
}

async function keep(q: Tx, { events }: Platform, terminals: Terminals, { report, at }: Arrival): Promise<void> {
  await rows.saveReport(q, report, at);
  if (report.model !== undefined) await terminals.noteModel(q, report.terminal, report.model);
  await rows.addToTrend(q, report.terminal, pointOf(report, at));
  if (!(await rows.saveIssues(q, report.terminal, report.issues, at))) return;
  const { companyId, communityId } = await terminals.get(q, report.terminal);
  const facts = { issues: report.issues.length };
  await events.emit(q, { type: 'health', subject: report.terminal, companyId, communityId, facts });
}
