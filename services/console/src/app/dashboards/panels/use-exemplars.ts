import { useCallback, useMemo } from 'react';
import { useNavigate } from 'react-router';
import { type ExemplarMark, thinExemplars } from '../../charts/marks.ts';
import { fillTemplate } from '../../links/target.ts';
import { useLab } from '../../shell/lab-context.ts';
import { useTarget } from '../../shell/use-target.ts';
import type { PanelData } from '../load-panel.ts';
import { exemplarMarks } from '../model/exemplars.ts';

/** So many columns over the panel's width: dots are samples, not a second curve. */
const COLUMNS = 22;

/**
 * A panel's exemplars as dots, few enough to see what is under them, and the way from a dot to its trace.
 * @param level the height of a value as a small whole number; undefined where it lies outside the picture.
 */
export function useExemplars(
  data: PanelData,
  level: (value: number) => number | undefined,
): { marks: ExemplarMark[]; open: (mark: ExemplarMark) => void } {
  const { lab } = useLab();
  const target = useTarget();
  const navigate = useNavigate();
  const marks = useMemo(
    () => thinExemplars(exemplarMarks(data.exemplars), data.range, COLUMNS, level),
    [data, level],
  );
  const open = useCallback(
    ({ traceId }: ExemplarMark) => {
      if (traceId === undefined) return;
      const found = target(fillTemplate(lab?.linkTemplates.trace ?? '/traces/{traceId}', { traceId }));
      if (found?.internal) navigate(found.href);
      else if (found) window.open(found.href, '_blank', 'noopener,noreferrer');
    },
    [lab, navigate, target],
  );
  return { marks, open };
}
