/** The frame around every signed-in screen: sidebar on the desk, bottom bar on the phone. */
import { Link, Outlet, useLocation, useRouter } from "@tanstack/react-router";
import {
  CalendarClock,
  CalendarDays,
  CalendarOff,
  CircleUser,
  FileClock,
  FileText,
  Hourglass,
  LayoutDashboard,
  type LucideIcon,
  MailCheck,
  Users,
} from "lucide-react";
import { Suspense, useEffect, useSyncExternalStore } from "react";
import { clinic } from "@/api/clinic";
import { isAdmin, mayBill, useMe } from "@/api/me";
import { useFreedSlot } from "@/features/scheduling/freedSlots";
import { type MessageKey, useLanguage } from "@/i18n/language";
import { onDemand } from "@/ui/onDemand";
import { Notice } from "@/ui/surface";
import { useIsWide } from "@/ui/useIsWide";
import { fetchScreensAhead } from "../fetchAhead";

const UserMenu = onDemand(async () => (await import("@/features/identity/UserMenu")).UserMenu);
const FreedSlotOffer = onDemand(
  async () => (await import("@/features/scheduling/FreedSlotOffer")).FreedSlotOffer,
);
const Toasts = onDemand(async () => (await import("@/ui/Toasts")).Toasts);

interface Place {
  to:
    | "/"
    | "/calendar"
    | "/waiting-list"
    | "/time-off"
    | "/working-hours"
    | "/reminders"
    | "/patients"
    | "/invoices"
    | "/access-log";
  label: MessageKey;
  icon: LucideIcon;
  /** A screen elsewhere that belongs to this place. */
  also?: string;
}

const PLACES: Place[] = [
  { to: "/", label: "nav.dashboard", icon: LayoutDashboard },
  { to: "/calendar", label: "nav.calendar", icon: CalendarDays },
  { to: "/patients", label: "nav.patients", icon: Users },
];
const DIARY_PLACES: Place[] = [
  { to: "/waiting-list", label: "nav.waitingList", icon: Hourglass },
  { to: "/time-off", label: "nav.timeOff", icon: CalendarOff },
  { to: "/working-hours", label: "nav.workingHours", icon: CalendarClock },
  { to: "/reminders", label: "nav.reminders", icon: MailCheck },
];
const BILLING_PLACE: Place = {
  to: "/invoices",
  label: "nav.invoices",
  icon: FileText,
  also: "/customers",
};
const ACCESS_PLACE: Place = { to: "/access-log", label: "nav.accessLog", icon: FileClock };

export function Shell() {
  const { t } = useLanguage();
  const me = useMe();
  const isWide = useIsWide();
  const router = useRouter();
  const freed = useFreedSlot();
  useEffect(() => fetchScreensAhead(router), [router]);
  const places = mayBill(me) ? [...PLACES, BILLING_PLACE] : PLACES;
  const adminPlaces = isAdmin(me) ? [ACCESS_PLACE] : [];
  return (
    <div className="md:grid md:grid-cols-[15rem_minmax(0,1fr)] print:block">
      <a
        href="#main"
        className="fixed top-2 left-2 z-50 -translate-y-20 print:hidden rounded-field bg-accent px-4 py-2.5 font-medium text-on-accent focus:translate-y-0"
      >
        {t("shell.skip")}
      </a>
      {isWide ? (
        <Sidebar places={[...places, ...adminPlaces]} diaryPlaces={DIARY_PLACES} />
      ) : (
        <BottomBar places={places} morePlaces={[...DIARY_PLACES, ...adminPlaces]} />
      )}
      <main id="main" tabIndex={-1} className="min-w-0 outline-none max-md:pb-[var(--bottom-bar)]">
        <OfflineNotice />
        <Outlet />
      </main>
      <Suspense>{freed && <FreedSlotOffer slot={freed} />}</Suspense>
      <Suspense>
        <Toasts label={t("shell.notices")} isWide={isWide} />
      </Suspense>
    </div>
  );
}

/** Marks the place of a screen that the link's own address does not cover. */
function useCurrentOf(): (also?: string) => { "aria-current"?: "page" } {
  const path = useLocation({ select: ({ pathname }) => pathname });
  return (also) => (also && path.startsWith(also) ? { "aria-current": "page" } : {});
}

function Sidebar({ places, diaryPlaces }: { places: Place[]; diaryPlaces: Place[] }) {
  const { t } = useLanguage();
  return (
    <aside className="sticky top-0 flex h-dvh flex-col border-r border-line bg-surface p-4 print:hidden">
      <p className="mb-6 flex items-center gap-3 px-2 py-2 text-lg font-semibold tracking-tight wrap-anywhere">
        <span aria-hidden className="size-3 rounded-full bg-accent" />
        {clinic.title}
      </p>
      <nav
        aria-label={t("shell.navigation")}
        className="-mx-1 min-h-0 overflow-y-auto px-1 [scrollbar-width:thin]"
      >
        <SideLinks places={places} />
        <p className="mt-5 mb-1 px-3 text-sm text-soft">{t("nav.diary")}</p>
        <SideLinks places={diaryPlaces} />
      </nav>
      <div className="mt-auto">
        <UserMenu
          triggerClass="flex min-h-12 w-full items-center gap-3 rounded-field px-2 text-left hover:bg-sunken data-open:bg-sunken"
          trigger={({ name, initials }) => (
            <>
              {initials}
              <span className="min-w-0 truncate font-medium">{name}</span>
            </>
          )}
        />
      </div>
    </aside>
  );
}

function SideLinks({ places }: { places: Place[] }) {
  const { t } = useLanguage();
  const currentOf = useCurrentOf();
  return (
    <div className="grid gap-1">
      {places.map(({ to, label, icon: Icon, also }) => (
        <Link
          key={to}
          to={to}
          activeOptions={{ exact: to === "/", includeSearch: false }}
          {...currentOf(also)}
          className="flex min-h-11 items-center gap-3 rounded-field px-3 font-medium text-soft transition-colors hover:bg-sunken hover:text-ink aria-[current=page]:bg-accent-soft aria-[current=page]:text-accent-text"
        >
          <Icon aria-hidden className="size-5" />
          {t(label)}
        </Link>
      ))}
    </div>
  );
}

/** At most five items; what does not fit is in the account's menu. */
function BottomBar({ places, morePlaces }: { places: Place[]; morePlaces: Place[] }) {
  const { t } = useLanguage();
  const currentOf = useCurrentOf();
  const item =
    "flex min-h-14 min-w-0 flex-1 flex-col items-center justify-center gap-0.5 text-[0.6875rem] font-medium text-soft aria-[current=page]:text-accent-text data-open:text-accent-text";
  return (
    <nav
      aria-label={t("shell.navigation")}
      className="fixed inset-x-0 bottom-0 z-30 flex border-t border-line bg-surface pb-[env(safe-area-inset-bottom)] print:hidden"
    >
      {places.map(({ to, label, icon: Icon, also }) => (
        <Link
          key={to}
          to={to}
          activeOptions={{ exact: to === "/", includeSearch: false }}
          {...currentOf(also)}
          className={item}
        >
          <Icon aria-hidden className="size-5.5" />
          <span className="max-w-full truncate px-0.5">{t(label)}</span>
        </Link>
      ))}
      <UserMenu
        triggerClass={item}
        places={morePlaces}
        trigger={() => (
          <>
            <CircleUser aria-hidden className="size-5.5" />
            <span>{t("nav.account")}</span>
          </>
        )}
      />
    </nav>
  );
}

function watchConnection(listener: () => void): () => void {
  window.addEventListener("online", listener);
  window.addEventListener("offline", listener);
  return () => {
    window.removeEventListener("online", listener);
    window.removeEventListener("offline", listener);
  };
}

function OfflineNotice() {
  const { t } = useLanguage();
  const isOnline = useSyncExternalStore(watchConnection, () => navigator.onLine);
  if (isOnline) return null;
  return (
    <Notice tone="warn" className="m-4">
      {t("shell.offline")}
    </Notice>
  );
}
