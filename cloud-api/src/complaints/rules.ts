import { after, hours, type InstantMs } from '@gatecast/firmware-protocol';

/** A community with more that nobody answers has another trouble than its screens. */
export const openPerTerminalMax = 50;
export const blocksPerCommunityMax = 200;

interface Told {
  readonly at: InstantMs;
  readonly answeredAt: InstantMs | null;
}

/** Until when somebody is to answer. */
export const answerBy = ({ at }: Pick<Told, 'at'>, complaintHours: number): InstantMs =>
  after(at, hours(complaintHours));

/** Nobody has answered in time. */
export const isOverdue = (told: Told, complaintHours: number, now: InstantMs): boolean =>
  told.answeredAt === null && now >= answerBy(told, complaintHours);

/** How long it took to answer; null while nobody has. */
export const tookMs = ({ at, answeredAt }: Told): number | null => (answeredAt === null ? null : answeredAt - at);
