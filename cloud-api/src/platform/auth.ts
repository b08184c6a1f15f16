import { accountRoles } from './contract.ts';
import type { Reads } from './db/store.ts';
import { refusal } from './errors.ts';

interface AccountBase {
  readonly kind: 'account';
  readonly accountId: string;
  /** The session, or the API key, that speaks for the account. */
  readonly sessionId: string;
  /** Null: a person's session, which may do all that the role may. Else an API key's, `${tag}:read` or `${tag}:write` each. */
  readonly scopes: readonly string[] | null;
}
export type Operator = AccountBase & { readonly role: 'operator' };
type PropertyManager = AccountBase & { readonly role: 'property'; readonly companyId: string };
type Guard = AccountBase & {
  readonly role: 'guard';
  readonly companyId: string;
  /** Null: all communities of the company. */
  readonly communityIds: readonly string[] | null;
};
type MerchantOwner = AccountBase & { readonly role: 'merchant'; readonly merchantId: string };
type StoreStaff = AccountBase & {
  readonly role: 'store-staff';
  readonly merchantId: string;
  readonly storeId: string;
};
type Leader = AccountBase & { readonly role: 'leader'; readonly communityId: string };
type Supplier = AccountBase & { readonly role: 'supplier'; readonly supplierId: string };
type ResidentAccount = AccountBase & {
  readonly role: 'resident';
  readonly residentId: string;
  readonly communityId: string;
};
export type Account =
  | Operator
  | PropertyManager
  | Guard
  | MerchantOwner
  | StoreStaff
  | Leader
  | Supplier
  | ResidentAccount;
export type AccountRole = Account['role'];
export type As<R extends AccountRole> = Extract<Account, { role: R }>;

/** Who keeps the doors of a community: a guard may watch, help and open, and changes nothing. */
export type Keeper = As<'operator' | 'property' | 'guard'>;
/** Who sells: the merchant everywhere, its staff in their own store. */
export type Seller = As<'merchant' | 'store-staff'>;

/** Whose communities a keeper keeps, for the condition of a list. Undefined means no bound. */
export function keptBy(who: Keeper): {
  readonly companyId: string | undefined;
  readonly communityIds: readonly string[] | undefined;
} {
  switch (who.role) {
    case 'operator':
      return { companyId: undefined, communityIds: undefined };
    case 'property':
      return { companyId: who.companyId, communityIds: undefined };
    case 'guard':
      return { companyId: who.companyId, communityIds: who.communityIds ?? undefined };
  }
}

/** The company or merchant that an account acts for. */
export function partyOf(who: Account): { readonly companyId: string | null; readonly merchantId: string | null } {
  switch (who.role) {
    case 'property':
    case 'guard':
      return { companyId: who.companyId, merchantId: null };
    case 'merchant':
    case 'store-staff':
      return { companyId: null, merchantId: who.merchantId };
    case 'operator':
    case 'leader':
    case 'supplier':
    case 'resident':
      return { companyId: null, merchantId: null };
  }
}

export interface SignedInTerminal {
  readonly kind: 'terminal';
  readonly terminalId: string;
  readonly epoch: number;
  /** Another machine has its place; it may hand in its journal. */
  readonly isFormer: boolean;
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
  /** Whether an API key may use it, given the scope of the route's tag. */
  readonly keyed: boolean;
  /** The caller with its kind proven. Throws `unauthenticated` or `forbidden`. */
  admit(who: Principal): W;
  readonly scope: Scope<W>;
}

const noScope = async (): Promise<void> => undefined;

/** No sign-in. `why` says what protects the route instead. */
export const open = (why: string): Right<Principal> => ({
  text: `open: ${why}`,
  open: true,
  keyed: false,
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
    keyed: true,
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

/** The machine that is, or was before another one, the terminal that the path's `:id` names. */
export const thatTerminalEver: Right<SignedInTerminal> = {
  text: 'the terminal itself',
  open: false,
  keyed: false,
  admit(who) {
    requireSignIn(who);
    if (who.kind !== 'terminal') throw refusal('forbidden', 'only a terminal may do that');
    return who;
  },
  async scope(_q, who, { params }) {
    if (params['id'] !== who.terminalId) throw refusal('forbidden', 'a terminal may only speak for itself');
  },
};

/** The terminal that the path's `:id` names. */
export const thatTerminal: Right<SignedInTerminal> = {
  ...thatTerminalEver,
  admit(who) {
    const terminal = thatTerminalEver.admit(who);
    if (terminal.isFormer) throw refusal('terminal-replaced', 'another machine has taken the place of this one');
    return terminal;
  },
};

/** Any signed-in account. */
export const anyAccount: Right<Account> = allow(accountRoles, noScope);

/** The same right for a person's session alone: what an API key may never do. */
export const inPerson = <W extends Account>(right: Right<W>): Right<W> => ({
  ...right,
  text: `${right.text}; in person`,
  keyed: false,
});

/** What an API key needs for a route: `${tag}:read` to look, `${tag}:write` to change. */
export const scopeOf = (route: { readonly method: string; readonly tag: string }): string =>
  `${route.tag}:${route.method === 'get' ? 'read' : 'write'}`;

/** Throws `forbidden` for an API key that has no scope for the route, or at a route that wants a person. People pass. */
export function requireScope(
  who: Principal,
  route: { readonly method: string; readonly tag: string; readonly right: Pick<Right<never>, 'keyed' | 'open'> },
): void {
  if (who.kind !== 'account' || who.scopes === null) return;
  const mayBeKeyed = route.right.keyed || route.right.open;
  if (!mayBeKeyed || !who.scopes.includes(scopeOf(route)))
    throw refusal('forbidden', 'this API key has no scope for that', { scope: mayBeKeyed ? scopeOf(route) : null });
}

function requireSignIn(who: Principal): void {
  if (who.kind === 'anonymous') throw refusal('unauthenticated', 'sign in first');
}

/** Turns a bearer into who it stands for; undefined if it stands for nobody (any more). */
export type Authenticate = (bearer: string) => Promise<Principal | undefined>;
