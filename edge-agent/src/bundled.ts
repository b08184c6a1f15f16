/** Whether this program runs as one bundled file, with its workers and its page beside it, or from its sources. */
export const isBundled = !import.meta.url.endsWith('.ts');
