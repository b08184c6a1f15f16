/** What became of the orders on a line, each awaited by who gave it. The queues of the engine bound their number. */
export class AwaitedOutcomes<Outcome> {
  readonly #settlers = new Map<number, (outcome: Outcome) => void>();

  /** Resolves with what {@link settle} is told for this id. */
  of(id: number): Promise<Outcome> {
    return new Promise((resolve) => this.#settlers.set(id, resolve));
  }

  /** An id that nobody awaits is left alone. */
  settle(id: number, outcome: Outcome): void {
    const settler = this.#settlers.get(id);
    this.#settlers.delete(id);
    settler?.(outcome);
  }

  /** Nothing else will come. */
  settleAll(outcome: Outcome): void {
    for (const id of this.#settlers.keys()) {
      this.settle(id, outcome);
    }
  }
}
