/** The scan that brought somebody here: `dealId` is the deal that it led to, or null when it led to the list. */
export interface RememberedVisit {
  readonly id: string;
  readonly dealId: string | null;
  readonly at: number;
}

/** An order later than this is not due to the scan any more. */
const rememberedMaxMs = 24 * 3_600_000;
const place = 'gatecast.resident.visit';

/**
 * Takes `?visit=` out of the address bar, so that a shared address does not carry somebody's scan, and remembers it. Called once,
 * before the first page is drawn.
 */
export function takeVisit(now: number): void {
  const address = new URL(location.href);
  const id = address.searchParams.get('visit');
  if (!id) return;
  const dealId = /\/deals\/(\w+)/.exec(address.pathname)?.[1] ?? null;
  localStorage.setItem(place, JSON.stringify({ id, dealId, at: now } satisfies RememberedVisit));
  address.searchParams.delete('visit');
  history.replaceState(history.state, '', address);
}

/** The last scan on this device, while it is fresh. */
export function rememberedVisit(now: number): RememberedVisit | null {
  const text = localStorage.getItem(place);
  if (!text) return null;
  const visit = JSON.parse(text) as RememberedVisit;
  return now - visit.at < rememberedMaxMs ? visit : null;
}

/** The scan that an order of this deal belongs to: one that led to this deal, or to the list. */
export function visitFor(dealId: string, now: number): string | null {
  const visit = rememberedVisit(now);
  return visit && (visit.dealId === dealId || visit.dealId === null) ? visit.id : null;
}
