import { alertsFiring } from '../build/annotations.ts';
import { dashboard, section } from '../build/dashboard.ts';
import * as memory from '../panels/memory.ts';
import * as runtime from '../panels/runtime.ts';

/** For whoever hunts a leak or a blocked event loop: what each Node.js process does with its core and its memory. */
export const nodejs = dashboard({
  uid: 'nodejs',
  title: 'Node.js runtime',
  description: 'What each Node.js process does with its processor core, its memory and its event loop.',
  alerts: alertsFiring(
    'alertname=~"EventLoopLag|MemoryGrowth|RestartLoop|CpuSaturated"',
    'event-loop-blocked',
  ),
  variables: [
    {
      name: 'job',
      label: 'Process',
      selector: 'nodejs_version_info{job=~"taskmanager-.+|lab-console"}',
      of: 'job',
      all: 'taskmanager-.+|lab-console',
    },
  ],
  next: { application: 'Application', 'lab-health': 'Lab health' },
  sections: [
    section('', [runtime.processes]),
    section('Event loop and processor', [
      runtime.cpuChosen,
      runtime.lagChosen,
      runtime.loopSpread,
      runtime.handles,
    ]),
    section('Memory', [
      memory.memoryAgainstLimit,
      memory.heap,
      memory.heapSpaces,
      memory.collections,
      memory.collectionPause,
      runtime.resources,
    ]),
    section('Processes', [runtime.startsOf, runtime.files, { ...runtime.versions, width: 24, height: 5 }]),
  ],
});
