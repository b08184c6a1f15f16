import { useEffect, useState } from 'react';

/** For a dialog that is there only while it is open: whatever had the focus before gets it back when the dialog goes. */
export function useFocusBack(): void {
  const [before] = useState(() => document.activeElement);
  useEffect(
    () => () => {
      if (before instanceof HTMLElement) before.focus();
    },
    [before],
  );
}
