import { pageWords } from '../../i18n/page-words.ts';

const zh = {
  add: '新增终端',
  added: '终端已创建',
  community: '小区',
  entrance: '出入口',
  name: '终端名称',
  nameHint: '写在设备上的编号，例如 GC-1001',
  create: '创建',
  claimHint: '在终端上输入这个激活码，终端就会上线。',
  claimOnce: (until: string) => `只显示这一次，${until} 前有效。`,
  done: '完成',
  again: '新的激活码',
  againTitle: '给这台终端一个新的激活码？',
  againText: '之前的激活码立即作废。设备坏了换新的，用新激活码激活后，换下来的那台就不能再用。',
  out: '停用这台终端',
  outTitle: (name: string) => `停用「${name}」？`,
  outText: '设备丢失或被盗时用：几秒内断开，不再收到名单和设置。找回后要用新的激活码重新激活。',
  cancel: '取消',
};
const en: typeof zh = {
  add: 'New terminal',
  added: 'The terminal is made',
  community: 'Community',
  entrance: 'Entrance',
  name: 'Name of the terminal',
  nameHint: 'What is written on it, such as GC-1001',
  create: 'Create',
  claimHint: 'Type this code at the terminal and it comes online.',
  claimOnce: (until) => `Shown this once, good until ${until}.`,
  done: 'Done',
  again: 'New claim code',
  againTitle: 'A new claim code for this terminal?',
  againText:
    'The code before it is void at once. When a device was replaced: once the new one is claimed, the one before it is out.',
  out: 'Take out of service',
  outTitle: (name) => `Take ${name} out of service?`,
  outText:
    'For a device that was lost or stolen: it is cut off within seconds and gets no further list. To use it again takes a new claim code.',
  cancel: 'Cancel',
};

export const useAddTerminalWords = pageWords({ zh, en });
