import { nameRoute } from '@lab/telemetry';
import type { RequestHandler, Response } from 'express';
import { ROUTES } from '../routes.ts';
import { type Asset, type AssetFolder, ENCODINGS } from './asset-folder.ts';

const HASHED_CACHING = 'public, max-age=31536000, immutable';

/** Serves the files of the built app, compressed where the client takes it. Anything else is left to what follows. */
export function serveAssets(folder: AssetFolder): RequestHandler {
  return (request, response, next) => {
    const asset = folder.assets.get(request.path);
    if (!asset || (request.method !== 'GET' && request.method !== 'HEAD')) {
      next();
      return;
    }
    nameRoute(request, ROUTES.assets);
    const encoding = request.acceptsEncodings(...asset.encodings, 'identity');
    const suffix = encoding === 'br' || encoding === 'gzip' ? ENCODINGS[encoding] : '';
    setHeaders(response, asset, suffix === '' ? undefined : String(encoding));
    response.sendFile(asset.file + suffix, { root: folder.path, cacheControl: false }, (error) => {
      if (error && !response.headersSent) next(error);
    });
  };
}

function setHeaders(response: Response, asset: Asset, encoding: string | undefined): void {
  response.set('Content-Type', asset.contentType);
  response.set('Cache-Control', asset.immutable ? HASHED_CACHING : 'no-cache');
  if (asset.encodings.length > 0) response.vary('Accept-Encoding');
  if (encoding) response.set('Content-Encoding', encoding);
}
