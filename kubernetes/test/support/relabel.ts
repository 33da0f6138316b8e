/** Relabels as Prometheus does: the actions that prometheus/kubernetes.yml uses, and an error for any other. */

export interface Step {
  source_labels?: string[];
  separator?: string;
  regex?: string;
  target_label?: string;
  replacement?: string;
  action?: string;
}

export type Labels = Readonly<Record<string, string>>;

/** Returns the labels of a target after all steps; undefined where it was dropped. */
export function relabel(labels: Labels, steps: readonly Step[]): Labels | undefined {
  let current = labels;
  for (const step of steps) {
    const {
      source_labels = [],
      separator = ';',
      regex = '(.*)',
      replacement = '$1',
      action = 'replace',
    } = step;
    const text = source_labels.map((label) => current[label] ?? '').join(separator);
    const match = new RegExp(`^(?:${regex})$`).exec(text);
    if (action === 'keep' || action === 'drop') {
      if ((match !== null) !== (action === 'keep')) return undefined;
    } else if (action === 'replace') {
      if (match !== null)
        current = {
          ...current,
          [step.target_label ?? '']: replacement.replaceAll(
            /\$(\d)/g,
            (_, group: string) => match[Number(group)] ?? '',
          ),
        };
    } else throw new Error(`relabel: expected keep, drop or replace, got ${action}`);
  }
  return current;
}
