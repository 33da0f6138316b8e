/** Sends JSON to a same-origin path in the background; it survives the end of the page. */
export function sendJsonBeacon(path: string, body: unknown): void {
  navigator.sendBeacon(path, new Blob([JSON.stringify(body)], { type: 'application/json' }));
}
