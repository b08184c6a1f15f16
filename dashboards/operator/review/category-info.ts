import type { CategoryInfo } from '@gatecast/cloud-api/client';
import { useRead } from '../../kit/api/api-context.tsx';

/** What follows from each category; undefined until it is there. */
export function useCategories(): readonly CategoryInfo[] | undefined {
  return useRead('GET /v1/clip-categories', {}).data?.items;
}
