import { expect, it } from 'vitest';
import { httpStatus } from '../../cloud-api/src/platform/errors.ts';
import { problemsZh } from '../../dashboards/kit/i18n/problems-zh.ts';

it('whatever the cloud refuses, the pages have a sentence for it', () => {
  expect(Object.keys(httpStatus).filter((code) => !(code in problemsZh))).toEqual([]);
});
