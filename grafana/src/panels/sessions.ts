/** Who is logged in. */
import { COLOR } from '../build/colors.ts';
import { stat } from '../build/stat.ts';
import { timeSeries } from '../build/time-series.ts';

export const sessions = stat('Active sessions', {
  shows: 'Sessions in the database that have not expired.',
  normal: 'as many as people who logged in lately.',
  act: 'a fall to zero while there is traffic means that nobody can log in.',
  decimals: 0,
  steps: [{ from: Number.NEGATIVE_INFINITY, color: COLOR.traffic }],
  queries: [{ promql: 'max(active_sessions{job="taskmanager-backend"})', legend: 'sessions' }],
});

export const sessionsOverTime = timeSeries('Active sessions over time', {
  shows: 'Sessions in the database that have not expired, over time.',
  normal: 'steps up when people log in, steps down when sessions end.',
  act: 'growth without end means that sessions are made and not found again: a client that loses its cookie.',
  steps: true,
  queries: [
    { promql: 'max(active_sessions{job="taskmanager-backend"})', legend: 'sessions', color: COLOR.traffic },
  ],
});
