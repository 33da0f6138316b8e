/**
 * Returns the texts that a stat panel shows. A name alone stands where the value would.
 * @param textMode the panel's option; anything unknown is `auto`.
 * @param count how many values the panel has.
 */
export function shownTexts(textMode: string, count: number): readonly ('name' | 'value')[] {
  switch (textMode) {
    case 'none':
      return [];
    case 'name':
      return ['name'];
    case 'value':
      return ['value'];
    case 'value_and_name':
      return ['name', 'value'];
    default:
      return count > 1 ? ['name', 'value'] : ['value'];
  }
}
