/** What alerts and messages did during a run, as they were seen. Only a record: what it means is judged elsewhere. */

export interface ActiveAlert {
  alert: string;
  labels: Record<string, string>;
  state: 'pending' | 'firing';
  /** Since when its expression has been true, Unix milliseconds. */
  activeAt: number;
}

export interface InboxMessage {
  id: string;
  status: 'firing' | 'resolved';
  /** Of the group that the message is about. */
  alert: string;
  /** The group's labels, as a text that no other group has. */
  group: string;
  receivedAt: number;
  title: string;
}

/** One series of an alert, from its expression's becoming true to its end. Unix milliseconds. */
export interface Episode {
  alert: string;
  labels: Record<string, string>;
  pendingAt: number;
  firingAt?: number;
  endedAt?: number;
}

export class Chronicle {
  readonly episodes: Episode[] = [];
  readonly messages: InboxMessage[] = [];
  readonly #open = new Map<string, Episode>();
  readonly #known = new Set<string>();
  readonly #earlier = new Map<string, number>();

  /** @param active every alert that is pending or firing at this moment. */
  saw(now: number, active: readonly ActiveAlert[]): void {
    const present = new Set<string>();
    for (const { alert, labels, state, activeAt } of active) {
      const key = `${alert} ${JSON.stringify(Object.entries(labels).sort())}`;
      present.add(key);
      let episode = this.#open.get(key);
      if (!episode) {
        episode = { alert, labels, pendingAt: Math.min(activeAt, now) };
        this.#open.set(key, episode);
        this.episodes.push(episode);
      }
      if (state === 'firing') episode.firingAt ??= now;
    }
    for (const [key, episode] of this.#open) {
      if (present.has(key)) continue;
      episode.endedAt = now;
      this.#open.delete(key);
    }
  }

  read(messages: readonly InboxMessage[]): void {
    for (const message of messages) {
      if (this.#known.has(message.id)) continue;
      this.#known.add(message.id);
      this.messages.push(message);
    }
  }

  /** Episodes of an alert that fired at or after `since`, first one first. */
  fired(alert: string, since: number): Episode[] {
    return this.episodes.filter(
      (episode) => episode.alert === alert && episode.firingAt !== undefined && episode.firingAt >= since,
    );
  }

  message(alert: string, status: InboxMessage['status'], since: number): InboxMessage | undefined {
    return this.messages.find(
      (each) => each.alert === alert && each.status === status && each.receivedAt >= since,
    );
  }

  /** Groups of an alert of which the inbox last heard, at or after `since`, that they fire. */
  untold(alert: string, since: number): string[] {
    const last = new Map<string, InboxMessage>();
    for (const message of this.messages) {
      if (message.alert !== alert || message.receivedAt < since) continue;
      const before = last.get(message.group);
      if (before === undefined || before.receivedAt <= message.receivedAt) last.set(message.group, message);
    }
    return [...last.values()].filter(({ status }) => status === 'firing').map(({ group }) => group);
  }

  /** @param alerts that fired before this record begins, each with its last moment of firing, Unix milliseconds. */
  remember(alerts: ReadonlyMap<string, number>): void {
    for (const [alert, lastAt] of alerts) this.#earlier.set(alert, lastAt);
  }

  /** Whether an alert fired within `milliseconds` before `at`, as far as is known. */
  firedWithin(alert: string, milliseconds: number, at: number): boolean {
    return (
      (this.#earlier.get(alert) ?? Number.NEGATIVE_INFINITY) >= at - milliseconds ||
      this.episodes.some(
        ({ alert: name, firingAt, endedAt = at }) =>
          name === alert && firingAt !== undefined && firingAt < at && endedAt >= at - milliseconds,
      )
    );
  }

  /** What is pending or firing now. */
  active(): Episode[] {
    return [...this.#open.values()];
  }
}
