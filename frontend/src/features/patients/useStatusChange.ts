/** Makes a patient inactive or active again; nothing is asked, for it can be undone. */
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { changeStatus } from "@/api/patients";
import { problemText } from "@/api/problemText";
import type { Patient } from "@/api/types";
import { useLanguage } from "@/i18n/language";
import { said, saidProblem, saidWithUndo } from "@/ui/toast";

export const otherStatus = (patient: Patient): Patient["status"] =>
  patient.status === "active" ? "inactive" : "active";

interface StatusChange {
  patient: Patient;
  isUndo?: boolean;
}

export function useStatusChange(onChanged?: (patient: Patient) => void) {
  const { t } = useLanguage();
  const queryClient = useQueryClient();
  const change = useMutation({
    mutationFn: ({ patient }: StatusChange) =>
      changeStatus(patient.id, otherStatus(patient), patient.version),
    onSuccess: (saved, { isUndo }) => {
      queryClient.setQueryData(["patients", saved.id], saved);
      void queryClient.invalidateQueries({ queryKey: ["patients", "list"] });
      void queryClient.invalidateQueries({ queryKey: ["changes", saved.id] });
      onChanged?.(saved);
      if (isUndo) return said(t("action.undone"));
      saidWithUndo(t(`patient.made.${saved.status}`), t("action.undo"), () =>
        change.mutate({ patient: saved, isUndo: true }),
      );
    },
    onError: (error, { patient }) => {
      saidProblem(problemText(error));
      void queryClient.invalidateQueries({ queryKey: ["patients", patient.id] });
    },
  });
  return change;
}
