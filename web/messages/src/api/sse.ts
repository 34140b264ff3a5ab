// Server-sent events from the bytes of a response: https://html.spec.whatwg.org/multipage/server-sent-events.html

export interface ServerEvent {
  type: string;
  data: string;
  /** Set when the event carries an id. */
  id?: string;
}

/** Feed it text in any pieces; it returns the events that are complete. */
export class EventParser {
  private rest = '';
  private type = '';
  private data: string[] = [];
  private id: string | undefined;

  feed(text: string): ServerEvent[] {
    const lines = (this.rest + text).split('\n');
    this.rest = lines.pop() ?? '';
    return lines.flatMap((line) => this.line(line.replace(/\r$/, '')));
  }

  private line(line: string): ServerEvent[] {
    if (line === '') return this.dispatch();
    const colon = line.indexOf(':');
    const field = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? '' : line.slice(colon + 1).replace(/^ /, '');
    if (field === 'event') this.type = value;
    else if (field === 'data') this.data.push(value);
    else if (field === 'id') this.id = value;
    return [];
  }

  private dispatch(): ServerEvent[] {
    const event: ServerEvent = { type: this.type || 'message', data: this.data.join('\n') };
    if (this.id !== undefined) event.id = this.id;
    const complete = this.data.length > 0;
    this.type = '';
    this.data = [];
    this.id = undefined;
    return complete ? [event] : [];
  }
}
