import type { CallbackMode, ProviderFaultsRequest } from './requests.ts';
import type { KeyMode, RefundState } from './store.ts';

/** Differences that are planted in bills, by kind. */
export interface BillFaults {
  readonly missing: number;
  readonly added: number;
  readonly changed: number;
}

/** How the provider behaves until somebody says otherwise; forgotten at a restart. */
export interface ProviderState {
  callbacks: CallbackMode;
  bankRefuses: boolean;
  refunds: RefundState;
  signsWith: KeyMode;
  bill: BillFaults;
}

export const sound: Readonly<ProviderState> = {
  callbacks: 'normal',
  bankRefuses: false,
  refunds: 'SUCCESS',
  signsWith: 'public-key',
  bill: { missing: 0, added: 0, changed: 0 },
};

/** Changes what is said and leaves the rest. */
export function change(state: ProviderState, asked: ProviderFaultsRequest): void {
  if (asked.callbacks !== undefined) state.callbacks = asked.callbacks;
  if (asked.bankRefuses !== undefined) state.bankRefuses = asked.bankRefuses;
  if (asked.refunds !== undefined) state.refunds = asked.refunds;
  if (asked.signsWith !== undefined) state.signsWith = asked.signsWith;
  if (asked.bill !== undefined) state.bill = asked.bill;
}
