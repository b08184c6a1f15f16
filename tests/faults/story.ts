import { Seeded } from './seeded.ts';

const programs = ['broker', 'cloud', 'agent'] as const;
const wires = ['toBroker', 'toCloud'] as const;
const hourMs = 3_600_000;

export type ProgramName = (typeof programs)[number];
export type WireName = (typeof wires)[number];

/** What people do while things go wrong. */
export type Deed =
  | { readonly kind: 'type-code'; readonly resident: number }
  | { readonly kind: 'type-rubbish' }
  | { readonly kind: 'exit' }
  | { readonly kind: 'open-remotely' };

/** What goes wrong, and for how long. */
export type Mishap =
  | { readonly kind: 'kill'; readonly program: ProgramName }
  | { readonly kind: 'freeze'; readonly program: ProgramName; readonly forMs: number }
  | { readonly kind: 'cut' | 'silence' | 'crumble'; readonly wire: WireName; readonly forMs: number }
  | { readonly kind: 'double' | 'swap' | 'hold' | 'forge' | 'replay'; readonly forMs: number }
  | { readonly kind: 'flood'; readonly forMs: number }
  | { readonly kind: 'clock'; readonly offMs: number; readonly forMs: number }
  | { readonly kind: 'torn-log' }
  | { readonly kind: 'disk-full' | 'read-only'; readonly forMs: number };

export interface Step {
  readonly afterMs: number;
  readonly act: Deed | Mishap;
}

const deedsAndMishaps = 14;
const shareOfDeeds = 0.55;

/** The story of a seed. The terminal's disk can be filled only where the machine lets us mount one for it. */
export function storyOf(seed: number, { residents, ownDisk }: { residents: number; ownDisk: boolean }): Step[] {
  const random = new Seeded(seed);
  return Array.from({ length: deedsAndMishaps }, () => ({
    afterMs: random.between(0, 350),
    act: random.next() < shareOfDeeds ? deed(random, residents) : mishap(random, ownDisk),
  }));
}

function deed(random: Seeded, residents: number): Deed {
  const kind = random.pick(['type-code', 'type-code', 'type-code', 'type-rubbish', 'exit', 'open-remotely'] as const);
  return kind === 'type-code' ? { kind, resident: random.between(0, residents - 1) } : { kind };
}

function mishap(random: Seeded, ownDisk: boolean): Mishap {
  const forMs = random.between(100, 1_500);
  const kind = random.pick([
    ...(['kill', 'kill', 'kill', 'freeze', 'cut', 'silence', 'crumble', 'double', 'swap', 'hold', 'clock'] as const),
    ...(['forge', 'replay', 'flood', 'torn-log', ...(ownDisk ? (['disk-full', 'read-only'] as const) : [])] as const),
  ]);
  switch (kind) {
    case 'kill':
      return { kind, program: random.pick(programs) };
    case 'freeze':
      return { kind, program: random.pick(programs), forMs };
    case 'cut':
    case 'silence':
    case 'crumble':
      return { kind, wire: random.pick(wires), forMs };
    case 'clock':
      return { kind, offMs: random.pick([-24 * hourMs, 24 * hourMs, -Date.UTC(2025, 0), 3 * hourMs]), forMs };
    case 'torn-log':
      return { kind };
    default:
      return { kind, forMs };
  }
}
