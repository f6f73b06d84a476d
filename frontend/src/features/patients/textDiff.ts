/** What differs between two versions of a text: the words between what both begin and end with. */

export interface TextDiff {
  start: string;
  removed: string;
  added: string;
  end: string;
}

export function diffTexts(before: string, after: string): TextDiff {
  const [old, now] = [words(before), words(after)];
  const shorter = Math.min(old.length, now.length);
  let head = 0;
  while (head < shorter && old[head] === now[head]) head++;
  let tail = 0;
  while (tail < shorter - head && old[old.length - 1 - tail] === now[now.length - 1 - tail]) tail++;
  return {
    start: old.slice(0, head).join(""),
    removed: old.slice(head, old.length - tail).join(""),
    added: now.slice(head, now.length - tail).join(""),
    end: old.slice(old.length - tail).join(""),
  };
}

/** Words and the spaces between them, so that joined they are the text again. */
const words = (text: string): string[] => text.split(/(\s+)/).filter(Boolean);
