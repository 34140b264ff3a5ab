// Where one writes. Return sends, with Shift it makes a new line; without a keyboard it always makes a new line.
import { type FormEvent, type KeyboardEvent, useEffect, useId, useLayoutEffect, useRef, useState } from 'react';
import { isBlank, remaining } from '../logic/text';
import { hasKeyboard } from '../ui/hooks';
import { Icon } from '../ui/icons';
import { useInbox } from './messages';

// What was begun stays while one looks at another conversation.
const drafts = new Map<string, string>();

export function moveDraft(from: string, to: string): void {
  const draft = drafts.get(from);
  if (draft) drafts.set(to, draft);
  drafts.delete(from);
}

const FEW = 64;

export function Composer({ id, to }: { id: string; to: string }) {
  const { mailbox } = useInbox();
  const [text, setText] = useState(drafts.get(id) ?? '');
  const area = useRef<HTMLTextAreaElement>(null);
  const counter = useId();
  const left = remaining(text);
  const sendable = !isBlank(text) && left >= 0;
  useEffect(() => {
    drafts.set(id, text);
  }, [id, text]);
  useEffect(() => {
    if (hasKeyboard()) area.current?.focus({ preventScroll: true });
  }, []);
  useGrowing(area, text);

  const send = (event?: FormEvent) => {
    event?.preventDefault();
    if (!sendable) return;
    mailbox.send(id, text.trim());
    setText('');
    area.current?.focus();
  };
  const key = (event: KeyboardEvent) => {
    if (event.key !== 'Enter' || event.shiftKey || event.nativeEvent.isComposing || !hasKeyboard()) return;
    event.preventDefault();
    send();
  };
  return (
    <form className={left < 0 ? 'composer composer-over' : 'composer'} onSubmit={send}>
      <div className="composer-box">
        <textarea ref={area} rows={1} dir="auto" value={text} aria-label={`Message to ${to}`} placeholder={to ? `Message ${to}` : 'Message'} aria-describedby={counter}
          aria-invalid={left < 0 || undefined} enterKeyHint={hasKeyboard() ? 'send' : 'enter'} onChange={(event) => setText(event.target.value)} onKeyDown={key} />
        <span id={counter} className={left <= FEW ? 'counter counter-few' : 'counter'}>
          {left.toLocaleString()}
          <span className="unseen"> characters left</span>
        </span>
      </div>
      <button type="submit" className="send" aria-label="Send" disabled={!sendable}>
        <Icon name="send" size={22} />
      </button>
      <p className="unseen" role="status">{left < 0 ? `${-left} characters too many` : ''}</p>
    </form>
  );
}

// As high as its text, up to the limit of the style sheet. Newer browsers do that by themselves.
function useGrowing(area: React.RefObject<HTMLTextAreaElement | null>, text: string): void {
  useLayoutEffect(() => {
    const element = area.current;
    if (!element || CSS.supports('field-sizing', 'content')) return;
    element.style.height = 'auto';
    element.style.height = `${element.scrollHeight}px`;
  }, [area, text]);
}
