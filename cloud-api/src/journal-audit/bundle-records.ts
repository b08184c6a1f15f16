import { instantMs, sha256Hex } from '@gatecast/firmware-protocol/messages';
import { z } from 'zod';

/** Keeps a signature over a bundle void for anything else. */
export const bundleContext = 'gatecast-invoice-bundle';

/** No file of a bundle is larger: what is longer goes on in the next one. */
export const bundleFileBytesMax = 4_194_304;

/** The last file of a bundle: what all others are, signed with the cloud's checkpoint key over the JSON of the rest. */
export const bundleManifest = z.strictObject({
  type: z.literal('gatecast-invoice-bundle'),
  v: z.literal(1),
  invoiceId: z.string(),
  at: instantMs,
  files: z.array(z.strictObject({ name: z.string().max(100), bytes: z.int().nonnegative(), sha256: sha256Hex })),
  signature: z.strictObject({ kid: z.string().max(64), value: z.string().max(100) }),
});
export type BundleManifest = z.infer<typeof bundleManifest>;

export const signedText = ({ signature: _signature, ...said }: BundleManifest): string => JSON.stringify(said);

/** Of `plays-….jsonl`: which row of which chain each play behind the bill is. */
export const bundlePlay = z.object({
  terminal: z.string(),
  epoch: z.int().positive(),
  seq: z.int().positive(),
  campaign: z.string(),
  communityId: z.string(),
  halfHour: z.int(),
  milliTouches: z.int(),
  viewable: z.boolean(),
  /** Of the row in the journal; null: it is no longer kept. */
  hash: sha256Hex.nullable(),
});
export type BundlePlay = z.infer<typeof bundlePlay>;

/** Of `lines-….jsonl`, as far as a sum needs it. */
export const bundleLine = z.looseObject({ id: z.string(), kind: z.string(), amountFen: z.int() });
/** `invoice.json`, as far as a sum needs it. */
export const bundleInvoice = z.looseObject({
  id: z.string(),
  status: z.string(),
  totalFen: z.int(),
  creditedFen: z.int(),
});
