const ANSWER_MS = 5_000;

/** Returns an answer as JSON. @throws Error with its status and first words where that is not a 2xx. */
export async function getJson(
  url: string,
  signal: AbortSignal,
  init: { method?: string; body?: string } = {},
): Promise<unknown> {
  const response = await fetch(url, {
    ...init,
    headers: { 'content-type': 'application/json' },
    signal: AbortSignal.any([signal, AbortSignal.timeout(ANSWER_MS)]),
  });
  if (!response.ok)
    throw new Error(`${url} answered ${response.status}: ${(await response.text()).slice(0, 200)}`);
  return response.json();
}
