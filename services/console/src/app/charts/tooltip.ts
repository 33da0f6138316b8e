/** The box beside the pointer. Built from text nodes only: names and values come from telemetry. */

export interface TooltipRow {
  color: string;
  label: string;
  value: string;
  strong?: boolean;
}

export interface TooltipContent {
  title: string;
  rows: readonly TooltipRow[];
  notes: readonly string[];
}

function element(tag: string, className: string, text = ''): HTMLElement {
  const node = document.createElement(tag);
  node.className = className;
  node.textContent = text;
  return node;
}

export function createTooltip(parent: HTMLElement) {
  const box = element('div', 'tip');
  box.hidden = true;
  parent.append(box);

  return {
    /** @param at pixels from the parent's corner, @param size the parent's. */
    show(content: TooltipContent, at: { x: number; y: number }, size: { width: number; height: number }) {
      box.replaceChildren(element('div', 'tip-title', content.title));
      for (const { color, label, value, strong } of content.rows) {
        const row = element('div', strong === true ? 'tip-row row-s tip-strong' : 'tip-row row-s');
        const swatch = element('span', 'tip-swatch');
        swatch.style.background = color;
        row.append(
          swatch,
          element('span', 'grow truncate', label),
          element('span', 'tip-value truncate', value),
        );
        box.append(row);
      }
      for (const note of content.notes) box.append(element('div', 'tip-note muted', note));
      box.hidden = false;
      const { offsetWidth, offsetHeight } = box;
      const left = at.x + 14 + offsetWidth > size.width ? at.x - 14 - offsetWidth : at.x + 14;
      const top = Math.min(
        Math.max(at.y - offsetHeight / 2, -8),
        Math.max(-8, size.height - offsetHeight + 8),
      );
      box.style.transform = `translate(${Math.round(left)}px, ${Math.round(top)}px)`;
    },
    hide() {
      box.hidden = true;
    },
    remove() {
      box.remove();
    },
  };
}

export type Tooltip = ReturnType<typeof createTooltip>;
