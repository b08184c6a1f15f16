import type { ServerResponse } from 'node:http';
import { DomainError } from '../units/errors.ts';

/** Why the door's HTTP interface refuses; each code with its status. */
const DOOR_PROBLEM_STATUS = {
  'body-invalid': 400,
  'json-invalid': 400,
  'host-forbidden': 403,
  'origin-forbidden': 403,
  'not-found': 404,
  'no-such-floor': 404,
  'method-not-allowed': 405,
  'floor-locked': 409,
  'no-exit-reader': 409,
  'queue-full': 409,
  'body-too-large': 413,
  'code-too-long': 413,
  'no-controller': 503,
  'too-many-watchers': 503,
} as const;

export type DoorProblemCode = keyof typeof DOOR_PROBLEM_STATUS;

export function doorProblem(code: DoorProblemCode, message: string): DomainError<DoorProblemCode> {
  return new DomainError(code, message);
}

/** RFC 9457 problem details. What is not a refusal of ours is a bug: 500 without its insides. */
export function sendProblem(response: ServerResponse, error: unknown): void {
  const isRefusal = error instanceof DomainError && isProblemCode(error.code);
  const status = isRefusal && isProblemCode(error.code) ? DOOR_PROBLEM_STATUS[error.code] : 500;
  const code = isRefusal ? error.code : 'internal';
  const detail = isRefusal ? error.message : 'The simulator made a mistake; its log says which.';
  if (!isRefusal) {
    console.error(error);
  }
  response.writeHead(status, { 'content-type': 'application/problem+json; charset=utf-8', connection: 'close' });
  response.end(JSON.stringify({ type: 'about:blank', title: detail, status, code }));
}

function isProblemCode(code: string): code is DoorProblemCode {
  return code in DOOR_PROBLEM_STATUS;
}
