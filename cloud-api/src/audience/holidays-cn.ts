/**
 * Days on which China rests, and weekend days that are worked for them.
 *
 * 2026: the State Council's notice on that year's holidays (国务院办公厅关于2026年部分节假日安排的通知, 4 November 2025,
 * https://politics.gmw.cn/2025-11/04/content_38391083.htm).
 * 2027: only the days that the regulation fixes for every year (全国年节及纪念日放假办法, as amended on 10 November 2024: New Year's Day, the eve and three days
 * of the Spring Festival, Qingming, two days of Labour Day, Dragon Boat, Mid-Autumn, three National days), as the notice for 2027 with its bridged and worked
 * days was not known when this was written; the operator enters it when it is out (`holiday-notices.ts`). A community can set further days of its own.
 */
export const holidaysCn: readonly string[] = [
  ...span('2026-01-01', 3),
  ...span('2026-02-15', 9),
  ...span('2026-04-04', 3),
  ...span('2026-05-01', 5),
  ...span('2026-06-19', 3),
  ...span('2026-09-25', 3),
  ...span('2026-10-01', 7),
  '2027-01-01',
  ...span('2027-02-05', 4),
  '2027-04-05',
  ...span('2027-05-01', 2),
  '2027-06-09',
  '2027-09-15',
  ...span('2027-10-01', 3),
];

/** Years of which the whole notice stands here. */
export const noticedYearsCn: readonly number[] = [2026];

/** Of the same notice: Saturdays and Sundays that are worked. */
export const workedWeekendsCn: readonly string[] = [
  '2026-01-04',
  '2026-02-14',
  '2026-02-28',
  '2026-05-09',
  '2026-09-20',
  '2026-10-10',
];

/** So many days from that one on. */
function span(from: string, count: number): string[] {
  const first = Date.parse(`${from}T00:00:00Z`);
  return Array.from({ length: count }, (_, day) => new Date(first + day * 86_400_000).toISOString().slice(0, 10));
}
