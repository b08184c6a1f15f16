import type { ReactNode } from 'react';

interface WideTableProps {
  readonly label: string;
  readonly note?: string;
  readonly heads: readonly string[];
  /** Its rows. */
  readonly children: ReactNode;
}

/** A table that a phone moves sideways; whoever has no pointer moves it with the keys. */
export function WideTable({ label, note, heads, children }: WideTableProps) {
  return (
    // What scrolls must be reachable by keyboard.
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
    <section className="card market-table" aria-label={label} tabIndex={0}>
      <table>
        {note !== undefined && <caption className="soft">{note}</caption>}
        <thead>
          <tr>
            {heads.map((head) => (
              <th key={head} scope="col">
                {head}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>{children}</tbody>
      </table>
    </section>
  );
}
