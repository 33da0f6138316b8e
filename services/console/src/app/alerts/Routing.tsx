import { Badge, Empty } from '@lab/ui-kit';
import type { AlertmanagerConfig, AlertRoute } from '../../contract/alerts.ts';
import { getJson } from '../api/http.ts';
import { useQuery } from '../api/use-query.ts';
import { Async, IfKnown } from '../ui/async.tsx';
import { TimeAgo } from '../ui/TimeAgo.tsx';

export function Routing() {
  const query = useQuery('alertmanager', (signal) =>
    getJson<AlertmanagerConfig>('/api/alertmanager/config', signal),
  );
  return (
    <Async query={query} what="Alertmanager’s configuration" lines={8}>
      {(config) => (
        <div className="stack">
          <p className="muted">
            Alertmanager {config.version}
            {config.startedAt !== null && (
              <>
                , started <TimeAgo at={config.startedAt} />
              </>
            )}
          </p>
          <section className="card" aria-labelledby="routes-title">
            <header className="card-head">
              <h2 id="routes-title">Routing tree</h2>
              <span className="muted">the first route that matches takes the alert</span>
            </header>
            <div className="card-body">
              <IfKnown of={config.routing} what="The routing tree">
                {(root) => (
                  <ul>
                    <RouteNode route={root} root />
                  </ul>
                )}
              </IfKnown>
            </div>
          </section>
          <InhibitRules rules={config.inhibitRules} />
          <section className="card" aria-labelledby="receivers-title">
            <header className="card-head">
              <h2 id="receivers-title">Receivers</h2>
            </header>
            <ul className="card-body stack-s">
              {config.receivers.map(({ name, integrations }) => (
                <li key={name} className="row">
                  <strong>{name}</strong>
                  <span className="muted">{integrations.join(', ') || 'sends nothing'}</span>
                </li>
              ))}
            </ul>
          </section>
          <details className="card foldable">
            <summary className="card-head">Configuration as loaded</summary>
            {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard */}
            <pre className="card-body config-yaml" tabIndex={0}>
              {config.yaml}
            </pre>
          </details>
        </div>
      )}
    </Async>
  );
}

function RouteNode({ route, root = false }: { route: AlertRoute; root?: boolean }) {
  const muted = [...route.muteTimeIntervals, ...route.activeTimeIntervals.map((name) => `outside ${name}`)];
  return (
    <li>
      <div className={root ? 'route' : 'route route-branch'}>
        <div className="row">
          {root ? (
            <span className="muted">everything else</span>
          ) : (
            route.matchers.map((matcher) => <code key={matcher}>{matcher}</code>)
          )}
          <span aria-hidden="true">→</span>
          <Badge tone="accent">{route.receiver}</Badge>
          {route.continue && <Badge>continues</Badge>}
        </div>
        <p className="hint">
          grouped by {route.groupBy.join(', ') || 'nothing'} · waits {route.groupWait ?? '–'}, then every{' '}
          {route.groupInterval ?? '–'}, repeats after {route.repeatInterval ?? '–'}
          {muted.length > 0 && ` · muted: ${muted.join(', ')}`}
        </p>
      </div>
      {route.routes.length > 0 && (
        <ul className="route-children">
          {route.routes.map((child) => (
            <RouteNode key={`${child.receiver} ${child.matchers.join(' ')}`} route={child} />
          ))}
        </ul>
      )}
    </li>
  );
}

function InhibitRules({ rules }: { rules: AlertmanagerConfig['inhibitRules'] }) {
  return (
    <section className="card" aria-labelledby="inhibit-title">
      <header className="card-head">
        <h2 id="inhibit-title">Inhibition</h2>
        <span className="muted">a cause that is known hides what it explains</span>
      </header>
      {rules.length === 0 ? (
        <Empty title="No inhibition rules" />
      ) : (
        <ul className="card-body stack-s inhibit">
          {rules.map((rule) => (
            <li key={`${rule.source.join()} ${rule.target.join()}`} className="row">
              {rule.source.map((matcher) => (
                <code key={matcher}>{matcher}</code>
              ))}
              <span className="muted">hides</span>
              {rule.target.map((matcher) => (
                <code key={matcher}>{matcher}</code>
              ))}
              {rule.equal.length > 0 && <span className="muted">of the same {rule.equal.join(', ')}</span>}
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
