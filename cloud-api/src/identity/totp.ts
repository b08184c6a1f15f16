import { createHmac, randomBytes } from 'node:crypto';
import type { InstantMs } from '@gatecast/firmware-protocol';
import { and, eq, isNull, lt } from 'drizzle-orm';
import { generateSecret, generateURI, verifySync } from 'otplib';
import type { Account } from '../platform/auth.ts';
import type { Reads, Tx } from '../platform/db/store.ts';
import { refusal } from '../platform/errors.ts';
import { keyBox, type KeyBox } from '../platform/keys/key-box.ts';
import { platformOwner } from '../platform/keys/signer.ts';
import type { Platform } from '../platform/platform.ts';
import type { RecoveryCodes, TotpSetup } from './contract.ts';

const issuer = '门播 Gatecast';
const stepSeconds = 30;
const recoveryCodeCount = 8;
/** 50 bits each: too many to try at a few a minute. */
const recoveryCodeLetters = 10;
const recoveryAlphabet = '0123456789abcdefghjkmnpqrstvwxyz';

export interface Totp {
  isOn(q: Reads, accountId: string): Promise<boolean>;
  /** A fresh secret, in force once `confirm` has seen a code of it. Rejects with `totp-on`. */
  begin(who: Account, label: string): Promise<TotpSetup>;
  /** Rejects with `totp-on`, with `totp-off` before `begin`, or with `totp-wrong`. */
  confirm(who: Account, code: string): Promise<RecoveryCodes>;
  /** Rejects with `totp-off` or `totp-wrong`. */
  remove(who: Account, code: string): Promise<void>;
  /** Uses up a code or a recovery code of the account; false if it is wrong or was used before. */
  use(q: Tx, accountId: string, code: string): Promise<boolean>;
}

type TotpRow = Reads['t']['totps']['$inferSelect'];
const findTotp = async (q: Reads, accountId: string): Promise<TotpRow | undefined> => {
  const [row] = await q.select().from(q.t.totps).where(eq(q.t.totps.accountId, accountId));
  return row;
};
const isInForce = (row: TotpRow | undefined): row is TotpRow => row !== undefined && row.confirmedAt !== null;

/** Codes as RFC 6238 has them: SHA-1, six digits, 30 s; one step of the clock to either side, and each code once. */
export function createTotp(platform: Platform): Totp {
  const { store, clock, audit } = platform;
  const codes = createCodes(platform);

  return {
    isOn: async (q, accountId) => isInForce(await findTotp(q, accountId)),
    use: (q, accountId, code) => codes.use(q, accountId, code),
    async begin(who, label) {
      const { accountId } = who;
      const secret = generateSecret();
      await store.tx(async (q) => {
        if (isInForce(await findTotp(q, accountId)))
          throw refusal('totp-on', 'there is a second factor already; remove it first');
        await codes.keep(q, accountId, secret);
        await audit(q, { who, action: 'totp.begin', subject: accountId });
      });
      return { secret, uri: generateURI({ issuer, label, secret }) };
    },
    confirm: (who, code) =>
      store.tx(async (q) => {
        const { accountId } = who;
        const row = await findTotp(q, accountId);
        if (!row) throw refusal('totp-off', 'begin with a secret first');
        if (isInForce(row)) throw refusal('totp-on', 'there is a second factor already');
        if (!isTotpCode(code) || !(await codes.useCode(q, row, code))) throw wrongCode();
        await q.update(q.t.totps).set({ confirmedAt: clock.now() }).where(eq(q.t.totps.accountId, accountId));
        await audit(q, { who, action: 'totp.confirm', subject: accountId });
        return { recoveryCodes: await codes.newRecoveryCodes(q, accountId) };
      }),
    remove: (who, code) =>
      store.tx(async (q) => {
        const { accountId } = who;
        if (!isInForce(await findTotp(q, accountId))) throw refusal('totp-off', 'there is no second factor');
        if (!(await codes.use(q, accountId, code))) throw wrongCode();
        await q.delete(q.t.totps).where(eq(q.t.totps.accountId, accountId));
        await q.delete(q.t.recoveryCodes).where(eq(q.t.recoveryCodes.accountId, accountId));
        await audit(q, { who, action: 'totp.remove', subject: accountId });
      }),
  };
}

/** Where secrets and recovery codes are kept, sealed or hashed, and used up. */
function createCodes({ clock, signer, audit }: Platform) {
  const boxOf = async (q: Reads): Promise<KeyBox> =>
    keyBox(await signer.derive(q, 'account-secret', platformOwner, 'totp'));
  const recoveryHash = async (q: Reads, accountId: string, code: string): Promise<string> => {
    const key = await signer.derive(q, 'account-secret', platformOwner, 'recovery-code');
    return createHmac('sha256', key)
      .update(`${accountId}|${plainCode(code)}`)
      .digest('base64url');
  };

  /** One conditional update, so that of one code at two doors at once one comes too late. */
  const useCode = async (q: Tx, { accountId, sealed }: TotpRow, code: string): Promise<boolean> => {
    const secret = (await boxOf(q)).open(accountId, sealed).toString();
    const step = stepOf(secret, code, clock.now());
    if (step === undefined) return false;
    const t = q.t.totps;
    const fresh = and(eq(t.accountId, accountId), lt(t.usedStep, step));
    return (await q.update(t).set({ usedStep: step }).where(fresh).returning({ id: t.accountId })).length > 0;
  };
  const useRecovery = async (q: Tx, accountId: string, code: string): Promise<boolean> => {
    const t = q.t.recoveryCodes;
    const codeHash = await recoveryHash(q, accountId, code);
    const unused = and(eq(t.accountId, accountId), eq(t.codeHash, codeHash), isNull(t.usedAt));
    const used = await q.update(t).set({ usedAt: clock.now() }).where(unused).returning({ id: t.accountId });
    if (used.length === 0) return false;
    await audit(q, { who: 'system', action: 'totp.recovery-code', subject: accountId });
    return true;
  };

  return {
    useCode,
    async use(q: Tx, accountId: string, code: string): Promise<boolean> {
      const row = await findTotp(q, accountId);
      if (!isInForce(row)) return false;
      return isTotpCode(code) ? useCode(q, row, code) : useRecovery(q, accountId, code);
    },
    async keep(q: Tx, accountId: string, secret: string): Promise<void> {
      const set = { sealed: (await boxOf(q)).seal(accountId, Buffer.from(secret)), usedStep: 0 };
      await q
        .insert(q.t.totps)
        .values({ accountId, ...set })
        .onConflictDoUpdate({ target: q.t.totps.accountId, set });
    },
    async newRecoveryCodes(q: Tx, accountId: string): Promise<readonly string[]> {
      const codes = Array.from({ length: recoveryCodeCount }, newRecoveryCode);
      await q.delete(q.t.recoveryCodes).where(eq(q.t.recoveryCodes.accountId, accountId));
      for (const code of codes) {
        const codeHash = await recoveryHash(q, accountId, code);
        await q.insert(q.t.recoveryCodes).values({ accountId, codeHash, usedAt: null });
      }
      return codes;
    },
  };
}

const wrongCode = () => refusal('totp-wrong', 'this code is wrong or was used before');

const isTotpCode = (code: string): boolean => /^\d{6}$/.test(code);
/** However it was copied: `XK7M2-0QF3P` is `xk7m20qf3p`. */
const plainCode = (code: string): string => code.toLowerCase().replaceAll(/[\s-]/g, '');

/** The step whose code this is, now or one step to either side (RFC 6238, 5.2); undefined if it is none of theirs. */
function stepOf(secret: string, code: string, now: InstantMs): number | undefined {
  const epoch = Math.floor(now / 1_000);
  const result = verifySync({ secret, token: code, epoch, epochTolerance: stepSeconds });
  return result.valid && 'timeStep' in result ? result.timeStep : undefined;
}

/** `xk7m2-0qf3p`, five bits a letter. */
function newRecoveryCode(): string {
  const letters = [...randomBytes(recoveryCodeLetters)].map((byte) => recoveryAlphabet[byte & 31]).join('');
  return `${letters.slice(0, recoveryCodeLetters / 2)}-${letters.slice(recoveryCodeLetters / 2)}`;
}
