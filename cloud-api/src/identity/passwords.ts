import { randomBytes } from 'node:crypto';
import { hash, verify } from '@node-rs/argon2';
import { eq } from 'drizzle-orm';
import type { Account } from '../platform/auth.ts';
import { refusal } from '../platform/errors.ts';
import type { Platform } from '../platform/platform.ts';
import type { AddressBrake } from './address-brake.ts';
import { sha256 } from './digest.ts';
import { isCommonPassword } from './password-rules.ts';
import { countFailure, isBlocked } from './rules.ts';
import type { Sessions } from './sessions.ts';
import * as rows from './store.ts';
import type { Totp } from './totp.ts';

/** OWASP's argon2id floor: 19 MiB, two passes. */
const argon2 = { memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const;

/** Slow on purpose: call it before the transaction. */
export const hashPassword = (password: string): Promise<string> => hash(password, argon2);

/** The hash of a password that somebody chose. `own` is what a stranger knows of them. Rejects with `password-common`. */
export async function hashNewPassword(password: string, own: readonly string[] = []): Promise<string> {
  if (isCommonPassword(password, own)) {
    throw refusal('password-common', 'this password is among the first that are tried; choose another');
  }
  return hashPassword(password);
}

export interface PasswordTry {
  readonly email: string;
  readonly password: string;
  readonly totp: string | undefined;
  /** Where it comes from, if that is known. */
  readonly address: string | undefined;
}

export interface Passwords {
  /**
   * The account, when the password is right and so is the second factor of an account that has one. Rejects with `wrong-credentials`,
   * `totp-required` or `account-suspended`, the last two only after the right password; with `too-many-requests` after several wrong tries.
   */
  check(login: PasswordTry): Promise<rows.AccountRow>;
  /** Also ends every other session. Rejects with `password-wrong`, `password-common` or `too-many-requests`. */
  change(who: Account, current: string, next: string): Promise<void>;
  /** Runs `work`, which tries a secret of the account; a failure counts like a wrong password. */
  guarded<R>(who: Account, work: (account: rows.AccountRow) => Promise<R>): Promise<R>;
}

export function createPasswords(
  platform: Platform,
  { sessions, totp, brake }: { readonly sessions: Sessions; readonly totp: Totp; readonly brake: AddressBrake },
): Passwords {
  const { store, audit } = platform;
  const tries = createTries(platform);
  const nobodysHash = hashPassword(randomBytes(16).toString('hex'));

  const guarded: Passwords['guarded'] = async (who, work) => {
    const account = await rows.accountOf(store.read, who);
    const emailHash = sha256(account.email ?? account.id);
    await tries.count(emailHash);
    const done = await work(account);
    await tries.forget(emailHash);
    return done;
  };

  return {
    guarded,
    async check({ email: typed, password, totp: code, address }) {
      const email = typed.toLowerCase();
      const takeBack = await brake.count(address, 'sign-in');
      await tries.count(sha256(email));
      const account = await rows.findAccount(store.read, { email });
      // Somebody who is not there takes as long as somebody who is.
      const isRight = await verify(account?.passwordHash ?? (await nobodysHash), password);
      if (!account?.passwordHash || !isRight) throw wrongCredentials();
      if (await totp.isOn(store.read, account.id)) {
        // The address has shown that it knows the password. The account's tries go on counting until the code is right, too.
        if (code === undefined) {
          await takeBack();
          throw refusal('totp-required', 'this account wants a code as well');
        }
        if (!(await store.tx((q) => totp.use(q, account.id, code)))) throw wrongCredentials();
      }
      await takeBack();
      await tries.forget(sha256(email));
      if (account.state === 'suspended') throw refusal('account-suspended', 'this account is suspended');
      return account;
    },
    change: (who, current, next) =>
      guarded(who, async ({ id, email, name, passwordHash }) => {
        if (passwordHash === null || !(await verify(passwordHash, current))) {
          throw refusal('password-wrong', 'this is not the present password');
        }
        const changed = await hashNewPassword(next, [email ?? '', name]);
        await store.tx(async (q) => {
          await q.update(q.t.accounts).set({ passwordHash: changed }).where(eq(q.t.accounts.id, id));
          await audit(q, { who, action: 'account.password', subject: id });
          await sessions.revokeOthers(q, who);
        });
      }),
  };
}

const wrongCredentials = () => refusal('wrong-credentials', 'the e-mail address or the password is wrong');

/** Tries count by e-mail address until one is right. */
function createTries({ store, clock }: Platform) {
  return {
    /** Counted before it is looked at: of a thousand guesses at once, five are. */
    async count(emailHash: string): Promise<void> {
      const mayTry = await store.tx(async (q) => {
        const before = await rows.failuresOf(q, emailHash);
        if (isBlocked(before, clock.now())) return false;
        await rows.saveFailures(q, emailHash, countFailure(before, clock.now()));
        return true;
      });
      if (!mayTry) throw refusal('too-many-requests', 'too many wrong passwords; wait a while');
    },
    forget: (emailHash: string) => store.tx((q) => rows.forgetFailures(q, emailHash)),
  };
}
