/**
 * Slack's message text (`*bold*`, `_italic_`, `` `code` ``, `<https://…|label>`) to plain data. Nothing in it is ever HTML:
 * what is not understood stays text. https://api.slack.com/reference/surfaces/formatting
 */

export type Inline =
  | { kind: 'text' | 'bold' | 'italic' | 'strike' | 'code'; text: string }
  | { kind: 'link'; text: string; href: string };

/** Slack escapes these three and nothing else. */
function unslack(text: string): string {
  return text.replace(/&lt;/g, '<').replace(/&gt;/g, '>').replace(/&amp;/g, '&');
}

const TOKEN =
  /`([^`\n]+)`|<(https?:\/\/[^>|\s]+)(?:\|([^>]*))?>|(?<![\w*])\*([^*\n]+)\*(?![\w*])|(?<![\w_])_([^_\n]+)_(?![\w_])|(?<![\w~])~([^~\n]+)~(?![\w~])/g;

/** One message to its pieces, in order; line breaks stay in the text. */
export function parseMrkdwn(source: string): Inline[] {
  const pieces: Inline[] = [];
  let end = 0;
  const plain = (text: string) => {
    if (text !== '') pieces.push({ kind: 'text', text: unslack(text) });
  };
  for (const match of source.matchAll(TOKEN)) {
    plain(source.slice(end, match.index));
    const [whole, code, href, label, bold, italic, strike] = match;
    end = match.index + whole.length;
    if (code !== undefined) pieces.push({ kind: 'code', text: unslack(code) });
    else if (href !== undefined)
      pieces.push({ kind: 'link', href: unslack(href), text: unslack(label ?? href) });
    else if (bold !== undefined) pieces.push({ kind: 'bold', text: unslack(bold) });
    else if (italic !== undefined) pieces.push({ kind: 'italic', text: unslack(italic) });
    else pieces.push({ kind: 'strike', text: unslack(strike ?? '') });
  }
  plain(source.slice(end));
  return pieces;
}
