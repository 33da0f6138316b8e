/** Marks what is made from the manifest, so that a person's own files beside it are told apart. */
export const GENERATED =
  '# Generated from compose.yaml by `npm run generate -w @lab/prometheus`. Do not edit.\n';

export function isGenerated(text: string): boolean {
  return text.startsWith(GENERATED);
}
