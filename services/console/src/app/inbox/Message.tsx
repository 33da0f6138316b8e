import { Badge, Icon, type Tone } from '@lab/ui-kit';
import type { InboxMessage } from '../../contract/inbox.ts';
import { clock } from '../format/time.ts';
import { SmartLink } from '../ui/SmartLink.tsx';
import { MessageText } from './MessageText.tsx';

type Attachment = InboxMessage['attachments'][number];

/** Slack's named colours; a hexadecimal one says nothing that its status does not. */
function barTone(color: string | null, status: InboxMessage['status']): Tone {
  if (color === 'danger') return 'critical';
  if (color === 'warning') return 'warning';
  if (color === 'good' || status === 'resolved') return 'ok';
  return status === 'firing' ? 'critical' : 'neutral';
}

const STATUS_TONE: Readonly<Record<InboxMessage['status'], Tone>> = {
  firing: 'critical',
  resolved: 'ok',
  other: 'neutral',
};

export function Message({ message, showChannel }: { message: InboxMessage; showChannel: boolean }) {
  return (
    <article className="message entry" data-status={message.status}>
      <span className="avatar" aria-hidden="true">
        <Icon name="alerts" />
      </span>
      <div className="message-main grow">
        <header className="message-head row">
          <strong>{message.username ?? 'webhook'}</strong>
          {showChannel && <span className="muted">#{message.channel}</span>}
          <time className="muted" dateTime={message.receivedAt}>
            {clock(Date.parse(message.receivedAt))}
          </time>
          {message.status !== 'other' && <Badge tone={STATUS_TONE[message.status]}>{message.status}</Badge>}
        </header>
        {message.text !== '' && <MessageText text={message.text} />}
        {message.attachments.map((attachment, index) => (
          <AttachmentView
            // biome-ignore lint/suspicious/noArrayIndexKey: a message's attachments never change places
            key={index}
            attachment={attachment}
            tone={barTone(attachment.color, message.status)}
          />
        ))}
      </div>
    </article>
  );
}

function AttachmentView({ attachment, tone }: { attachment: Attachment; tone: Tone }) {
  const { pretext, title, titleLink, text, fields, actions, footer } = attachment;
  return (
    <>
      {pretext !== null && <MessageText text={pretext} />}
      <div className={`attachment tone-${tone}`}>
        {title !== null && (
          <h3 className="wrap-anywhere">
            {titleLink === null ? title : <SmartLink href={titleLink}>{title}</SmartLink>}
          </h3>
        )}
        {text !== null && <MessageText text={text} />}
        {fields.length > 0 && (
          <dl className="message-fields halves">
            {fields.map((field) => (
              <div key={`${field.title} ${field.value}`} data-short={field.short}>
                <dt>{field.title}</dt>
                <dd>
                  <MessageText text={field.value} />
                </dd>
              </div>
            ))}
          </dl>
        )}
        {actions.length > 0 && (
          <p className="row">
            {actions.map((action) => (
              <SmartLink
                key={`${action.text} ${action.url}`}
                href={action.url}
                className="button button-small"
              >
                {action.text}
              </SmartLink>
            ))}
          </p>
        )}
        {footer !== null && <p className="hint">{footer}</p>}
      </div>
    </>
  );
}
