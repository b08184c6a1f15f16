import type { DocumentKind, DoorStanding, HealthReport } from '@gatecast/firmware-protocol/messages';
import { z } from 'zod';
import type { OnSiteStatus } from './status.ts';

/** What the status is put together from. */
export interface StatusSources {
  readonly health: Omit<HealthReport, 'v' | 'terminal'>;
  readonly standings: readonly DoorStanding[];
  readonly versions: Readonly<Partial<Record<DocumentKind, number>>>;
  readonly terminal: string | null;
  readonly online: boolean;
  /** The newest lines of the log, oldest first. */
  readonly logLines: readonly string[];
}

const faultsShown = 8;
/** pino's numbers: 40 is a warning, 50 an error. */
const warnLevel = 40;
const logLine = z.object({
  level: z.number(),
  time: z.number(),
  msg: z.string().max(300),
  code: z.string().max(80).optional().catch(undefined),
});

export function statusOf({ health, standings, versions, terminal, online, logLines }: StatusSources): OnSiteStatus {
  return {
    agentVersion: health.agentVersion,
    terminal,
    uptimeMs: health.uptimeMs,
    online,
    lastAckAt: health.uplink.lastAckAt,
    clock: { quality: health.clock.quality, offsetMs: health.clock.offsetMs },
    screenConnected: health.screen.connected,
    documents: Object.entries(versions).map(([kind, version]) => ({ kind: kind as DocumentKind, version })),
    doors: health.doors.map((door) => {
      const standing = standings.find(({ entrance }) => entrance === door.entrance);
      return { ...door, state: standing?.state ?? null, readers: standing?.readers ?? [] };
    }),
    waitingRows: health.journal.reduce((sum, { rows }) => sum + rows, 0),
    lostRows: health.journal.reduce((sum, { lost }) => sum + lost, 0),
    disk: health.disk,
    issues: health.issues,
    faults: faultsOf(logLines),
  };
}

/** The fixed sentence and the code of a line, and nothing else: its other facts are for who may read logs. */
function faultsOf(lines: readonly string[]): OnSiteStatus['faults'] {
  const faults: OnSiteStatus['faults'] = [];
  for (const line of lines) {
    const parsed = logLine.safeParse(jsonOf(line));
    if (!parsed.success || parsed.data.level < warnLevel) continue;
    const { time: at, code = null, msg: sentence } = parsed.data;
    faults.push({ at, code, sentence });
  }
  return faults.slice(-faultsShown).toReversed();
}

function jsonOf(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    // A line that was cut.
    return undefined;
  }
}
