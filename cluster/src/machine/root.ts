/** Whether this process may make namespaces and mounts, and end the node's processes. */
export function isRoot(): boolean {
  return process.getuid?.() === 0;
}
