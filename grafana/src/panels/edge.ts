/** API requests as users get them: where they enter, at web. What is slow or lost behind it counts, too. */
export const EDGE = 'http_requests_total{job="taskmanager-frontend",route="/api/*"}';
export const EDGE_FAILED =
  'http_requests_total{job="taskmanager-frontend",route="/api/*",status_code=~"5.."}';
export const EDGE_BUCKETS = 'http_request_duration_seconds_bucket{job="taskmanager-frontend",route="/api/*"}';
