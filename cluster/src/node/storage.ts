/** Name by which addons/storage.yaml and the provisioner know each other. */
export const PROVISIONER = 'observability-lab/local-volume';
