/** The small subset of ICU MessageFormat the catalogues use: {name} placeholders and {n, plural, one {…} other {…}}. */

export type MessageValues = Record<string, string | number>;

const PLURAL = /\{(\w+), plural, ((?:=?\w+ \{[^{}]*\} ?)+)\}/g;
const BRANCH = /(=?\w+) \{([^{}]*)\}/g;

export function formatMessage(pattern: string, values: MessageValues, locale: string): string {
  const chosen = pattern.replace(PLURAL, (_, name: string, branches: string) => {
    const count = Number(values[name]);
    const texts = new Map([...branches.matchAll(BRANCH)].map(([, key, text]) => [key, text]));
    const text =
      texts.get(`=${count}`) ?? texts.get(new Intl.PluralRules(locale).select(count)) ?? texts.get("other");
    return (text ?? "").replaceAll("#", new Intl.NumberFormat(locale).format(count));
  });
  return chosen.replace(/\{(\w+)\}/g, (whole, name: string) =>
    name in values ? String(values[name]) : whole,
  );
}

export function placeholders(pattern: string): string[] {
  const names = [...pattern.matchAll(/\{(\w+)(?:, plural,|\})/g)].map(([, name]) => name as string);
  return [...new Set(names)].sort();
}
