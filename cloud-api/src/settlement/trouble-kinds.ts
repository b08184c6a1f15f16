/** What can be wrong with money. Stable: the API and its readers use these words. */
export const troubleKinds = [
  /** More or less came than was asked for. It is on its way back. */
  'wrong-amount',
  /** It came into another account of ours. It is on its way back from there. */
  'wrong-merchant',
  /** It came by another app than ours. It is on its way back. */
  'wrong-app',
  /** It came into an account that is none of ours: nobody here can send it back. */
  'foreign-merchant',
  /** Money for something that nobody here asked for; it may be somebody else's who shares the account, and stays where it is. */
  'unknown-payment',
  /** The provider has sent money back that nobody here wanted back. */
  'unknown-refund',
  /** The provider does not send it back: the account it came from is closed, or it says no. */
  'refund-stuck',
  /** The provider has been sending it back for a week. */
  'refund-overdue',
] as const;
export type TroubleKind = (typeof troubleKinds)[number];

/** `done`: it came loose by itself. The others are what a person said. */
export const troubleEndings = ['done', 'asked-again', 'returned-by-hand', 'noted'] as const;
export type TroubleEnding = (typeof troubleEndings)[number];
