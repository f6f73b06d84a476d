/** Says that unfinished writing was brought back, and lets go of it. */
import { Button } from "./Button";
import { Notice } from "./surface";
import type { DraftState } from "./useDraft";

interface DraftNoticeProps {
  draft: DraftState;
  texts: { restored: (time: Date) => string; discard: string };
}

export function DraftNotice({ draft, texts }: DraftNoticeProps) {
  if (!draft.restoredAt) return null;
  return (
    <Notice
      tone="accent"
      heading={texts.restored(draft.restoredAt)}
      className="mb-4"
      actions={<Button onClick={draft.discard}>{texts.discard}</Button>}
    />
  );
}
