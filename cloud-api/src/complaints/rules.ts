import { after, days, hours, type InstantMs } from '@gatecast/firmware-protocol';

/** A screen with more that nobody answers has another trouble. Of passers-by only: nobody can fill it so that residents are heard no more. */
export const openPerTerminalMax = 50;
/** Of one resident, at all screens. */
export const openPerResidentMax = 10;
/** A complaint, answered or not, is of no use to anybody after that, and somebody may have written a name into it. */
export const keptMs = days(180);
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
