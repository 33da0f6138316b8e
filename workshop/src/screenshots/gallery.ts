/** The gallery page: docs/screenshots/README.md, written anew by every session. */
import type { Mode } from '@lab/cli';
import type { Picture } from './picture.ts';
import { chaptersOf, picturesOf } from './pictures.ts';

/** @param present whether the folder holds a picture of that name: one that could not be proven is named as missing. */
export function galleryPage(mode: Mode, present: (name: string) => boolean): string {
  return `${[
    '# Gallery',
    `<!-- Written by \`make screenshots\`; texts: workshop/src/screenshots. -->`,
    intro(mode),
    ...chaptersOf(mode).flatMap(({ title, pictures }) => [
      `## ${title}`,
      ...pictures.map((picture) => section(picture, mode, present(picture.name))),
    ]),
    ...(mode === 'lite' ? [notRun()] : []),
    '## How they are made',
    HOW,
    '<!-- figures screenshots -->\n\n<!-- /figures -->',
  ].join('\n\n')}\n`;
}

function intro(mode: Mode): string {
  const taken =
    mode === 'lite'
      ? 'Taken in **lite mode**, without a container engine: the console’s pages stand in for Grafana, Kibana, Jaeger and Alertmanager’s page, over the same dashboards, rules and routes.'
      : 'Taken in **full mode**: Grafana, Kibana, Jaeger and Alertmanager themselves, and the console.';
  return `${taken} Each picture was taken by a program, and only while the conditions below it held: on every one, nothing was loading, nothing had failed, and nothing said “No data”; on those of a lab at rest, no alert fired.`;
}

function section({ name, title, shows, standsFor, proofs }: Picture, mode: Mode, present: boolean): string {
  const stand = mode === 'lite' && standsFor !== undefined ? ` Stands in for ${standsFor}.` : '';
  const image = present ? `![${title}](${name}.png)` : '*This picture could not be proven, and is missing.*';
  return `### ${title}

${shows}${stand}

${image}

Proven: ${proofs.map(({ what }) => what).join('; ')}.`;
}

function notRun(): string {
  const present = new Set(picturesOf('lite').map(({ name }) => name));
  const rows = picturesOf('full')
    .filter(({ name }) => !present.has(name))
    .map(({ name, title }) => `| \`${name}.png\` | ${title} |`);
  return `## What full mode adds

The same command takes these from Grafana, Kibana, Jaeger and Alertmanager where \`make up\` started full mode. **They have not been run
yet**: where this gallery was made there is no container engine, so their selectors are written from the tools’ documentation.

| picture | |
| --- | --- |
${rows.join('\n')}`;
}

const HOW = `\`make screenshots\`, on a lab that is up: it waits until nothing fires (what an experiment before left behind takes up to a quarter of an
hour), puts on a light load, makes a task in a browser and follows that request through logs and traces, takes the calm pictures, runs
three experiments and takes what fires, and then what is left. \`make history\` before it fills the month over which objectives are shown.
Window 1440 pixels wide, UTC, en-GB, light theme. A picture whose conditions do not hold within 30 seconds fails the run by its name.
[The list](../../workshop/src/screenshots/pictures.ts) is data: a new picture is an address, a sentence and its proofs.`;
