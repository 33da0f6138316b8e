/** The browser of the end-to-end tests is the one that the lab drives. */
export { browserFlags, findBrowser } from '../../lab/src/browser/find-browser.ts';
