import { doorHardware } from '@gatecast/firmware-protocol/messages';
import { expect, it } from 'vitest';
import { hardwareDefault, topicPattern } from './hardware-default.ts';

it('a page lets through the topics that a terminal takes, and no others', () => {
  const inPage = new RegExp(`^(?:${topicPattern})$`, 'v');
  const topics = ['cmnd/door/Power', 'a', 'site/1$', 'a/+/b', 'a/#', '$SYS/door', '门/开', 'a/\n', 'key=value*{x}', ''];
  for (const topic of topics) {
    const taken = doorHardware.safeParse({ ...hardwareDefault.mqtt, commandTopic: topic }).success;
    expect(inPage.test(topic), topic).toBe(taken);
  }
});
