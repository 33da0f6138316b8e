/** A place where the manifests say something else than compose.yaml. */
export interface Difference {
  /** The part of compose.yaml. */
  part: string;
  /** The fact that differs, such as `environment LOG_FILE`. */
  fact: string;
  /** Expected and found, for a person. */
  detail: string;
}
