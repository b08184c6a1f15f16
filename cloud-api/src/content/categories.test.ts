import { halfHourMs, instant, zonedInstant } from '@gatecast/firmware-protocol';
import { describe, expect, it } from 'vitest';
import { childrenPassDefault, type DaySpan } from '../communities/children-pass.ts';
import {
  admissible,
  categories,
  categoryRules,
  checklistOf,
  isSensitive,
  permittedUntil,
  type Category,
} from './categories.ts';

const zone = 'Asia/Shanghai';
const at = (minute: number) => zonedInstant('2026-11-23', minute, zone);
const noon = at(12 * 60);
const permitFor = (category: Category, validTo = at(23 * 60)) => ({ category, validFrom: at(0), validTo });
const here = { zone, declined: [], childrenPass: childrenPassDefault };
const shown = (category: Category | null, halfHour = noon, permits = categories.map((one) => permitFor(one))) =>
  admissible(category, { permits, community: here, halfHour });

describe('an advert', () => {
  it.each(['tobacco', 'vapes', 'prescription-drugs', 'infant-formula', 'school-tutoring', 'gambling'] as const)(
    'for %s is shown nowhere, whatever permit is handed in',
    (category) => expect(shown(category)).toBe('category-banned'),
  );

  it.each([
    'medical',
    'medicine',
    'medical-device',
    'health-food',
    'finance',
    'alcohol',
    'education',
    'real-estate',
  ] as const)('for %s is shown with a permit that covers the moment, and not without', (category) => {
    expect(shown(category)).toBeNull();
    expect(shown(category, noon, [])).toBe('permit-missing');
    expect(shown(category, noon, [permitFor('goods')])).toBe('permit-missing');
    expect(shown(category, noon, [permitFor(category, noon)])).toBe('permit-missing');
  });

  it('for alcohol stays away while children leave and come home, to the minute', () => {
    const closed = Array.from({ length: 48 }, (_, i) => i * 30).filter(
      (minute) => shown('alcohol', at(minute)) === 'hour-closed',
    );
    const between = (from: number, to: number) => Array.from({ length: (to - from) * 2 }, (_, i) => from * 60 + i * 30);
    expect(closed).toEqual([...between(6, 9), ...between(15, 19)]);
    // The permit of the day ends at 23:00.
    expect(shown('alcohol', at(23 * 60))).toBe('permit-missing');
  });

  it('for alcohol stays away when the community says that children pass, also for minutes of a half-hour, and never where they never do', () => {
    const permits = [permitFor('alcohol')];
    const when = (...childrenPass: DaySpan[]) =>
      [11 * 60, 11 * 60 + 30, 12 * 60, 12 * 60 + 30].map((minute) =>
        admissible('alcohol', { permits, community: { ...here, childrenPass }, halfHour: at(minute) }),
      );
    expect(when({ fromMinute: 11 * 60 + 45, toMinute: 12 * 60 + 1 })).toEqual([
      null,
      'hour-closed',
      'hour-closed',
      null,
    ]);
    expect(when()).toEqual([null, null, null, null]);
    const open = { permits, community: { ...here, childrenPass: [] }, halfHour: at(7 * 60) };
    expect(admissible('alcohol', open)).toBeNull();
  });

  it('follows the clock of the community and not that of the server', () => {
    const community = { ...here, zone: 'Asia/Urumqi' };
    const permits = [permitFor('alcohol')];
    // 09:30 in Shanghai is 07:30 in Urumqi.
    expect(admissible('alcohol', { permits, community, halfHour: at(9 * 60 + 30) })).toBe('hour-closed');
    expect(shown('alcohol', at(9 * 60 + 30))).toBeNull();
  });

  it('is not shown in a community that declined its category, while others are', () => {
    const community = { ...here, declined: ['alcohol'] as const };
    const permits = [permitFor('alcohol')];
    expect(admissible('alcohol', { permits, community, halfHour: noon })).toBe('category-declined');
    expect(admissible('food', { permits, community, halfHour: noon })).toBeNull();
  });

  it('without a category is judged as everyday goods', () => {
    expect(shown(null, at(7 * 60), [])).toBeNull();
    expect(admissible(null, { permits: [], community: { ...here, declined: ['goods'] }, halfHour: noon })).toBe(
      'category-declined',
    );
  });
});

describe('every category', () => {
  it('says where its standing comes from, has a checklist without doubles', () => {
    for (const category of categories) {
      const { sources, standing, checks } = categoryRules[category];
      expect(sources.length, category).toBeGreaterThan(0);
      expect(new Set(checklistOf(category)).size, category).toBe(checklistOf(category).length);
      expect(checks.length > 0, category).toBe(standing === 'restricted');
    }
  });
});

describe('an approval', () => {
  it('lasts no longer than the last permit that is valid today', () => {
    const later = instant(noon + halfHourMs);
    expect(permittedUntil('goods', [], noon)).toBeNull();
    expect(permittedUntil('finance', [], noon)).toBeUndefined();
    expect(permittedUntil('finance', [permitFor('finance', noon)], noon)).toBeUndefined();
    expect(permittedUntil('finance', [permitFor('finance'), permitFor('finance', later)], noon)).toBe(at(23 * 60));
  });
});

it('what tells of health, money or children is never matched to a person', () => {
  expect(categories.filter(isSensitive)).toEqual([
    'medical',
    'medicine',
    'medical-device',
    'health-food',
    'finance',
    'alcohol',
    'for-children',
  ]);
  expect(isSensitive(null)).toBe(false);
});
