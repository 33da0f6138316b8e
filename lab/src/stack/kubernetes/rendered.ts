/** The objects of an overlay, as Kustomize renders them, with this lab's ports and without the parts that are left out. */
import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import type { Manifest } from '@lab/manifest';
import { parseAllDocuments, stringify } from 'yaml';
import { z } from 'zod';
import { CannotRun, describeError } from '../../cli/failure.ts';
import { runCommand } from '../../process/run-command.ts';
import type { LabPaths } from '../../settings/paths.ts';
import type { Settings } from '../../settings/settings.ts';
import type { PartName } from '../stack.ts';

/** The label by which everything of the lab is known, and nothing else is touched. */
export const PART_OF = 'app.kubernetes.io/part-of=observability-lab';
/** The label that says which part of compose.yaml an object belongs to. */
export const NAME_LABEL = 'app.kubernetes.io/name';

const container = z.looseObject({ name: z.string(), image: z.string() });

const objectSchema = z.looseObject({
  apiVersion: z.string(),
  kind: z.string(),
  metadata: z.looseObject({
    name: z.string(),
    namespace: z.string().optional(),
    labels: z.record(z.string(), z.string()).optional(),
  }),
  data: z.record(z.string(), z.string()).optional(),
  spec: z
    .looseObject({
      replicas: z.number().optional(),
      ports: z
        .array(z.looseObject({ port: z.number(), targetPort: z.union([z.number(), z.string()]).optional() }))
        .optional(),
      template: z
        .looseObject({
          metadata: z.looseObject({ annotations: z.record(z.string(), z.string()).optional() }).optional(),
          spec: z.looseObject({
            containers: z.array(container),
            initContainers: z.array(container).optional(),
          }),
        })
        .optional(),
    })
    .optional(),
});

export type KubernetesObject = z.infer<typeof objectSchema>;

const WORKLOADS = ['Deployment', 'StatefulSet', 'DaemonSet', 'Job'] as const;
export type WorkloadKind = (typeof WORKLOADS)[number];

/** What runs a part. */
export interface Workload {
  part: PartName;
  kind: WorkloadKind;
  name: string;
  namespace: string;
  /** Of pods, as the overlay has it. */
  replicas: number;
  images: readonly string[];
  /** The image of the container that bears the part's name. */
  image: string;
}

/**
 * Renders the overlay `local` by way of a kustomization of this lab's own, which leaves parts out. Asks no cluster.
 * @param leftOut parts for which kubernetes/components has a way to go without.
 * @throws CannotRun with Kustomize's words.
 */
export async function render(
  kubectl: string,
  { paths, settings, manifest }: { paths: LabPaths; settings: Settings; manifest: Manifest },
  leftOut: readonly PartName[],
): Promise<KubernetesObject[]> {
  const folder = join(paths.lab, 'kubernetes');
  await mkdir(folder, { recursive: true });
  const from = (...path: string[]) => relative(folder, join(paths.root, 'kubernetes', ...path));
  const kustomization = {
    apiVersion: 'kustomize.config.k8s.io/v1beta1',
    kind: 'Kustomization',
    resources: [from('overlays', 'local')],
    components: leftOut
      .filter((part) => canLeaveOut(paths, part))
      .map((part) => from('components', `without-${part}`)),
  };
  await writeFile(join(folder, 'kustomization.yaml'), stringify(kustomization));
  try {
    const { stdout } = await runCommand(kubectl, ['kustomize', folder]);
    return objectsOf(withPorts(stdout, manifest, settings));
  } catch (cause) {
    throw new CannotRun(`kubernetes/overlays/local cannot be rendered: ${describeError(cause)}`, { cause });
  }
}

/** Reads every document of a YAML text. @throws ZodError for one that is no object of Kubernetes. */
export function objectsOf(text: string): KubernetesObject[] {
  return parseAllDocuments(text).map((document) => objectSchema.parse(document.toJS()));
}

/** Tells whether the lab can go without a part: a component takes it out of the overlay. */
export function canLeaveOut({ root }: Pick<LabPaths, 'root'>, part: PartName): boolean {
  return existsSync(join(root, 'kubernetes', 'components', `without-${part}`));
}

/** Replaces the addresses on this machine, which `.env` can change and the overlay has as they are by default. */
export function withPorts(text: string, manifest: Manifest, { ports }: Settings): string {
  const chosen: Readonly<Record<string, number>> = ports;
  const changed = new Map(
    manifest.ports.flatMap(({ variable, default: usual }) => {
      const port = chosen[variable];
      return port === undefined || port === usual ? [] : [[usual, port] as const];
    }),
  );
  return text.replaceAll(
    /(\/\/127\.0\.0\.1:)(\d+)/g,
    (_, before: string, port: string) => `${before}${changed.get(Number(port)) ?? port}`,
  );
}

/** Returns what runs the parts, in the order of compose.yaml. */
export function workloadsOf(objects: readonly KubernetesObject[], { parts }: Manifest): Workload[] {
  const found = objects.flatMap((object) => {
    const kind = WORKLOADS.find((each) => each === object.kind);
    return kind === undefined ? [] : [workloadOf(kind, object)];
  });
  const place = ({ part }: Workload) => parts.findIndex(({ name }) => name === part);
  return found.sort((one, other) => place(one) - place(other));
}

function workloadOf(kind: WorkloadKind, { metadata, spec }: KubernetesObject): Workload {
  const pod = spec?.template?.spec;
  const containers = pod?.containers ?? [];
  const part = metadata.labels?.[NAME_LABEL] ?? metadata.name;
  return {
    kind,
    part,
    name: metadata.name,
    namespace: metadata.namespace ?? 'default',
    replicas: spec?.replicas ?? 1,
    images: [...(pod?.initContainers ?? []), ...containers].map(({ image }) => image),
    image: (containers.find(({ name }) => name === part) ?? containers[0])?.image ?? '',
  };
}

/** Returns a text of YAML documents, as `kubectl apply` reads it. */
export function toYaml(objects: readonly unknown[]): string {
  return objects.map((object) => `---\n${JSON.stringify(object)}\n`).join('');
}
