/** The supervisor as a program: runs until it is asked to stop. */
import { type ControlServer, serveControl } from './control-server.ts';
import { Supervisor, type SupervisorOptions } from './supervisor.ts';

export interface DaemonOptions extends Omit<SupervisorOptions, 'log' | 'onLost'> {
  /** Of the settings that the parts were made from. */
  configuration: string;
}

/** Starts everything; the process ends by itself, status 0, once everything was stopped. */
export async function runDaemon({ configuration, ...options }: DaemonOptions): Promise<void> {
  const { runFolder } = options;
  let control: ControlServer | undefined;
  const log = (line: string) => process.stdout.write(`${new Date().toISOString()} ${line}\n`);
  async function shutdown(): Promise<void> {
    await supervisor.stop();
    await control?.close();
    log('everything is stopped');
    process.exit(0);
  }
  const supervisor = new Supervisor({ ...options, log, onLost: () => void shutdown() });
  process.on('SIGTERM', () => void shutdown());
  process.on('SIGINT', () => void shutdown());
  // A terminal that closes ends its own programs, not the lab.
  process.on('SIGHUP', () => undefined);
  await supervisor.start();
  control = await serveControl({ runFolder, configuration, supervisor, shutdown: () => void shutdown() });
  log(`supervisor ${process.pid} watches ${options.parts.map((part) => part.name).join(', ')}`);
}
