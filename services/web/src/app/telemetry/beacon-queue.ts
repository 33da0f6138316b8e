/**
 * A bounded queue whose content leaves as one beacon. Telemetry is never worth an error or a wait in the app: what
 * does not fit, or what the browser refuses to send, is dropped.
 */
export interface BeaconQueue<Item> {
  add(item: Item): void;
  /** Sends what is queued now, as on the page's way out. */
  flush(): void;
}

export interface BeaconQueueOptions<Item> {
  /** Items in one beacon, which is also all that is ever held. */
  capacity: number;
  /** How long an item waits for company, in milliseconds; undefined: until `flush`. */
  delay?: number;
  encode: (items: readonly Item[]) => unknown;
  /** Hands a body to the browser; false or a throw means it would not take it. */
  send: (body: unknown) => void;
}

export function createBeaconQueue<Item>(options: BeaconQueueOptions<Item>): BeaconQueue<Item> {
  let items: Item[] = [];
  let timer: ReturnType<typeof setTimeout> | undefined;

  function flush(): void {
    clearTimeout(timer);
    timer = undefined;
    if (items.length === 0) return;
    const batch = items;
    items = [];
    try {
      options.send(options.encode(batch));
    } catch {
      // Gone with the beacon: reporting a failure to report would only feed itself.
    }
  }

  return {
    add(item) {
      items.push(item);
      if (items.length >= options.capacity) flush();
      else if (options.delay !== undefined) timer ??= setTimeout(flush, options.delay);
    },
    flush,
  };
}
