import { refusal } from '../../platform/errors.ts';
import type { PaymentProvider } from './provider.ts';

/** Stands where no provider is configured: everything else works, paying is refused plainly. */
export function noProvider(): PaymentProvider {
  const refuse = async (): Promise<never> => {
    throw refusal('payments-unavailable', 'no payment provider is configured');
  };
  return {
    name: 'none',
    prepare: refuse,
    query: async () => undefined,
    close: async () => undefined,
    refund: refuse,
    readNotice: refuse,
  };
}
