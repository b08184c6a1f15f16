import { z } from 'zod';
import { atMs, id, name } from '../platform/contract.ts';

/** Terminals that have the list in force which tells of a credential, of those that should. */
export const delivered = z.object({ terminals: z.int(), of: z.int() });
export type Delivered = z.infer<typeof delivered>;

/** What is printed on a card, as far as anybody may read it again. */
export const shownCard = z.object({ format: z.enum(['w26', 'w34', 'raw']), last4: z.string() });
export type ShownCard = z.infer<typeof shownCard>;

/** Something that lets one person in. */
export const credential = z.object({
  id,
  kind: z.enum(['pin', 'duress-pin', 'card', 'phone']),
  label: z.string().nullable(),
  card: shownCard.nullable(),
  state: z.enum(['active', 'revoked', 'expired']),
  createdAt: atMs,
  revokedAt: atMs.nullable(),
  delivered,
});
export type Credential = z.infer<typeof credential>;

/** A card by the number printed on it, or the one that a reader was shown after a `learn-card` command. */
export const newCard = z.union([
  z.object({ number: z.string().trim().min(1).max(40), format: z.enum(['w26', 'w34']), label: name.optional() }),
  z.object({ commandId: id, label: name.optional() }),
]);
export type NewCard = z.output<typeof newCard>;

/** A phone's key: an uncompressed point on P-256 (`04 ‖ x ‖ y`, 65 bytes), base64url, as WebCrypto exports it with `raw`. */
export const newPhone = z.object({ publicKey: z.string().regex(/^B[A-Za-z0-9_-]{86}$/), label: name });
export type NewPhone = z.output<typeof newPhone>;

/** Which terminals know that somebody may no longer enter. A terminal that is away learns it before it decides by its list again. */
export const revocation = z.object({
  at: atMs,
  /** How many were revoked. */
  credentials: z.int(),
  terminals: z.array(
    z.object({
      terminalId: id,
      name: z.string(),
      entranceName: z.string(),
      state: z.enum(['confirmed', 'waiting']),
      online: z.boolean(),
      confirmedAt: atMs.nullable(),
    }),
  ),
});
export type Revocation = z.infer<typeof revocation>;
