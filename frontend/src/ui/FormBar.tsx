/** The bar below a long form: what it comes to and its buttons, always in sight. */
import type { ReactNode } from "react";

export function FormBar({ children }: { children: ReactNode }) {
  return (
    <div className="sticky bottom-0 z-10 -mx-4 mt-6 flex flex-wrap items-center gap-3 border-t border-line bg-canvas/95 px-4 py-3 backdrop-blur max-md:bottom-[var(--bottom-bar)] md:-mx-8 md:px-8">
      {children}
    </div>
  );
}
