import type { PlayReport } from '@gatecast/firmware-protocol/messages';
import { agentUrl } from './agent-url.ts';

const tries = 3;
const pauseMs = 2_000;

/** Tells the agent what became of a decision. The agent's answer, also a refusal, is final; only a broken line is tried again. */
export function sendReport(report: PlayReport, left = tries): void {
  const body = JSON.stringify(report);
  fetch(agentUrl('plays'), {
    method: 'POST',
    body,
    keepalive: true,
    headers: { 'Content-Type': 'application/json' },
  }).catch(() => {
    if (left > 1) setTimeout(sendReport, pauseMs, report, left - 1);
  });
}
