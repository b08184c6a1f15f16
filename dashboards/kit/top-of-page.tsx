import { useEffect } from 'react';

/** A page begins at its top, under the app's name. Give it the path as its key, so that each page is a new one. */
export function TopOfPage({ title }: { readonly title: string }) {
  useEffect(() => scrollTo(0, 0), []);
  useEffect(() => {
    document.title = title;
  }, [title]);
  return null;
}
