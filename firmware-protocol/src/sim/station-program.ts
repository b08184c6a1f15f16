import { endWithParent } from '../node/parent-watch.ts';

/** Starts with the port that it took; its stop is idempotent. */
interface Server {
  start(): Promise<number>;
  stop(): Promise<void>;
}

export interface StationProgram {
  readonly station: Server;
  readonly http: Server;
  /** End when standard input closes. */
  readonly parentWatch: boolean;
}

/**
 * Simulated hardware as a program of its own: one JSON line on standard output says that it is ready and where, SIGTERM ends it, and whatever goes wrong
 * is told on standard error with exit code 1.
 */
export async function runStation(assemble: () => StationProgram): Promise<void> {
  try {
    const { station, http, parentWatch } = assemble();
    const stop = (): void => {
      Promise.all([station.stop(), http.stop()]).catch(fail);
    };
    process.once('SIGTERM', stop);
    process.once('SIGINT', stop);
    if (parentWatch) {
      endWithParent(stop);
    }
    const linkPort = await station.start();
    console.log(JSON.stringify({ ready: true, linkPort, httpPort: await http.start() }));
  } catch (error) {
    fail(error);
  }
}

function fail(error: unknown): never {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
}
