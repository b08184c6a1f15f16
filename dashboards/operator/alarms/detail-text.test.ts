import { expect, it } from 'vitest';
import { alarmWordsZh } from './alarm-words.ts';
import { detailText } from './detail-text.ts';

it('says what became of a message in words, and what nobody foresaw as it is', () => {
  const say = (detail: string) => detailText(detail, alarmWordsZh);
  expect(say('getaddrinfo ENOTFOUND hooks.example')).toBe('找不到这个域名');
  expect(say('it answered 503')).toBe('对方回应 503');
  expect(say('HTTP 200')).toBe('对方回应 200');
  expect(say('no SMS gateway is configured (GATECAST_SMS_URL, GATECAST_SMS_TOKEN)')).toBe('平台没有配置短信网关');
  expect(say('The operation was aborted due to timeout')).toBe('没有按时回应');
  expect(say('3')).toBe('攒着 3 条');
  expect(say('a fault of its own')).toBe('a fault of its own');
});
