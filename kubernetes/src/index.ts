/**
 * Reads and checks the lab's Kubernetes manifests (base/, overlays/, components/), and names the Secrets that they need. It applies
 * nothing; the driver (lab) does.
 */
export {
  SECRET_KEYS,
  type SecretObject,
  type SecretVariable,
  type SlackFile,
  secretsOf,
} from './secrets.ts';
