/**
 * At least one box of a group has to be ticked. antd's own `required` would say so by `aria-required`, which a group of boxes may not have
 * (WAI-ARIA 1.2).
 */
export const someOf = (message: string) => ({
  validator: (_: unknown, chosen: readonly unknown[] | undefined): Promise<void> =>
    chosen && chosen.length > 0 ? Promise.resolve() : Promise.reject(new Error(message)),
});
