/** Names of images as the node's engine knows them: with registry, folder and tag. */

const REGISTRY = 'docker.io';

/**
 * `postgres:18` is `docker.io/library/postgres:18`, `prom/prometheus` is `docker.io/prom/prometheus:latest`. A digest stays.
 */
export function normalizeImage(name: string): string {
  const [first = '', ...rest] = name.split('/');
  const hasRegistry = rest.length > 0 && (/[.:]/.test(first) || first === 'localhost');
  const path = hasRegistry ? name : `${REGISTRY}/${rest.length === 0 ? 'library/' : ''}${name}`;
  const last = path.slice(path.lastIndexOf('/') + 1);
  return /[:@]/.test(last) ? path : `${path}:latest`;
}
