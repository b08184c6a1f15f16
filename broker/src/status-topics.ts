import type { DurationMs } from '@gatecast/firmware-protocol';
import { brokerStatusTopic, type BrokerFigure } from '@gatecast/firmware-protocol/messages';

export type BrokerFigures = Readonly<Record<BrokerFigure, number>>;

/** Tells `$SYS/broker/…` to who listens, each figure as decimal text, once in a while. */
export class StatusTopics {
  readonly #everyMs: DurationMs;
  readonly #read: () => BrokerFigures;
  readonly #tell: (topic: string, payload: Buffer) => void;
  #telling: NodeJS.Timeout | undefined;

  constructor(everyMs: DurationMs, read: () => BrokerFigures, tell: (topic: string, payload: Buffer) => void) {
    this.#everyMs = everyMs;
    this.#read = read;
    this.#tell = tell;
  }

  start(): void {
    this.#telling = setInterval(() => {
      for (const [figure, value] of Object.entries(this.#read())) {
        this.#tell(brokerStatusTopic(figure as BrokerFigure), Buffer.from(String(value)));
      }
    }, this.#everyMs);
  }

  stop(): void {
    clearInterval(this.#telling);
  }
}
