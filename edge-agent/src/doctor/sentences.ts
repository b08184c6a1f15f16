import type { Language } from '../on-site/words.ts';
import type { Finding, FindingCode } from './finding.ts';

type Sentences = Readonly<Record<FindingCode, string>>;

/** `{}` is what the finding is about. */
const zh: Sentences = {
  'settings-good': '设置没有错误。',
  'settings-bad': '设置有错误：{}。请改好后重启服务。',
  'agent-running': '程序正在运行。本机页面：{}',
  'agent-stopped': '程序没有运行。启动：systemctl start gatecast-agent；日志：journalctl -u gatecast-agent。',
  'data-writable': '数据目录可写：{}',
  'data-missing': '没有数据目录：{}。请重新运行 install.sh。',
  'data-read-only': '数据目录写不进去：{}。检查磁盘是否只读、目录属主是否正确。',
  'keys-private': '密钥文件只有本程序能读。',
  'keys-none': '还没有密钥；第一次启动时会生成。',
  'keys-open': '别的用户能读密钥文件：{}。请执行 chmod 600。',
  claimed: '已认领：{}',
  unclaimed: '还没认领。看屏幕上的二维码，由物业在后台确认。',
  'documents-in-force': '正在使用：{}',
  'documents-none': '还没有收到配置和名单。认领后几秒内会收到。',
  'database-unreadable': '数据库打不开：{}。不要删除；先备份，再联系运营方。',
  'door-answers': '门控硬件有应答：{}',
  'door-silent': '门控硬件没有应答：{}。检查电源、A/B 线是否接反、波特率和地址。',
  'door-link-broken': '连不上门控线路：{}。检查串口名、权限（dialout 组）或转换器。',
  'door-not-configured': '还没有门的配置，没法询问门控硬件。',
  'cloud-answers': '云端有应答：{}',
  'cloud-name-unknown': '域名解析不了：{}。检查 DNS 和地址拼写。',
  'cloud-unreachable': '连不上云端：{}。检查网线、路由器、防火墙。',
  'cloud-not-trusted': '云端证书不可信：{}。检查设备时间和地址；不要绕过。',
  'cloud-answers-wrong': '这个地址不是门播云端：{}',
  'time-right': '时钟准确，差 {} 毫秒。',
  'time-off': '时钟差 {} 毫秒。检查 NTP 和主板电池；程序会按云端时间修正。',
  'time-unknown': '没法对时。',
  'broker-reachable': '消息服务器连得上：{}',
  'broker-unreachable': '消息服务器连不上：{}。远程开门暂不可用，其余照常。',
  'disk-good': '磁盘剩余 {} MB。',
  'disk-low': '磁盘剩余 {} MB，快满了。',
  'disk-full': '磁盘剩余 {} MB，满了。清理数据目录以外的文件。',
  'screen-open': '屏幕页面已打开。',
  'screen-absent': '程序在运行，但没有浏览器打开屏幕页面。检查 kiosk 浏览器。',
  'screen-port-free': '屏幕端口可用：{}',
  'screen-port-taken': '屏幕端口被占用：{}。换一个 GATECAST_SCREEN_PORT，或停掉占用的程序。',
};

const en: Sentences = {
  'settings-good': 'The settings have no fault.',
  'settings-bad': 'The settings have faults: {}. Correct them and restart the service.',
  'agent-running': 'The agent runs. Its local page: {}',
  'agent-stopped': 'The agent does not run. Start: systemctl start gatecast-agent; log: journalctl -u gatecast-agent.',
  'data-writable': 'The data folder can be written: {}',
  'data-missing': 'There is no data folder: {}. Run install.sh again.',
  'data-read-only':
    'The data folder cannot be written: {}. Is the disk read-only? Does the folder belong to the agent?',
  'keys-private': 'Only the agent can read the key files.',
  'keys-none': 'There are no keys yet; they are made at the first start.',
  'keys-open': 'Other users can read a key file: {}. Run chmod 600 on it.',
  claimed: 'Claimed: {}',
  unclaimed: 'Not claimed yet. See the code on the screen; the property confirms it in its console.',
  'documents-in-force': 'In force: {}',
  'documents-none': 'No configuration and no list have come yet. They come within seconds of the claim.',
  'database-unreadable': 'The database cannot be opened: {}. Do not delete it: make a copy and call the operator.',
  'door-answers': 'The door’s hardware answers: {}',
  'door-silent': 'The door’s hardware does not answer: {}. Check power, wires A and B, baud rate and address.',
  'door-link-broken':
    'The line to the door cannot be opened: {}. Check the port’s name, its rights (group dialout), or the converter.',
  'door-not-configured': 'No door is configured yet, so there is nobody to ask on the line.',
  'cloud-answers': 'The cloud answers: {}',
  'cloud-name-unknown': 'The cloud’s name cannot be resolved: {}. Check DNS and the spelling.',
  'cloud-unreachable': 'The cloud cannot be reached: {}. Check cable, router and firewall.',
  'cloud-not-trusted':
    'The cloud’s certificate is not trusted: {}. Check this machine’s date and the address; do not work around it.',
  'cloud-answers-wrong': 'What answers there is not the Gatecast cloud: {}',
  'time-right': 'The clock is right; it differs by {} ms.',
  'time-off': 'The clock differs by {} ms. Check NTP and the board’s battery; the agent goes by the cloud’s time.',
  'time-unknown': 'Nobody could be asked for the time.',
  'broker-reachable': 'The broker can be reached: {}',
  'broker-unreachable': 'The broker cannot be reached: {}. No remote opening for now; all else goes on.',
  'disk-good': '{} MB of disk are free.',
  'disk-low': '{} MB of disk are free, which is little.',
  'disk-full': '{} MB of disk are free: it is full. Tidy up outside the data folder.',
  'screen-open': 'The screen’s page is open.',
  'screen-absent': 'The agent runs, but no browser has the screen’s page open. Check the kiosk browser.',
  'screen-port-free': 'The screen’s port is free: {}',
  'screen-port-taken': 'The screen’s port is taken: {}. Choose another GATECAST_SCREEN_PORT, or end what has it.',
};

const marks = { good: '✓', warn: '!', bad: '✗' } as const;

export const sentenceOf = ({ code, about = '' }: Finding, language: Language): string =>
  (language === 'zh' ? zh : en)[code].replace('{}', about);

export const lineOf = (finding: Finding, language: Language): string =>
  `${marks[finding.state]} ${sentenceOf(finding, language)}`;
