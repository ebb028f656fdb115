/** Text from people and programs: control, bidi and zero-width characters are shown as escapes. */

// eslint-disable-next-line no-control-regex -- these are the characters to show
const HIDDEN =
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g;

export function visible(text: string): string {
  return text.replace(
    HIDDEN,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

export function Text({ children }: { children: string }) {
  return <>{visible(children)}</>;
}
