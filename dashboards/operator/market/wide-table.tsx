import type { ReactNode } from 'react';

/** A table that a phone moves sideways; whoever has no pointer moves it with the keys. */
export function WideTable({ label, children }: { readonly label: string; readonly children: ReactNode }) {
  return (
    // What scrolls must be reachable by keyboard.
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
    <section className="card market-table" aria-label={label} tabIndex={0}>
      <table>{children}</table>
    </section>
  );
}
