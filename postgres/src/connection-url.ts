/** Builds `postgres://user:password@127.0.0.1:port/database`, escaping what needs it. */
export function connectionUrl(parts: {
  user: string;
  password: string;
  port: number;
  database: string;
  host?: string;
}): string {
  const { user, password, port, database, host = '127.0.0.1' } = parts;
  return `postgres://${encodeURIComponent(user)}:${encodeURIComponent(password)}@${host}:${port}/${encodeURIComponent(database)}`;
}
