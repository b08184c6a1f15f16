/**
 * `applied`: signed up, looks and quotes; the operator has not said yes. `approved`: pays and publishes. `rejected`: may put right what was wrong and
 * apply again. `suspended`: what it paid for does not play, until it may again.
 */
export const merchantStatuses = ['applied', 'approved', 'rejected', 'suspended'] as const;
export type MerchantStatus = (typeof merchantStatuses)[number];

/** Where a merchant may go from each state. */
export const merchantTransitions: Readonly<Record<MerchantStatus, readonly MerchantStatus[]>> = {
  applied: ['approved', 'rejected'],
  approved: ['suspended'],
  rejected: ['applied'],
  suspended: ['approved'],
};

/** The states from which `to` can be reached, for `UPDATE … WHERE status IN (…)`. */
export const merchantStatesBefore = (to: MerchantStatus): MerchantStatus[] =>
  merchantStatuses.filter((from) => merchantTransitions[from].includes(to));

/** How somebody of the operator made sure that who signed up is the merchant: called back, met at the store, or by papers beyond the licence. */
export const contactChecks = ['phone', 'visit', 'papers'] as const;
export type ContactCheck = (typeof contactChecks)[number];

/** GB 32100-2015: no I, O, S, V, Z, as they look like digits or each other. */
const creditCodeAlphabet = '0123456789ABCDEFGHJKLMNPQRTUWXY';
const creditCodeLength = 18;

/**
 * True for a unified social credit code (统一社会信用代码) whose check character is right: GB 32100-2015, section 5, weights 3^(i−1) mod 31 over the first
 * 17 characters, check = (31 − Σ mod 31) mod 31.
 */
export function isCreditCode(text: string): boolean {
  if (text.length !== creditCodeLength) return false;
  const values = Array.from(text, (char) => creditCodeAlphabet.indexOf(char));
  if (values.includes(-1)) return false;
  let weight = 1;
  let sum = 0;
  for (const value of values.slice(0, -1)) {
    sum += value * weight;
    weight = (weight * 3) % 31;
  }
  return (31 - (sum % 31)) % 31 === values.at(-1);
}

/** As people write it: with blanks, in small letters. */
export const plainCreditCode = (text: string): string => text.replaceAll(/\s/g, '').toUpperCase();

/** An account that money is paid out to. */
export interface Payee {
  readonly holder: string;
  readonly bank: string;
  readonly account: string;
}

/** What of it may be shown, to its owner too. */
export interface PayeeMask {
  readonly holder: string;
  readonly bank: string;
  readonly account: string;
}

const accountShown = 4;

/** The bank whole, of the holder the last character, of the account the last four digits. */
export function maskPayee({ holder, bank, account }: Payee): PayeeMask {
  const letters = Array.from(holder);
  const shown = letters.slice(-1).join('');
  return {
    holder: `${'*'.repeat(Math.min(3, letters.length - 1))}${shown}`,
    bank,
    account: `**** ${account.slice(-accountShown)}`,
  };
}

/** What an application still lacks before anybody can decide on it. */
export type Missing = 'licence' | 'payee';

export function missingOf(merchant: {
  readonly licenceNumber: string | null;
  readonly licenceSha256: string | null;
  readonly payeeSealed: string | null;
}): Missing[] {
  const lacksLicence = merchant.licenceNumber === null || merchant.licenceSha256 === null;
  return [
    ...(lacksLicence ? (['licence'] as const) : []),
    ...(merchant.payeeSealed === null ? (['payee'] as const) : []),
  ];
}
