/** The way back to the list, as it was left. */
import { Link } from "@tanstack/react-router";
import { ChevronLeft } from "lucide-react";
import { useMe } from "@/api/me";
import { useLanguage } from "@/i18n/language";
import { buttonLook } from "@/ui/Button";
import { ABOVE } from "@/ui/Page";
import { leftListOf } from "./leftList";

export function BackToList() {
  const { t } = useLanguage();
  const { status, order, page, search } = leftListOf(useMe().id)?.state ?? {};
  return (
    <Link
      to="/patients"
      resetScroll={false} // the row one came from scrolls itself into sight
      search={{
        ...(status && status !== "all" && { status }),
        ...(order === "alpha" && { order }),
        ...(page && page > 1 && { page }),
      }}
      state={(previous) => ({ ...previous, ...(search && { search }) })}
      className={buttonLook("plain", ABOVE)}
    >
      <ChevronLeft aria-hidden className="size-4" />
      {t("patients.heading")}
    </Link>
  );
}
