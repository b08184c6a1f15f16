/** What the largest template needs, with room for the camera. */
const sideMax = 2_700;
const quality = 0.9;
/** A file of this size travels as it is. */
const smallBytes = 1_500_000;

/**
 * A photo as a JPEG that is not larger than a screen needs, so that ten megabytes of a phone's photo do not travel. Also turns kinds that only this browser
 * reads (HEIC on an iPhone) into one that everybody does. What the browser cannot read goes as it is: the cloud says what is wrong with it.
 */
export async function shrinkPhoto(file: File): Promise<Blob> {
  if (file.size <= smallBytes && /^image\/(?:jpeg|png|webp)$/.test(file.type)) return file;
  const image = await createImageBitmap(file).catch(() => null);
  if (!image) return file;
  const scale = Math.min(1, sideMax / Math.max(image.width, image.height));
  const canvas = document.createElement('canvas');
  canvas.width = Math.round(image.width * scale);
  canvas.height = Math.round(image.height * scale);
  canvas.getContext('2d')?.drawImage(image, 0, 0, canvas.width, canvas.height);
  image.close();
  const made = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, 'image/jpeg', quality));
  return made ?? file;
}
