import { Badge, Empty, LabelChips, SearchBox, Segments, type Tone } from '@lab/ui-kit';
import { useState } from 'react';
import { Link } from 'react-router';
import type { Rule, Rules } from '../../contract/alerts.ts';
import { getJson } from '../api/http.ts';
import { useQuery } from '../api/use-query.ts';
import { latency, promDuration } from '../format/duration.ts';
import { Async, IfKnown } from '../ui/async.tsx';
import { TimeAgo } from '../ui/TimeAgo.tsx';
import { severityTone } from './severity.ts';

type Group = Extract<Rules['groups'], { status: 'known' }>['value'][number];
type Kind = 'alerting' | 'recording' | 'all';

export function RuleList() {
  const query = useQuery('rules', (signal) => getJson<Rules>('/api/rules', signal), { everyMs: 10_000 });
  const [kind, setKind] = useState<Kind>('alerting');
  const [words, setWords] = useState('');
  const fits = (rule: Rule) =>
    (kind === 'all' || rule.type === kind) &&
    `${rule.name} ${rule.query} ${Object.values(rule.labels).join(' ')}`
      .toLowerCase()
      .includes(words.toLowerCase());
  return (
    <div className="stack">
      <div className="row">
        <SearchBox
          label="Search rules"
          placeholder="Search rules by name, expression or label"
          value={words}
          onChange={(event) => setWords(event.target.value)}
        />
        <Segments
          label="Kind of rule"
          value={kind}
          onChange={setKind}
          options={[
            { value: 'alerting', text: 'Alerting' },
            { value: 'recording', text: 'Recording' },
            { value: 'all', text: 'All' },
          ]}
        />
      </div>
      <Async query={query} what="rules" lines={8}>
        {({ groups }) => (
          <IfKnown of={groups} what="Rules">
            {(list) => <RuleGroups groups={list} fits={fits} />}
          </IfKnown>
        )}
      </Async>
    </div>
  );
}

function RuleGroups({ groups, fits }: { groups: readonly Group[]; fits: (rule: Rule) => boolean }) {
  const shown = groups
    .map((group) => ({ ...group, rules: group.rules.filter(fits) }))
    .filter((group) => group.rules.length > 0);
  if (groups.length === 0) return <Empty title="Prometheus has no rules loaded" />;
  if (shown.length === 0) return <Empty title="No rule fits the search" />;
  return shown.map((group) => (
    <section key={`${group.file} ${group.name}`} className="card" aria-label={`Rule group ${group.name}`}>
      <header className="card-head">
        <h2>{group.name}</h2>
        <span className="muted">
          {group.file.split('/').at(-1)} · every {promDuration(group.intervalSeconds)}
          {group.lastEvaluationAt !== null && (
            <>
              {' '}
              · evaluated <TimeAgo at={group.lastEvaluationAt} />
            </>
          )}
        </span>
      </header>
      <ul className="rows">
        {group.rules.map((rule, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: rules of one name differ by place only
          <RuleRow key={`${rule.name} ${index}`} rule={rule} />
        ))}
      </ul>
    </section>
  ));
}

/** What a rule does right now; one that cannot be evaluated is broken whatever its last state says. */
function ruleState(rule: Rule): { tone: Tone; text: string } {
  if (rule.health === 'err') return { tone: 'critical', text: 'cannot be evaluated' };
  if (rule.health === 'unknown' || rule.state === 'unknown')
    return { tone: 'unknown', text: 'not evaluated yet' };
  if (rule.state === null) return { tone: 'neutral', text: 'recorded' };
  const count = rule.firing + rule.pending > 1 ? ` ×${rule.firing + rule.pending}` : '';
  if (rule.state === 'firing')
    return { tone: severityTone({ severity: rule.labels['severity'] }), text: `firing${count}` };
  if (rule.state === 'pending') return { tone: 'warning', text: `pending${count}` };
  return { tone: 'ok', text: 'inactive' };
}

function RuleRow({ rule }: { rule: Rule }) {
  const { tone, text } = ruleState(rule);
  return (
    <li>
      <details className="rule">
        <summary className="hoverable">
          <span className="rule-name wrap-anywhere">{rule.name}</span>
          {rule.labels['severity'] !== undefined && <span className="muted">{rule.labels['severity']}</span>}
          {rule.forSeconds !== null && rule.forSeconds > 0 && (
            <span className="muted nowrap">for {promDuration(rule.forSeconds)}</span>
          )}
          <Badge tone={tone}>{text}</Badge>
        </summary>
        <div className="rule-body stack-s">
          {rule.lastError !== null && rule.lastError !== '' && (
            <p className="text-critical wrap-anywhere">{rule.lastError}</p>
          )}
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard */}
          <pre className="query" tabIndex={0}>
            {rule.query}
          </pre>
          <LabelChips labels={rule.labels} />
          {rule.annotations['description'] !== undefined && (
            <p className="wrap-anywhere">{rule.annotations['description']}</p>
          )}
          <p className="hint row">
            {rule.evaluationSeconds !== null && <span>evaluated in {latency(rule.evaluationSeconds)}</span>}
            {rule.runbook !== null && <Link to={rule.runbook}>Runbook</Link>}
          </p>
        </div>
      </details>
    </li>
  );
}
