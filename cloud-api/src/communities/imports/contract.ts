import { z } from 'zod';
import { atMs, id } from '../../platform/contract.ts';
import { localDate, relation } from '../resident-contract.ts';

/** Of a file of residents. */
export const importBytesMax = 5 * 1024 * 1024;
export const importRowsMax = 20_000;
export const importColumnsMax = 50;

export const importColumn = z.enum(['name', 'phone', 'building', 'unit', 'relation', 'leaseEndsOn']);
export type ImportColumn = z.infer<typeof importColumn>;

/** `message` is one plain sentence and repeats nothing of what the file says. */
const rowError = z.object({
  /** As the spreadsheet counts: the header is 1. */
  row: z.int(),
  column: importColumn.nullable(),
  code: z.enum([
    'name-missing',
    'name-too-long',
    'phone-missing',
    'phone-invalid',
    'phone-twice',
    'phone-taken',
    'building-missing',
    'building-too-long',
    'unit-missing',
    'unit-invalid',
    'relation-unknown',
    'lease-end-invalid',
    'lease-end-past',
    'unreadable',
    'changed-since',
  ]),
  message: z.string(),
});
export type RowError = z.infer<typeof rowError>;

const rowChange = z.enum(['new', 'changed', 'unchanged', 'error']);
export type RowChange = z.infer<typeof rowChange>;

/** What a file of residents would do, does, or did. */
export const residentImport = z.object({
  id,
  communityId: id,
  filename: z.string(),
  state: z.enum(['checked', 'applying', 'applied', 'undoing', 'undone', 'failed']),
  rows: z.int(),
  new: z.int(),
  changed: z.int(),
  unchanged: z.int(),
  /** The first 200. */
  errors: z.array(rowError).readonly(),
  errorCount: z.int(),
  /** The first 20 rows; empty once the rows are forgotten, a day after the check or the end of the application. */
  preview: z.array(
    z.object({
      row: z.int(),
      change: rowChange,
      name: z.string(),
      phoneMasked: z.string(),
      building: z.string(),
      unit: z.string(),
      relation: relation.nullable(),
      leaseEndsOn: localDate.nullable(),
    }),
  ),
  done: z.int(),
  of: z.int(),
  at: atMs,
  byName: z.string(),
  /** Until when an applied import can be taken back. */
  undoUntil: atMs.nullable(),
});
export type ResidentImport = z.infer<typeof residentImport>;
export type ImportState = ResidentImport['state'];

export const applyImport = z.object({
  /** Takes the good rows of a file that has bad ones. */
  skipErrors: z.boolean().optional(),
});
export const undoImport = z.object({
  /** Leaves those as they are that somebody changed since, instead of refusing. */
  skipChanged: z.boolean().optional(),
});
