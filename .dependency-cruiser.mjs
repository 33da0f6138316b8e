/** Imports point one way: entry → feature → plain library (docs/architecture.md). */
export default {
  forbidden: [
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'telemetry-imports-no-application',
      severity: 'error',
      from: { path: '^services/telemetry/src' },
      to: { path: '^(services/(?!telemetry)|lab|testing|postgres)' },
    },
    {
      name: 'services-share-only-telemetry-and-contracts',
      severity: 'error',
      from: { path: '^services/([^/]+)/src' },
      to: {
        path: '^services/',
        pathNot: ['^services/$1/', '^services/telemetry/', '^services/api/src/contract/'],
      },
    },
    {
      name: 'nothing-imports-lab',
      severity: 'error',
      from: { pathNot: '^(lab|testing)/' },
      to: { path: '^lab/' },
    },
    {
      name: 'source-imports-no-test',
      severity: 'error',
      from: { path: '/src/', pathNot: '^testing/' },
      to: { path: '(^testing/|/test/)' },
    },
    {
      name: 'domain-knows-no-infrastructure',
      severity: 'error',
      from: { path: '^services/[^/]+/src/.*(service|domain)\\.ts$' },
      to: { path: '^node_modules/(express|pg)/' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(^|/)(dist|node_modules/\\.cache)/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      conditionNames: ['import', 'types', 'node', 'default'],
      exportsFields: ['exports'],
    },
  },
};
