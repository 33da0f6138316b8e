/**
 * One request to the API whose answer goes straight to the client: no stream in between, no more held than one chunk.
 * (undici's own `stream` destroys what it has written to, and with a response its keep-alive connection.)
 */
import type { IncomingHttpHeaders, ServerResponse } from 'node:http';
import type { Dispatcher } from 'undici';

/** The client went away; there is nobody to tell. */
export class ClientLeftError extends Error {
  override name = 'ClientLeftError';
}

export interface RelayOptions {
  dispatcher: Dispatcher;
  request: Dispatcher.DispatchOptions;
  response: ServerResponse;
  /** Chooses the headers that the client gets. */
  headers: (incoming: IncomingHttpHeaders) => Record<string, string | string[]>;
}

/** Resolves once the whole answer is written. @throws ClientLeftError, or undici's error, with the response as far as it got. */
export function relay({ dispatcher, request, response, headers }: RelayOptions): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  let controller: Dispatcher.DispatchController | undefined;
  const onDrain = () => controller?.resume();
  const onClose = () => controller?.abort(new ClientLeftError('the client closed the connection'));
  response.on('drain', onDrain).on('close', onClose);

  dispatcher.dispatch(request, {
    onRequestStart(started) {
      controller = started;
      if (response.closed) onClose();
    },
    onResponseStart(_controller, statusCode, incoming) {
      if (statusCode >= 200) response.writeHead(statusCode, headers(incoming));
    },
    onResponseData(current, chunk) {
      if (!response.write(chunk)) current.pause();
    },
    onResponseEnd() {
      response.end();
      resolve();
    },
    onResponseError(_controller, error) {
      reject(error);
    },
  });
  return promise.finally(() => response.off('drain', onDrain).off('close', onClose));
}
