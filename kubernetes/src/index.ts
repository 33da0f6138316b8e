/**
 * Reads and checks the lab's Kubernetes manifests (base/, overlays/, components/, load/), and names the Secrets that they need. It applies
 * nothing; the driver (lab) does.
 */
export { complaintsAbout, readManifests } from './compare/compare.ts';
export type { KubernetesObject } from './kubernetes-object.ts';
export {
  SECRET_KEYS,
  type SecretObject,
  type SecretVariable,
  type SlackFile,
  secretsOf,
} from './secrets.ts';
