const sizePx = 24;

/** Fetches the Chinese web font for a machine that has none: over a megabyte on a page of Chinese. */
export async function fetchFontIfNeeded(): Promise<void> {
  if (!drawsChinese()) await import('@fontsource-variable/noto-sans-sc');
}

/** Without a font every character is the same empty box. (Browsers that write the character's number into the box keep those.) */
function drawsChinese(): boolean {
  const context = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
  if (!context) return true;
  context.font = `${sizePx}px sans-serif`;
  const drawn = (character: string): string => {
    context.clearRect(0, 0, sizePx, 2 * sizePx);
    context.fillText(character, 0, sizePx);
    return context.getImageData(0, 0, sizePx, 2 * sizePx).data.join();
  };
  return drawn('门') !== drawn('播');
}
