/**
 * The walls of this repository: which way imports may point, types included (docs/architecture.md). `npm run walls` holds them; what a
 * package may not be asked for (a path outside its `exports`) does not resolve, and so fails, too.
 */

const TEST = '(^|/)(test|tests|e2e|fixtures)/';
const APPLICATION = '^services/(api|worker|web|console)/';
/** The workspaces that all services share. */
const LIBRARY = '^services/(kit|telemetry|ui-kit)/';
/** Packages that others wrote. */
const OTHERS = 'node_modules';
const OURS = { dependencyTypesNot: ['core'] };
const error = (name, comment, from, to) => ({ name, comment, severity: 'error', from, to });

export default {
  forbidden: [
    error(
      'no-circle',
      'Files that need each other, if only as types, are one file or three.',
      {},
      { circular: true },
    ),
    error(
      'no-deep-import',
      'Another workspace is reached by its name and its public face, not by a path.',
      { path: '^((?:services/)?[^/]+)/' },
      { pathNot: ['^$1/', OTHERS], dependencyTypes: ['local'] },
    ),
    error(
      'no-deep-import-from-root',
      'Another workspace is reached by its name and its public face, not by a path.',
      { path: '^[^/]+$' },
      { path: '^[^/]+/', pathNot: OTHERS, dependencyTypes: ['local'], dependencyTypesNot: ['aliased'] },
    ),
    error(
      'not-to-unresolvable',
      'No such file, or not of those that a package exports.',
      {},
      { couldNotResolve: true },
    ),
    error(
      'no-test-from-source',
      'Nothing that runs outside tests imports a test or what tests share.',
      { pathNot: [TEST, '^testing/', '^[^/]+$'] },
      { path: [TEST, '^testing/'] },
    ),
    error(
      'libraries-know-no-application',
      'kit imports nothing of ours, telemetry and ui-kit only kit.',
      { path: LIBRARY, pathNot: TEST },
      { ...OURS, pathNot: ['^services/($1|kit)/', OTHERS] },
    ),
    error(
      'services-share-the-contract-only',
      "Services import the libraries and the API's contract; nothing of each other, nothing of the lab.",
      { path: APPLICATION, pathNot: TEST },
      { ...OURS, pathNot: ['^services/$1/', LIBRARY, '^services/api/src/contract/', OTHERS] },
    ),
    error(
      'domain-knows-no-infrastructure',
      'Domain code takes what it needs as an argument.',
      { path: '^services/[^/]+/src/.*(service|domain)\\.ts$' },
      { path: 'node_modules/(express|pg|pg-boss|express-session)/' },
    ),
    error(
      'lab-runs-services-as-programs',
      "The lab, its rules and dashboards read the services' metric definitions and the console's contract, no other code of theirs.",
      { path: '^(lab|loadtests|compose|docs|grafana|prometheus|postgres)/', pathNot: TEST },
      { path: APPLICATION, pathNot: ['/metrics\\.ts$', '^services/console/src/contract/'] },
    ),
    error(
      'nothing-imports-the-lab',
      'Only makers’ tools and tests stand upon the lab; the cluster takes what its programs are made of.',
      { pathNot: [TEST, '^(lab|cluster|workshop|testing)/', '^[^/]+$'] },
      { path: '^lab/' },
    ),
    error(
      'cluster-knows-no-lab',
      'A driver of the lab stands upon the cluster, which takes from the lab only what a program is made of.',
      { path: '^cluster/', pathNot: TEST },
      { ...OURS, pathNot: ['^cluster/', '^lab/src/program\\.ts$', OTHERS] },
    ),
    error(
      'nothing-imports-the-workshop',
      'What makers run is no part of what a person runs.',
      { pathNot: [TEST, '^(workshop|testing)/'] },
      { path: '^workshop/' },
    ),
  ],
  options: {
    parser: 'tsc', // Version 6: testing/src/walls/typescript-6.ts.
    tsPreCompilationDeps: true, // Imports of types count.
    moduleSystems: ['es6'],
    exclude: { path: '(^|/)(dist|reports|\\.lab)/' },
    doNotFollow: { path: OTHERS },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
      extensions: ['.ts', '.tsx', '.js', '.mjs', '.cjs', '.d.ts', '.json'],
    },
  },
};
