import type { IncomingMessage } from 'node:http';

/** The body is too large or not JSON: answer 400. */
export class RequestBodyError extends Error {
  override name = 'RequestBodyError';
}

const MAX_BYTES = 16 * 1024;

/** @throws RequestBodyError */
export async function readJson(request: IncomingMessage): Promise<unknown> {
  let text = '';
  request.setEncoding('utf8');
  for await (const piece of request) {
    text += piece;
    if (text.length > MAX_BYTES) throw new RequestBodyError(`body: expected at most ${MAX_BYTES} bytes`);
  }
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new RequestBodyError(`body: expected JSON, received ${JSON.stringify(text.slice(0, 80))}`, {
      cause,
    });
  }
}
