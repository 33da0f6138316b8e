/**
 * Small pieces that every service shares: settings, start, listening, problem details, headers and checks of requests.
 * Leaves to the services which settings, routes and problems there are; leaves signals to `@lab/telemetry`. Imports libraries only.
 */

export { bearerCheck } from './bearer.ts';
export { exactWhole, parseExactJson } from './exact-json.ts';
export { listen } from './listen.ts';
export { pageHeaders } from './page-headers.ts';
export { type ProblemDetails, sendProblem } from './problem.ts';
export { type Environment, type Rule, readSettings, type Settings, type Values } from './read-settings.ts';
export { runProgram } from './run-program.ts';
export { isSameOrigin } from './same-origin.ts';
export { Setting } from './setting.ts';
export {
  flag,
  httpUrl,
  number,
  oneOf,
  port,
  postgresUrl,
  secret,
  text,
  wholeNumber,
} from './setting-kinds.ts';
export { ConfigError, StartError } from './start-error.ts';
