const prefixes = {
  account: 'acct',
  apiKey: 'akey',
  blackout: 'blck',
  booking: 'book',
  campaign: 'camp',
  channel: 'chan',
  clip: 'clip',
  clipReview: 'crev',
  photo: 'phot',
  command: 'cmd',
  community: 'comm',
  company: 'prop',
  complaint: 'cmpl',
  creditNote: 'crdt',
  credential: 'cred',
  deal: 'deal',
  decision: 'dec',
  dispute: 'disp',
  entrance: 'entr',
  fleetAlarm: 'falm',
  group: 'grp',
  import: 'impt',
  invitation: 'invt',
  invoice: 'invc',
  invoiceLine: 'invl',
  merchant: 'mrch',
  notice: 'note',
  offer: 'offr',
  order: 'ordr',
  ownerDecision: 'ownd',
  payment: 'pay',
  paymentTrouble: 'ptrb',
  payout: 'pout',
  permit: 'prmt',
  pickup: 'pick',
  rateLine: 'rate',
  release: 'rel',
  report: 'rprt',
  reportDelivery: 'rdlv',
  resident: 'resi',
  rollout: 'roll',
  schedule: 'sche',
  session: 'sess',
  silence: 'slnc',
  store: 'stor',
  supplier: 'supp',
  template: 'tmpl',
  terminal: 'term',
  touch: 'tch',
  unit: 'unit',
  upload: 'upld',
  visit: 'vis',
} as const;

type Kind = keyof typeof prefixes;

/** An id that says in a log what it names: `term_3k9…`, a prefix and 20 characters of Crockford's base 32 (100 random bits). */
export type Id<K extends Kind> = `${(typeof prefixes)[K]}_${string}`;

const alphabet = '0123456789abcdefghjkmnpqrstvwxyz';
const idLength = 20;

/** A new random id of the given kind, from the platform's cryptographic randomness. */
export function newId<K extends Kind>(kind: K): Id<K> {
  const random = crypto.getRandomValues(new Uint8Array(idLength));
  let text = '';
  for (const byte of random) text += alphabet[byte & 31];
  return `${prefixes[kind]}_${text}` as Id<K>;
}

/** True if `text` has the shape of an id of this kind. */
export function isId<K extends Kind>(kind: K, text: string): text is Id<K> {
  const prefix = `${prefixes[kind]}_`;
  return text.startsWith(prefix) && /^[0-9a-hjkmnp-tv-z]{20}$/.test(text.slice(prefix.length));
}
