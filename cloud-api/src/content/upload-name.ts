/** Name on the desk under which the source of a clip is shared until the clip is made. */
export const uploadName = (clipId: string): string => `${clipId}.upload`;
