/** Values shown as words or in another colour: Grafana's `mappings`. */
import { compilePattern } from './pattern.ts';
import { number, optionalText, record, records, text } from './read.ts';

export interface MappingResult {
  text: string | undefined;
  color: string | undefined;
}

export type ValueMapping = (value: number | string | null) => MappingResult | undefined;

function readResult(value: unknown): MappingResult {
  const result = record(value);
  return { text: optionalText(result['text']), color: optionalText(result['color']) };
}

/** Unknown kinds of mapping are left out. */
export function readMappings(value: unknown): ValueMapping[] {
  return records(value).flatMap((mapping): ValueMapping[] => {
    const options = record(mapping['options']);
    switch (mapping['type']) {
      case 'value':
        return [exact(options)];
      case 'range':
        return [range(options)];
      case 'regex':
        return [regex(options)];
      case 'special':
        return [special(options)];
      default:
        return [];
    }
  });
}

function exact(options: Readonly<Record<string, unknown>>): ValueMapping {
  return (value) => {
    const found = Object.entries(options).find(([key]) => key === String(value));
    return found ? readResult(found[1]) : undefined;
  };
}

function range(options: Readonly<Record<string, unknown>>): ValueMapping {
  const from = number(options['from']) ?? Number.NEGATIVE_INFINITY;
  const to = number(options['to']) ?? Number.POSITIVE_INFINITY;
  return (value) =>
    typeof value === 'number' && value >= from && value <= to ? readResult(options['result']) : undefined;
}

function regex(options: Readonly<Record<string, unknown>>): ValueMapping {
  const pattern = compilePattern(text(options['pattern']));
  return (value) => (pattern?.test(String(value)) ? readResult(options['result']) : undefined);
}

function special(options: Readonly<Record<string, unknown>>): ValueMapping {
  const isNaNValue = (value: unknown) => typeof value === 'number' && Number.isNaN(value);
  const holds = (value: number | string | null): boolean => {
    switch (options['match']) {
      case 'null':
        return value === null;
      case 'nan':
        return isNaNValue(value);
      case 'null+nan':
        return value === null || isNaNValue(value);
      case 'empty':
        return value === '';
      default:
        return false;
    }
  };
  return (value) => (holds(value) ? readResult(options['result']) : undefined);
}

/** The first mapping that says something about the value. */
export function mapValue(
  mappings: readonly ValueMapping[],
  value: number | string | null,
): MappingResult | undefined {
  for (const mapping of mappings) {
    const found = mapping(value);
    if (found) return found;
  }
  return undefined;
}
