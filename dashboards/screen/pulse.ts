import type { ScreenPulse } from '@gatecast/firmware-protocol/messages';
import { agentUrl } from './agent-url.ts';

/** As the agent expects it. */
const everyMs = 5_000;

/** Tells the agent for good, while the page can be seen, when the last frame stood on the screen. A pulse that does not arrive is not missed. */
export function sendPulses(lastFrameAtMs: () => number | null): void {
  const tell = () => {
    if (document.hidden) return;
    const at = lastFrameAtMs();
    const pulse: ScreenPulse = { sinceFrameMs: at === null ? null : Math.max(0, Math.round(performance.now() - at)) };
    fetch(agentUrl('pulse'), {
      method: 'POST',
      body: JSON.stringify(pulse),
      headers: { 'Content-Type': 'application/json' },
    }).catch(() => undefined);
  };
  setInterval(tell, everyMs);
}
