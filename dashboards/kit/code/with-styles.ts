/** Style sheets that are here or on their way, by address. */
const sheets = new Map<string, Promise<void>>();

/** Where this chunk lies, as all of them do. */
const here = import.meta.url;

/**
 * Fetches a chunk of code together with its style sheets and with the chunks that it needs itself. The build puts it around every `import()` in place of
 * Vite's own, which would take a style sheet that failed once for one that is here. `files` are paths below the page's folder.
 */
export async function withStyles<T>(fetchCode: () => Promise<T>, files: readonly string[] = []): Promise<T> {
  const addresses = files.map((file) => new URL(`../${file}`, here).pathname);
  const [code] = await Promise.all([
    fetchCode(),
    ...addresses.map((address) => (address.endsWith('.css') ? styleSheet(address) : fetchBeside(address))),
  ]);
  return code;
}

function styleSheet(address: string): Promise<void> {
  const known = sheets.get(address);
  if (known) return known;
  // The page came with it.
  if (isLinked(address)) return Promise.resolve();
  const sheet = new Promise<void>((resolve, reject) => {
    const link = linkTo('stylesheet', address);
    link.addEventListener('load', () => resolve());
    link.addEventListener('error', () => {
      link.remove();
      sheets.delete(address);
      reject(new Error(`no styles from ${address}`));
    });
  });
  sheets.set(address, sheet);
  return sheet;
}

/** Without this the browser learns only from the chunk which others it needs. */
function fetchBeside(address: string): void {
  if (!isLinked(address)) linkTo('modulepreload', address);
}

const isLinked = (address: string): boolean => document.querySelector(`link[href="${address}"]`) !== null;

function linkTo(rel: string, address: string): HTMLLinkElement {
  const link = document.createElement('link');
  link.rel = rel;
  link.crossOrigin = '';
  link.href = address;
  document.head.append(link);
  return link;
}
