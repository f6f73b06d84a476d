/** Plans, changes and deletes time off; each is told with the way back. */
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { newIdempotencyKey } from "@/api/headers";
import { problemText } from "@/api/problemText";
import { changeTimeOff, deleteTimeOff, planTimeOff } from "@/api/scheduling";
import type { TimeOff, TimeOffInput } from "@/api/types";
import { useIdempotencyKey } from "@/api/useIdempotencyKey";
import { useLanguage } from "@/i18n/language";
import { saidProblem } from "@/ui/toast";
import { inputOf } from "./timeOffForm";
import { useToldWithUndo } from "./useUndo";

function useTimeOffRefresh(): () => void {
  const queryClient = useQueryClient();
  return () => {
    for (const key of ["time-off", "availability", "appointments"])
      void queryClient.invalidateQueries({ queryKey: [key] });
  };
}

function useTold() {
  const refresh = useTimeOffRefresh();
  const told = useToldWithUndo();
  return (text: string, undo: () => Promise<unknown>) => {
    refresh();
    told(text, () => undo().finally(refresh));
  };
}

/** `known` is what is changed; without it, it is new. */
export function useTimeOffSave(known: TimeOff | null) {
  const { t } = useLanguage();
  const withKey = useIdempotencyKey();
  const told = useTold();
  return useMutation({
    mutationFn: (input: TimeOffInput) =>
      known ? changeTimeOff(known.id, input, known.version) : withKey((key) => planTimeOff(input, key)),
    onSuccess: (saved) =>
      told(t(known ? "timeOff.changed" : "timeOff.planned"), () =>
        known
          ? changeTimeOff(saved.id, inputOf(known), saved.version)
          : deleteTimeOff(saved.id, saved.version),
      ),
  });
}

export function useTimeOffDeletion() {
  const { t } = useLanguage();
  const refresh = useTimeOffRefresh();
  const told = useTold();
  return useMutation({
    mutationFn: (timeOff: TimeOff) => deleteTimeOff(timeOff.id, timeOff.version),
    onSuccess: (_, timeOff) =>
      told(t("timeOff.deleted"), () => planTimeOff(inputOf(timeOff), newIdempotencyKey())),
    onError: (error) => {
      saidProblem(problemText(error));
      refresh();
    },
  });
}
