import { isMap, isScalar, parseDocument, visit } from 'yaml';

/**
 * Copies of rules in which every description and summary says something else, with other numbers: what is made from the rules must not
 * change by it.
 * @param rules texts of rules files by name.
 */
export function rewordedRules(rules: ReadonlyMap<string, string>): Map<string, string> {
  return new Map([...rules].map(([name, text]) => [name, reworded(text)]));
}

function reworded(text: string): string {
  const document = parseDocument(text);
  visit(document, {
    Pair(_, { key, value }) {
      if (!isScalar(key) || key.value !== 'annotations' || !isMap(value)) return;
      for (const name of ['summary', 'description'])
        if (value.has(name)) value.set(name, `Something else (threshold 77%, for 99m): {{ $value }}.`);
    },
  });
  return document.toString({ lineWidth: 0 });
}
