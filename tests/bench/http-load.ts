import { Agent, request } from 'node:http';
import { quantile } from './median.ts';

/** One request, and whether its answer is the one that was wanted. */
export interface Shot {
  readonly method: 'POST' | 'GET';
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export interface Loaded {
  /** By HTTP status. */
  readonly answers: ReadonlyMap<number, number>;
  /** Answers of the wanted status per second. */
  readonly perSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly seconds: number;
}

/** Askers each with a connection of its own, each asking again as soon as it has its answer, for so long or until there is nothing more to ask. Times are of all answers, from the call to the body's end. */
export async function load(
  base: string,
  { askers, seconds, wanted }: { readonly askers: number; readonly seconds: number; readonly wanted: number },
  next: () => Shot | undefined,
): Promise<Loaded> {
  const agent = new Agent({ keepAlive: true, maxSockets: askers });
  const url = new URL(base);
  const answers = new Map<number, number>();
  const times: number[] = [];
  const started = performance.now();
  const until = started + seconds * 1_000;
  const ask = async (): Promise<void> => {
    for (let shot = next(); shot && performance.now() < until; shot = next()) {
      const at = performance.now();
      const status = await send(agent, url, shot);
      times.push(performance.now() - at);
      answers.set(status, (answers.get(status) ?? 0) + 1);
    }
  };
  await Promise.all(Array.from({ length: askers }, ask));
  const took = (performance.now() - started) / 1_000;
  agent.destroy();
  return {
    answers,
    perSecond: (answers.get(wanted) ?? 0) / took,
    p50Ms: quantile(times, 0.5),
    p99Ms: quantile(times, 0.99),
    seconds: took,
  };
}

function send(agent: Agent, { hostname, port }: URL, { method, path, headers, body }: Shot): Promise<number> {
  return new Promise((resolve, reject) => {
    const asked = request({ agent, hostname, port, method, path, headers }, (answer) => {
      answer.resume();
      answer.on('end', () => resolve(answer.statusCode ?? 0));
      answer.on('error', reject);
    });
    asked.on('error', reject);
    asked.end(body);
  });
}
