/** Imitates Elasticsearch's bulk endpoint as far as a shipper needs it: creates by id, and answers 409 to what is there already. */
import { type Served, serve } from '@lab/testing';

/** A document as it was indexed. */
export type Document = Readonly<Record<string, unknown>>;

export interface BulkEndpoint extends AsyncDisposable {
  port: number;
  /** Every document, by its id. */
  documents: ReadonlyMap<string, Document>;
  /** How often a document was sent that was there already. */
  conflicts(): number;
}

export async function startBulkEndpoint(): Promise<BulkEndpoint> {
  const documents = new Map<string, Document>();
  let conflicts = 0;
  const index = (id: string, body: string): number => {
    if (documents.has(id)) {
      conflicts += 1;
      return 409;
    }
    documents.set(id, JSON.parse(body) as Document);
    return 201;
  };
  const served: Served = await serve(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const lines = Buffer.concat(chunks).toString('utf8').split('\n');
    const items = [];
    for (let line = 0; line + 1 < lines.length; line += 2) {
      const { create } = JSON.parse(lines[line] ?? '') as { create: { _id: string } };
      items.push({ create: { _id: create._id, status: index(create._id, lines[line + 1] ?? '') } });
    }
    response.setHeader('content-type', 'application/json');
    // Clients of Elasticsearch refuse a server without it.
    response.setHeader('x-elastic-product', 'Elasticsearch');
    response.end(JSON.stringify({ errors: items.some(({ create }) => create.status >= 300), items }));
  });
  return {
    port: served.port,
    documents,
    conflicts: () => conflicts,
    [Symbol.asyncDispose]: () => served[Symbol.asyncDispose](),
  };
}
