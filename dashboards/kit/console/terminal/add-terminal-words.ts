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
};

export const useAddTerminalWords = pageWords({ zh, en });
