import { visible } from '../format/visible.ts';
import { SmartLink } from '../ui/SmartLink.tsx';
import { type Inline, parseMrkdwn } from './mrkdwn.ts';

function Piece({ piece }: { piece: Inline }) {
  switch (piece.kind) {
    case 'bold':
      return <strong>{piece.text}</strong>;
    case 'italic':
      return <em>{piece.text}</em>;
    case 'strike':
      return <s>{piece.text}</s>;
    case 'code':
      return <code>{piece.text}</code>;
    case 'link':
      return <SmartLink href={piece.href}>{piece.text}</SmartLink>;
    case 'text':
      return piece.text;
  }
}

export function MessageText({ text }: { text: string }) {
  return (
    <p className="message-text wrap-anywhere">
      {parseMrkdwn(visible(text)).map((piece, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: pieces of a text never change places
        <Piece key={index} piece={piece} />
      ))}
    </p>
  );
}
