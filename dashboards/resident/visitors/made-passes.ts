/** What opens with a pass. The cloud tells it once, when the pass is made; this phone keeps it until the pass is over. */
export interface PassSecrets {
  readonly id: string;
  readonly code: string;
  readonly qr: string | null;
  /** UTC ms. */
  readonly to: number;
}

const place = 'gatecast.resident.passes';

function keptPasses(now: number): readonly PassSecrets[] {
  const text = localStorage.getItem(place);
  const all = text === null ? [] : (JSON.parse(text) as PassSecrets[]);
  return all.filter(({ to }) => now < to);
}

export function keepPass(pass: PassSecrets, now: number): void {
  localStorage.setItem(place, JSON.stringify([...keptPasses(now), pass]));
}

/** Undefined for a pass that was made on another phone. */
export const keptPass = (id: string, now: number): PassSecrets | undefined =>
  keptPasses(now).find((pass) => pass.id === id);

export function forgetPass(id: string, now: number): void {
  localStorage.setItem(place, JSON.stringify(keptPasses(now).filter((pass) => pass.id !== id)));
}

/** For the next person who signs in here. */
export const forgetPasses = (): void => localStorage.removeItem(place);

/** `1234 567 890`, as one reads it out and types it. */
export function inGroups(code: string): string {
  const cuts = code.length === 10 ? [4, 7] : code.length === 9 ? [3, 6] : [4];
  const starts = [0, ...cuts];
  return starts.map((start, index) => code.slice(start, starts[index + 1])).join(' ');
}
