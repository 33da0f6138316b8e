/** Says what is wrong with compose.yaml; a command turns it into its message and exit status 2. */
export class ManifestError extends Error {
  override name = 'ManifestError';
  /** One line each, beginning with the path of the value: `services.api.x-lab.job: expected …`. */
  readonly complaints: readonly string[];

  constructor(complaints: readonly string[]) {
    super(complaints.join('\n'));
    this.complaints = complaints;
  }
}
