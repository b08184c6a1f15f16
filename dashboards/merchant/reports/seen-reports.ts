const key = 'gatecast.merchant.reports-seen';

/** When the reports were last looked at on this device; 0: never, or nothing may be kept here. */
export function reportsSeenAt(): number {
  try {
    return Number(localStorage.getItem(key) ?? 0);
  } catch {
    return 0;
  }
}

export function noteReportsSeen(madeAt: number): void {
  try {
    localStorage.setItem(key, String(madeAt));
  } catch {
    // A browser that keeps nothing shows them as new again.
  }
}
