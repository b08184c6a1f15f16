import type { PlayBody } from '@gatecast/firmware-protocol/messages';

export type PanelState = PlayBody['panel'];
export type PanelSource = PlayBody['panelBy'];

/** Reads whether the panel is lit. What cannot be read is `unproven`, never an error: no play waits for it. */
export interface PanelProbe {
  readonly by: PanelSource;
  read(): Promise<PanelState>;
}

/** Nothing tells. */
export const noProbe: PanelProbe = { by: 'none', read: () => Promise.resolve('unproven') };
