/** When a colleague saved the same thing first, whose version stays is this person's choice. */
import { useState } from "react";
import { asProblem } from "@/api/problem";
import { useLanguage } from "@/i18n/language";
import { Button } from "@/ui/Button";
import { Notice } from "@/ui/surface";

export function useOvertaken<T>(read: () => Promise<T>) {
  const [theirs, setTheirs] = useState<T | null>(null);
  /** True when that was the refusal: then it is shown. */
  const wasOvertaken = async (error: unknown): Promise<boolean> => {
    if (asProblem(error).status !== 412) return false;
    setTheirs(await read());
    return true;
  };
  return { theirs, wasOvertaken, forget: () => setTheirs(null) };
}

interface OvertakenNoticeProps {
  onMine: () => void;
  onTheirs: () => void;
}

export function OvertakenNotice({ onMine, onTheirs }: OvertakenNoticeProps) {
  const { t } = useLanguage();
  return (
    <Notice
      tone="warn"
      urgent
      heading={t("overtaken.heading")}
      className="mb-4"
      actions={
        <>
          <Button onClick={onMine}>{t("overtaken.mine")}</Button>
          <Button onClick={onTheirs}>{t("overtaken.theirs")}</Button>
        </>
      }
    >
      {t("overtaken.text")}
    </Notice>
  );
}
