import type { ScreenEvents, ToneReport } from '@gatecast/firmware-protocol/messages';
import { agentUrl } from './agent-url.ts';
import { pictureOfPage } from './picture.ts';
import { playTone } from './tone.ts';

/** Sends a picture of this page. One that could not be made is not sent: the agent says that the screen was silent. */
export async function answerCapture({ id }: ScreenEvents['capture']): Promise<void> {
  const body = await pictureOfPage();
  const headers = { 'Content-Type': body.type };
  await fetch(`${agentUrl('captures')}&id=${encodeURIComponent(id)}`, { method: 'POST', body, headers });
}

/** Plays the tone and says whether it could be heard. */
export async function answerTone({ id, volumePercent }: ScreenEvents['tone']): Promise<void> {
  const report: ToneReport = { id, started: await playTone(volumePercent).catch(() => false) };
  const headers = { 'Content-Type': 'application/json' };
  await fetch(agentUrl('tones'), { method: 'POST', body: JSON.stringify(report), headers });
}
