/** Who is signed in, the language, the colour scheme and the way out. */
import { Menu, MenuButton, MenuItem, MenuItems } from "@headlessui/react";
import { Link, type LinkProps } from "@tanstack/react-router";
import { Check, Languages, LogOut, type LucideIcon, Monitor, Moon, Sun } from "lucide-react";
import type { ReactNode } from "react";
import { useMe } from "@/api/me";
import { signOut } from "@/api/session";
import { LOCALES, type MessageKey, useLanguage } from "@/i18n/language";
import { Initials, initialsOf } from "@/ui/surface";
import { chooseTheme, type Theme, useTheme } from "@/ui/theme";
import { clearDrafts } from "@/ui/useDraft";
import { useSwitchLanguage } from "./useSwitchLanguage";

const THEMES: { theme: Theme; icon: typeof Sun }[] = [
  { theme: "light", icon: Sun },
  { theme: "dark", icon: Moon },
  { theme: "system", icon: Monitor },
];

interface UserMenuProps {
  trigger: (user: { name: string; initials: ReactNode }) => ReactNode;
  triggerClass: string;
  /** Screens the navigation has no room for. */
  places?: { to: LinkProps["to"]; label: MessageKey; icon: LucideIcon }[];
}

const ENTRY =
  "flex min-h-11 w-full items-center gap-3 rounded-field px-3 text-left data-focus:bg-accent-soft";

export function UserMenu({ trigger, triggerClass, places = [] }: UserMenuProps) {
  const { locale, t } = useLanguage();
  const me = useMe();
  const theme = useTheme();
  const switchTo = useSwitchLanguage();
  const leave = () => {
    clearDrafts();
    void signOut();
  };
  return (
    <Menu>
      <MenuButton className={triggerClass}>
        <span className="sr-only">{t("shell.userMenu")}</span>
        {trigger({ name: me.name, initials: <Initials text={initialsOf(me.name)} /> })}
      </MenuButton>
      <MenuItems
        modal={false}
        anchor={{ to: "top start", gap: 8, padding: 8 }}
        className="z-50 w-64 rounded-card border border-line bg-raised p-2 shadow-float outline-none"
      >
        <div className="border-b border-line px-3 pb-2 mb-1">
          <p className="font-semibold wrap-anywhere">{me.name}</p>
          <p className="text-sm text-soft wrap-anywhere">{me.email}</p>
        </div>
        {places.map(({ to, label, icon: Icon }) => (
          <MenuItem key={to}>
            <Link to={to} className={ENTRY}>
              <Icon aria-hidden className="size-5 text-soft" />
              {t(label)}
            </Link>
          </MenuItem>
        ))}
        {places.length > 0 && <hr className="my-1 border-line" />}
        {LOCALES.map((choice) => (
          <Entry
            key={choice}
            icon={<Languages aria-hidden className="size-5" />}
            isChosen={choice === locale}
            onChoose={() => void switchTo(choice)}
          >
            <span lang={choice}>{choice === "en" ? "English" : "Español"}</span>
          </Entry>
        ))}
        <hr className="my-1 border-line" />
        {THEMES.map(({ theme: choice, icon: Icon }) => (
          <Entry
            key={choice}
            icon={<Icon aria-hidden className="size-5" />}
            isChosen={choice === theme}
            onChoose={() => chooseTheme(choice)}
          >
            {t(`theme.${choice}`)}
          </Entry>
        ))}
        <hr className="my-1 border-line" />
        <Entry icon={<LogOut aria-hidden className="size-5" />} onChoose={leave}>
          {t("shell.signOut")}
        </Entry>
      </MenuItems>
    </Menu>
  );
}

interface EntryProps {
  icon: ReactNode;
  isChosen?: boolean;
  onChoose: () => void;
  children: ReactNode;
}

function Entry({ icon, isChosen, onChoose, children }: EntryProps) {
  return (
    <MenuItem>
      <button type="button" onClick={onChoose} aria-current={isChosen || undefined} className={ENTRY}>
        <span className="text-soft">{icon}</span>
        <span className="flex-1">{children}</span>
        {isChosen && <Check aria-hidden className="size-4 text-accent-text" />}
      </button>
    </MenuItem>
  );
}
