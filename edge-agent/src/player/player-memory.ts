/** Small text values that survive restarts of the agent. */
export interface PlayerMemory {
  /** Answers at once, from what is in memory. */
  get(key: string): string | undefined;
  /** Resolves once the value is durable. */
  set(key: string, value: string): Promise<void>;
}
