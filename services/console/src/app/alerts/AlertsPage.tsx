/** What fires and why, every rule's state, what is silenced, and who hears of what. */
import { Button, Empty, Icon, PageHeader } from '@lab/ui-kit';
import { useState } from 'react';
import { useParams, useSearchParams } from 'react-router';
import { Tabs } from '../ui/Tabs.tsx';
import { ActiveAlerts } from './ActiveAlerts.tsx';
import { type Matcher, parseMatchers } from './matchers.ts';
import { Routing } from './Routing.tsx';
import { RuleList } from './RuleList.tsx';
import { SilenceDialog } from './SilenceDialog.tsx';
import { SilenceList } from './SilenceList.tsx';
import './alerts.css';

const TABS = [
  { to: '/alerts', text: 'Active' },
  { to: '/alerts/rules', text: 'Rules' },
  { to: '/alerts/silences', text: 'Silences' },
  { to: '/alerts/routing', text: 'Routing' },
];

export function AlertsPage() {
  const { tab } = useParams();
  const [search, setSearch] = useSearchParams();
  // A notification's "Silence" link carries the alert's labels (alertmanager/templates).
  const linked = search.get('silence');
  const [silencing, setSilencing] = useState<readonly Matcher[] | undefined>(() =>
    linked === null ? undefined : (parseMatchers(linked) ?? []),
  );
  const close = () => {
    setSilencing(undefined);
    setSearch(
      (before) => {
        before.delete('silence');
        return before;
      },
      { replace: true },
    );
  };
  return (
    <>
      <PageHeader title="Alerts">
        <Button onClick={() => setSilencing([])}>
          <Icon name="silence" /> New silence
        </Button>
      </PageHeader>
      <Tabs label="Alerts" items={TABS} />
      <AlertsTab tab={tab} onSilence={setSilencing} />
      {silencing && <SilenceDialog initial={silencing} onClose={close} />}
    </>
  );
}

function AlertsTab({
  tab,
  onSilence,
}: {
  tab: string | undefined;
  onSilence: (matchers: readonly Matcher[]) => void;
}) {
  switch (tab) {
    case undefined:
      return <ActiveAlerts onSilence={onSilence} />;
    case 'rules':
      return <RuleList />;
    case 'silences':
      return <SilenceList onSilence={onSilence} />;
    case 'routing':
      return <Routing />;
    default:
      return <Empty title="There is no such page">{`“${tab}” is not a part of Alerts.`}</Empty>;
  }
}
