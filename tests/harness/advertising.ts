import { readFile } from 'node:fs/promises';
import { instant, localTime, zonedInstant } from '@gatecast/firmware-protocol';
import { ApiError, type Client, type Clip } from '@gatecast/cloud-api/client';
import type { DemoClip } from './demo/clips/make-clips.ts';
import { town } from './demo/town.ts';
import { merchantLogin, signedIn, type Founded } from './founding.ts';
import type { Neighbourhood } from './neighbourhood.ts';
import { waitUntil } from './wait-until.ts';

/** Uploads a file and waits until it stands for review. */
export async function uploadClip(
  client: Client,
  file: string,
  title: string,
  house?: DemoClip['segment'],
): Promise<Clip> {
  const body = new Blob([await readFile(file)], { type: 'video/mp4' });
  const { id } = await client('POST /v1/clips', { query: { title, ...(house ? { house } : {}) }, body });
  return waitUntil(
    `the clip ${title} to be transcoded`,
    async () => {
      const clip = await client('GET /v1/clips/:id', { params: { id } });
      if (clip.status === 'failed') throw new Error(`${title}: ${clip.reason}`);
      return clip.status === 'in-review' || clip.status === 'approved' ? clip : undefined;
    },
    { withinMs: 120_000, everyMs: 200 },
  );
}

/** Pays in the sandbox what a `payUrl` asks for, as a person pressing the button would. */
export async function payInSandbox(payUrl: string): Promise<void> {
  const answer = await fetch(payUrl, { method: 'POST', redirect: 'manual' });
  if (answer.status >= 400) throw new Error(`the sandbox refused the payment: HTTP ${answer.status}`);
}

/** The house's clips for everybody, and each store's clip with a campaign of its own. Returns the campaigns by store. */
export async function advertise(
  neighbourhood: Neighbourhood,
  founded: Founded,
  clips: readonly DemoClip[],
  onProgress: (line: string) => void,
): Promise<Record<string, string>> {
  const { cloudUrl, operatorLogin } = neighbourhood;
  const operator = await signedIn(cloudUrl, operatorLogin);
  const campaigns: Record<string, string> = {};
  for (const { file, title, segment, store } of clips) {
    onProgress(title);
    if (store === null) {
      const clip = await uploadClip(operator, file, title, segment);
      await operator('POST /v1/clips/:id/approve', { params: { id: clip.id } });
      continue;
    }
    if (campaigns[store]) continue;
    const merchant = await signedIn(cloudUrl, merchantLogin(founded.merchants, store));
    const clip = await uploadClip(merchant, file, title);
    await operator('POST /v1/clips/:id/approve', { params: { id: clip.id } });
    const dealId = store === town.deal.merchant ? founded.deal : null;
    const campaign = await merchant('POST /v1/campaigns', { body: { name: title, clipId: clip.id, dealId } });
    campaigns[store] = campaign.id;
  }
  return campaigns;
}

/** Books and pays each store's dayparts for the rest of today, or tomorrow's where today's are over. Already booked half-hours stay, sold-out ones are left. */
export async function bookTheDay(
  neighbourhood: Neighbourhood,
  founded: Founded,
  campaigns: Readonly<Record<string, string>>,
): Promise<number> {
  const { zone } = town.community;
  const halfHour = 30 * 60_000;
  let booked = 0;
  for (const { merchant, fromMinute, toMinute } of town.dayparts) {
    const campaignId = campaigns[merchant];
    if (!campaignId) continue;
    const client = await signedIn(neighbourhood.cloudUrl, merchantLogin(founded.merchants, merchant));
    const now = neighbourhood.clock.now();
    const today = localTime(now, zone).date;
    const isOver = zonedInstant(today, toMinute, zone) <= now;
    const date = isOver ? localTime(instant(now + 86_400_000), zone).date : today;
    const had = new Set(
      (await client('GET /v1/bookings', { query: { campaignId, limit: 200 } })).items.map((b) => b.at),
    );
    for (let minute = fromMinute; minute < toMinute; minute += 30) {
      const at = zonedInstant(date, minute, zone);
      if (at + halfHour <= now || had.has(at)) continue;
      const booking = await client('POST /v1/bookings', {
        body: { campaignId, communityId: founded.community, at, touches: town.touchesPerHalfHour },
        idempotencyKey: crypto.randomUUID(),
      }).catch((error: unknown) => {
        // Days that were leapt over had no touches: less and less is forecast, and less can be had.
        if (error instanceof ApiError && error.problem.code === 'slot-sold-out') return undefined;
        throw error;
      });
      if (!booking) continue;
      if (booking.payUrl) await payInSandbox(booking.payUrl);
      booked += 1;
    }
  }
  return booked;
}
