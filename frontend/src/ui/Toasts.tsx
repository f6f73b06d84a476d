/** Where the short confirmations appear: above the bottom bar on a phone, in a corner on the desk. */
import "sonner/dist/styles.css";
import "./toasts.css";
import { Toaster } from "sonner";
import { useTheme } from "./theme";

export function Toasts({ label, isWide }: { label: string; isWide: boolean }) {
  return (
    <Toaster
      containerAriaLabel={label}
      theme={useTheme()}
      position={isWide ? "bottom-right" : "top-center"}
      richColors
      duration={6000}
    />
  );
}
