import { learningWindowMs } from '@gatecast/firmware-protocol/messages';
import type { Card } from '@gatecast/firmware-protocol/pass';

/** Readers that wait for a card which is to be learned: one window at a time at each entrance. What a run of the program waits for, the next one has forgotten. */
export class Learning {
  readonly #waiting = new Map<string, { readonly take: (card: Card) => void; readonly timer: NodeJS.Timeout }>();

  isOpen(entrance: string): boolean {
    return this.#waiting.has(entrance);
  }

  /** Resolves with the next card at the entrance, or with undefined when the window closes; never after {@link stop}. */
  begin(entrance: string): Promise<Card | undefined> {
    return new Promise((resolve) => {
      const end = (card?: Card) => {
        clearTimeout(this.#waiting.get(entrance)?.timer);
        this.#waiting.delete(entrance);
        resolve(card);
      };
      this.#waiting.set(entrance, { take: end, timer: setTimeout(end, learningWindowMs) });
    });
  }

  take(entrance: string, card: Card): void {
    this.#waiting.get(entrance)?.take(card);
  }

  stop(): void {
    for (const { timer } of this.#waiting.values()) clearTimeout(timer);
    this.#waiting.clear();
  }
}
