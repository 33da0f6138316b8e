import type { PanelData } from '../load-panel.ts';
import type { NamedField } from '../model/frame.ts';
import type { Panel } from '../model/panel.ts';

export interface PanelBodyProps {
  panel: Panel;
  data: PanelData;
  /** The data's frames, named and configured. */
  fields: readonly (readonly NamedField[])[];
  title: string;
}
