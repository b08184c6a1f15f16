/** A door contact behind its bounces: what was last told of the leaf, and what may be true since. Monotonic times in ms. */
export interface Contact {
  /** Null before the first report. */
  readonly open: boolean | null;
  /** Since when the wire says otherwise. */
  readonly since: number | null;
}

export const unheardContact: Contact = { open: null, since: null };

export interface Wire {
  readonly open: boolean;
  readonly mono: number;
  readonly bounceMs: number;
  /** The state found when the hardware came up, or an opening that somebody waits for: it counts at once. */
  readonly atOnce: boolean;
}

/** `moved`: the leaf stands otherwise than was told before. */
interface Heard {
  readonly contact: Contact;
  readonly moved: boolean;
}

/**
 * What a report of the wire means. A contact that changes and changes back within `bounceMs` has not moved, so a change counts once it has lasted
 * that long; an opening that follows a release counts at once, because nothing but a person waits for it.
 */
export function hear(contact: Contact, { open, mono, bounceMs, atOnce }: Wire): Heard {
  if (open === contact.open) return { contact: { open, since: null }, moved: false };
  if (atOnce || contact.open === null || bounceMs === 0) return { contact: { open, since: null }, moved: true };
  return settle({ open: contact.open, since: contact.since ?? mono }, mono, bounceMs);
}

/** To be asked again when {@link bouncesUntil} has come. */
export function settle(contact: Contact, mono: number, bounceMs: number): Heard {
  const { open, since } = contact;
  const hasLasted = since !== null && mono >= since + bounceMs;
  return hasLasted ? { contact: { open: !open, since: null }, moved: true } : { contact, moved: false };
}

/** When a change that is not told yet will have lasted long enough; undefined if there is none. */
export const bouncesUntil = ({ since }: Contact, bounceMs: number): number | undefined =>
  since === null ? undefined : since + bounceMs;
