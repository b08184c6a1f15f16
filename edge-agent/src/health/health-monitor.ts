import { instant, type InstantMs } from '@gatecast/firmware-protocol';
import type { HealthIssue, HealthReport } from '@gatecast/firmware-protocol/messages';
import { z } from 'zod';
import type { Doorkeeper } from '../door/doorkeeper.ts';
import type { Log } from '../log.ts';
import type { Player } from '../player/player.ts';
import { valueKeys } from '../store/snapshot.ts';
import type { Store } from '../store/store.ts';
import { codeOf } from '../uplink/cloud-http.ts';
import type { TerminalClock } from '../uplink/clock.ts';
import { issuesOf, restartsWithinMs, type HealthFacts } from './issues.ts';
import { diskOf, memoryNow, ntpState, temperatureOf } from './machine.ts';

export interface HealthParts {
  readonly dataDir: string;
  readonly boot: string;
  readonly agentVersion: string;
  /** What releases for this machine are built for; undefined: nobody has told. */
  readonly model?: string | undefined;
  readonly clock: TerminalClock;
  readonly store: Pick<Store, 'snapshot' | 'setValue' | 'backlog'>;
  readonly door: Pick<Doorkeeper, 'links'>;
  readonly screen: Player['screen'];
  /** What the uplink knows; undefined before the claim. */
  readonly uplink: () => UplinkHealth | undefined;
  readonly log: Log;
}

/** What only the uplink knows. */
export interface UplinkHealth {
  readonly reconnects: number;
  readonly lastAckAt: InstantMs | null;
  readonly isDocumentRefused: boolean;
  readonly isUpdateRefused: boolean;
}

const noUplink: UplinkHealth = { reconnects: 0, lastAckAt: null, isDocumentRefused: false, isUpdateRefused: false };

/** More are not needed to see that a program is cut off again and again. */
const cutOffRunsKept = 10;
const cutOffTimes = z.array(z.number()).max(cutOffRunsKept);
/** Asking for it starts a program. */
const ntpAskedEveryMs = 300_000;

/** Looks at the machine and the parts of the agent, and says what is wrong. */
export class HealthMonitor {
  readonly #parts: HealthParts;
  #startedMono = 0;
  #cutOff: readonly number[] = [];
  #lostBefore: number | undefined;
  #issues: readonly HealthIssue[] = [];
  #ntp: { readonly state: HealthReport['clock']['ntp']; readonly askedMono: number } | undefined;

  constructor(parts: HealthParts) {
    this.#parts = parts;
  }

  /** To be called when the store has been started: takes note of how the run before ended. */
  async start(): Promise<void> {
    const { clock, store, log } = this.#parts;
    this.#startedMono = clock.mono();
    const { unclean, values } = store.snapshot;
    const kept = cutOffTimes.safeParse(JSON.parse(values.get(valueKeys.cutOffRuns) ?? '[]'));
    const before = kept.success ? kept.data : [];
    this.#cutOff = unclean ? [...before, clock.now()].slice(-cutOffRunsKept) : before;
    if (!unclean) return;
    await store.setValue(valueKeys.cutOffRuns, JSON.stringify(this.#cutOff)).catch((error: unknown) => {
      log.error({ code: codeOf(error) }, 'that the last run was cut off could not be kept');
    });
  }

  /** How everything stands now, with what is wrong about it. */
  async look(): Promise<Omit<HealthReport, 'v' | 'terminal'>> {
    const facts = await this.#facts();
    this.#issues = issuesOf(facts, this.#issues);
    const {
      cutOffRuns: _runs,
      isLosingRows: _lost,
      isDocumentRefused: _document,
      isUpdateRefused: _update,
      ...said
    } = facts;
    return { ...said, issues: [...this.#issues] };
  }

  async #facts(): Promise<HealthFacts> {
    const { agentVersion, model, boot, clock, dataDir, door, screen } = this.#parts;
    const { reconnects, lastAckAt, ...refusals } = this.#parts.uplink() ?? noUplink;
    const [disk, temperatureC, journal, ntp] = await Promise.all([
      diskOf(dataDir),
      temperatureOf(),
      this.#backlog(),
      this.#ntpNow(),
    ]);
    const at = clock.now();
    return {
      at,
      agentVersion,
      ...(model !== undefined && { model }),
      boot,
      uptimeMs: Math.floor(clock.mono() - this.#startedMono),
      disk,
      memory: memoryNow(),
      temperatureC,
      clock: { quality: clock.quality(), offsetMs: clock.offsetMs, ntp },
      screen: screen(),
      doors: door.links(),
      journal,
      uplink: { reconnects, lastAckAt },
      cutOffRuns: this.#cutOff.filter((time) => Math.abs(at - time) < restartsWithinMs).length,
      isLosingRows: this.#isLosing(journal),
      ...refusals,
    };
  }

  /** A store that does not answer keeps nothing of the rest from being told. */
  async #backlog(): Promise<HealthReport['journal']> {
    const { store, log } = this.#parts;
    try {
      const streams = await store.backlog();
      return streams.map(({ oldestAt, ...stream }) => ({
        ...stream,
        oldestAt: oldestAt === null ? null : instant(oldestAt),
      }));
    } catch (error) {
      log.warn({ code: codeOf(error) }, 'the journal does not say what it holds');
      return [];
    }
  }

  /** What was lost before this run is told by its rows. */
  #isLosing(journal: HealthReport['journal']): boolean {
    const lost = journal.reduce((sum, stream) => sum + stream.lost, 0);
    if (journal.length > 0) this.#lostBefore ??= lost;
    return lost > (this.#lostBefore ?? 0);
  }

  async #ntpNow(): Promise<HealthReport['clock']['ntp']> {
    const mono = this.#parts.clock.mono();
    if (!this.#ntp || mono - this.#ntp.askedMono >= ntpAskedEveryMs) {
      this.#ntp = { state: await ntpState(), askedMono: mono };
    }
    return this.#ntp.state;
  }
}
