// Web addresses inside a text. Anything else stays text; nothing here makes HTML.

export interface Piece {
  text: string;
  href?: string;
}

const ADDRESS = /https?:\/\/[^\s<>"]+/giu;

// Marks after an address belong to the sentence; a closing bracket only if it was not opened within the address.
function end(address: string): number {
  let length = address.length;
  for (;;) {
    const last = address[length - 1] ?? '';
    const open = last === ')' && address.slice(0, length).split('(').length > address.slice(0, length).split(')').length - 1;
    if (!'.,;:!?\'")]}'.includes(last) || open) return length;
    length--;
  }
}

export function pieces(text: string): Piece[] {
  const found: Piece[] = [];
  let from = 0;
  for (const match of text.matchAll(ADDRESS)) {
    const href = match[0].slice(0, end(match[0]));
    if (!URL.canParse(href)) continue;
    if (match.index > from) found.push({ text: text.slice(from, match.index) });
    found.push({ text: href, href });
    from = match.index + href.length;
  }
  if (from < text.length) found.push({ text: text.slice(from) });
  return found;
}
