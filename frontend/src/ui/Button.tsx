/** Buttons, and the same looks for links. */
import { type ButtonHTMLAttributes, forwardRef } from "react";
import { classes } from "./classes";

type Look = "primary" | "quiet" | "link" | "plain" | "danger";

const LOOKS: Record<Look, string> = {
  primary: "px-4 bg-accent text-on-accent hover:brightness-110 shadow-sm",
  quiet: "px-4 border border-strong-line/50 bg-surface text-ink hover:bg-sunken",
  link: "-mx-4 px-4 text-accent-text hover:bg-sunken",
  plain: "text-accent-text underline-offset-4 hover:underline",
  danger: "px-4 border border-danger/50 bg-surface text-danger hover:bg-danger-soft",
};

export function buttonLook(look: Look = "quiet", extra?: string): string {
  return classes(
    "inline-flex min-h-10 items-center justify-center gap-2 rounded-field font-medium whitespace-nowrap",
    "transition select-none touch:min-h-11 max-md:min-h-11 disabled:opacity-60",
    LOOKS[look],
    extra,
  );
}

interface ButtonProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  look?: Look;
  busy?: boolean;
}

/** While busy it stays focusable (focus is not lost) but a second press does nothing. */
export const Button = forwardRef<HTMLButtonElement, ButtonProps>(
  ({ look, busy, className, type = "button", onClick, ...rest }, ref) => (
    <button
      ref={ref}
      type={type}
      aria-disabled={busy || undefined}
      onClick={busy ? (event) => event.preventDefault() : onClick}
      className={buttonLook(look, classes(busy && "opacity-70", className))}
      {...rest}
    />
  ),
);

interface IconButtonProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  label: string;
}

export const IconButton = forwardRef<HTMLButtonElement, IconButtonProps>(
  ({ label, className, type = "button", ...rest }, ref) => (
    <button
      ref={ref}
      type={type}
      aria-label={label}
      title={label}
      className={classes(
        "inline-flex size-11 shrink-0 items-center justify-center rounded-field text-soft transition",
        "hover:bg-sunken hover:text-ink disabled:opacity-40",
        className,
      )}
      {...rest}
    />
  ),
);
