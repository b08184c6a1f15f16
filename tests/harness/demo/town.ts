/** The demo's community. Everybody in it is made up. */
export const town = {
  company: '和雅物业',
  guard: '秦师傅',
  community: {
    name: '枫林雅苑',
    zone: 'Asia/Shanghai',
    households: 620,
    profile: { families: 380_000, commuters: 340_000, elderly: 220_000 },
    /** Its main gate; the street is made up. */
    location: { latMicro: 30_274_100, lonMicro: 120_155_100 },
  },
  entrances: [
    { name: '南门', placement: 'gate' },
    { name: '3 幢单元门', placement: 'unit-door' },
    { name: '5 幢单元门', placement: 'unit-door' },
  ],
  /** What the owners decided on these screens. */
  decision: {
    title: '关于出租大门及单元门屏幕的业主共同决定',
    /** Days before the town is founded, and after it. */
    decidedDaysAgo: 60,
    heldForDays: 730,
    placements: 'gate,unit-door,lift',
    excluded: 'alcohol',
    ownersSharePpm: 700_000,
    managementPpm: 100_000,
  },
  residents: [
    { name: '沈一诺', building: '3 幢', unit: '1203' },
    { name: '顾明远', building: '3 幢', unit: '0802' },
    { name: '林晓棠', building: '3 幢', unit: '0501' },
    { name: '方建业', building: '3 幢', unit: '1501' },
    { name: '许素梅', building: '3 幢', unit: '0203' },
    { name: '唐子墨', building: '5 幢', unit: '2101' },
    { name: '何雨桐', building: '5 幢', unit: '2102' },
    { name: '丁国庆', building: '5 幢', unit: '2305' },
    { name: '罗秀珍', building: '5 幢', unit: '2504' },
    { name: '崔文博', building: '5 幢', unit: '2608' },
    { name: '姚思琪', building: '5 幢', unit: '2703' },
    { name: '侯志强', building: '5 幢', unit: '2906' },
  ],
  merchants: [
    {
      key: 'fruit',
      name: '邻里鲜果',
      owner: '陶小满',
      store: {
        name: '邻里鲜果·枫林店',
        address: '枫林路 18 号(南门出门右转 60 米)',
        hours: '07:30–21:30',
        location: { latMicro: 30_273_700, lonMicro: 120_155_600 },
      },
    },
    {
      key: 'noodles',
      name: '阿婆面馆',
      owner: '卢阿婆',
      store: {
        name: '阿婆面馆',
        address: '枫林路 26 号',
        hours: '06:00–14:00,17:00–21:00',
        location: { latMicro: 30_271_600, lonMicro: 120_157_300 },
      },
    },
  ],
  deal: {
    merchant: 'fruit',
    title: '现摘赣南脐橙 5 斤装',
    description: '当天到店,坏一个赔一个。两人成团,凭取货码到店自提。',
    singlePriceFen: 2_990,
    groupPriceFen: 1_990,
    groupSize: 2,
    groupHours: 24,
    stock: 120,
    perPersonMax: 3,
  },
  /** Which store's clip is on sale for which hours of the day, in local minutes. Between them the house's clips play. */
  dayparts: [
    { merchant: 'noodles', fromMinute: 7 * 60, toMinute: 8 * 60 + 30 },
    { merchant: 'fruit', fromMinute: 16 * 60 + 30, toMinute: 20 * 60 },
  ],
  touchesPerHalfHour: 20,
} as const;

/** `19900000007`: a range that no operator gives out. */
export const phoneOf = (index: number): string => `199000000${String(index + 1).padStart(2, '0')}`;
