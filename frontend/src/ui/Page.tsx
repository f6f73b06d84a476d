/** The frame of a screen: its title in the tab, its heading (which takes the focus after a navigation), its actions. */
import type { ReactNode } from "react";
import { useTitle } from "./useTitle";

/** How a link above the heading, the way back, looks. */
export const ABOVE = "-mt-3 mb-1 print:hidden";

interface PageProps {
  heading: string;
  /** The tab's title, when the heading names a person. */
  title?: string;
  above?: ReactNode;
  beside?: ReactNode;
  actions?: ReactNode;
  children: ReactNode;
}

export function Page({ heading, title = heading, above, beside, actions, children }: PageProps) {
  useTitle(title);
  return (
    <div className="mx-auto w-full max-w-6xl px-4 py-6 md:px-8 md:py-10 print:max-w-none print:p-0">
      {above}
      <header className="mb-6 flex flex-wrap print:hidden items-center gap-x-4 gap-y-3">
        <h1
          tabIndex={-1}
          className="min-w-0 text-2xl font-semibold tracking-tight wrap-anywhere md:text-[1.75rem]"
        >
          {heading}
        </h1>
        {beside}
        {actions && <div className="ms-auto flex flex-wrap gap-2 max-md:w-full">{actions}</div>}
      </header>
      {children}
    </div>
  );
}
