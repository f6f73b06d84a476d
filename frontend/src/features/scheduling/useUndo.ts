/** A change that was made is told with the way back; what became of going back is told too. */
import { useQueryClient } from "@tanstack/react-query";
import { problemText } from "@/api/problemText";
import type { Appointment, Collection } from "@/api/types";
import { useLanguage } from "@/i18n/language";
import { said, saidProblem, saidWithUndo } from "@/ui/toast";

/** Everything that shows appointments is read again. */
export function useDiaryRefresh(): () => void {
  const queryClient = useQueryClient();
  return () => {
    void queryClient.invalidateQueries({ queryKey: ["appointments"] });
    void queryClient.invalidateQueries({ queryKey: ["availability"] });
    void queryClient.invalidateQueries({ queryKey: ["dashboard"] });
  };
}

/** An answered appointment is shown at once; what was asked before it was answered is not waited for. */
export function useShowAnswer(): (answered: Appointment) => Promise<void> {
  const queryClient = useQueryClient();
  const refresh = useDiaryRefresh();
  return async (answered) => {
    await queryClient.cancelQueries({ queryKey: ["appointments"] });
    queryClient.setQueriesData<Collection<Appointment>>(
      { queryKey: ["appointments", "window"] },
      (shown) =>
        shown && {
          ...shown,
          member: shown.member.map((known) => (known.id === answered.id ? answered : known)),
        },
    );
    refresh();
  };
}

export function useToldWithUndo(): (text: string, undo: () => Promise<unknown>) => void {
  const { t } = useLanguage();
  const refresh = useDiaryRefresh();
  return (text, undo) =>
    saidWithUndo(text, t("action.undo"), async () => {
      try {
        await undo();
        said(t("action.undone"));
      } catch (error) {
        saidProblem(problemText(error));
      } finally {
        refresh();
      }
    });
}
