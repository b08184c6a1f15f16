/** The squares of a QR code, without the quiet zone around it. */
export interface QrModules {
  readonly size: number;
  readonly isDark: (x: number, y: number) => boolean;
}

/** Modules that have to stay white around a code, or readers do not find it (ISO/IEC 18004, 9.1). */
export const quietModules = 4;

/** Error correction M: a finger over a corner does no harm. Rejects if the encoder, fetched only now, cannot be had. */
export async function qrModules(text: string): Promise<QrModules> {
  const { create } = await import('qrcode');
  const { modules } = create(text, { errorCorrectionLevel: 'M' });
  return { size: modules.size, isDark: (x, y) => modules.get(y, x) === 1 };
}

/** All dark squares as the path of an SVG whose unit is one square. */
export function qrPath({ size, isDark }: QrModules): string {
  let path = '';
  for (let y = 0; y < size; y += 1)
    for (let x = 0; x < size; x += 1) if (isDark(x, y)) path += `M${x + quietModules} ${y + quietModules}h1v1h-1z`;
  return path;
}
