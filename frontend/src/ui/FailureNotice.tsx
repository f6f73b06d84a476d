/** Says why something could not be shown, and tries again where that can help. */
import { useLanguage } from "@/i18n/language";
import { Button } from "./Button";
import { Notice } from "./surface";

interface FailureNoticeProps {
  failure: { text: string; isFinal: boolean };
  onRetry: () => void;
  urgent?: boolean;
}

export function FailureNotice({ failure, onRetry, urgent = false }: FailureNoticeProps) {
  const { t } = useLanguage();
  const retry = <Button onClick={onRetry}>{t("action.retry")}</Button>;
  return (
    <Notice tone="danger" urgent={urgent} actions={!failure.isFinal && retry}>
      {failure.text}
    </Notice>
  );
}
