/** A rules file as YAML: groups, rules and their fields, followed through anchors, aliases and merges. */
import {
  type Alias,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  type Node,
  parseAllDocuments,
  type Scalar,
  type YAMLMap,
} from 'yaml';
import type { Edit } from '../edits.ts';
import { editsOfScalar } from './yaml-scalar.ts';

/** One field's value: the scalar that holds it, and the alias that stands in its place, if one does. */
export interface Field {
  scalar: Scalar;
  alias: Alias | undefined;
}

export class RulesDocument {
  readonly #text: string;
  readonly #document: ReturnType<typeof parseAllDocuments>[number] | undefined;
  /** Edits by the scalar whose value they change in its own place. */
  readonly #changed = new Map<Scalar, readonly Edit[]>();
  /** New values by the alias through which they were asked for. */
  readonly #aliased = new Map<Alias, { scalar: Scalar; value: string }>();
  readonly #extended = new Set<YAMLMap>();
  readonly #more: Edit[] = [];

  /** @throws YAMLParseError, or Error where the text is no rules file. */
  constructor(text: string) {
    this.#text = text;
    // Prometheus reads the first document of a file, and no other.
    const [document] = parseAllDocuments(text, { merge: true });
    const [error] = document?.errors ?? [];
    if (error !== undefined) throw error;
    this.#document = document;
  }

  /** The groups. A file without any rule is none: all of them may be commented out for now. */
  groups(): YAMLMap[] {
    const contents = this.#document?.contents;
    if (contents === null || contents === undefined) return [];
    const root = this.#follow(contents);
    if (!isMap(root))
      throw new Error(`expected a rules file: a YAML mapping, received ${typeof root?.toJSON()}`);
    return this.maps(root, 'groups');
  }

  /** The maps in the list under a key; an absent list has none. */
  maps(map: YAMLMap, key: string): YAMLMap[] {
    const list = this.#follow(this.#value(map, key));
    return isSeq(list) ? list.items.map((item) => this.#follow(item as Node)).filter(isMap) : [];
  }

  map(map: YAMLMap, key: string): YAMLMap | undefined {
    const value = this.#follow(this.#value(map, key));
    return isMap(value) ? value : undefined;
  }

  /** The keys of a map, those of merged maps included. */
  keys(map: YAMLMap): string[] {
    return [...new Set(this.#pairs(map).map(([key]) => key))];
  }

  /** The scalar under a key of a map or of a map that is merged into it; undefined where there is none. */
  field(map: YAMLMap, key: string): Field | undefined {
    const value = this.#value(map, key);
    const scalar = this.#follow(value);
    return isScalar(scalar) ? { scalar, alias: isAlias(value) ? value : undefined } : undefined;
  }

  /** Changes the value of a field. @param value what the edits make of it. */
  change({ scalar, alias }: Field, edits: readonly Edit[], value: string): void {
    if (edits.length === 0) return;
    if (alias === undefined) this.#changed.set(scalar, edits);
    else this.#aliased.set(alias, { scalar, value });
  }

  /** Puts a pair of strings into a map, in front of the others; a pair of that key gets the value. */
  put(map: YAMLMap, key: string, value: string): void {
    // Several alerts may share the map by an alias.
    if (this.#extended.has(map)) return;
    this.#extended.add(map);
    const there = this.field(map, key);
    const text = JSON.stringify(value);
    const [from, to] = there?.scalar.range ?? [];
    if (from !== undefined && to !== undefined) return void this.#more.push({ from, to, text });
    const [start = 0] = map.range ?? [];
    const [first] = map.items;
    const [at = start] = (isScalar(first?.key) ? first.key.range : undefined) ?? [];
    if (map.flow) {
      const separator = first === undefined ? '' : ',';
      this.#more.push({ from: start + 1, to: start + 1, text: ` ${key}: ${text}${separator}` });
      return;
    }
    const indent = ' '.repeat(at - this.#text.lastIndexOf('\n', at - 1) - 1);
    this.#more.push({ from: at, to: at, text: `${key}: ${text}\n${indent}` });
  }

  /** The edits that were asked for, as edits of the file's text. */
  edits(): Edit[] {
    const written = [...this.#changed].flatMap(([scalar, edits]) => editsOfScalar(this.#text, scalar, edits));
    // Where the scalar is changed in its own place, its aliases follow.
    const aliased = [...this.#aliased]
      .filter(([, { scalar }]) => !this.#changed.has(scalar))
      .map(([{ range }, { value }]) => {
        const [from = 0, to = 0] = range ?? [];
        return { from, to, text: JSON.stringify(value) };
      });
    return [...written, ...aliased, ...this.#more];
  }

  #follow(node: unknown): Node | undefined {
    if (isAlias(node)) return this.#document && node.resolve(this.#document);
    return node as Node | undefined;
  }

  #value(map: YAMLMap, key: string): Node | undefined {
    return this.#pairs(map).find(([name]) => name === key)?.[1];
  }

  /** Own pairs come first: they win over merged ones. */
  #pairs(map: YAMLMap): [string, Node | undefined][] {
    const own: [string, Node | undefined][] = [];
    const merged: [string, Node | undefined][] = [];
    for (const { key, value } of map.items) {
      const name = isScalar(key) ? (key.source ?? String(key.value)) : '';
      if (name !== '<<') own.push([name, value as Node]);
      else for (const each of this.#mergedMaps(value as Node)) merged.push(...this.#pairs(each));
    }
    return [...own, ...merged];
  }

  #mergedMaps(value: Node): YAMLMap[] {
    const followed = this.#follow(value);
    const all = isSeq(followed) ? followed.items.map((item) => this.#follow(item as Node)) : [followed];
    return all.filter(isMap);
  }
}
