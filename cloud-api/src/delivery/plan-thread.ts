import { invariant } from '@gatecast/firmware-protocol';
import { parentPort, workerData } from 'node:worker_threads';
import { planCells, type PlanQuestion } from './plan-cells.ts';

type Rest = Omit<PlanQuestion, 'wanted'> & { readonly lines: number };

const { lines, ...rest } = workerData as Rest;
const wanted: PlanQuestion['wanted'][number][] = [];

function answerWhenWhole(): void {
  if (wanted.length < lines) return;
  invariant(wanted.length === lines, 'a plan is of the line items that were announced');
  const answer = planCells({ ...rest, wanted });
  const { demand, door, halfHour, milliTouches, sharePpm, deliverable } = answer;
  const columns = [demand, door, halfHour, milliTouches, sharePpm, deliverable];
  parentPort?.postMessage(
    answer,
    columns.map(({ buffer }) => buffer as ArrayBuffer),
  );
}

parentPort?.on('message', (some: PlanQuestion['wanted']) => {
  wanted.push(...some);
  answerWhenWhole();
});
answerWhenWhole();
