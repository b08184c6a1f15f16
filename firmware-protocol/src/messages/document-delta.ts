import type { DocumentDelta } from './desired.ts';

/**
 * The body that a delta makes of the one in force. Undefined if either is not of that shape. Whether it is the right one is for its hash to say:
 * nothing of it may be used before.
 */
export function bodyOfDelta(inForce: unknown, { head, set, remove }: DocumentDelta['delta']): object | undefined {
  const before = isRecord(inForce) ? byId(inForce['credentials']) : undefined;
  const changed = byId(set);
  if (!before || !changed) return undefined;
  for (const id of remove) before.delete(id);
  for (const [id, credential] of changed) before.set(id, credential);
  const credentials = [...before].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, credential]) => credential);
  return { credentials, ...head };
}

function byId(credentials: unknown): Map<string, unknown> | undefined {
  if (!Array.isArray(credentials)) return undefined;
  const found = new Map<string, unknown>();
  for (const credential of credentials as readonly unknown[]) {
    if (!isRecord(credential) || typeof credential['id'] !== 'string') return undefined;
    found.set(credential['id'], credential);
  }
  return found;
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null;
