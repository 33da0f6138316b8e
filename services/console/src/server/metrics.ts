/** The metrics that only the console has. */
import { counter, gauge } from '@lab/telemetry';

export const METRICS = {
  lab_experiment_active: gauge(
    'lab_experiment_active',
    ['experiment'],
    '1 while a chaos experiment is running.',
  ),
  deadmansswitch_last_seen_timestamp_seconds: gauge(
    'deadmansswitch_last_seen_timestamp_seconds',
    [],
    "When the watchdog alert was last seen, in Unix seconds; the console's start until then.",
  ),
  deadmansswitch_silences_total: counter(
    'deadmansswitch_silences_total',
    [],
    'Times the watchdog alert failed to arrive when it was due.',
  ),
  inbox_messages_total: counter(
    'inbox_messages_total',
    ['channel', 'status'],
    'Messages that arrived in the alert inbox.',
  ),
  console_store_written_total: counter(
    'console_store_written_total',
    ['signal'],
    'Log records and spans written to the embedded store.',
  ),
  console_store_rejected_total: counter(
    'console_store_rejected_total',
    ['signal'],
    'Log records and spans that the embedded store could not take.',
  ),
  console_store_defects_total: counter(
    'console_store_defects_total',
    ['defect'],
    'Log lines that were kept with a mark because they are not whole records: cut, torn, not JSON, without a time.',
  ),
  console_store_evicted_total: counter(
    'console_store_evicted_total',
    ['signal'],
    'Log records and spans dropped from the embedded store because of its limits of size and age.',
  ),
  console_store_size_bytes: gauge('console_store_size_bytes', [], 'Size of the embedded store on disk.'),
  console_store_lag_seconds: gauge(
    'console_store_lag_seconds',
    ['signal'],
    'Age of the newest record when it was written to the embedded store.',
  ),
};
