/** Puts blocks into a Prometheus's data folder and takes them out again, with Prometheus stopped only meanwhile. */
import { existsSync } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type HistoryRecord, removeRecord, writeRecord } from './record.ts';

/** The Prometheus whose past it is. */
export interface PrometheusPart {
  dataFolder: string;
  /** Returns when it has ended. */
  stop(): Promise<void>;
  /** Returns when it answers. */
  start(): Promise<void>;
}

export interface InstallOptions {
  prometheus: PrometheusPart;
  recordFile: string;
  /** Holds the blocks; on the file system of the data folder. */
  stagingFolder: string;
  record: Omit<HistoryRecord, 'state'>;
  signal: AbortSignal;
  /** Throws where Prometheus does not serve what was put in. */
  verify(): Promise<void>;
}

/** All of it or nothing: on any failure and on abort the blocks are out again. Prometheus is started again in every case. */
export async function installBlocks(options: InstallOptions): Promise<void> {
  const { prometheus, recordFile, stagingFolder, signal } = options;
  const record: HistoryRecord = { ...options.record, state: 'partial' };
  signal.throwIfAborted();
  // Before the first block: after a kill -9 the next run knows what to take out.
  await writeRecord(recordFile, record);
  try {
    await whileStopped(prometheus, async () => {
      try {
        for (const block of record.blocks) {
          signal.throwIfAborted();
          await rename(join(stagingFolder, block), join(prometheus.dataFolder, block));
        }
      } catch (error) {
        // Before Prometheus starts again: it shall not see a part of a past.
        await deleteBlocks(prometheus, record);
        throw error;
      }
    });
    await options.verify();
    signal.throwIfAborted();
    await writeRecord(recordFile, { ...record, state: 'complete' });
  } catch (error) {
    await removeBlocks(prometheus, recordFile, record);
    throw error;
  }
}

/** @returns how many of the record's blocks were there. */
export async function removeBlocks(
  prometheus: PrometheusPart,
  recordFile: string,
  record: HistoryRecord,
): Promise<number> {
  const present = blockFolders(prometheus, record).filter((folder) => existsSync(folder));
  await writeRecord(recordFile, { ...record, state: 'partial' });
  if (present.length > 0) await whileStopped(prometheus, () => deleteBlocks(prometheus, record));
  await removeRecord(recordFile);
  return present.length;
}

function blockFolders({ dataFolder }: PrometheusPart, { blocks }: HistoryRecord): string[] {
  return blocks.map((block) => join(dataFolder, block));
}

async function deleteBlocks(prometheus: PrometheusPart, record: HistoryRecord): Promise<void> {
  for (const folder of blockFolders(prometheus, record)) await rm(folder, { recursive: true, force: true });
}

async function whileStopped(prometheus: PrometheusPart, work: () => Promise<void>): Promise<void> {
  try {
    await prometheus.stop();
    await work();
  } finally {
    await prometheus.start();
  }
}
