import { LOG_LEVELS, type LogDetail, type LogRecord } from '../../contract/logs.ts';
import { textOf } from '../records/fields.ts';
import { DEFECTS, fieldsOfStored } from '../records/parse-line.ts';
import { timeOfId } from '../records/time-coded-id.ts';
import type { StoredLine } from './plan.ts';

/** A stored line as the console shows it. */
export function recordOf(row: StoredLine, services: Map<number, string>): LogRecord {
  const fields = fieldsOfStored(row.line, row.defect);
  return {
    id: `${row.segment}-${row.id}`,
    time: new Date(timeOfId(row.id)).toISOString(),
    level: LOG_LEVELS[row.level] ?? 'unknown',
    service: services.get(row.service) ?? '(unknown)',
    message: textOf(fields['message']) ?? '',
    traceId: textOf(fields['trace.id']) ?? null,
    spanId: textOf(fields['span.id']) ?? null,
    requestId: textOf(fields['http.request.id']) ?? null,
    fields,
    defect: DEFECTS[row.defect] ?? null,
  };
}

export function detailOf(row: StoredLine, file: string | null, services: Map<number, string>): LogDetail {
  return { ...recordOf(row, services), file, raw: row.line };
}
