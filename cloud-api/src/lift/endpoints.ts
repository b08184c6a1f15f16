import type { Lift } from './contract.ts';

export interface LiftEndpoints {
  'GET /v1/campaigns/:id/lift': { result: Lift };
}
