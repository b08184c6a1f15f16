/** Where a terminal's journal and what is stored here have parted. */
export interface JournalDispute {
  readonly seq: number;
  /** `forked`: the terminal shows other rows than it showed before; `forgotten`: it shows our own word for rows that are not here any more. */
  readonly fault: 'forked' | 'forgotten';
}
