/** Log lines and spans as the lab's services write them under load, made fast and the same each time. */
import { createHash } from 'node:crypto';

const WORDS =
  'task created completed user login failed request timeout connection refused database pool query slow retry job enqueued delivered notification reminder session expired cache miss hit updated deleted validation error conflict version token limit reached closed opened started stopped'.split(
    ' ',
  );
const SERVICES = ['taskmanager-web', 'taskmanager-api', 'taskmanager-worker'] as const;
const ROUTES = ['/api/v1/tasks', '/api/v1/tasks/:id', '/api/v1/users/me', '/api/v1/tasks/:id/complete'];

/** Numbers 0 to 1 that repeat from run to run (mulberry32). */
export function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

export function hexFrom(random: () => number, digits: number): string {
  let text = '';
  while (text.length < digits)
    text += Math.floor(random() * 0x100000000)
      .toString(16)
      .padStart(8, '0');
  return text.slice(0, digits);
}

export function uuidFrom(random: () => number): string {
  const hex = hexFrom(random, 32);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20)}`;
}

export interface LineMaker {
  service: string;
  next(ms: number): string;
}

/** One maker a service; each counts its own `event.sequence`. */
export function lineMakers(seed: number): LineMaker[] {
  return SERVICES.map((service, index) => {
    const random = randomFrom(seed + index);
    const instance = createHash('md5').update(`${seed}-${service}`).digest('hex');
    let sequence = 0;
    return {
      service,
      next(ms) {
        const failed = random() < 0.02;
        const route = ROUTES[Math.floor(random() * ROUTES.length)] ?? '/';
        const status = failed ? 500 : random() < 0.05 ? 404 : 200;
        return JSON.stringify({
          '@timestamp': new Date(ms).toISOString(),
          'log.level': failed ? 'error' : random() < 0.05 ? 'warn' : 'info',
          message: Array.from({ length: 6 }, () => WORDS[Math.floor(random() * WORDS.length)]).join(' '),
          'service.name': service,
          'service.version': '0.1.0',
          'service.environment': 'lab',
          'service.instance.id': instance,
          'event.sequence': sequence++,
          'trace.id': hexFrom(random, 32),
          'span.id': hexFrom(random, 16),
          'http.request.id': uuidFrom(random),
          'http.request.method': 'GET',
          'http.route': route,
          'url.path': route.replace(':id', uuidFrom(random)),
          'http.response.status_code': status,
          'http.response.body.bytes': Math.floor(random() * 5000),
          'event.duration': Math.floor(random() ** 4 * 2e9),
          'client.ip': '127.0.0.1',
          'user_agent.original':
            'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36',
          ...(failed ? { 'error.type': 'Error', 'error.message': 'connection terminated unexpectedly' } : {}),
        });
      },
    };
  });
}
