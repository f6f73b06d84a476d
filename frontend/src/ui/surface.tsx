/** Small surfaces the screens are made of: cards, badges, notices, empty states, skeletons, avatars. */
import { CircleAlert, CircleCheck, Info, TriangleAlert } from "lucide-react";
import { type ReactNode, useEffect, useRef } from "react";
import { classes } from "./classes";
import { readableOn } from "./colour";

interface CardProps {
  heading?: string;
  action?: ReactNode;
  className?: string;
  children: ReactNode;
}

export function Card({ heading, action, className, children }: CardProps) {
  return (
    <section className={classes("card p-5 md:p-6", className)}>
      {(heading || action) && (
        <div className="mb-4 flex min-h-9 flex-wrap items-center justify-between gap-2">
          {heading && <h2 className="text-base font-semibold">{heading}</h2>}
          {action}
        </div>
      )}
      {children}
    </section>
  );
}

type Tone = "neutral" | "accent" | "ok" | "warn" | "danger";

const TONES: Record<Tone, string> = {
  neutral: "bg-sunken text-soft",
  accent: "bg-accent-soft text-accent-text",
  ok: "bg-ok-soft text-ok",
  warn: "bg-warn-soft text-warn",
  danger: "bg-danger-soft text-danger",
};

export function Badge({ tone = "neutral", children }: { tone?: Tone; children: ReactNode }) {
  return (
    <span
      className={classes(
        "inline-flex items-center gap-1 rounded-full px-2.5 py-0.5 text-[0.8125rem] font-medium whitespace-nowrap",
        TONES[tone],
      )}
    >
      {children}
    </span>
  );
}

const NOTICE_ICONS = {
  neutral: Info,
  accent: Info,
  ok: CircleCheck,
  warn: TriangleAlert,
  danger: CircleAlert,
};

interface NoticeProps {
  tone: Tone;
  heading?: string;
  /** Said aloud at once; for what the person just caused. */
  urgent?: boolean;
  actions?: ReactNode;
  className?: string;
  children?: ReactNode;
}

export function Notice({ tone, heading, urgent, actions, className, children }: NoticeProps) {
  const Icon = NOTICE_ICONS[tone];
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (urgent) place.current?.scrollIntoView?.({ block: "center" }); // the button that failed may be far below
  }, [urgent]);
  return (
    <div
      ref={place}
      role={urgent ? "alert" : "status"}
      className={classes(
        "flex flex-wrap items-start gap-x-3 gap-y-2 rounded-field px-4 py-3",
        TONES[tone],
        className,
      )}
    >
      <Icon aria-hidden className="mt-0.5 size-5 shrink-0" />
      <div className="min-w-0 flex-1 basis-52 wrap-anywhere">
        {heading && <p className="font-semibold">{heading}</p>}
        {children && <div className="text-ink">{children}</div>}
      </div>
      {actions && <div className="ms-8 flex flex-wrap gap-2 md:ms-0">{actions}</div>}
    </div>
  );
}

interface EmptyStateProps {
  icon: ReactNode;
  heading: string;
  text?: string;
  action?: ReactNode;
}

export function EmptyState({ icon, heading, text, action }: EmptyStateProps) {
  return (
    <div className="flex flex-col items-center px-6 py-12 text-center">
      <div aria-hidden className="mb-4 rounded-full bg-accent-soft p-4 text-accent-text [&_svg]:size-7">
        {icon}
      </div>
      <p className="font-semibold">{heading}</p>
      {text && <p className="mt-1 max-w-sm text-soft">{text}</p>}
      {action && <div className="mt-5">{action}</div>}
    </div>
  );
}

/** Appears only when loading takes longer than 200 ms. */
export function Skeleton({ className }: { className: string }) {
  return <div aria-hidden className={classes("animate-late rounded-field bg-sunken", className)} />;
}

export function SkeletonRows({ rows, className = "h-14" }: { rows: number; className?: string }) {
  return (
    <div className="grid gap-2 p-4">
      {Array.from({ length: rows }, (_, row) => row).map((row) => (
        <Skeleton key={row} className={className} />
      ))}
    </div>
  );
}

interface InitialsProps {
  text: string;
  colour?: string;
  size?: keyof typeof INITIALS_SIZES;
}

const INITIALS_SIZES = {
  md: "size-9 text-[0.8125rem]",
  sm: "size-7 text-[0.7rem]",
  xs: "size-4.5 text-[0.55rem]",
};

export function Initials({ text, colour, size = "md" }: InitialsProps) {
  return (
    <span
      aria-hidden
      style={colour ? { backgroundColor: colour, color: readableOn(colour) } : undefined}
      className={classes(
        "inline-flex shrink-0 items-center justify-center rounded-full font-semibold",
        INITIALS_SIZES[size],
        !colour && "bg-accent-soft text-accent-text",
      )}
    >
      {text}
    </span>
  );
}

export const initialsOf = (name: string): string =>
  name
    .split(/\s+/)
    .filter(Boolean)
    .map((word) => word[0])
    .slice(0, 2)
    .join("")
    .toUpperCase();
