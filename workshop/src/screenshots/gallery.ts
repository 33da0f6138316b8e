/** The gallery page: docs/screenshots/README.md, written anew by every session. */
import type { Viewers } from '@lab/cli';
import { readManifest } from '@lab/manifest';
import { TOOLS } from './full-pictures.ts';
import type { Picture } from './picture.ts';
import { chaptersOf, picturesOf } from './pictures.ts';

type Thing = keyof Viewers;
/** The names of the tools for people. */
type Titles = Readonly<Record<Thing, string>>;
const THINGS = Object.keys(TOOLS) as Thing[];

/**
 * @param viewers the parts that showed each thing.
 * @param present whether the folder holds a picture of that name: one that could not be proven is named as missing.
 */
export function galleryPage(viewers: Viewers, present: (name: string) => boolean): string {
  const stoodIn = THINGS.filter((thing) => viewers[thing] === 'console');
  const manifest = readManifest();
  const titles = Object.fromEntries(
    THINGS.map((thing) => [thing, manifest.part(TOOLS[thing]).title]),
  ) as Titles;
  return `${[
    '# Gallery',
    `<!-- Written by \`make screenshots\`; texts: workshop/src/screenshots. -->`,
    intro(stoodIn, titles),
    ...chaptersOf(viewers).flatMap(({ title, pictures }) => [
      `## ${title}`,
      ...pictures.map((picture) =>
        section(picture, stoodIn.length > 0 ? titles : undefined, present(picture.name)),
      ),
    ]),
    ...(stoodIn.length > 0 ? [notRun(viewers, titles)] : []),
    '## How they are made',
    HOW,
    '<!-- figures screenshots -->\n\n<!-- /figures -->',
  ].join('\n\n')}\n`;
}

function intro(stoodIn: readonly Thing[], titles: Titles): string {
  const tools = stoodIn.map((thing) => (thing === 'alerts' ? `${titles[thing]}’s page` : titles[thing]));
  const taken =
    stoodIn.length > 0
      ? `Taken in **lite mode**, without a container engine: the console’s pages stand in for ${list(tools)}, over the same dashboards, rules and routes.`
      : `Taken in **full mode**: ${list(Object.values(titles))} themselves, and the console.`;
  return `${taken} Each picture was taken by a program, and only while the conditions below it held: on every one, nothing was loading, nothing had failed, and nothing said “No data”; on those of a lab at rest, no alert fired.`;
}

/** `Grafana, Kibana, … and Alertmanager`. */
function list(names: readonly string[]): string {
  return new Intl.ListFormat('en-GB', { type: 'conjunction' }).format(names);
}

/** @param titles undefined where nothing stands in for a tool. */
function section(
  { name, title, shows, standsFor, proofs }: Picture,
  titles: Titles | undefined,
  present: boolean,
): string {
  const thing = THINGS.find((each) => each === standsFor);
  const tool = thing ? titles?.[thing] : standsFor;
  const stand = titles && tool !== undefined ? ` Stands in for ${tool}.` : '';
  const image = present ? `![${title}](${name}.png)` : '*This picture could not be proven, and is missing.*';
  return `### ${title}

${shows}${stand}

${image}

Proven: ${proofs.map(({ what }) => what).join('; ')}.`;
}

function notRun(viewers: Viewers, titles: Titles): string {
  const present = new Set(picturesOf(viewers).map(({ name }) => name));
  const rows = picturesOf(TOOLS)
    .filter(({ name }) => !present.has(name))
    .map(({ name, title }) => `| \`${name}.png\` | ${title} |`);
  return `## What full mode adds

The same command takes these from ${list(Object.values(titles))} where \`make up\` started full mode. **They have not been run
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
