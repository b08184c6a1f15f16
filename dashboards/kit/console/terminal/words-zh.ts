/** How the desk apps speak of terminals. */
export const terminalWordsZh = {
  online: '一切正常',
  offline: '终端离线',
  doorOffline: '门锁断开',
  alarmed: '有报警',
  unclaimed: '待激活',
  revoked: '已停用',
  offlineHint: '门仍可用密码打开，记录会在恢复后补传。',
  doorOfflineHint: '终端连不上门锁控制器，请现场查看接线和电源。',
  lastSeen: (when: string) => `最后在线：${when}`,
  never: '从未上线',
  placement: { gate: '大门', 'unit-door': '单元门', lift: '电梯' },
  document: { config: '设置', access: '通行名单', plan: '播放计划', media: '视频' },
  documentNone: '暂无',
  documentApplied: '已生效',
  documentPending: (n: number) => `第 ${n} 版下发中`,
  documentFailed: '未能生效，仍用上一版',
};
export type TerminalWords = typeof terminalWordsZh;
