/** Keeps configured colours readable: contrast as WCAG 2.2 defines it. */

type Rgb = [number, number, number];

const parse = (hex: string): Rgb => {
  const digits = /^#([0-9a-f]{6})$/i.exec(hex)?.[1] ?? "0f766e";
  return [0, 2, 4].map((at) => Number.parseInt(digits.slice(at, at + 2), 16)) as Rgb;
};

const write = (rgb: Rgb): string =>
  `#${rgb.map((part) => Math.round(part).toString(16).padStart(2, "0")).join("")}`;

function luminance(rgb: Rgb): number {
  const [red, green, blue] = rgb.map((part) => {
    const channel = part / 255;
    return channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4;
  }) as Rgb;
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

export function contrast(first: string, second: string): number {
  const [light, dark] = [luminance(parse(first)), luminance(parse(second))].sort((a, b) => b - a) as [
    number,
    number,
  ];
  return (light + 0.05) / (dark + 0.05);
}

export const readableOn = (background: string): string =>
  contrast("#ffffff", background) >= contrast("#10201c", background) ? "#ffffff" : "#10201c";

/** The colour moved towards black or white until text in it is readable (4.5:1) on the background. */
export function readableText(colour: string, background: string): string {
  const target = luminance(parse(background)) > 0.4 ? 0 : 255;
  let rgb = parse(colour);
  for (let step = 0; step < 20 && contrast(write(rgb), background) < 4.6; step++) {
    rgb = rgb.map((part) => part + (target - part) * 0.1) as Rgb;
  }
  return write(rgb);
}
