import { createHmac } from 'node:crypto';

/**
 * Where whoever or whatever is drawn comes to lie, from 0 to 999,999: the first six bytes of HMAC-SHA256 under the campaign's key. Below the holdout, in parts
 * per million, it is held out. Cloud, terminal and an auditor who is told the key all come to the same.
 *
 * @param unit `communityId|2026-11-23`, a community on one of its days; or the pseudonym of somebody who opted in.
 */
export const holdoutDraw = (key: string, unit: string): number =>
  Math.floor((createHmac('sha256', key).update(unit).digest().readUIntBE(0, 6) / 2 ** 48) * 1_000_000);
