import loadHighs from 'highs';
import { invariant } from '@gatecast/firmware-protocol';
import type { Allocation } from './allocation.ts';
import { hasHalfHour } from './half-hours.ts';
import { plannable, type Demand, type Inventory } from './instance.ts';

/** What each demand is given in each cell, as a linear program that knows nothing of groups, flows or classes. */
export interface CellProgram {
  readonly text: string;
  readonly variables: number;
}

/**
 * The program in CPLEX's LP format: variables are demand × cell, rows are cells, demands and caps. Cells are not merged, so that a fault in the merging shows.
 */
export function cellProgram(inventory: Inventory, demands: readonly Demand[]): CellProgram {
  const { halfHours, segments, supplyMilliTouches, offlinePpm, placeCommunity, localDays, communityZone } = inventory;
  const rows: Rows = new Map();
  const put = (row: string, bound: number, variable: string) => putTerm(rows, row, bound, variable);
  const goal: string[] = [];
  demands.forEach(({ milliTouches, weight, caps, segments: wanted, ...demand }, d) =>
    demand.places.forEach((place, n) => {
      const community = placeCommunity[place] ?? 0;
      const schedule = demand.schedules[demand.scheduleOf[n] ?? 0];
      for (let at = 0; at < halfHours; at += 1)
        for (let segment = 0; segment < segments; segment += 1) {
          if (!schedule || !hasHalfHour(schedule, at) || ((wanted >>> segment) & 1) === 0) continue;
          const cell = (place * halfHours + at) * segments + segment;
          const bound = plannable(supplyMilliTouches[cell] ?? 0, offlinePpm[place] ?? 0);
          if (bound === 0) continue;
          const variable = `x${d}_${cell}`;
          const day = localDays[communityZone[community] ?? 0]?.[at] ?? 0;
          goal.push(`${weight} ${variable}`);
          put(`c${cell}`, bound, variable);
          put(`d${d}`, milliTouches, variable);
          if (caps.dayMilliTouches !== null) put(`e${d}_${community}_${day}`, caps.dayMilliTouches, variable);
          if (caps.segmentDayMilliTouches !== null)
            put(`f${d}_${community}_${day}_${segment}`, caps.segmentDayMilliTouches, variable);
        }
    }),
  );
  return { text: programOf(goal, rows), variables: goal.length };
}

type Rows = Map<string, { readonly bound: number; readonly terms: string[] }>;

function putTerm(rows: Rows, row: string, bound: number, variable: string): void {
  const there = rows.get(row);
  if (there) there.terms.push(variable);
  else rows.set(row, { bound, terms: [variable] });
}

/** Lines of the format have a limit; a sum may go on on the next one. */
function programOf(goal: readonly string[], rows: Rows): string {
  const lines = [...rows].map(([name, { bound, terms }]) => `${name}: ${terms.join(' +\n')} <= ${bound}`);
  return ['Maximize', `goal: ${goal.join(' +\n')}`, 'Subject To', ...lines, 'End'].join('\n');
}

/** The package says CommonJS of itself, so its types take what Node imports, the function, for a module that has it. */
const load = loadHighs as unknown as (typeof loadHighs)['default'];
let highs: ReturnType<typeof load> | undefined;

/** The most that the demands can weigh together, by HiGHS: simplex on unmerged cells, which ends optimal or throws. */
export async function optimum(inventory: Inventory, demands: readonly Demand[]): Promise<number> {
  const { text, variables } = cellProgram(inventory, demands);
  if (variables === 0) return 0;
  highs ??= load();
  const solution = (await highs).solve(text, { solver: 'simplex' });
  invariant(solution.Status === 'Optimal', `HiGHS ended ${solution.Status}`);
  return solution.ObjectiveValue;
}

/**
 * The same for a market of some hundred communities without caps, by interior points on the groups of its allocation. Without crossover HiGHS finds no vertex and
 * so never says "optimal" (model status unknown), though the value is right to about a millionth: whoever uses it compares it with a bound.
 */
export async function optimumOfGroups(allocation: Allocation): Promise<number> {
  const { network } = allocation;
  const rows: Rows = new Map();
  const goal: string[] = [];
  for (const group of allocation.groups())
    for (let n = network.groupFirst[group] ?? 0; n < (network.groupEnd[group] ?? 0); n += 1) {
      const edge = network.groupEdges[n] ?? 0;
      const root = network.edgeNode[edge] ?? 0;
      goal.push(`${network.nodeWeight[root] ?? 0} x${edge}`);
      putTerm(rows, `g${group}`, network.groupSupply[group] ?? 0, `x${edge}`);
      putTerm(rows, `d${root}`, network.nodeCap[root] ?? 0, `x${edge}`);
    }
  highs ??= load();
  return (await highs).solve(programOf(goal, rows), { solver: 'ipm', run_crossover: 'off' }).ObjectiveValue;
}
