/** Images of compose.yaml: which are pinned. */
import type { ComposeFile } from './compose-file.ts';
import { withDefaults } from './interpolate.ts';

/** Every image that the stack or a profile of it uses, once, with defaults filled in. */
export function imagesOf({ services }: ComposeFile): string[] {
  return [...new Set(Object.values(services).map(({ image }) => withDefaults(image)))].sort();
}

/** A full version, so that two pulls give the same: `:1`, `:latest`, `:main` or no tag are none. */
export function isPinned(image: string): boolean {
  const [, tag = ''] = /:([^/:]+)$/.exec(image) ?? [];
  return /^v?\d+\.\d+(\.\d+)?(-[a-z0-9.-]+)?$/.test(tag);
}
