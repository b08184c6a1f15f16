import type { Reads } from './db/store.ts';
import { refusal } from './errors.ts';

interface AccountBase {
  readonly kind: 'account';
  readonly accountId: string;
  readonly sessionId: string;
}
export type Operator = AccountBase & { readonly role: 'operator' };
type PropertyManager = AccountBase & { readonly role: 'property'; readonly companyId: string };
type MerchantOwner = AccountBase & { readonly role: 'merchant'; readonly merchantId: string };
type ResidentAccount = AccountBase & {
  readonly role: 'resident';
  readonly residentId: string;
  readonly communityId: string;
};
export type Account = Operator | PropertyManager | MerchantOwner | ResidentAccount;
export type AccountRole = Account['role'];
export type As<R extends AccountRole> = Extract<Account, { role: R }>;

export interface SignedInTerminal {
  readonly kind: 'terminal';
  readonly terminalId: string;
  readonly epoch: number;
}
interface Anonymous {
  readonly kind: 'anonymous';
}
/** Who is asking. */
export type Principal = Account | SignedInTerminal | Anonymous;

/** For logs, audit rows and idempotency: no name, no secret. */
export const actorOf = (who: Principal): string =>
  who.kind === 'account' ? who.accountId : who.kind === 'terminal' ? who.terminalId : 'anonymous';

/** What a request names, before the handler sees it. */
interface Asked {
  readonly params: Readonly<Record<string, unknown>>;
  readonly query: Readonly<Record<string, unknown>>;
  readonly body: unknown;
}

/** Rejects with `not-found` unless what was asked for lies in the caller's scope. The operator's scope is everything. */
export type Scope<W extends Principal> = (q: Reads, who: W, asked: Asked) => Promise<void>;

/** The right that a route states. Routes cannot be added without one. */
export interface Right<W extends Principal> {
  /** Shown in the reference. */
  readonly text: string;
  readonly open: boolean;
  /** The caller with its kind proven. Throws `unauthenticated` or `forbidden`. */
  admit(who: Principal): W;
  readonly scope: Scope<W>;
}

const noScope = async (): Promise<void> => undefined;

/** No sign-in. `why` says what protects the route instead. */
export const open = (why: string): Right<Principal> => ({
  text: `open: ${why}`,
  open: true,
  admit: (who) => who,
  scope: noScope,
});

/** The service shows each caller its own rows only (a list), so there is nothing to compare beforehand. */
export const ownRows: Scope<Principal> = noScope;

/** Accounts of these roles, within `scope`. */
export function allow<R extends AccountRole>(roles: readonly R[], scope: Scope<As<R>>): Right<As<R>> {
  return {
    text: roles.join(', '),
    open: false,
    admit(who) {
      requireSignIn(who);
      if (who.kind !== 'account' || !isOneOf(who, roles)) throw refusal('forbidden', 'this account may not do that');
      return who;
    },
    scope,
  };
}

/** The operator, who may see and do everything. */
export const operatorOnly: Right<Operator> = allow(['operator'], noScope);

const isOneOf = <R extends AccountRole>(who: Account, roles: readonly R[]): who is As<R> =>
  (roles as readonly string[]).includes(who.role);

/** The terminal that the path's `:id` names. */
export const thatTerminal: Right<SignedInTerminal> = {
  text: 'the terminal itself',
  open: false,
  admit(who) {
    requireSignIn(who);
    if (who.kind !== 'terminal') throw refusal('forbidden', 'only a terminal may do that');
    return who;
  },
  async scope(_q, who, { params }) {
    if (params['id'] !== who.terminalId) throw refusal('forbidden', 'a terminal may only speak for itself');
  },
};

/** Any signed-in account. */
export const anyAccount: Right<Account> = allow(['operator', 'property', 'merchant', 'resident'], noScope);

function requireSignIn(who: Principal): void {
  if (who.kind === 'anonymous') throw refusal('unauthenticated', 'sign in first');
}

/** Turns a bearer into who it stands for; undefined if it stands for nobody (any more). */
export type Authenticate = (bearer: string) => Promise<Principal | undefined>;
