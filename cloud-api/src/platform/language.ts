export type Language = 'zh' | 'en';

/** The language that an `Accept-Language` header prefers; Chinese unless it asks for English first. */
export const languageOf = (header: string | null): Language => (/^\s*en\b/i.test(header ?? '') ? 'en' : 'zh');
