import { createHmac, randomInt } from 'node:crypto';
import { after, invariant } from '@gatecast/firmware-protocol';
import { z } from 'zod';
import type { Reads, Tx } from '../platform/db/store.ts';
import { refusal } from '../platform/errors.ts';
import type { Platform } from '../platform/platform.ts';
import { sendText } from '../platform/sms.ts';
import type { AddressBrake } from './address-brake.ts';
import { equalDigests } from './digest.ts';
import { phoneTags } from './phone-tag.ts';
import { countText, smsAttemptsMax, smsCodeLifeMs, type SmsHistory } from './rules.ts';
import * as rows from './store.ts';

export interface TextedCodes {
  /** A keyed hash that finds a phone without storing it. */
  readonly phoneTag: (q: Reads, phone: string) => Promise<string>;
  /**
   * Texts a code to a phone that we know, and does as much work for one that we do not. Rejects with `too-many-requests` for too many
   * to one phone, or for too many phones from one address.
   */
  send(phone: string, address: string | undefined): Promise<void>;
  /** The account of the phone if the code is right; every wrong try counts, on the phone and on the address. */
  redeem(phone: string, code: string, address: string | undefined): Promise<rows.AccountRow | undefined>;
}

/** Sign-in codes by text message: six digits, five minutes, five tries. */
export function createTextedCodes(platform: Platform, brake: AddressBrake): TextedCodes {
  const { store, clock, signer, outbox } = platform;
  sendTexts(platform);

  const phoneTag = async (q: Reads, phone: string): Promise<string> => {
    const [tag] = await phoneTags(q, signer, [phone]);
    invariant(tag, 'a phone has a tag');
    return tag;
  };

  return {
    phoneTag,
    async send(phone, address) {
      await brake.count(address, 'sms-code');
      const tag = await phoneTag(store.read, phone);
      const code = String(randomInt(1_000_000)).padStart(6, '0');
      await store.tx(async (q) => {
        const now = clock.now();
        const history = countText(await rows.smsHistory(q, tag), now);
        if (!history) throw refusal('too-many-requests', 'a code was just sent; wait a while');
        const fresh = {
          codeHash: hashOf(tag, code),
          attemptsLeft: smsAttemptsMax,
          expiresAt: after(now, smsCodeLifeMs),
        };
        await saveCode(q, tag, { ...fresh, ...history });
        const text = { ...smsOf(phone, code), voidAt: fresh.expiresAt };
        if (await rows.findAccount(q, { phoneTag: tag })) await outbox.send(q, 'sms', text);
      });
    },
    async redeem(phone, code, address) {
      const takeBack = await brake.count(address, 'sign-in');
      const tag = await phoneTag(store.read, phone);
      const typed = hashOf(tag, code);
      const right = await store.tx((q) => rows.tryCode(q, tag, clock.now(), (known) => equalDigests(known, typed)));
      if (!right) return undefined;
      await takeBack();
      return rows.findAccount(store.read, { phoneTag: tag });
    },
  };
}

const hashOf = (phoneTag: string, code: string) => createHmac('sha256', phoneTag).update(code).digest('base64url');

const sms = z.object({ phone: z.string(), text: z.string() });
/** A text as it waits: a code that is void is of no use to anybody, and stands here no longer. */
const waitingSms = sms.extend({ voidAt: z.int().optional() });
const smsOf = (phone: string, code: string): z.infer<typeof sms> => ({
  phone,
  text: `【门播】验证码 ${code}，5 分钟内有效。请勿告诉他人。`,
});

/** How texts leave. */
function sendTexts({ outbox, config, clock, log }: Platform): void {
  outbox.handle('sms', async (payload, id, signal) => {
    const { voidAt = Infinity, ...text } = waitingSms.parse(payload);
    if (clock.now() >= voidAt) return log.warn({ id, code: 'sms-late' }, 'a text was not sent in time');
    await sendText(config, text, id, signal);
    log.debug({ id }, 'text sent');
  });
}

async function saveCode(
  q: Tx,
  phoneTag: string,
  row: SmsHistory & Pick<typeof q.t.smsCodes.$inferInsert, 'codeHash' | 'attemptsLeft' | 'expiresAt'>,
): Promise<void> {
  const { codeHash, attemptsLeft, expiresAt, hourFrom, sentInHour, lastSentAt } = row;
  const set = { codeHash, attemptsLeft, expiresAt, hourFrom, sentInHour, lastSentAt };
  await q
    .insert(q.t.smsCodes)
    .values({ phoneTag, ...set })
    .onConflictDoUpdate({ target: q.t.smsCodes.phoneTag, set });
}
