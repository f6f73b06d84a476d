/** A sheet of paper on the screen, as wide as there is room for. */
import { forwardRef, type SyntheticEvent, useEffect, useMemo, useRef, useState } from "react";

/** A4 at 96 pixels an inch. */
const SHEET = { width: 794, height: 1123 };

interface PaperProps {
  /** A whole page of HTML with its style inside. */
  html: string;
  title: string;
}

export const Paper = forwardRef<HTMLIFrameElement, PaperProps>(({ html, title }, ref) => {
  const place = useRef<HTMLDivElement>(null);
  const [scale, setScale] = useState(1);
  const [height, setHeight] = useState(SHEET.height);
  const page = useMemo(() => apart(html), [html]);

  useEffect(() => {
    const room = place.current;
    if (!room) return;
    const fit = new ResizeObserver(() => setScale(Math.min(1, room.clientWidth / SHEET.width)));
    fit.observe(room);
    return () => fit.disconnect();
  }, []);

  const dress = ({ currentTarget: frame }: SyntheticEvent<HTMLIFrameElement>) => {
    const view = frame.contentWindow as (Window & typeof globalThis) | null;
    if (!view) return;
    const sheet = new view.CSSStyleSheet();
    sheet.replaceSync(page.style);
    view.document.adoptedStyleSheets = [sheet];
    setHeight(Math.max(SHEET.height, view.document.documentElement.scrollHeight));
  };

  return (
    <div ref={place} className="overflow-hidden rounded-field border border-line bg-white">
      <div className="relative" style={{ height: height * scale }}>
        <iframe
          ref={ref}
          title={title}
          // No scripts; the same origin only so that its style can be put on, which the page's policy allows in no other way.
          sandbox="allow-same-origin allow-modals"
          srcDoc={page.html}
          onLoad={dress}
          className="absolute top-0 left-0 origin-top-left border-0"
          style={{ width: SHEET.width, height, transform: `scale(${scale})` }}
        />
      </div>
    </div>
  );
});

const STYLE = /<style>([\s\S]*?)<\/style>/g;

/** The page without its style, and the style: parsed together, the policy of the screens would complain of it. */
function apart(html: string): { html: string; style: string } {
  const styles = [...html.matchAll(STYLE)].map(([, style]) => style);
  return { html: html.replace(STYLE, ""), style: styles.join("\n") };
}
